"""Pictures of pairings: a line for each pair, from side to side, where the proof says; nothing hides anything."""

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import tncut
from tests.pictures import in_points, laid_out, markers
from tncut import Circuit, Report
from tncut.draw import pairing
from tncut.draw.svg import SIDE_COLOURS
from tncut.errors import MethodError, SizeError, SpecError
from tncut.proven.pairing import paths


def with_label(root_map: bool, partition: str) -> Report:
    """Site 3 is not read; a pair with the label meets at the output."""
    units = [(3, [("site", 0), ("site", 1)]), (3, [("sum", [("unit", 0), ("site", 2)]), ("unit", 0)])]
    return tncut.bound(Circuit.from_units([2, 2, 2, 2], units, root_map, 3), partition)


def many_digits() -> Report:
    return tncut.bound(Circuit.from_units([2**9] * 4, [(2**18, [("site", k) for k in range(4)])]), "odd-even")


REPORTS = {
    "overlapping, left-right": lambda: tncut.bound(tncut.load("overlap-1d-12"), "left-right"),
    "overlapping, odd-even": lambda: tncut.bound(tncut.load("overlap-16"), "odd-even"),
    "grid": lambda: tncut.bound(tncut.load("overlap-2d-4x4"), "left-right"),
    "tree": lambda: tncut.bound(tncut.load("deep-16"), "odd-even"),
    "recurrent": lambda: tncut.bound(tncut.load("recurrent-deep-6"), "left-right"),
    "sums": lambda: tncut.bound(tncut.load("mixed-16"), "odd-even"),
    "label on side B": lambda: with_label(True, "0,2"),
    "label on side A": lambda: with_label(True, "1,3,4"),
    "label, no map": lambda: with_label(False, "0,2"),
    "many digits": many_digits,
}


@cache
def drawn(name: str) -> tuple[Report, Axes]:
    report = REPORTS[name]()
    return report, laid_out(pairing(report))


def pair_lines(ax: Axes) -> tuple[list[np.ndarray], float, list[str]]:
    """The lines in points, their width, and the colour of each."""
    (part,) = (part for part in ax.collections if part.get_gid() == "pairs")
    colours = [to_hex(colour) for colour in part.get_colors()]
    return [in_points(ax, np.asarray(line)) for line in part.get_segments()], part.get_linewidths()[0], colours


@pytest.mark.parametrize("name", REPORTS)
def test_each_pair_is_a_line_with_a_dot_where_it_meets(name):
    report, ax = drawn(name)
    lines, _, colours = pair_lines(ax)
    dots = markers(ax)["meetings"]
    assert len(lines) == len(dots) == len(colours) == report.pairing.pairs
    for line, dot in zip(lines, dots, strict=True):
        assert np.isclose(line, dot[:2]).all(axis=1).any()
    units, number = markers(ax)["units"], Counter(path.unit for path in paths(report.pairing))
    heights = Counter(np.round(dots[:, 1]).tolist())
    for unit in set(number) - {None}:
        assert heights[round(units[unit, 1])] >= number[unit]


@pytest.mark.parametrize("name", REPORTS)
def test_each_pair_joins_a_site_of_one_side_with_one_of_the_other(name):
    _, ax = drawn(name)
    found = markers(ax)
    for line in pair_lines(ax)[0]:
        for end, side in (line[0], "A"), (line[-1], "B"):
            away = np.hypot(*(found[f"sites-{side}"][:, :2] - end).T)
            assert away.min() < found[f"sites-{side}"][0, 2]


