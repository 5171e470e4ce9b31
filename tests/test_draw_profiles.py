"""The picture of profiles: points, laws and exponents, read back from the axes."""

import math
from dataclasses import replace
from itertools import combinations

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures import laid_out
from tests.test_draw_results import tick_labels
from tncut.draw import profile
from tncut.errors import MethodError, ResultsError
from tncut.proven import Profile
from tncut.proven.profiles import Fit, Point


def point(size: int, boundary: int, bits: float, lower: float | None = None) -> Point:
    return Point(f"{size} sites", size, boundary, round(2**bits), round(2 ** (bits if lower is None else lower)))


def blocks(name: str, power: float, scale: float = 3.0) -> Profile:
    """Square blocks in the corner of a grid, with bits that grow as a power of their sites."""
    points = tuple(point(k * k, 2 * k, scale * k ** (2 * power)) for k in range(1, 7))
    return Profile(
        name, "block", points, (Fit("upper", "size", power, 0.01, 6), Fit("upper", "boundary", 2 * power, 0.02, 6))
    )


def prefixes(bits: list[float]) -> Profile:
    return Profile("line", "prefix", tuple(point(k, 1, value) for k, value in enumerate(bits, start=1)), ())


def legend(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_points_stand_at_their_sites_and_bits():
    one, other = blocks("a", 0.5), blocks("b", 1.0)
    ax = profile([one, other])
    for line, drawn in zip((one, other), ax.lines, strict=False):
        assert list(zip(*drawn.get_data(), strict=True)) == [(point.size, point.bits) for point in line.points]
    assert "bits" in ax.get_ylabel()
    assert "upper bound, proven" in ax.get_title()


def test_the_interval_is_shaded_where_its_ends_differ():
    assert not profile([prefixes([1.0, 2.0, 3.0])]).collections
    open_line = Profile("open", "prefix", tuple(point(k, 1, 4.0, lower=2.0) for k in (1, 2, 3)), ())
    ax = profile([open_line])
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (2.0, 4.0)
    assert "lower end" in ax.get_title()


def test_the_legend_has_the_fitted_exponents_with_their_errors():
    ax = profile([blocks("deep", 0.5), prefixes([1.0, 2.0])])
    assert legend(ax)[:2] == ["deep, block: fit ∝ sites^0.50 ± 0.01, ∝ boundary^1.00 ± 0.02", "line, prefix"]
    unknown = Profile("two", "block", blocks("", 1).points, (Fit("upper", "size", 1.0, math.nan, 3),))
    assert legend(profile([unknown]))[0] == "two: fit ∝ sites^1.00"


@pytest.mark.parametrize(("power", "law"), [(0.5, "area"), (1.0, "volume")])
def test_a_bound_that_follows_a_law_lies_on_its_line(power, law):
    ax = profile([blocks("net", power)])
    guide = ax.lines[next(place for place, text in enumerate(legend(ax)) if law in text)]
    assert guide.get_ydata() == pytest.approx(ax.lines[0].get_ydata())


def test_power_laws_have_logarithmic_axes_and_zero_bits_linear_ones():
    ax = profile([blocks("net", 0.5)])
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    ax = profile([prefixes([0.0, 1.0, 2.0])])
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "linear")
    profile([prefixes([0.0, 0.0])])
    profile([prefixes([1.0])])


def test_the_upper_axis_has_the_boundary_of_each_size_if_it_has_one():
    (above,) = profile([blocks("net", 0.5)]).child_axes
    told = dict(zip(above.get_xticks().tolist(), [label.get_text() for label in above.get_xticklabels()], strict=True))
    assert {1: "2", 4: "4", 9: "6", 16: "8"}.items() <= told.items()
    assert "boundary" in above.get_xlabel()
    assert not profile([blocks("net", 0.5), prefixes([1.0, 2.0])]).child_axes


def test_a_boundary_that_all_regions_have_is_said_once():
    ax = profile([prefixes([1.0, 2.0, 2.0])])
    assert not ax.child_axes
    assert ax.get_xlabel() == "sites in the region (prefix), each with a boundary of 1"


def test_one_value_has_one_tick():
    ax = laid_out(profile([prefixes([4.0, 4.0, 4.0])]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["4"]


@pytest.mark.parametrize("count", [1, 2, 8, 40])
def test_no_two_texts_overlap_and_all_are_inside_the_figure(count):
    name = "an architecture with a long name, layers.0.channels = " if count == 40 else "net-"
    ax = laid_out(profile([blocks(f"{name}{k}", 0.5 + k / 40) for k in range(count)]))
    (above,) = ax.child_axes
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.get_legend().get_texts()]
    texts += [*above.get_xticklabels(), above.xaxis.label, *tick_labels(ax)]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))
    for text in (ax.title, above.xaxis.label, *ax.get_legend().get_texts()):
        box = text.get_window_extent()
        assert ax.figure.bbox.contains(box.x0, box.y0)
        assert ax.figure.bbox.contains(box.x1, box.y1)
    assert ax.get_legend().get_window_extent().x0 > ax.get_window_extent().x1


def test_one_profile_is_drawn_like_a_list_of_one():
    net = blocks("net", 1.0)
    assert legend(profile(net)) == legend(profile([net]))


@pytest.mark.parametrize("what", [5, None, "net", ["net"], [blocks("net", 1.0), None]])
def test_what_is_no_list_of_profiles_is_one_clear_line(what):
    with pytest.raises(ResultsError, match=r"is no list of profiles, such as tncut\.profile returns$"):
        profile(what)


def test_profiles_are_drawn_on_the_axes_given():
    figure = Figure(figsize=(9, 5))
    given_axes = figure.subplots(1, 2)[0]
    assert profile([blocks("net", 1.0)], ax=given_axes) is given_axes
    assert tuple(figure.get_size_inches()) == (9, 5)


def test_nothing_to_draw_and_too_much_are_one_clear_line():
    with pytest.raises(ResultsError, match="no profile with a point"):
        profile([Profile("none", "prefix", (), ())])
    with pytest.raises(MethodError, match="43 profiles"):
        profile([blocks("net", 1.0)] * 43)
    profile([Profile("none", "prefix", (), ()), blocks("net", 1.0)])


def test_measured_entropies_are_dotted_below_the_bound():
    line = prefixes([1.0, 2.0, 3.0])
    points = tuple(replace(point, entropy_bits=point.bits / 2) for point in line.points)
    ax = profile([replace(line, points=points, weights="random weights, seed 0"), blocks("b", 0.5)])
    dotted = [drawn for drawn in ax.lines if drawn.get_linestyle() == ":" and drawn.get_marker() != "None"]
    assert [list(drawn.get_ydata()) for drawn in dotted] == [[0.5, 1.0, 1.5]]
    assert dotted[0].get_color() == ax.lines[0].get_color()
    assert "line: measured, random weights, seed 0" in legend(ax)
    assert "dotted: entropy, measured" in ax.get_title()
    assert "dotted" not in profile([line]).get_title()
