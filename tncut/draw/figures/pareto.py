"""Bound against cost: every architecture over every partition, and who has the most bits for its parameters."""

from collections.abc import Sequence
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

from ...comparison import Row
from ...errors import ResultsError
from ...tailoring import Tailored
from ...tools.words import shown
from ..svg import GREY, INK
from .cells import Cells, Net, net_names, net_of
from .charts import (
    FONT,
    MOST_STYLES,
    draw_legend_beside,
    fit,
    light_grid,
    nested,
    new_axes,
    plain_ticks,
    short_names,
    style,
    write_titles,
)
from .scale import INCH, LETTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

Point = tuple[int, float]  # parameters, bits
MOST_NAMED = 40
DOT, FRONT_DOT = 4.0, 10.0  # points
# Where the number of an architecture may stand, in points: above the front no point lies to the left.
OFFSETS = [(-7 * k, 7 * k) for k in (1, 2, 3)] + list(product((0, -8, -16, 8), (9, 17, 25, 33, -9, -17)))


def pareto(rows: Sequence[Row], measure: str = "rank_bound", ax: "Axes | None" = None) -> "Axes":
    """Draw the bits of one measure against the parameters (unshared), a colour and a front for each partition.

    On the Pareto front: no architecture has as many bits with fewer parameters, or more bits with as many. Those on a
    front carry numbers, which the legend explains. More than 42 partitions are summed up: the median of each
    architecture, with a line from its least to its most bits. A ResultsError if rows lack the bits, or the parameters.
    """
    cells, parameters = Cells.of(rows, measure), parameters_of(rows)
    points = {
        split: {net: (parameters[net], cells.bits[net, split]) for net in parameters if (net, split) in cells.bits}
        for split in cells.partitions
    }
    if not any(points.values()):
        what = f"no architecture with {shown(measure)} has a row for the measure 'parameters'"
        raise ResultsError(f"{what}, which is needed")
    ranges: dict[Net, tuple[float, float]] = {}
    if len(points) > MOST_STYLES:
        points, ranges = _summary(points)
    named = _on_front(points, dict(zip(cells.nets, net_names(cells.nets), strict=True)))
    own = ax is None
    ax = new_axes(entries=len(points) + 2 + len(named[:MOST_NAMED])) if ax is None else ax
    everything = [point for of in points.values() for point in of.values()]
    ax.set_xscale("log")
    ax.margins(y=0.12)
    plain_ticks(ax.xaxis, _columns(everything)[0], base=10)
    write_titles(ax, cells.title, "parameters, unshared (count)", cells.label)
    light_grid(ax)
    for net, (low, high) in ranges.items():
        ax.vlines(float(parameters[net]), low, high, colors=GREY, linewidth=1, zorder=1)
    lines = [_draw_partition(ax, points[split], number, len(points)) for number, split in enumerate(points)]
    _write_numbers(ax, [point for point, _ in named[:MOST_NAMED]], everything)
    _write_legend(ax, lines, short_names(list(points)), [text for _, text in named])
    if own:
        fit(ax)
    return ax


def frontier(points: Sequence[Tailored], ax: "Axes | None" = None) -> "Axes":
    """Draw what `tncut.frontier` found: bits over the worst partition against cost, as steps; returns the axes.

    A point that is not proven optimal has a bar up to what is possible (proven) within its budget.
    """
    if not points or not all(isinstance(point, Tailored) and point.objective == "smallest" for point in points):
        raise ResultsError(f"{shown(points)} is no frontier, a list such as tncut.frontier returns")
    if len({(point.counted, point.guarantee) for point in points}) > 1:
        raise ResultsError("the points count different things; draw one frontier at a time")
    own = ax is None
    ax = new_axes() if ax is None else ax
    drawn = sorted(points, key=lambda point: (point.cost, point.bits))
    cost, bits = [point.cost for point in drawn], [point.bits for point in drawn]
    first = drawn[0]
    ax.set_xscale("log")
    ax.margins(y=0.12)
    plain_ticks(ax.xaxis, cost, base=10)
    reached = "rank that is reached" if first.guarantee == "lower" else "rank bound"
    unit = "parameters, unshared" if first.counted == "parameters" else "multiply-adds"
    count = len(first.partition_bits)
    title = f"Smallest {reached} over {count} partition{'s' if count > 1 else ''}, by the best widths"
    write_titles(ax, title, f"{unit} (count)", "bits (log₂)")
    light_grid(ax)
    colour, marker = style(0)
    proven = all(point.optimal for point in drawn)
    label = f"tailored{', proven optimal' if proven else '; bars: up to what is possible, proven'}"
    ax.step(cost, bits, marker=marker, where="post", color=colour, label=label)
    if not proven:
        ax.vlines(cost, bits, [point.best_possible for point in drawn], color=colour, linewidth=3, alpha=0.4)
    ax.legend(fontsize=FONT, loc="upper left")
    if own:
        fit(ax)
    return ax


def parameters_of(rows: Sequence[Row]) -> dict[Net, int]:
    """The unshared parameters of each architecture that has a row for them."""
    counted = (row for row in rows if row.measure == "parameters" and row.status == "done")
    return {net_of(row): int(row.value) for row in counted if row.value is not None}


