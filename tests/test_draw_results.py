"""Pictures of results: what they show, read back from the axes, for few and many architectures, and long names."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.pictures import laid_out
from tncut import Row
from tncut.draw import plot, save_axes, select
from tncut.draw.figures.charts import MOST_STYLES, short_names, style
from tncut.draw.figures.pareto import front
from tncut.draw.figures.results import PICTURES
from tncut.errors import FileError, MethodError, ResultsError

SPLITS = ["odd-even", "left-right", "0-3,8", "prefix:1", "prefix:2", "prefix:4", "prefix:8"]
COUNTS = [
    (2, "net"),
    (8, "an architecture with a name that is far too long for a picture, layers.0.channels"),
    (40, "n"),
]


def rank_row(net: str, partition: str, rank: int, **changes: object) -> Row:
    row = Row(
        net, f"spec of {net}", partition, "rank_bound", None, "done", rank, math.log2(rank), "bound", "", "", seconds=0
    )
    return replace(row, **changes)


def count_row(net: str, parameters: int) -> Row:
    return rank_row(net, "", 1, measure="parameters", value=parameters, bits=None, kind="count")


def sweep(nets: int, name: str, seed: int = 0) -> list[Row]:
    """Bounds over all partitions, parameters, and two failures."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(nets):
        rows.append(count_row(f"{name} = {k}", int(rng.integers(50, 50_000))))
        rows += [rank_row(f"{name} = {k}", split, 2 ** int(rng.integers(1, 12)) + k) for split in SPLITS]
    rows[2] = replace(rows[2], status="failed", value=None, bits=None)
    return rows


def texts(ax: Axes) -> list[Text]:
    found = [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label, *tick_labels(ax)]
    found += ax.get_legend().get_texts() if ax.get_legend() else []
    return [text for text in found if text.get_text()]


def tick_labels(ax: Axes) -> list[Text]:
    """Those within the axes, which alone are drawn."""
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    found = [label for label in ax.get_xticklabels() if left <= label.get_position()[0] <= right]
    return found + [label for label in ax.get_yticklabels() if low <= label.get_position()[1] <= high]


def lines(ax: Axes, name: str) -> list[list[tuple[float, float]]]:
    return [list(zip(*line.get_data(), strict=True)) for line in ax.lines if line.get_gid() == name]


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize(("nets", "name"), COUNTS)
def test_no_two_texts_overlap_and_all_are_inside_the_figure(kind, nets, name):
    ax = laid_out(plot(sweep(nets, name), kind))
    aslant = [text for text in texts(ax) if text.get_rotation() % 90]
    # Of a text alone, without the line that joins a number to its point.
    boxes = [Text.get_window_extent(text) for text in texts(ax) if text not in aslant]
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))
    for box in [text.get_window_extent() for text in texts(ax)]:
        assert ax.figure.bbox.contains(box.x0, box.y0)
        assert ax.figure.bbox.contains(box.x1, box.y1)


@pytest.mark.parametrize("kind", ["pareto", "profile"])
@pytest.mark.parametrize(("nets", "name"), COUNTS)
def test_the_legend_hides_no_data(kind, nets, name):
    ax = laid_out(plot(sweep(nets, name), kind))
    assert ax.get_legend().get_window_extent().x0 > ax.get_window_extent().x1


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_say_what_is_a_bound_and_what_is_measured_and_the_unit(kind):
    rows = sweep(3, "net")
    measured = [replace(row, measure="entropy", kind="measurement", seed=0) for row in rows[1:] if row.bits]
    for measure, word in (("rank_bound", "upper bound, proven"), ("entropy", "measured, random weights")):
        ax = plot([*rows, *measured], kind, measure=measure)
        assert word in ax.get_title()
        bar = ax.child_axes[0].get_ylabel() if ax.child_axes else ""
        assert "bits" in bar + ax.get_ylabel()


