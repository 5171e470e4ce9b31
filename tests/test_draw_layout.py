"""Where the symbols stand: a tree over the sites, row by row, without a picture."""

from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.circuits import overlapping, random_partition, recurrent, reuses, trees, with_partition
from tncut import Circuit, ConvAC, Partition, Report
from tncut.draw.layout import Layout, network_layout

any_circuit = st.one_of(trees(), trees(read_again=True), reuses())


@cache
def deep(sites: int = 16) -> Report:
    channels = (8,) * (sites.bit_length() - 1)
    return tncut.bound(ConvAC.deep(sites=sites, site_dim=4, channels=channels), "odd-even")


def layout(report: Report) -> Layout:
    return network_layout(report.unfolded_cut.network)


def bonds_of_tensors(report: Report, found: Layout) -> list[np.ndarray]:
    """For every tensor the heights of its bonds, from below."""
    start, held = report.cut.network.tensor_bonds
    return [np.sort(found.bonds[held[a:b], 1]) for a, b in pairwise(start)]


def test_sites_stand_in_order_at_the_bottom():
    found = layout(deep())
    assert (found.terminals[:, 1] == 0).all()
    assert np.allclose(np.diff(found.terminals[:, 0]), 1)
    assert min(found.tensors[:, 1].min(), found.bonds[:, 1].min()) > 0


def test_each_layer_is_one_row():
    report = deep()
    network, y = report.cut.network, layout(report).bonds[:, 1]
    rows = [np.unique(y[network.bond_layer == layer]) for layer in range(4)]
    assert all(len(row) == 1 for row in rows)
    assert (np.diff(np.concatenate(rows)) > 0).all()


def test_leaves_stand_above_their_sites_if_these_are_read_in_order():
    found = layout(deep())
    assert np.array_equal(found.tensors[-17:-1, 0], found.terminals[:, 0])


def test_the_output_is_the_highest_tensor():
    found = layout(deep())
    assert found.tensors[-1, 1] == found.height > found.tensors[:-1, 1].max()


def test_the_label_stands_above_the_output():
    layers = (tncut.Layer(channels=4, window=2), tncut.Layer(channels=4, window=2))
    for root_map, open_output in ((True, 10), (False, 4)):
        net = ConvAC(sites=4, site_dim=2, layers=layers, root_map=root_map, open_output=open_output)
        found = layout(tncut.bound(net, "odd-even"))
        assert found.terminals[-1, 1] == found.height
        assert (found.terminals[:-1, 1] == 0).all()


def test_sites_that_nothing_reads_keep_their_place():
    circuit = Circuit.from_units([2, 2, 2, 2], [(2, [("site", 0), ("site", 3)])])
    found = layout(tncut.bound(circuit, "odd-even"))
    assert found.terminals[:, 0].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert found.tensors[:2, 0].tolist() == [0.5, 3.5]


def test_permuted_windows_cross_only_below_the_leaves():
    report = tncut.bound(ConvAC.deep(sites=8, site_dim=2, channels=(2, 2, 2), geometry="mirror"), "odd-even")
    found = layout(report)
    leaf_y = found.tensors[:, 1].min()
    assert np.allclose(np.diff(found.terminals[:, 0]), 1)
    above = found.lines[found.lines[:, 2, 1] > leaf_y]
    low, high = np.sort(above[:, (0, 2), 0], axis=1).T
    for k in range(len(above)):
        same_row = above[:, 0, 1] == above[k, 0, 1]
        apart = (high <= low[k]) | (low >= high[k]) | (above[:, 2, 0] == above[k, 2, 0])
        assert apart[same_row].all()


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_each_matrix_stands_between_its_two_bonds(case):
    report = tncut.bound(*case)
    found = layout(report)
    matrices = np.flatnonzero(report.cut.network.tensor_factor >= 0)
    heights = bonds_of_tensors(report, found)
    for matrix in matrices:
        below, above = heights[matrix]
        assert below < found.tensors[matrix, 1] < above


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_symbols_of_one_row_are_one_slot_apart(case):
    found = layout(tncut.bound(*case))
    for at in (found.tensors, found.bonds, found.terminals):
        for y in np.unique(at[:, 1]):
            assert (np.diff(np.sort(at[at[:, 1] == y, 0])) > 1 - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_units_stand_above_the_middle_of_their_matrices(case):
    report = tncut.bound(*case)
    network, found = report.cut.network, layout(report)
    for bond in np.flatnonzero(network.bond_layer >= 0):
        holders = network.holders(np.array([bond]))
        below = found.tensors[holders[found.tensors[holders, 1] < found.bonds[bond, 1]], 0]
        assert found.bonds[bond, 0] == (below.min() + below.max()) / 2


@settings(max_examples=60, deadline=None)
@given(with_partition(any_circuit))
def test_every_end_of_a_bond_has_a_line_to_its_centre(case):
    report = tncut.bound(*case)
    network, found = report.cut.network, layout(report)
    read = np.flatnonzero(network.site_bond >= 0)
    ends = network.holder_counts + np.isin(np.arange(network.bonds), network.site_bond[read])
    assert np.array_equal(found.is_copy, ends > 2)
    assert np.array_equal(np.bincount(found.line_bond), np.where(ends == 2, 1, ends))
    symbols = np.concatenate((found.tensors, found.terminals))
    assert np.array_equal(found.lines[:, 0], symbols[found.line_end])
    assert np.array_equal(found.lines[:, 2], found.bonds[found.line_bond])


@settings(max_examples=100, deadline=None)
@given(with_partition(any_circuit))
def test_the_separated_lines_are_those_between_the_sides(case):
    report = tncut.bound(*case)
    found, cut = layout(report), report.cut
    apart = found.separated(cut)
    assert np.array_equal(np.unique(found.line_bond[apart]), cut.bonds)
    side = np.concatenate((cut.sides, cut.partition.sides))[found.line_end]
    for bond in np.flatnonzero(found.is_copy):
        own = found.line_bond == bond
        assert len(set(side[own & ~apart])) == 1
        assert len(set(side[own & apart])) <= 1
        assert 2 * np.count_nonzero(own & apart) <= np.count_nonzero(own)


def test_a_long_chain_has_a_row_for_each_step():
    found = layout(tncut.bound(recurrent(1500, 2, [3]), "odd-even"))
    assert len(found.levels) == 1500


def test_duplicates_stand_side_by_side():
    report = tncut.bound(overlapping(6, 2, 2, 2, 2), "left-right")
    found = layout(report)
    assert report.cut.network.has_duplicates
    assert found.width == np.count_nonzero(found.tensors[:, 1] == found.tensors[:, 1].min()) == 16


def test_one_site_has_a_place():
    rng = np.random.default_rng(0)
    circuit = Circuit.from_units([3], [(2, [("site", 0)])])
    found = layout(tncut.bound(circuit, random_partition(rng, circuit)))
    assert found.terminals.tolist() == [[0.5, 0.0]]
    assert not found.is_copy.any()
    assert not found.separated(tncut.bound(circuit, Partition.of(1, [])).cut).any()
