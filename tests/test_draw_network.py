"""Pictures: what is drawn, in which marker, colour and place, read back from the axes."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure

import tncut
from tests.circuits import overlapping, recurrent, reuses, trees, with_partition
from tests.pictures import laid_out, markers
from tncut import Circuit, ConvAC, Layer, Report
from tncut.draw import network
from tncut.draw.figures.scale import LEAST_STROKE
from tncut.draw.layout import network_layout
from tncut.draw.svg import CUT_COLOUR, SIDE_COLOURS
from tncut.errors import SizeError

SIDES = {"A": True, "B": False}


def deep(sites: int | tuple[int, ...], channels: int, layers: int, partition: str, geometry: str = "square") -> Report:
    net = ConvAC.deep(sites=sites, site_dim=4, channels=(channels,) * layers, geometry=geometry, name="deep")
    return tncut.bound(net, partition)


def open_label(root_map: bool) -> Report:
    layers = tuple(Layer(channels=5, window=2) for _ in range(3))
    return tncut.bound(ConvAC(sites=8, site_dim=3, layers=layers, root_map=root_map, open_output=5), "left-right+y")


def by_hand() -> Report:
    units = [(3, [("site", 0), ("site", 2)]), (4, [("unit", 0), ("site", 1), ("site", 3)])]
    units += [(2, [("site", 4)]), (3, [("unit", 2), ("unit", 1), ("site", 0)])]
    return tncut.bound(Circuit.from_units([2, 3, 2, 2, 5, 2], units), "0-2")


REPORTS: dict[str, Callable[[], Report]] = {
    "deep-16, sites": lambda: deep(16, 8, 4, "odd-even"),
    "deep-16, one bond": lambda: deep(16, 8, 4, "left-right"),
    "deep-16, two layers": lambda: deep(16, 8, 4, "0-3,8"),
    "deep-64": lambda: deep(64, 3, 6, "random:seed=3"),
    "deep-256": lambda: deep(256, 3, 8, "odd-even"),
    "grid": lambda: deep((8, 8), 8, 3, "checkerboard"),
    "mirror": lambda: deep(16, 8, 4, "left-right", "mirror"),
    "shallow": lambda: tncut.bound(ConvAC.shallow(sites=16, site_dim=4, channels=8), "odd-even"),
    "overlapping": lambda: tncut.bound(overlapping(6, 2, 2, 2, 2), "left-right"),
    "overlapping, deep": lambda: tncut.bound(overlapping(12, 2, 2, 2, 4), "left-right"),
    "open label": lambda: open_label(True),
    "open label, no map": lambda: open_label(False),
    "by hand": by_hand,
    "chain": lambda: tncut.bound(recurrent(50, 2, [8]), "odd-even"),
    "recurrent": lambda: tncut.bound(recurrent(5, 3, [2, 2]), "odd-even"),
    "one side": lambda: deep(4, 2, 2, "prefix:0"),
}


@cache
def drawn(name: str) -> tuple[Report, Axes]:
    """A report and its picture, laid out by a renderer."""
    report = REPORTS[name]()
    return report, laid_out(network(report))


def collection(ax: Axes, name: str):
    return next(part for part in ax.collections if part.get_gid() == name)


def dims_written(ax: Axes) -> Counter[int]:
    """The dimensions of cut bonds that the labels tell, each alone or as `64 bonds of 2`."""
    told: Counter[int] = Counter()
    for text in ax.texts:
        if text.get_color() == CUT_COLOUR:
            for line in text.get_text().splitlines():
                *count, dim = line.replace(" bonds of ", " ").replace(" bond of ", " ").split()
                told[int(dim)] += int(count[0]) if count else 1
    return told


@pytest.mark.parametrize("name", REPORTS)
def test_every_part_of_the_network_is_drawn(name):
    report, ax = drawn(name)
    count = Counter({part: len(at) for part, at in markers(ax).items()})
    for side, side_a in SIDES.items():
        assert count[f"sites-{side}"] + count[f"unread-sites-{side}"] == (report.partition.sides == side_a).sum()
        assert count[f"tensors-{side}"] + count[f"duplicates-{side}"] == (report.cut.sides == side_a).sum()
    on_site = np.bincount(report.cut.network.site_bond + 1, minlength=report.cut.network.bonds + 1)[1:]
    assert count["copy-tensors"] + count["cut-copy-tensors"] == (report.cut.network.holder_counts + on_site > 2).sum()


@pytest.mark.parametrize("name", REPORTS)
def test_no_two_symbols_overlap(name):
    _, ax = drawn(name)
    x, y, size = np.concatenate(list(markers(ax).values())).T
    apart = np.maximum(np.abs(x[:, None] - x), np.abs(y[:, None] - y))
    least = (size[:, None] + size) / 2
    np.fill_diagonal(apart, np.inf)
    assert (apart > least).all()


@pytest.mark.parametrize("name", REPORTS)
def test_no_two_texts_overlap_and_all_are_inside_the_figure(name):
    _, ax = drawn(name)
    texts = [*ax.texts, ax.title, *ax.get_legend().get_texts()]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))
    for box in boxes:
        assert ax.figure.bbox.contains(box.x0, box.y0)
        assert ax.figure.bbox.contains(box.x1, box.y1)


@pytest.mark.parametrize("name", REPORTS)
def test_no_label_of_a_cut_bond_hides_a_symbol(name):
    _, ax = drawn(name)
    x, y, size = np.concatenate(list(markers(ax).values())).T
    for text in ax.texts:
        if text.get_color() == CUT_COLOUR:
            box = text.get_window_extent().transformed(matplotlib.transforms.Affine2D().scale(72 / ax.figure.dpi))
            inside = (x + size / 2 > box.x0) & (x - size / 2 < box.x1) & (y + size / 2 > box.y0 + 2)
            assert not (inside & (y - size / 2 < box.y1 - 2)).any()


@pytest.mark.parametrize("name", REPORTS)
def test_labels_tell_the_dimensions_of_the_cut(name):
    report, ax = drawn(name)
    assert dims_written(ax) == Counter(report.cut.dims.tolist())


@pytest.mark.parametrize("name", REPORTS)
def test_the_legend_lies_under_the_network(name):
    _, ax = drawn(name)
    at = np.concatenate(list(markers(ax).values())) * ax.figure.dpi / 72
    assert ax.get_legend().get_window_extent().y1 < (at[:, 1] - at[:, 2] / 2).min()
    numbers = [text for text in ax.texts if text.get_text().isdigit() and text.get_color() != CUT_COLOUR]
    assert ax.get_legend().get_window_extent().y1 < min(text.get_window_extent().y0 for text in numbers)


@pytest.mark.parametrize("name", REPORTS)
def test_sides_differ_in_colour_and_in_the_marker_of_a_site(name):
    _, ax = drawn(name)
    for part, is_round in (("sites-A", True), ("sites-B", False)):
        symbol = collection(ax, part)
        if len(symbol.get_offsets()):
            assert to_hex(symbol.get_facecolor()[0]).upper() == SIDE_COLOURS[SIDES[part[-1]]]
            assert (len(symbol.get_paths()[0].vertices) > 10) is is_round
    assert not same_color(SIDE_COLOURS[True], SIDE_COLOURS[False])


@pytest.mark.parametrize("name", ["deep-16, two layers", "overlapping, deep"])
def test_tensors_stand_in_the_colour_of_their_side(name):
    _, ax = drawn(name)
    places = {side: collection(ax, f"tensors-{side}").get_facecolors()[0] for side in SIDES}
    assert all(same_color(colour, SIDE_COLOURS[SIDES[side]]) for side, colour in places.items())


@pytest.mark.parametrize("name", REPORTS)
def test_cut_lines_are_thick_dashed_and_strong(name):
    report, ax = drawn(name)
    cut, whole = collection(ax, "cut-lines"), collection(ax, "lines-A")
    assert len(cut.get_paths()) >= len(report.cut.bonds)
    assert same_color(cut.get_color()[0], CUT_COLOUR) if len(report.cut.bonds) else not cut.get_paths()
    if len(report.cut.bonds) and whole.get_paths():
        assert cut.get_linestyles()[0][1] is not None
        assert min(cut.get_linewidths()) > 2 * min(whole.get_linewidths())


def test_a_cut_copy_tensor_has_one_ring_and_one_label():
    _, ax = drawn("shallow")
    assert len(collection(ax, "cut-copy-tensors").get_offsets()) == 1
    assert len(collection(ax, "cut-lines").get_paths()) == 8
    assert dims_written(ax) == Counter({8: 1})


def test_copy_tensors_are_dots_unlike_the_matrices():
    _, ax = drawn("deep-16, sites")
    dot, square = collection(ax, "copy-tensors"), collection(ax, "tensors-A")
    assert len(dot.get_paths()[0].vertices) > 10 > len(square.get_paths()[0].vertices)
    assert dot.get_sizes().max() < square.get_sizes().min()


def test_bonds_with_room_are_labelled_one_by_one():
    report, ax = drawn("deep-16, sites")
    labels = [text for text in ax.texts if text.get_color() == CUT_COLOUR]
    assert [text.get_text() for text in labels] == ["4"] * 8
    assert [text.xy[0] for text in labels] == [site + 0.5 for site in report.partition.sites_b]


def test_a_row_without_room_is_labelled_once_at_its_end():
    _, ax = drawn("deep-256")
    assert [text.get_text() for text in ax.texts if text.get_color() == CUT_COLOUR] == ["128 bonds of 3"]


def test_a_row_of_many_dimensions_lists_the_most_frequent():
    layers = Layer(channels=100, window=2), Layer(channels=2**60, window="all")
    net = ConvAC(sites=16, site_dim=(2, 9, 3, 9, 2, 9, 3, 9, 2, 9, 3, 9, 4, 9, 5, 9), layers=layers)
    ax = network(tncut.bound(net, "odd-even"), Figure(figsize=(4, 4)).subplots())
    labels = [text.get_text() for text in ax.texts if text.get_color() == CUT_COLOUR]
    assert labels == ["3 bonds of 2\n3 bonds of 3\n1 bond of 4\n8 in all"]


def test_site_numbers_thin_out():
    numbers = {name: [int(t.get_text()) for t in drawn(name)[1].texts if t.get_text().isdigit()] for name in REPORTS}
    assert set(range(16)) <= set(numbers["deep-16, sites"])
    assert 8 <= len(numbers["deep-256"]) <= 64


def test_duplicates_are_marked_and_named():
    report, ax = drawn("overlapping")
    pale = collection(ax, "duplicates-A"), collection(ax, "duplicates-B")
    assert sum(len(part.get_offsets()) for part in pale) == (report.cut.network.tensor_copy > 0).sum() == 6
    full = collection(ax, "tensors-B").get_facecolor()[0]
    assert not any(same_color(part.get_facecolor()[0], full) for part in pale if len(part.get_offsets()))
    assert sum("#1" in text.get_text() for text in ax.texts) == 3
    assert "duplicate of a re-used unit" in [text.get_text() for text in ax.get_legend().get_texts()]
    legend = drawn("deep-16, sites")[1].get_legend().get_texts()
    assert "duplicate of a re-used unit" not in [text.get_text() for text in legend]


def test_units_are_named_where_a_row_is_no_layer():
    steps = np.arange(4)
    chain = replace(recurrent(4, 2, [3]), unit_layer=0 * steps, unit_position=steps, grids=((4,), (4,)))
    texts = [text.get_text() for text in network(tncut.bound(chain, "odd-even")).texts]
    assert {"u0[0]", "u0[1]", "u0[2]", "u0[3]"} <= set(texts)
    assert not any(text.startswith("layer") for text in texts)


def test_sites_that_nothing_reads_are_hollow():
    _, ax = drawn("by hand")
    hollow = collection(ax, "unread-sites-B")
    assert len(hollow.get_offsets()) == 1
    assert same_color(hollow.get_facecolor()[0], "white")
    assert "site that is not read" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_title_says_that_the_bound_is_a_bound():
    title = drawn("deep-16, one bond")[1].get_title()
    assert (
        title == "deep, left-right\nrank ≤ 8 (bound, proven for all weights), rank ≥ 8 (proven for almost all weights)"
    )
    assert drawn("one side")[1].get_title().endswith("rank ≥ 1 (trivial)")


def test_any_name_can_be_a_title():
    name = "$x^2$ \n\x01" + "long" * 100
    report = tncut.bound(ConvAC.shallow(sites=2, site_dim=2, channels=2, name=name), "odd-even")
    ax = network(report)
    FigureCanvasAgg(ax.figure)
    ax.figure.draw_without_rendering()
    first = ax.get_title().splitlines()[0]
    assert first.startswith("$x^2$")
    assert first.endswith("…")
    assert ax.figure.bbox.contains(*ax.title.get_window_extent().min)


def test_wide_networks_make_wide_figures_up_to_a_limit():
    width = {name: drawn(name)[1].figure.get_figwidth() for name in REPORTS}
    assert width["deep-16, sites"] < width["deep-64"] <= width["deep-256"] <= 26


def test_large_networks_need_no_more_artists():
    ax = network(deep(1024, 3, 10, "odd-even"))
    assert len(ax.collections) <= 13
    assert len(ax.texts) < 100


def test_it_draws_on_the_axes_it_is_given():
    figure = Figure(figsize=(8, 4))
    left, right = figure.subplots(1, 2)
    assert network(drawn("overlapping")[0], right) is right
    assert not left.collections
    assert right.figure is figure
    x, y, _ = np.concatenate(list(markers(right).values())).T
    box = right.get_window_extent()
    assert box.contains(x.min() * figure.dpi / 72, y.min() * figure.dpi / 72)
    assert box.contains(x.max() * figure.dpi / 72, y.max() * figure.dpi / 72)


def test_global_settings_stay_as_they_are():
    before = dict(matplotlib.rcParams)
    network(drawn("by hand")[0])
    assert dict(matplotlib.rcParams) == before


@settings(max_examples=25, deadline=None)
@given(with_partition(st.one_of(trees(read_again=True), reuses())))
def test_any_circuit_can_be_drawn(case):
    report = tncut.bound(*case)
    ax = network(report)
    assert dims_written(ax) == Counter(report.cut.dims.tolist())


def test_too_large_networks_are_refused():
    report = tncut.bound(ConvAC.shallow(sites=20_000, site_dim=2, channels=2), "odd-even")
    with pytest.raises(SizeError, match="20001 tensors"):
        network(report)


def test_matplotlib_is_loaded_when_it_draws_and_pyplot_never():
    code = """