def front(points: Sequence[Point]) -> list[Point]:
    """The points that no other one beats, with more parameters and more bits from one to the next.

    >>> front([(10, 3.0), (20, 3.0), (5, 1.0), (30, 4.0)])
    [(5, 1.0), (10, 3.0), (30, 4.0)]
    """
    found: list[Point] = []
    for point in sorted(set(points), key=lambda point: (point[0], -point[1])):
        if not found or point[1] > found[-1][1]:
            found.append(point)
    return found


def _summary(
    points: dict[str, dict[Net, Point]],
) -> tuple[dict[str, dict[Net, Point]], dict[Net, tuple[float, float]]]:
    """Of many partitions the median for each architecture, and the least and the most bits."""
    bits: dict[Net, list[float]] = {}
    cost: dict[Net, int] = {}
    for of in points.values():
        for net, (parameters, value) in of.items():
            bits.setdefault(net, []).append(value)
            cost[net] = parameters
    name = f"median of {len(points)}; grey: least to most"
    medians = {net: (cost[net], median(found)) for net, found in bits.items()}
    return {name: medians}, {net: (min(found), max(found)) for net, found in bits.items()}


def _on_front(points: dict[str, dict[Net, Point]], names: dict[Net, str]) -> list[tuple[Point, str]]:
    """The architectures on a front at their highest point there, with a text, from few parameters to many."""
    highest: dict[Net, Point] = {}
    for of in points.values():
        best = set(front(list(of.values())))
        for net, point in of.items():
            if point in best:
                highest[net] = max(point, highest.get(net, point))
    found: dict[Point, list[str]] = {point: [] for point in sorted(highest.values())}
    for net, point in highest.items():
        found[point].append(names[net])
    return [(point, _names_text(point[0], together)) for point, together in found.items()]


def _names_text(parameters: int, names: Sequence[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{', '.join(names[:2])}{more}: {parameters} parameters"


def _draw_partition(ax: "Axes", points: dict[Net, Point], number: int, count: int) -> "Line2D":
    """The points of one partition, those of its front larger and joined; the front's line is returned."""
    colour, marker = style(number)
    best = front(list(points.values()))
    others = sorted(set(points.values()) - set(best))
    look: dict[str, Any] = {"color": colour, "marker": marker, "markeredgewidth": 0.8}
    size = nested(number, count)
    ax.plot(*_columns(others), **look, linestyle="none", markersize=DOT, markerfacecolor="white", gid="beaten")
    look |= {"markersize": FRONT_DOT * size, "linewidth": 2.4 * size, "markeredgecolor": INK, "gid": "front"}
    (line,) = ax.plot(*_columns(best), **look, drawstyle="steps-post")
    return line


def _columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    # Counts beyond machine integers are no numbers to a chart.
    return [float(x) for x, _ in points], [y for _, y in points]


def _write_numbers(ax: "Axes", numbered: Sequence[Point], points: Sequence[Point]) -> None:
    """1, 2, 3, ... beside these points, where they hide neither a point nor each other; a line joins one far away."""
    ax.autoscale_view()
    scale = INCH / ax.figure.dpi
    dots, centres = (scale * ax.transData.transform(list(zip(*_columns(of), strict=True))) for of in (points, numbered))
    font = FONT - 1
    taken = [(x, y, FRONT_DOT / 2 + 1, FRONT_DOT / 2 + 1) for x, y in dots]  # middle, half the width and height
    for number, (point, (x, y)) in enumerate(zip(numbered, centres, strict=True), start=1):
        half = LETTER * font * (len(str(number)) + 0.6) / 2
        boxes = [(x + dx, y + dy, half, font / 2) for dx, dy in OFFSETS]
        free = next((box for box in boxes if not any(_overlap(box, other) for other in taken)), boxes[-1])
        taken.append(free)
        ax.annotate(
            str(number),
            (float(point[0]), point[1]),
            xytext=(free[0] - x, free[1] - y),
            textcoords="offset points",
            ha="center",
            va="center_baseline",
            fontsize=font,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 2},
        )


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < one[3] + other[3]


def _write_legend(ax: "Axes", lines: "list[Line2D]", partitions: Sequence[str], texts: Sequence[str]) -> None:
    """The partitions, and the architectures by their numbers."""
    from matplotlib.lines import Line2D

    beaten = Line2D([], [], linestyle="none", marker="o", color=GREY, markersize=DOT, markerfacecolor="white")
    signs = [_number(k + 1) for k in range(len(texts[:MOST_NAMED]))]
    labels = [f"{split}, its Pareto front" for split in partitions] + ["small, hollow: on no front"]
    labels += texts[:MOST_NAMED]
    if len(texts) > MOST_NAMED:
        signs.append(Line2D([], [], linestyle="none"))
        labels.append(f"and {len(texts) - MOST_NAMED} more points on a front")
    draw_legend_beside(ax, [*lines, beaten, *signs], labels)


def _number(number: int) -> "Line2D":
    """A number as a symbol of the legend, its digits always of one size."""
    from matplotlib.lines import Line2D

    size = (FONT - 2) * (1 if number < 10 else 1.6)
    return Line2D([], [], linestyle="none", marker=f"${number}$", color=INK, markersize=size, markeredgewidth=0)
