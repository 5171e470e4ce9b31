"""Pictures for notebooks: well-formed, with every part of a network, and text where they would be too large."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.circuits import overlapping, reuses, trees, with_partition
from tncut import ConvAC, Linear, Mixed, Partition, TensorNetwork
from tncut.draw.layout import is_unfolded
from tncut.draw.layout.general import general_layout
from tncut.draw.svg import CUT_COLOUR, SIDE_COLOURS, circles, sites_svg, squares
from tncut.draw.svg.network import TENSOR_LIMIT, network_svg
from tncut.formats import gallery, load
from tncut.network import build
from tncut.tools.numbers import show_integer

any_circuit = st.one_of(trees(), trees(read_again=True), reuses())


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def pictures(html: str) -> list[ElementTree.Element]:
    return [parse(svg) for svg in re.findall(r"<svg.*?</svg>", html)]


def marks(svg: ElementTree.Element, letter: str, colour: str) -> int:
    """How many circles (a) or squares (h) of a colour there are."""
    paths = [path for path in svg.iter() if path.get("fill") == colour and path.get("d")]
    return sum(path.get("d").count("z" if letter == "h" else "M") for path in paths if letter in path.get("d"))


def cut_lines(svg: ElementTree.Element) -> set[str]:
    """The names of the bonds that are drawn as cut."""
    return {title.text.split(",")[0] for title in svg.iter() if title.tag.endswith("title")}


def by_hand(bonds: list[tuple[int, list[int]]], sites: int) -> TensorNetwork:
    return TensorNetwork.from_bonds([(2, [i]) for i in range(sites)] + bonds, sites=range(sites))


def test_circles_and_squares_are_where_and_as_large_as_they_are_said_to_be():
    at, size = np.array([[3.0, 4.0]]), np.array([2.0])
    assert circles(at, size) == "M2 4a1 1 0 1 0 2 0a1 1 0 1 0 -2 0"
    assert squares(at, size) == "M2 3h2v2h-2z"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=80), st.integers(1, 40))
def test_sites_are_round_on_a_and_square_on_b(sides, columns):
    svg = parse(sites_svg(np.array(sides), columns))
    assert marks(svg, "a", SIDE_COLOURS[True]) == sum(sides)
    assert marks(svg, "h", SIDE_COLOURS[False]) == len(sides) - sum(sides)
    assert float(svg.get("width")) <= 710


def test_too_many_sites_have_no_picture():
    assert sites_svg(np.zeros(5000, dtype=bool)) is None
    assert Partition(np.zeros(5000, dtype=bool))._repr_html_() is None


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_a_picture_shows_the_bonds_of_the_cut_and_no_others(case):
    circuit, split = case
    cut = tncut.min_cut(tncut.unfold(circuit), split)
    svg = parse(network_svg(cut.network, cut))
    assert cut_lines(svg) == set(cut.names)
    drawn = marks(svg, "a", SIDE_COLOURS[True]) + marks(svg, "h", SIDE_COLOURS[False])
    plain = np.count_nonzero(cut.network.tensor_copy == 0) + np.count_nonzero(cut.network.site_bond >= 0)
    assert drawn == plain


def test_a_network_without_a_cut_is_grey():
    svg = network_svg(tncut.unfold(tncut.compile(ConvAC.shallow(sites=4, site_dim=2, channels=3))))
    assert all(colour not in svg for colour in (*SIDE_COLOURS.values(), CUT_COLOUR))


@pytest.mark.parametrize(
    ("network", "rows"),
    [
        (by_hand([(4, [i, i + 1]) for i in range(7)], 8), 1),
        (by_hand([(3, [0, 4]), (3, [1, 4]), (3, [2, 4]), (3, [3, 4])], 4), 2),
        (by_hand([(3, [0, 1, 2]), (2, [0, 1]), (2, [2])], 3), 1),
        (TensorNetwork.from_bonds([(2, [0]), (3, [1, 2])], sites=[0]), 1),
    ],
)
def test_networks_by_hand_have_a_row_for_each_distance_from_the_sites(network, rows):
    assert not is_unfolded(network)
    layout = general_layout(network)
    assert len(layout.levels) == rows
    for y in layout.levels:
        assert (np.diff(np.sort(layout.tensors[layout.tensors[:, 1] == y, 0])) > 1 - 1e-9).all()
    cut = tncut.min_cut(network, Partition.of(len(network.terminals), {0}))
    assert cut_lines(parse(network_svg(network, cut))) == set(cut.names)


def test_a_cut_shows_its_bound_and_its_network():
    cut = tncut.min_cut(tncut.unfold(overlapping(5, 2, 2, 2, 1)), Partition.of(5, {0, 1}))
    html = cut._repr_html_()
    assert f"<b>{cut.rank_bound}</b>: bound, proven for all weights" in html
    assert len(pictures(html)) == 1


def test_a_cut_that_is_too_large_to_see_is_text():
    network = tncut.unfold(tncut.compile(ConvAC.shallow(sites=TENSOR_LIMIT, site_dim=2, channels=2**53)))
    cut = tncut.min_cut(network, Partition(np.arange(TENSOR_LIMIT) % 2 == 0))
    assert f"{TENSOR_LIMIT + 1} tensors: too many" in cut._repr_html_()
    assert "about 2^53.00" in cut._repr_html_()


@pytest.mark.parametrize("name", gallery())
def test_every_report_of_the_gallery_shows_itself(name):
    net = load(name)
    report = tncut.bound(net, "odd-even", surrogate=True)
    html = report._repr_html_()
    assert f"&lt;= {show_integer(report.rank_bound)}" in html
    on_grid = len(report.subject.terminals.grid) > 1
    small = report.cut is not None and report.cut.network.tensors <= TENSOR_LIMIT
    assert len(pictures(html)) == on_grid + small
    assert html.count("<div") == len(report.layers)


@pytest.mark.parametrize("name", gallery())
def test_architectures_show_their_network_where_there_is_one(name):
    net = load(name)
    built = build(net)
    html = net._repr_html_()
    assert (html is None) == (isinstance(built, tncut.Circuit) and (built.has_sums or built.gate != "product"))
    assert html is None or (name in html and len(pictures(html)) == 1)


def test_what_has_no_network_stays_text():
    assert Mixed(tree=((0, 1), 2), other=((1, 2), 0), site_dim=2, channels=2)._repr_html_() is None
    assert ConvAC.shallow(sites=10**6, site_dim=2, channels=2)._repr_html_() is None


def test_names_stay_text():
    name = "<script>alert(1)</script>"
    net = Linear(widths=(2, 2), name=name)
    split = Partition(np.array([True, False]), name)
    report = tncut.bound(net, split)
    for html in (net._repr_html_(), split._repr_html_(), report._repr_html_(), report.cut._repr_html_()):
        assert "<script" not in html
        assert "&lt;script&gt;" in html