@pytest.mark.parametrize(("nets", "name"), COUNTS)
def test_a_heat_map_has_the_bits_of_every_cell(nets, name):
    rows = sweep(nets, name)
    ax = plot(rows, "heatmap")
    image = ax.images[0].get_array()
    assert image.shape == (nets, len(SPLITS))
    for place, row in enumerate(row for row in rows if row.measure == "rank_bound"):
        shown = image[place // len(SPLITS), place % len(SPLITS)]
        assert (shown is np.ma.masked) if row.bits is None else shown == row.bits
    crosses = [text.get_position() for text in ax.texts if text.get_text() == "×"]
    assert crosses == [(1, 0)]
    assert "failed" in ax.get_xlabel()
    numbers = [text for text in ax.texts if text.get_text() != "×"]
    assert all(float(t.get_text()) == pytest.approx(image[t.get_position()[::-1]], rel=0.005) for t in numbers)
    assert len(numbers) == nets * len(SPLITS) - 1


def test_numbers_are_left_out_where_they_cannot_be_read():
    ax = plot([rank_row(f"n{k}", "odd-even", 2, status="failed" if k == 3 else "done") for k in range(1000)])
    assert not ax.texts
    assert len(ax.get_yticks()) < 500
    assert "failed" in ax.get_xlabel()


def test_counts_beyond_machine_integers_are_drawn():
    rows = [count_row("n", 10**25), count_row("m", 10**40), rank_row("n", "odd-even", 2), rank_row("m", "odd-even", 4)]
    ax = laid_out(plot(rows, "pareto"))
    assert lines(ax, "front") == [[(1e25, 1.0), (1e40, 2.0)]]
    assert len([label for label in tick_labels(ax) if label.get_text().startswith("1e+")]) >= 3


def test_several_seeds_have_a_mean_if_measured_and_the_best_if_proven():
    for kind, expected in (("measurement", 2.0), ("bound", 1.0), ("proven", 3.0)):
        rows = [rank_row("n", "odd-even", 2**bits, kind=kind, seed=bits) for bits in (1, 2, 3)]
        ax = plot(rows)
        assert ax.images[0].get_array()[0, 0] == expected
        assert f"{'mean' if kind == 'measurement' else 'best'} of 3 seeds" in ax.get_title()


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9).map(float)), min_size=1, max_size=12))
def test_the_front_is_what_no_other_point_beats(points):
    def beaten(x: int, y: float) -> bool:
        return any((a <= x and b > y) or (a < x and b >= y) for a, b in points)

    assert front(points) == sorted({point for point in points if not beaten(*point)})


def test_each_partition_has_its_front_and_its_beaten_points():
    rows = sweep(12, "net")
    parameters = {row.architecture: row.value for row in rows if row.measure == "parameters"}
    ax = plot(rows, "pareto")
    for split, best, beaten in zip(SPLITS, lines(ax, "front"), lines(ax, "beaten"), strict=True):
        points = {(parameters[row.architecture], row.bits) for row in rows if row.partition == split and row.bits}
        assert best == front(list(points))
        assert set(beaten) == points - set(best)


def test_the_legend_names_the_architectures_on_a_front_by_their_numbers():
    rows = [count_row("small", 10), count_row("twin", 10), count_row("large", 1000), count_row("wasteful", 2000)]
    rows += [rank_row(net, "odd-even", rank) for net, rank in (("small", 2), ("twin", 2), ("large", 8))]
    ax = laid_out(plot([*rows, rank_row("wasteful", "odd-even", 4)], "pareto"))
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[2:] == ["small, twin: 10 parameters", "large: 1000 parameters"]
    assert {text.get_text(): text.xy for text in ax.texts} == {"1": (10, 1.0), "2": (1000, 3.0)}


def test_a_long_front_names_the_first_and_counts_the_others():
    rows = [row for k in range(45) for row in (count_row(f"n{k}", 10 + k), rank_row(f"n{k}", "odd-even", 2 + k))]
    legend = [text.get_text() for text in plot(rows, "pareto").get_legend().get_texts()]
    assert legend[-2:] == ["n39: 49 parameters", "and 5 more points on a front"]


def test_profiles_are_lines_over_the_sizes_of_regions():
    rows = [rank_row("a", split, rank) for split, rank in (("prefix:4", 8), ("prefix:1", 2), ("odd-even", 64))]
    rows += [rank_row("b", split, rank) for split, rank in (("prefix:2", 4), ("block:0,0:2x3", 16))]
    ax = plot(rows, "profile")
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert {name: list(zip(*line.get_data(), strict=True)) for name, line in zip(legend, ax.lines, strict=True)} == {
        "a, prefix": [(1, 1.0), (4, 3.0)],
        "b, prefix": [(2, 2.0)],
        "b, block": [(6, 4.0)],
    }


def test_no_two_of_the_most_lines_look_alike():
    assert len({style(number) for number in range(MOST_STYLES)}) == MOST_STYLES == 42


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_are_drawn_on_the_axes_given(kind):
    figure = Figure(figsize=(9, 5))
    given_axes = figure.subplots(1, 2)[1]
    assert plot(sweep(3, "net"), kind, ax=given_axes) is given_axes
    assert tuple(figure.get_size_inches()) == (9, 5)


def test_names_are_shortened_only_as_far_as_they_differ():
    long = "deep-64 with " + "many " * 20
    assert short_names([long + "4", long + "8"]) == [f"deep-64 with many m…any many many many {k}" for k in "48"]
    middle = [f"{'a' * 60}{k}{'b' * 60}" for k in range(3)]
    assert short_names(middle) == middle
    assert short_names(["$a$\n\x1b"]) == ["$a$  "]