import sys, tncut
report = tncut.bound(tncut.ConvAC.deep(sites=4, site_dim=2, channels=(2, 2)), "odd-even")
draw = tncut.draw
assert "matplotlib" not in sys.modules
draw.network(report)
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_surrogate_is_called_one():
    net = ConvAC(sites=4, site_dim=2, layers=[Layer(channels=2, window="all")], gate="relu-max", name="rectifier")
    ax = network(tncut.bound(net, "odd-even", surrogate=True))
    assert ax.get_title().startswith("ConvAC surrogate of rectifier, odd-even")


def test_sites_alone_that_are_cut_are_told_in_the_legend():
    legend = [text.get_text() for text in drawn("deep-16, sites")[1].get_legend().get_texts()]
    assert legend[:2] == ["site and matrix on side A", "site on side B, cut off by itself"]
    legend = [text.get_text() for text in drawn("deep-16, two layers")[1].get_legend().get_texts()]
    assert legend[:2] == ["site and matrix on side A", "site and matrix on side B"]


def test_lines_are_seen_however_many_there_are_and_dashes_of_a_wide_fan_do_not_merge():
    for name in ("deep-256", "deep-16, sites"):
        assert min(collection(drawn(name)[1], "lines-A").get_linewidths()) >= LEAST_STROKE
    ax = network(tncut.bound(tncut.load("shallow-64"), "odd-even"))
    cut, whole = collection(ax, "cut-lines"), collection(ax, "lines-A")
    assert max(cut.get_linewidths()) < 1.5 * max(whole.get_linewidths())
    width, height = ax.figure.get_size_inches()
    assert height > width / 4