@pytest.mark.parametrize("name", REPORTS)
def test_pairs_that_meet_or_pass_in_the_same_place_are_seen_side_by_side(name):
    """No two lines share a stretch: the middles of their segments lie apart by more than they are wide."""
    _, ax = drawn(name)
    lines, width, _ = pair_lines(ax)
    middles = [np.array([(a + b) / 2 for a, b in pairwise(line)]) for line in lines]
    ways = [np.array([b - a for a, b in pairwise(line)]) for line in lines]
    for one in range(len(lines)):
        for other in range(one):
            gap = middles[one][:, None] - middles[other]
            cross = ways[one][:, None, 0] * ways[other][:, 1] - ways[one][:, None, 1] * ways[other][:, 0]
            parallel = abs(cross) < 1e-6 * np.hypot(*ways[one].T)[:, None] * np.hypot(*ways[other].T)
            assert np.hypot(gap[..., 0], gap[..., 1])[parallel].min(initial=np.inf) > width


@pytest.mark.parametrize("name", REPORTS)
def test_dots_and_sites_do_not_overlap(name):
    found = markers(drawn(name)[1])
    shown = [at for part, at in found.items() if part in ("meetings", "sites-A", "sites-B", "unread-sites-B")]
    x, y, size = np.concatenate(shown).T
    apart = np.maximum(abs(x[:, None] - x), abs(y[:, None] - y)) - (size[:, None] + size) / 2
    assert apart[~np.eye(len(x), dtype=bool)].min() > -1e-6


@pytest.mark.parametrize("name", REPORTS)
def test_the_colours_of_pairs_are_not_those_of_sides_and_neighbours_differ(name):
    _, ax = drawn(name)
    colours = pair_lines(ax)[2]
    assert not {colour.upper() for colour in colours} & set(SIDE_COLOURS.values())
    assert all(one != other for one, other in pairwise(colours))
    for side, colour in (("A", SIDE_COLOURS[True]), ("B", SIDE_COLOURS[False])):
        (part,) = (part for part in ax.collections if part.get_gid() == f"sites-{side}")
        assert to_hex(part.get_facecolor()[0]).upper() == colour


@pytest.mark.parametrize("name", REPORTS)
def test_the_title_tells_what_the_pairs_prove(name):
    report, ax = drawn(name)
    pairs, base = report.pairing.pairs, report.pairing.base
    assert f"{pairs} pair" in ax.get_title()
    assert f"rank ≥ {base}^{pairs}, proven for almost all unshared weights" in ax.get_title()
    assert base**pairs <= report.rank_lower
    assert report.partition.name in ax.get_title()


@pytest.mark.parametrize("name", REPORTS)
def test_the_circuit_is_drawn_once_and_whole(name):
    report, ax = drawn(name)
    found = Counter({part: len(at) for part, at in markers(ax).items()})
    circuit = report.circuit
    assert found["units"] == circuit.units
    assert found["matrices"] == len(circuit.factor_child) + circuit.root_map
    for side, side_a in (("A", True), ("B", False)):
        assert found[f"sites-{side}"] + found[f"unread-sites-{side}"] == (report.partition.sides == side_a).sum()


def test_axes_that_are_given_are_drawn_on():
    _, ax = drawn("tree")
    ax = ax.figure.figure.add_axes((0, 0, 0.5, 0.5))
    assert pairing(REPORTS["tree"](), ax) is ax


def test_what_has_no_pairs_is_refused_in_one_line():
    with pytest.raises(SpecError, match=r"^ConvAC is no report; give tncut\.bound\(architecture, partition\)$"):
        pairing(tncut.load("deep-16"))
    with pytest.raises(MethodError, match="lower end of the rank is 1: there are no pairs to draw"):
        pairing(tncut.bound(tncut.load("deep-16"), set()))
    with pytest.raises(MethodError, match="shared weights"):
        pairing(tncut.bound(tncut.load("deep-16"), "odd-even", shared=True))


def test_a_circuit_that_is_too_large_is_refused():
    units = [(2, [("unit", k - 1) if k else ("site", 0), ("site", 1)]) for k in range(2001)]
    with pytest.raises(SizeError, match="2001 units; circuits of up to 2000 can be drawn"):
        pairing(tncut.bound(Circuit.from_units([2, 2], units), {0}))
