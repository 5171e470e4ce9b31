"""Many partitions side by side, held against each partition by itself, exactly."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuits import random_tree
from tncut.circuit import Circuit
from tncut.errors import MethodError
from tncut.mincut import TreeCuts, min_cut
from tncut.mincut.batch import numba_loops
from tncut.mincut.batch.certified import Digits
from tncut.mincut.cut import cut_bonds
from tncut.network import TensorNetwork, unfold
from tncut.partition import Partition
from tncut.tools.bits import pack

SEEDS = st.integers(0, 2**32 - 1)


def tree(rng: np.random.Generator, *, powers: bool) -> Circuit:
    """A random tree of up to 14 sites, of any dimensions, or of powers of 2 alone."""
    circuit = random_tree(rng, sites=int(rng.integers(1, 15)), most_dim=int(rng.choice([3, 5, 12])))
    if not powers:
        return circuit
    site_dims, unit_dims = (2 ** rng.integers(0, 5, len(dims)) for dims in (circuit.site_dims, circuit.unit_dims))
    if not circuit.root_map:
        unit_dims[-1] = circuit.open_output or 1
    return replace(circuit, site_dims=site_dims, unit_dims=unit_dims)


def assert_equal_to_one_by_one(network: TensorNetwork, sides: np.ndarray, cuts: TreeCuts) -> None:
    packed = pack(sides)
    bits, products, found = cuts.bits(packed), cuts.products(packed), cuts.sides(packed)
    for row, product, bit, side in zip(sides, products, bits, found, strict=True):
        assert product == min_cut(network, Partition(row)).rank_bound
        assert bit == pytest.approx(math.log2(product), abs=1e-9)
        assert math.prod(network.bond_dims[cut_bonds(network, row, side)].tolist()) == product


@settings(max_examples=80, deadline=None)
@given(SEEDS, st.booleans(), st.sampled_from([None, 1, 5]))
def test_side_by_side_equals_one_by_one(seed, powers, block):
    rng = np.random.default_rng(seed)
    network = unfold(tree(rng, powers=powers))
    sides = rng.random((12, len(network.terminals))) < rng.choice([0.2, 0.5])
    assert_equal_to_one_by_one(network, sides, TreeCuts(network, block))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([1, 600]))
def test_cuts_with_rounded_dimensions_are_those_of_networks_with_these_dimensions(seed, batch):
    rng = np.random.default_rng(seed)
    network = unfold(tree(rng, powers=False))
    bases = [2, 3, 5]
    packed = pack(rng.random((batch, len(network.terminals))) < 0.5)
    found = TreeCuts(network).rounded_values(bases, packed)
    for base, values in zip(bases, found, strict=True):
        dims = [max(base**k for k in range(5) if base**k <= dim) for dim in network.bond_dims.tolist()]
        expected = TreeCuts(replace(network, bond_dims=np.array(dims))).products(packed)
        assert [base**value for value in values.tolist()] == expected


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_large_dimensions_widen_the_integers(seed):
    rng = np.random.default_rng(seed)
    circuit = tree(rng, powers=True)
    network = unfold(replace(circuit, site_dims=2 ** rng.integers(20, 62, circuit.sites)))
    sides = rng.random((6, len(network.terminals))) < 0.5
    assert_equal_to_one_by_one(network, sides, TreeCuts(network))


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans(), st.sampled_from([None, 1, 5]))
def test_compiled_loops_give_the_same_integers(seed, powers, block):
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    rng = np.random.default_rng(seed)
    network = unfold(tree(rng, powers=powers))
    packed = pack(rng.random((12, len(network.terminals))) < 0.5)
    cuts = TreeCuts(network, block).integers
    expected = cuts.values(packed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba_loops, "is_worth_it", lambda sites, batch: True)
        assert np.array_equal(cuts.values(packed), expected)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(2, 150), st.sampled_from([1, 5, 150]), st.sampled_from([None, 1, 33]))
def test_compiled_loops_give_the_same_integers_on_forests(seed, tensors, reach, block):
    """From paths (a tensor's parent is the one before it) to bushes (it is any before it), in several parts."""
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    rng = np.random.default_rng(seed)
    most = int(rng.choice([3, 9, 50]))
    bonds: list[tuple[int, list[int]]] = [(2 ** int(rng.integers(most)), [tensor]) for tensor in range(tensors)]
    for tensor in range(1, tensors):
        if rng.random() < 0.95:
            parent = int(rng.integers(max(tensor - reach, 0), tensor))
            bonds.append((2 ** int(rng.integers(most)), [parent, tensor]))
    network = TensorNetwork.from_bonds(bonds, sites=range(tensors))
    packed = pack(rng.random((100, tensors)) < 0.5)
    cuts = TreeCuts(network, block).integers
    expected = cuts.values(packed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba_loops, "is_worth_it", lambda sites, batch: True)
        assert np.array_equal(cuts.values(packed), expected)


def near_tie() -> TensorNetwork:
    """Two sites on one tensor whose product is almost the dimension of the bond to the third site."""
    dims = [3**12 + 1, 3**6, 3**6]
    return TensorNetwork.from_bonds([*((dim, [0]) for dim in dims[1:]), (dims[0], [0, 1]), (2**40, [1])], [0, 1, 3])


def test_near_ties_are_decided_exactly():
    network = near_tie()
    sides = np.array([[True, True, False], [True, False, False], [False, False, True]])
    assert_equal_to_one_by_one(network, sides, TreeCuts(network))
    assert TreeCuts(network).products(pack(sides))[0] == 3**12


def test_what_logarithms_cannot_tell_is_solved_one_by_one(monkeypatch):
    network = near_tie()
    cuts = TreeCuts(network)
    doubtful = replace(cuts.certified, error=2**62)  # every comparison of different products is in doubt
    monkeypatch.setattr(TreeCuts, "certified", doubtful)
    sides = np.array([[True, True, False], [True, False, False]])
    _, certified = doubtful.exponents(pack(sides))
    assert not certified.any()
    assert_equal_to_one_by_one(network, sides, TreeCuts(network))


@given(st.lists(st.integers(0, 2**20), min_size=1, max_size=9), SEEDS)
def test_packed_exponents_add_and_tell_apart(largest, seed):
    rng = np.random.default_rng(seed)
    digits = Digits.of(np.array(largest))
    one, other = (np.array([[rng.integers(0, n + 1) for n in largest]]) for _ in range(2))
    assert np.array_equal(digits.unpack(digits.pack(one)), one)
    assert np.array_equal(digits.pack(one) - digits.pack(other), digits.pack(one - other))
    assert np.array_equal(digits.pack(one), digits.pack(other)) == np.array_equal(one, other)


def test_sites_on_bonds_that_no_tensor_holds_are_never_cut():
    network = TensorNetwork.from_bonds([(5, []), (2, [0]), (2, [0, 1]), (3, [1])], sites=[0, 1, 3])
    sides = np.array([[True, True, False], [True, False, False], [False, True, True]])
    assert_equal_to_one_by_one(network, sides, TreeCuts(network))


def test_one_huge_bond_among_many_small_ones_in_compiled_loops(monkeypatch):
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    monkeypatch.setattr(numba_loops, "is_worth_it", lambda sites, batch: True)
    units = [(3 if i else 2**61, [("site", 2 * i), ("site", 2 * i + 1)]) for i in range(8)]
    circuit = Circuit.from_units([2**61] * 16, [*units, (5, [("unit", i) for i in range(8)])])
    network = unfold(circuit)
    sides = np.random.default_rng(0).random((9, 16)) < 0.5
    assert_equal_to_one_by_one(network, sides, TreeCuts(network))


def test_a_network_without_sites_or_with_cycles():
    empty = TensorNetwork.from_bonds([], [])
    assert TreeCuts(empty).products(np.zeros((1, 0), dtype=np.uint8)) == [1]
    lonely = TensorNetwork.from_bonds([(3, [0, 1])], [])
    assert TreeCuts(lonely).products(np.zeros((2, 0), dtype=np.uint8)) == [1, 1]
    assert not TreeCuts(lonely).sides(np.zeros((2, 0), dtype=np.uint8)).any()
    cycle = TensorNetwork.from_bonds([(2, [0, 1]), (2, [0, 1]), (2, [0])], [2])
    with pytest.raises(MethodError, match="cycles"):
        TreeCuts(cycle).bits(np.zeros((1, 1), dtype=np.uint8))