def test_sites_on_a_grid_stand_beside_the_network():
    report, ax = drawn("grid")
    _, grid = ax.figure.axes
    shown = {part.get_gid(): part.get_offsets().tolist() for part in grid.collections}
    rows = report.partition.sides.reshape(8, 8)
    assert shown["grid-A"] == np.argwhere(rows)[:, ::-1].tolist()
    assert shown["grid-B"] == np.argwhere(~rows)[:, ::-1].tolist()
    assert grid.get_position().x0 > ax.get_position().x1
    figure = Figure()
    network(report, figure.subplots())
    assert len(figure.axes) == len(drawn("deep-16, sites")[1].figure.axes) == 1


def test_sites_of_large_grids_stand_under_what_reads_them():
    report = tncut.bound(tncut.load("pooling-mirror-32x32"), "checkerboard")
    ax = network(report)
    layout = network_layout(report.cut.network)
    assert not layout.in_order
    assert sorted(layout.terminals[:, 0]) == pytest.approx(np.arange(1024) + 0.5)
    fan = layout.lines[report.cut.network.bond_layer[layout.line_bond] == -1]
    assert (np.ptp(fan[:, :, 0], axis=1) == 0).all()
    texts = [text.get_text() for text in ax.texts]
    assert any(text.startswith("sites by window") for text in texts)
    assert not any(text.isdigit() for text in texts)