def test_names_given_twice_are_told_apart():
    rows = [replace(rank_row("deep", "odd-even", 2), spec=str(k)) for k in range(2)]
    assert [label.get_text() for label in plot(rows).get_yticklabels()] == ["deep", "deep #2"]


def test_names_are_no_formulas():
    laid_out(plot([rank_row("$\\frac{", "odd-even", 2), count_row("$\\frac{", 3)], "pareto"))
    laid_out(plot([rank_row("$\\frac{", "mask:$x_", 2)], "heatmap"))


@pytest.mark.parametrize(
    ("rows", "kind", "measure", "message"),
    [
        ([], "heatmap", "rank_bound", "there are no rows"),
        (sweep(2, "net"), "heatmap", "entropy", "no row has bits for the measure 'entropy'; measures .* rank_bound"),
        (sweep(2, "net"), "heatmap", "parameters", "measures with bits there: rank_bound"),
        (sweep(2, "net")[2:3], "heatmap", "rank_bound", r"1 of its cells failed.*no measures with bits"),
        ([rank_row("n", "odd-even", 2)], "pareto", "rank_bound", "row for the measure 'parameters'"),
        ([rank_row("n", "odd-even", 2)], "profile", "rank_bound", "prefix:K or block"),
        (sweep(43, "n"), "profile", "rank_bound", "43 profiles cannot be told apart"),
        ([rank_row(f"n{k}", "odd-even", 2) for k in range(2001)], "heatmap", "rank_bound", "2001 x 1 cells"),
        (sweep(2, "net"), "pie", "rank_bound", "unknown picture 'pie'; choose from heatmap, pareto, profile"),
    ],
)
def test_rows_without_a_picture_are_one_clear_line(rows: Sequence[Row], kind: str, measure: str, message: str):
    with pytest.raises((MethodError, ResultsError), match=message) as error:
        plot(rows, kind, measure=measure)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rows", [5, None, "rows", ["row"], [rank_row("n", "odd-even", 2), 3]])
def test_what_is_no_list_of_rows_is_one_clear_line(rows):
    with pytest.raises(ResultsError, match=r"is no list of rows, such as tncut\.read_results returns$"):
        plot(rows)
    with pytest.raises(ResultsError, match=r"is no list of rows, such as tncut\.read_results returns$"):
        select(rows)


def test_rows_are_selected_by_name():
    rows = sweep(3, "net")
    assert select(rows) == rows
    chosen = select(rows, ["net = 1"], ["odd-even", "prefix:1"])
    assert [(row.architecture, row.partition) for row in chosen] == [("net = 1", "odd-even"), ("net = 1", "prefix:1")]
    with pytest.raises(ResultsError, match="no row has the architecture 'net'; architectures there: net = 0, net = 1"):
        select(rows, ["net"])
    with pytest.raises(ResultsError, match="no row has the partition 'all'"):
        select(rows, [], ["all"])


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
@pytest.mark.parametrize("kind", PICTURES)
def test_equal_rows_give_equal_files(tmp_path, kind, suffix):
    for name in ("one", "two"):
        save_axes(plot(sweep(4, "net"), kind), tmp_path / f"{name}.{suffix}")
    content = (tmp_path / f"one.{suffix}").read_bytes()
    assert content == (tmp_path / f"two.{suffix}").read_bytes()
    assert len(content) > 5000


def test_other_suffixes_and_missing_folders_are_refused(tmp_path):
    ax = plot(sweep(2, "net"))
    with pytest.raises(FileError, match=r"\.png, \.svg, \.pdf"):
        save_axes(ax, tmp_path / "net.jpg")
    with pytest.raises(FileError, match="cannot write"):
        save_axes(ax, tmp_path / "none" / "net.png")
    assert list(tmp_path.iterdir()) == []


def test_many_partitions_are_summed_up_by_medians():
    splits = [f"random:seed={seed}" for seed in range(100)]
    rows = [rank_row("a", split, 2 ** (k % 9)) for k, split in enumerate(splits)]
    rows += [rank_row("b", split, 4 * 2 ** (k % 9)) for k, split in enumerate(splits)]
    ax = laid_out(plot([*rows, count_row("a", 10), count_row("b", 20)], "pareto"))
    assert lines(ax, "front") == [[(10.0, 4.0), (20.0, 6.0)]]
    ranges = [part.get_segments()[0][:, 1].tolist() for part in ax.collections]
    assert ranges == [[0.0, 8.0], [2.0, 10.0]]
    legend = [entry.get_text() for entry in ax.get_legend().get_texts()]
    assert legend[0] == "median of 100; grey: least to most, its Pareto front"
