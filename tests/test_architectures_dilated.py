"""Dilated networks: locations by their definition, and the mode trees of the literature."""

import numpy as np
import pytest

from tests.families import assert_bound_holds, random_dilated
from tncut.architectures import Dilated, Tree, compile
from tncut.errors import SpecError
from tncut.formats import parse_spec, spec_text
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
def test_a_dilated_network_is_hierarchical_tucker_on_its_mode_tree(order):
    network = Dilated(length=8, site_dim=3, channels=[2, 3, 4], order=order)
    tree = Tree(tree=network.tree, site_dim=3, channels=[2, 3, 4], root_map=False)
    for seed in range(10):
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


def test_bounds_hold_on_random_dilated_networks():
    for seed in range(300):
        assert_bound_holds(random_dilated(np.random.default_rng(seed)), seed)


@pytest.mark.parametrize("syntax", ["toml", "json"])
def test_a_specification_reads_back_as_it_was(syntax):
    for seed in range(50):
        architecture = random_dilated(np.random.default_rng(seed))
        assert parse_spec(spec_text(architecture, syntax=syntax), syntax=syntax) == architecture


def test_long_sequences_are_quick_to_build():
    assert compile(Dilated(length=2**16, site_dim=2, channels=2)).units == 2**16 - 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": 12}, "length is 12; it must be a power of two"),
        ({"length": 1}, "length is 1; it must be a power of two from 2"),
        ({"length": 2**40}, "must be a power of two from 2 to"),
        ({"length": 4.0}, "length is 4.0; it must be an integer"),
        ({"order": [1, 2]}, r"order is \[1, 2\]; it must hold each of \[1, 2, 4\] once"),
        ({"order": [1, 2, 2]}, "must hold each of"),
        ({"order": 3}, "order is 3; it must be a list"),
        ({"channels": [2, 2]}, "channels lists 2 widths; there are 3 layers"),
        ({"channels": 0}, "channels is 0"),
        ({"open_output": 3}, "without a root map the last layer's 2 channels are the output; open_output is 3"),
        ({"site_dim": [2, 2]}, "there are 8 sites"),
    ],
)
def test_what_cannot_be_is_refused_at_birth(change, message):
    with pytest.raises(SpecError, match=message):
        Dilated(**{"length": 8, "site_dim": 2, "channels": 2} | change)
