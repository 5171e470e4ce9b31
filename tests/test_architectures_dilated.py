"""Dilated networks: locations by their definition, and the mode trees of the literature."""

import pytest

from tncut.architectures import Dilated, Tree, compile
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import bound

SIDE_A = Partition.of(16, [site - 1 for site in (1, 3, 5, 7, 9, 10, 13, 14)])


@pytest.mark.parametrize("order", [None, [2, 1, 8, 4]])
def test_dilations_have_the_rank_of_the_literature(order):
    network = Dilated(length=16, site_dim=2, channels=2, order=order)
    assert bound(network, SIDE_A).rank_bound == bound(network, SIDE_A).rank_lower == 64
    assert exact_rank(compile(network), SIDE_A).rank == 64


@pytest.mark.parametrize("order", [[1, 2, 4], [4, 2, 1], [2, 4, 1]])
@pytest.mark.parametrize("seed", range(10))
def test_a_dilated_network_is_hierarchical_tucker_on_its_mode_tree(order, seed):
    network = Dilated(length=8, site_dim=3, channels=[2, 3, 4], order=order)
    tree = Tree(tree=network.tree, site_dim=3, channels=[2, 3, 4], root_map=False)
    split = Partition.parse(f"random:seed={seed}", 8)
    assert bound(network, split).rank_bound == bound(tree, split).rank_bound


def test_each_layer_joins_locations_that_its_dilation_parts():
    circuit = compile(Dilated(length=8, site_dim=2, channels=3, order=[2, 4, 1]))
    fields = [set(circuit.receptive_field(unit).tolist()) for unit in range(circuit.units)]
    assert fields[:4] == [{0, 2}, {1, 3}, {4, 6}, {5, 7}]
    assert fields[4:6] == [{0, 2, 4, 6}, {1, 3, 5, 7}]
    assert circuit.unit_dims.tolist() == [3] * 6 + [1]


def test_an_open_output_is_all_channels_of_the_last_layer():
    assert compile(Dilated(length=2, site_dim=2, channels=5, open_output=5)).terminal_dims.tolist() == [2, 2, 5]


def test_long_sequences_are_quick_to_build():
    assert compile(Dilated(length=2**16, site_dim=2, channels=2)).units == 2**16 - 1
