"""Unfolding: sizes known beforehand, duplicates with their origin, holders as the definition says."""

import numpy as np
import pytest
from hypothesis import given

from tests.circuits import arrays_of, overlapping, pooled, recurrent, reuses, trees
from tncut.circuit import Circuit
from tncut.errors import NetworkError, SizeError
from tncut.network import LABEL, SITE, TensorNetwork, unfold, unfolded_size


def bonds_by_recursion(circuit: Circuit) -> list[tuple[int, int]]:
    """(dimension, number of holders) of every bond, from the definition, sorted."""
    readers = [0] * circuit.sites
    found: list[tuple[int, int]] = []

    def walk(unit: int, read: bool) -> None:
        children = circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]].tolist()
        found.append((int(circuit.unit_dims[unit]), len(children) + read))
        for child in children:
            if child < circuit.sites:
                readers[child] += 1
            else:
                walk(child - circuit.sites, True)

    walk(circuit.root, circuit.root_map)
    found += [(int(dim), n) for dim, n in zip(circuit.site_dims, readers, strict=True) if n]
    if circuit.root_map and circuit.open_output:
        found.append((circuit.open_output, 1))
    return sorted(found)


@given(trees() | reuses())
def test_bonds_are_those_of_the_definition(circuit):
    network = unfold(circuit)
    held = zip(network.bond_dims.tolist(), network.holder_counts.tolist(), strict=True)
    assert sorted(held) == bonds_by_recursion(circuit)


@given(trees() | reuses())
def test_the_size_is_known_before_unfolding(circuit):
    network, size = unfold(circuit), unfolded_size(circuit)
    assert (network.tensors, network.bonds) == (size.tensors, size.bonds)
    with pytest.raises(SizeError, match=f"{size.tensors} tensors, over the limit of {size.tensors - 1}"):
        unfold(circuit, limit=size.tensors - 1)


@given(trees() | reuses())
def test_duplicates_know_their_origin(circuit):
    network = unfold(circuit)
    units = network.bond_layer >= 0
    origin = zip(network.bond_layer[units], network.bond_position[units], network.bond_copy[units], strict=True)
    assert len(set(origin)) == units.sum() == circuit.multiplicities[circuit.sites :].sum()
    assert network.has_duplicates == circuit.reuses_units
    assert len(set(zip(network.tensor_factor.tolist(), network.tensor_copy.tolist(), strict=True))) == network.tensors


def test_sites_are_not_duplicated():
    network = unfold(overlapping(sites=5, site_dim=3, channels=2, size=2, depth=3))
    assert (network.bond_layer == SITE).sum() == 5
    assert network.holder_counts[network.site_bond].max() > 2


def test_astronomic_sizes_are_refused_at_once():
    circuit = recurrent(steps=60, site_dim=2, hidden=(2, 2, 2, 2, 2, 2, 2, 2))
    with pytest.raises(SizeError, match="over the limit"):
        unfold(circuit)


def test_the_label_of_an_open_output_is_one_more_terminal():
    for root_map in (True, False):
        circuit = Circuit.from_units([2, 2], [(3, [("site", 0), ("site", 1)])], root_map=root_map, open_output=3)
        network = unfold(circuit)
        assert len(network.terminals) == 3
        assert network.bond_dims[network.site_bond].tolist() == [2, 2, 3]
        assert (network.bond_layer == LABEL).sum() == root_map


def test_bonds_have_names_that_tell_their_origin():
    network = unfold(overlapping(sites=4, site_dim=2, channels=2, size=2, depth=2))
    names = [network.bond_name(bond) for bond in range(network.bonds)]
    assert len(set(names)) == network.bonds
    assert {"x0", "u0[1]", "u0[1]#1", "u2[0]"} <= set(names)


NETWORK = unfold(pooled(2, (2, 2), (3, 3)))


@pytest.mark.parametrize("name", arrays_of(NETWORK))
def test_nobody_writes_to_a_network(name):
    array = arrays_of(NETWORK)[name]
    with pytest.raises(ValueError, match="read-only"):
        array[:] = array


def test_sizes_near_the_end_of_64_bits_are_exact():
    units = [(2, [("site", 0), ("site", 1)])] + [(2, [("unit", k), ("unit", k)]) for k in range(61)]
    size = unfolded_size(Circuit.from_units([2, 2], [*units, (2, [("unit", 61)] * 3)]))
    assert size.tensors == 3 * sum(2**k for k in range(1, 63)) + 3 + 1
    with pytest.raises(SizeError, match=f"{size.tensors} tensors"):
        unfold(Circuit.from_units([2, 2], [*units, (2, [("unit", 61)] * 3)]))


@pytest.mark.parametrize("seed", range(5))
def test_a_tree_hangs_by_one_tensor_and_holds_everything_once(seed):
    rng = np.random.default_rng(seed)
    size = 40
    bonds = [(2, [int(rng.integers(k)), k]) for k in range(1, size)] + [(3, [k]) for k in range(size)]
    network = TensorNetwork.from_bonds(bonds, sites=range(size - 1, 2 * size - 1))
    assert network.forest is not None
    hung = np.concatenate([level.tensors for level in network.forest])
    assert sorted(hung.tolist()) == list(range(1, size))
    assert sorted(np.concatenate([level.bonds for level in network.forest]).tolist()) == list(range(network.bonds))
    with_cycle = TensorNetwork.from_bonds([*bonds, (2, [5, 6])], sites=network.site_bond.tolist())
    assert with_cycle.forest is None


@pytest.mark.parametrize(
    ("bonds", "sites", "message"),
    [
        ([(2, [0, 0])], [0], "held twice"),
        ([(0, [0])], [0], "dimension 0"),
        ([(2, [0])], [1], "the bonds are 0 to 0"),
        ([(2, [0])], [0, 0], "two sites lie on one bond"),
        ([(2, [-1])], [0], "tensors are numbers from 0"),
    ],
)
def test_what_is_no_network_is_refused_with_its_reason(bonds, sites, message):
    with pytest.raises(NetworkError, match=message):
        TensorNetwork.from_bonds(bonds, sites)
