"""Where the pairs of a pairing run in the picture of a circuit: side by side where several take the same way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...circuit import Circuit
from ...proven.pairing import Path
from ...tools.arrays import FloatArray
from .circuit import BESIDE, PAIR, CircuitLayout
from .scale import Rule, Scale

Stop = tuple[str, int]  # an end (a site, or the label), a unit, a factor or the output, with its number
Lane = tuple[float, int, str]  # x of the site that it comes from, the pair, and which half of it
Widest = tuple[Rule, Rule]

ROOM = {"lane": PAIR, "meeting": PAIR + BESIDE, "end": 0.2}  # in slots: what all lines together have at a stop
SHARPEST = 0.5  # no point is moved aside by more than 1 / SHARPEST of its distance


@dataclass(frozen=True, eq=False)
class Lanes:
    """For each pair its line from side A up and down to side B, and the point of the line where it meets."""

    lines: list[FloatArray]  # (points, 2) each, as in the layout
    dots: FloatArray  # (pairs, 2)
    lane: float  # from line to line, in points
    dot: float  # from dot to dot


@dataclass(frozen=True)
class _Point:
    at: FloatArray  # in points of the picture
    stop: Stop
    lane: Lane
    aside: FloatArray  # how it moves for a distance of 1 to the right


def pair_lanes(circuit: Circuit, layout: CircuitLayout, paths: Sequence[Path], scale: Scale, widest: Widest) -> Lanes:
    """Lines side by side where they take the same way, in the order of the sites that they come from.

    `widest`: the largest distance of two lines, and of two lines where some pair meets.
    """
    size = np.array((scale.slot, scale.row))
    ways: list[list[_Point]] = []
    tops: list[int] = []
    for number, path in enumerate(paths):
        up, down = (
            _half(_points(circuit, layout, way, to_output=path.unit is None), size, (number, half))
            for half, way in (("up", path.up), ("down", path.down[::-1]))
        )
        middle = (up[0].lane[0] + down[0].lane[0]) / 2
        top = _Point(up[-1].at, up[-1].stop, (middle, number, "meets"), np.array((1.0, 0.0)))
        ways.append([*up[:-1], top, *down[-2::-1]])
        tops.append(len(up) - 1)
    present: defaultdict[Stop, set[Lane]] = defaultdict(set)
    for point in (point for way in ways for point in way):
        present[point.stop].add(point.lane)
    meets = {way[top].stop for way, top in zip(ways, tops, strict=True)}
    kinds = {stop: "meeting" if stop in meets else "end" if stop[0] == "end" else "lane" for stop in present}
    apart = _distances(kinds, {stop: len(here) for stop, here in present.items()}, scale, widest)
    right = {
        (stop, lane): (index - (len(here) - 1) / 2) * apart[kinds[stop]]
        for stop, here in present.items()
        for index, lane in enumerate(sorted(here))
    }
    lines = [np.array([point.at + right[point.stop, point.lane] * point.aside for point in way]) / size for way in ways]
    dots = np.array([line[top] for line, top in zip(lines, tops, strict=True)])
    return Lanes(lines, dots, apart["lane"], apart["meeting"])


def _distances(kinds: dict[Stop, str], counts: dict[Stop, int], scale: Scale, widest: Widest) -> dict[str, float]:
    """From line to line in points, for each kind of stop: where most lines are they still have room."""
    most = {kind: max(counts[stop] for stop in kinds if kinds[stop] == kind) for kind in set(kinds.values())}
    return {
        kind: min(float(scale.size(widest[kind == "meeting"], 1.0)), ROOM[kind] * scale.slot / number)
        for kind, number in most.items()
    }


def _half(points: list[tuple[FloatArray, Stop]], size: FloatArray, name: tuple[int, str]) -> list[_Point]:
    """The points with what is at right angles to the line, at a bend halfway between both angles."""
    at = np.array([point for point, _ in points]) * size
    step = np.diff(at, axis=0)
    step /= np.hypot(*step.T)[:, None]
    normal = np.column_stack((step[:, 1], -step[:, 0]))
    before, after = np.vstack((normal[:1], normal)), np.vstack((normal, normal[-1:]))
    aside = (before + after) / np.maximum(1 + (before * after).sum(axis=1), 2 * SHARPEST)[:, None]
    lane = (float(at[0, 0]), *name)
    return [_Point(place, stop, lane, move) for place, (_, stop), move in zip(at, points, aside, strict=True)]


def _points(
    circuit: Circuit, layout: CircuitLayout, way: Sequence[int], *, to_output: bool
) -> list[tuple[FloatArray, Stop]]:
    """From a site, or from the label, to where the pair meets."""
    root = ("unit", circuit.root)
    output = (layout.output[0], ("output", 0)) if circuit.root_map else (layout.units[-1], root)
    if not way:
        return [(layout.terminals[-1], ("end", circuit.sites)), output]
    points: list[tuple[FloatArray, Stop]] = []
    for factor in way:
        child, *between, unit = layout.lines[factor]
        vertex = int(circuit.factor_child[factor])
        points.append((child, ("end", vertex) if vertex < circuit.sites else ("unit", vertex - circuit.sites)))
        points += [(at, ("factor", factor)) for at in between if not np.array_equal(at, unit)]
    points.append((unit, ("unit", int(circuit.factor_unit[way[-1]]))))
    return [*points, output] if to_output and circuit.root_map else points
