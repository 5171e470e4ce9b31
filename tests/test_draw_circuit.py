"""Pictures of circuits that are not unfolded: each part once, nothing overlaps, the charges are those of the cut."""

import re
from collections import Counter
from functools import cache

import numpy as np
import pytest
from matplotlib.axes import Axes

import tncut
from tests.circuits import overlapping
from tests.pictures import laid_out, markers
from tncut import Circuit, Report
from tncut.draw import network, save
from tncut.draw.figures.circuit import charge_text, factor_sides
from tncut.draw.layout.circuit import circuit_layout, spread
from tncut.draw.svg import CUT_COLOUR
from tncut.errors import SizeError
from tncut.proven.symmetric import Charge


def open_label(root_map: bool) -> Report:
    units = [(3, [("site", 0), ("site", 1)]), (3, [("sum", [("unit", 0), ("site", 2)]), ("unit", 0)])]
    return tncut.bound(Circuit.from_units([2, 2, 2, 2], units, root_map, 3), "0,2")


REPORTS = {
    "mixed, sites": lambda: tncut.bound(tncut.load("mixed-16"), "0,2,4,6,8,9,12,13"),
    "mixed, units": lambda: tncut.bound(tncut.load("mixed-16"), "left-right"),
    "residual": lambda: tncut.bound(tncut.load("residual-8"), "left-right"),
    "residual, odd-even": lambda: tncut.bound(tncut.load("residual-8"), "odd-even"),
    "too large": lambda: tncut.bound(overlapping(30, 2, 2, 2, 20), "left-right"),
    "open label": lambda: open_label(True),
    "open label, no map": lambda: open_label(False),
}


@cache
def drawn(name: str) -> tuple[Report, Axes]:
    report = REPORTS[name]()
    return report, laid_out(network(report))


@pytest.mark.parametrize("name", REPORTS)
def test_each_part_is_drawn_once(name):
    report, ax = drawn(name)
    circuit, count = report.circuit, Counter({part: len(at) for part, at in markers(ax).items()})
    for side, side_a in (("A", True), ("B", False)):
        assert count[f"sites-{side}"] + count[f"unread-sites-{side}"] == (report.partition.sides == side_a).sum()
    assert count["units"] + count["charged-units"] == circuit.units
    matrices = count["matrices-A"] + count["matrices-B"] + count["matrices-both"]
    assert matrices == len(circuit.factor_child) + circuit.root_map
    sums = np.bincount(np.cumsum(~circuit.added)) > 1
    assert count["sums"] == count["sum-signs"] == sums.sum()


@pytest.mark.parametrize("name", REPORTS)
def test_each_level_is_a_row(name):
    circuit = drawn(name)[0].circuit
    layout = circuit_layout(circuit)
    assert (layout.terminals[: circuit.sites, 1] == 0).all()
    for row, units in enumerate(circuit.levels, start=1):
        assert (layout.units[units, 1] == row).all()


@pytest.mark.parametrize("name", REPORTS)
def test_no_symbols_overlap(name):
    found = markers(drawn(name)[1])
    for outline in ("sum-signs", "charged-sites"):
        found.pop(outline, None)
    x, y, size = np.concatenate(list(found.values())).T
    apart = np.maximum(abs(x[:, None] - x), abs(y[:, None] - y)) - (size[:, None] + size) / 2
    assert apart[~np.eye(len(x), dtype=bool)].min() > 0


@pytest.mark.parametrize("name", REPORTS)
def test_lines_run_from_the_child_to_its_unit_and_pass_no_other(name):
    circuit = drawn(name)[0].circuit
    layout = circuit_layout(circuit)
    at = np.concatenate((layout.terminals[: circuit.sites], layout.units))
    for pair, line in enumerate(layout.lines):
        assert np.array_equal(line[0], at[circuit.factor_child[pair]])
        assert np.array_equal(line[-1], layout.units[circuit.factor_unit[pair]])
        for row in range(int(line[0, 1]) + 1, int(line[-1, 1])):
            x = np.interp(row, line[:, 1], line[:, 0])
            assert abs(layout.units[layout.units[:, 1] == row, 0] - x).min() > 0.1


@pytest.mark.parametrize("name", REPORTS)
def test_the_labels_tell_every_charge(name):
    report, ax = drawn(name)
    told = Counter()
    for text in ax.texts:
        if text.get_color() == CUT_COLOUR:
            for line in text.get_text().splitlines():
                times, what = re.fullmatch(r"(?:(\d+) of )?(.*)", line).groups()
                for charge in re.split(r", (?![^(]*\))", what):
                    told[charge] += int(times or 1)
    assert told == Counter(map(charge_text, report.symmetric.charges))


@pytest.mark.parametrize("name", REPORTS)
def test_the_title_tells_the_bound_and_what_this_cut_gives(name):
    report, ax = drawn(name)
    assert f"rank ≤ {report.rank_bound} (bound, proven for all weights" in ax.get_title()
    larger = report.symmetric.rank_bound > report.rank_bound
    assert (f"by this cut {report.symmetric.rank_bound})" in ax.get_title()) == larger
    assert report.partition.name in ax.get_title()


@pytest.mark.parametrize(
    ("copies", "symmetric", "value", "text"),
    [(1, True, 4, "4"), (3, True, 20, "C(6, 3) = 20"), (3, False, 64, "4^3 = 64")],
)
def test_several_copies_show_how_the_charge_follows(copies, symmetric, value, text):
    assert charge_text(Charge(0, 0, 4, copies, symmetric, value, vertex=0)) == text


def test_a_matrix_on_both_sides_is_grey_only_where_the_used_versions_differ():
    assert set(factor_sides(drawn("residual")[0].symmetric)) == {0, 1, 2}
    assert set(factor_sides(drawn("mixed, units")[0].symmetric)) == {0, 1}


def test_units_move_as_little_as_keeps_them_apart():
    assert spread(np.array([5.0, 1.0, 5.0]), np.array([2.0, 2.0, 2.0]), 10).tolist() == [4, 1, 6]
    assert spread(np.array([0.0, 0.0]), np.array([1.0, 1.0]), 10).tolist() == [0.5, 1.5]


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_formats_are_written(tmp_path, suffix):
    save(drawn("residual")[0], tmp_path / f"net.{suffix}")
    assert (tmp_path / f"net.{suffix}").stat().st_size > 3000


def test_a_circuit_that_is_too_large_is_refused():
    units = [(2, [("sum", [("unit", k - 1) if k else ("site", 0), ("site", 1)])]) for k in range(2001)]
    with pytest.raises(SizeError, match="2001 units; circuits of up to 2000"):
        circuit_layout(Circuit.from_units([2, 2], units))
