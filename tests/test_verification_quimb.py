"""Measured entropies of states that quimb holds, over contiguous and scattered regions, against quimb's own."""

import math

import numpy as np
import pytest

from tncut import from_einsum
from tncut.verification import measure

quimb = pytest.importorskip("quimb")
tensors = pytest.importorskip("quimb.tensor")


def network_of(state, sites):
    """The network of a quimb state, with its arrays."""
    sizes = {index: state.ind_size(index) for tensor in state for index in tensor.inds}
    arrays = [np.asarray(tensor.data) for tensor in state]
    return from_einsum([tensor.inds for tensor in state], sites, sizes, arrays=arrays)


def mps(length, *, dim=2, bond=4, dtype="float64"):
    quimb.seed_rand(length)
    state = tensors.MPS_rand_state(length, bond_dim=bond, phys_dim=dim, dtype=dtype)
    return state, network_of(state, [f"k{site}" for site in range(length)])


def tree_state(sites, seed):
    """A random state on a binary tree: three bonds at most on each tensor, a site on each leaf."""
    rng = np.random.default_rng(seed)
    below, found, bond = [f"k{site}" for site in range(sites)], [], 0
    dims = dict.fromkeys(below, 2)
    while len(below) > 1:
        rng.shuffle(below)
        first, second = below.pop(), below.pop()
        above = [] if not below else [f"b{bond}"]
        dims |= {index: int(rng.integers(2, 5)) for index in above}
        shape = [dims[index] for index in (first, second, *above)]
        found.append(tensors.Tensor(rng.standard_normal(shape), (first, second, *above)))
        below += above
        bond += 1
    return tensors.TensorNetwork(found)


def dense_entropy(state, sites, region):
    """quimb's entropy of a region, from the dense state."""
    vector = state.to_dense([f"k{site}" for site in range(sites)])
    return quimb.entropy_subsys(quimb.normalize(vector), [2] * sites, list(region))


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("length", [10, 300])
def test_entropies_of_contiguous_regions_of_a_matrix_product_state(length, dtype):
    state, network = mps(length, bond=8, dtype=dtype)
    for cut in (1, length // 3, length // 2):
        found = measure(network, range(cut), exact=False)
        assert found.entropy_bits == pytest.approx(state.entropy(cut), abs=1e-9)
        values = np.sort(np.asarray(state.schmidt_values(cut)))[::-1]
        assert found.schmidt_values[: len(values)] ** 2 == pytest.approx(values, abs=1e-12)
        assert found.log2_norm == pytest.approx(math.log2(abs((state.H @ state) ** 0.5)), abs=1e-6)


@pytest.mark.parametrize("region", [(0, 2, 4, 6, 8), (1, 2, 7), (0, 9), (3, 4, 5, 8)], ids=str)
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_entropies_of_scattered_regions_of_a_matrix_product_state(region, dtype):
    state, network = mps(10, dtype=dtype)
    assert measure(network, set(region)).entropy_bits == pytest.approx(dense_entropy(state, 10, region), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_entropies_of_a_tree_state(seed):
    state = tree_state(10, seed)
    network = network_of(state, [f"k{site}" for site in range(10)])
    rng = np.random.default_rng(seed)
    for region in (range(5), {int(site) for site in rng.permutation(10)[: rng.integers(1, 6)]}):
        found = measure(network, set(region))
        assert found.method == "cut"
        assert found.entropy_bits == pytest.approx(dense_entropy(state, 10, region), abs=1e-9)
        assert found.exact.rank <= found.rank_bound


def test_a_grid_of_sites_is_contracted_towards_its_cut():
    state = tensors.PEPS.rand(4, 3, bond_dim=2, seed=1)
    sites = [state.site_ind((row, column)) for row in range(4) for column in range(3)]
    network = network_of(state, sites)
    vector = quimb.normalize(state.to_dense(sites))
    for region in (range(6), {0, 4, 8, 9}):
        expected = quimb.entropy_subsys(vector, [2] * 12, list(region))
        assert measure(network, set(region)).entropy_bits == pytest.approx(expected, abs=1e-9)
