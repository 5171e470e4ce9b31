"""Tensor networks contracted, held against numpy's einsum, and against ranks that are known."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import random_einsum
from tests.circuits import random_partition, seeds
from tncut import Einsum, bound, from_einsum, oracle, verify
from tncut.errors import MethodError, SizeError
from tncut.network import TensorNetwork
from tncut.oracle.networks import COMPLEX_PRIME, draw_tensors, network_matrix, network_probes

RING = ["eaf", "fbg", "gch", "hde"]


def by_einsum(network: TensorNetwork, tensors, split) -> np.ndarray:
    """The matrix over a partition, by numpy's einsum."""
    bonds = [network.site_bond[side].tolist() for side in (split.sites_a, split.sites_b)]
    terms = [term for pair in zip(tensors, map(list, network.all_axes), strict=True) for term in pair]
    tensor = np.einsum(*terms, [bond for side in bonds for bond in side], optimize="greedy")
    return tensor.reshape([int(np.prod(network.bond_dims[side])) for side in bonds])


@settings(max_examples=80, deadline=None)
@given(seeds())
def test_contraction_pair_by_pair_is_einsum(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng).network()
    split = random_partition(rng, network)
    tensors = draw_tensors(network, field=oracle.Floats(), seed=seed)
    assert np.allclose(network_matrix(network, tensors, split), by_einsum(network, tensors, split))


@settings(max_examples=30, deadline=None)
@given(seeds())
def test_contraction_modulo_a_prime_is_exact(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng).network()
    split, field = random_partition(rng, network), oracle.Modular(1_000_003)
    small = [rng.integers(0, 9, network.bond_dims[list(bonds)].tolist()) for bonds in network.all_axes]
    found = network_matrix(network, tuple(small), split, field=field)
    assert np.array_equal(found, by_einsum(network, small, split) % field.prime)


@settings(max_examples=30, deadline=None)
@given(seeds())
def test_probes_have_the_rank_of_the_whole_tensor(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng).network()
    split, field = random_partition(rng, network), oracle.Modular()
    tensors = draw_tensors(network, field=field, seed=seed)
    full = oracle.rank_modulo(network_matrix(network, tensors, split, field=field))
    probes = network_probes(network, tensors, split, 20, field=field, seed=seed)
    assert oracle.rank_modulo(probes) == min(full, 20)


@pytest.mark.parametrize(("dim", "rank"), [(2, 3), (3, 8), (4, 16), (5, 25), (6, 35), (7, 48)])
def test_equal_tensors_on_a_ring_have_the_rank_of_the_literature(dim, rank):
    """Gesmundo, Landsberg, Walter (2018), arXiv 1801.09106; independent tensors reach the cut."""
    free = Einsum(inputs=RING, output="abcd", sizes=dim)
    equal = Einsum(inputs=RING, output="abcd", sizes=dim, same=[0] * 4)
    assert bound(free, [0, 2]).rank_bound == bound(equal, [0, 2]).rank_bound == dim**2
    assert oracle.exact_rank(free, [0, 2]).rank == bound(free, [0, 2]).rank_lower == dim**2
    assert oracle.exact_rank(equal, [0, 2]).rank == rank
    assert bound(equal, [0, 2]).rank_lower == 1


@pytest.mark.parametrize("is_complex", [False, True])
def test_given_arrays_are_measured_as_they_are(is_complex):
    rng = np.random.default_rng(0)
    shapes = ((3, 2), (2, 4), (4, 3))
    arrays = [rng.normal(size=shape) + 1j * is_complex * rng.normal(size=shape) for shape in shapes]
    arrays = [array if is_complex else array.real for array in arrays]
    sizes = dict(zip("abcd", (3, 2, 4, 3), strict=True))
    network = from_einsum("ab,bc,cd->ad", sizes, arrays=arrays)
    measured = verify(network, [0])
    exact = np.linalg.svd(arrays[0] @ arrays[1] @ arrays[2], compute_uv=False)
    assert np.allclose(measured.contraction.schmidt_values, exact)
    assert np.allclose(oracle.schmidt_values(network, ["a"]), exact)
    assert measured.exact.rank == 2 == measured.report.rank_lower == measured.report.rank_bound
    assert measured.exact.prime == (COMPLEX_PRIME if is_complex else oracle.PRIME)
    assert measured.weights == "given"
    assert not network.free
    assert "rank       >= 2  proven for these tensors: exact rank of given weights" in str(measured)


def test_given_zeros_lower_the_rank_that_is_measured_not_the_bound():
    eye = np.diag([1.0, 0.0, 0.1])
    network = from_einsum("ab,bc->ac", arrays=[eye, eye])
    assert oracle.exact_rank(network, [0]).rank == 2
    assert bound(network, [0]).rank_bound == 3
    assert bound(network, [0]).tight is None


def test_random_tensors_prove_nothing_of_others():
    equal = Einsum(inputs=RING, output="abcd", sizes=2, same=[0] * 4)
    assert verify(equal, [0, 2], weights="random").report.rank_lower == 1
    assert verify(equal, [0, 2]).report.rank_lower == 3
    assert verify(equal, [0, 2]).holds
    not_free = Einsum(inputs=RING, output="abcd", sizes=2, free=False)
    assert verify(not_free, [0, 2]).exact.rank == 4
    assert verify(not_free, [0, 2]).report.rank_lower == 1


def test_what_cannot_be_measured_is_one_line():
    with pytest.raises(MethodError, match="holds no arrays"):
        oracle.exact_rank(Einsum(inputs=RING, output="abcd", sizes=2), [0], weights="given")
    with pytest.raises(MethodError, match="unknown weights 'identity'"):
        oracle.exact_rank(Einsum(inputs=RING, output="abcd", sizes=2), [0], weights="identity")
    with pytest.raises(MethodError, match="can't be the same"):
        oracle.exact_rank(TensorNetwork.from_bonds([(2, [0]), (2, [0])], [0, 1]), [0], weights="shared")
    with pytest.raises(SizeError, match="over the limit"):
        oracle.schmidt_values(Einsum(inputs=RING, output="abcd", sizes=1000), [0, 2])
