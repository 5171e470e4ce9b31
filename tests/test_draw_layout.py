"""Places of the symbols: a tree over the sites, row by row, without a picture."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.circuits import overlapping, random_partition, recurrent, reuses, trees, with_partition
from tncut import Circuit, ConvAC, Partition, Report
from tncut.draw.figures.report_layout import TENSOR_LIMIT, layout
from tncut.draw.layout import Layout
from tncut.errors import SizeError

any_circuit = st.one_of(trees(), trees(read_again=True), reuses())


@cache
def deep(sites: int = 16) -> Report:
    channels = (8,) * (sites.bit_length() - 1)
    return tncut.bound(ConvAC.deep(sites=sites, site_dim=4, channels=channels), "odd-even")


def bonds_of_tensors(report: Report, places: Layout) -> list[np.ndarray]:
    """For every tensor the heights of its bonds, from below."""
    start, held = report.cut.network.tensor_bonds
    return [np.sort(places.bonds[held[a:b], 1]) for a, b in pairwise(start)]


def test_sites_stand_in_order_at_the_bottom():
    places = layout(deep())
    assert (places.terminals[:, 1] == 0).all()
    assert np.allclose(np.diff(places.terminals[:, 0]), 1)
    assert min(places.tensors[:, 1].min(), places.bonds[:, 1].min()) > 0


def test_each_layer_is_one_row():
    report = deep()
    network, y = report.cut.network, layout(report).bonds[:, 1]
    rows = [np.unique(y[network.bond_layer == layer]) for layer in range(4)]
    assert all(len(row) == 1 for row in rows)
    assert (np.diff(np.concatenate(rows)) > 0).all()


def test_leaves_stand_above_their_sites_if_these_are_read_in_order():
    places = layout(deep())
    assert np.array_equal(places.tensors[-17:-1, 0], places.terminals[:, 0])


def test_the_output_is_the_highest_tensor():
    places = layout(deep())
    assert places.tensors[-1, 1] == places.height > places.tensors[:-1, 1].max()


def test_the_label_stands_above_the_output():
    layers = (tncut.Layer(channels=4, window=2), tncut.Layer(channels=4, window=2))
    for root_map, open_output in ((True, 10), (False, 4)):
        net = ConvAC(sites=4, site_dim=2, layers=layers, root_map=root_map, open_output=open_output)
        places = layout(tncut.bound(net, "odd-even"))
        assert places.terminals[-1, 1] == places.height
        assert (places.terminals[:-1, 1] == 0).all()


def test_sites_that_nothing_reads_keep_their_place():
    circuit = Circuit.from_units([2, 2, 2, 2], [(2, [("site", 0), ("site", 3)])])
    places = layout(tncut.bound(circuit, "odd-even"))
    assert places.terminals[:, 0].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert places.tensors[:2, 0].tolist() == [0.5, 3.5]


def test_permuted_windows_cross_only_below_the_leaves():
    report = tncut.bound(ConvAC.deep(sites=8, site_dim=2, channels=(2, 2, 2), geometry="mirror"), "odd-even")
    places = layout(report)
    leaf_y = places.tensors[:, 1].min()
    assert np.allclose(np.diff(places.terminals[:, 0]), 1)
    above = places.lines[places.lines[:, 2, 1] > leaf_y]
    low, high = np.sort(above[:, (0, 2), 0], axis=1).T
    for k in range(len(above)):
        same_row = above[:, 0, 1] == above[k, 0, 1]
        apart = (high <= low[k]) | (low >= high[k]) | (above[:, 2, 0] == above[k, 2, 0])
        assert apart[same_row].all()


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_each_matrix_stands_between_its_two_bonds(case):
    report = tncut.bound(*case)
    places = layout(report)
    matrices = np.flatnonzero(report.cut.network.tensor_factor >= 0)
    heights = bonds_of_tensors(report, places)
    for matrix in matrices:
        below, above = heights[matrix]
        assert below < places.tensors[matrix, 1] < above


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_symbols_of_one_row_are_one_slot_apart(case):
    places = layout(tncut.bound(*case))
    for at in (places.tensors, places.bonds, places.terminals):
        for y in np.unique(at[:, 1]):
            assert (np.diff(np.sort(at[at[:, 1] == y, 0])) > 1 - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_units_stand_above_the_middle_of_their_matrices(case):
    report = tncut.bound(*case)
    network, places = report.cut.network, layout(report)
    for bond in np.flatnonzero(network.bond_layer >= 0):
        holders = network.holders(np.array([bond]))
        below = places.tensors[holders[places.tensors[holders, 1] < places.bonds[bond, 1]], 0]
        assert places.bonds[bond, 0] == (below.min() + below.max()) / 2


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_every_end_of_a_bond_has_a_line_to_its_centre(case):
    report = tncut.bound(*case)
    network, places = report.cut.network, layout(report)
    read = np.flatnonzero(network.site_bond >= 0)
    ends = network.holder_counts + np.isin(np.arange(network.bonds), network.site_bond[read])
    assert np.array_equal(places.is_copy, ends > 2)
    assert np.array_equal(np.bincount(places.line_bond), np.where(ends == 2, 1, ends))
    symbols = np.concatenate((places.tensors, places.terminals))
    assert np.array_equal(places.lines[:, 0], symbols[places.line_end])
    assert np.array_equal(places.lines[:, 2], places.bonds[places.line_bond])


@settings(max_examples=100, deadline=None)
@given(with_partition(any_circuit))
def test_the_separated_lines_are_those_between_the_sides(case):
    report = tncut.bound(*case)
    places, cut = layout(report), report.cut
    apart = places.separated(cut)
    assert np.array_equal(np.unique(places.line_bond[apart]), cut.bonds)
    side = np.concatenate((cut.sides, cut.partition.sides))[places.line_end]
    for bond in np.flatnonzero(places.is_copy):
        own = places.line_bond == bond
        assert len(set(side[own & ~apart])) == 1
        assert len(set(side[own & apart])) <= 1
        assert 2 * np.count_nonzero(own & apart) <= np.count_nonzero(own)


def test_a_long_chain_has_a_row_for_each_step():
    places = layout(tncut.bound(recurrent(1500, 2, [3]), "odd-even"))
    assert len(places.levels) == 1500


def test_duplicates_stand_side_by_side():
    report = tncut.bound(overlapping(6, 2, 2, 2, 2), "left-right")
    places = layout(report)
    assert report.cut.network.has_duplicates
    assert places.width == np.count_nonzero(places.tensors[:, 1] == places.tensors[:, 1].min()) == 16


def test_too_many_tensors_are_refused():
    report = tncut.bound(ConvAC.shallow(sites=TENSOR_LIMIT, site_dim=2, channels=2), "odd-even")
    with pytest.raises(SizeError, match=r"20001 tensors.*20000"):
        layout(report)


def test_one_site_has_a_place():
    rng = np.random.default_rng(0)
    circuit = Circuit.from_units([3], [(2, [("site", 0)])])
    places = layout(tncut.bound(circuit, random_partition(rng, circuit)))
    assert places.terminals.tolist() == [[0.5, 0.0]]
    assert not places.is_copy.any()
    assert not places.separated(tncut.bound(circuit, Partition.of(1, [])).cut).any()
