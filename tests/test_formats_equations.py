"""Equations of einsum, and the libraries that speak of them, in and out again."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import random_einsum
from tests.circuits import random_partition, seeds
from tests.test_network_terms import cut_by_networkx
from tncut import (
    Einsum,
    bound,
    from_cotengra,
    from_einsum,
    from_quimb,
    from_tensornetwork,
    min_cut,
    oracle,
    to_einsum,
    to_quimb,
)
from tncut.errors import NetworkError, SpecError, TncutError
from tncut.partition import Partition

quimb = pytest.importorskip("quimb.tensor", reason="needs quimb (the test extra)")
cotengra = pytest.importorskip("cotengra", reason="needs cotengra, which comes with quimb")


def schmidt_values_of(tensor: np.ndarray, split: Partition) -> np.ndarray:
    matrix = tensor.transpose(*split.sites_a, *split.sites_b)
    rows = int(np.prod([tensor.shape[site] for site in split.sites_a]))
    return np.linalg.svd(matrix.reshape(rows, -1), compute_uv=False)


def test_an_equation_has_several_forms():
    sizes = {"a": 2, "b": 4, "c": 4, "d": 2}
    forms = [
        from_einsum("ab,bc,cd->ad", sizes),
        from_einsum(" ab, bc,cd -> ad ", sizes),
        from_einsum("ab,bc,cd", sizes),
        from_einsum(["ab", "bc", "cd"], "ad", sizes),
        from_einsum([("a", "b"), ("b", "c"), ("c", "d")], ("a", "d"), sizes),
    ]
    assert len({Einsum.of(network) for network in forms}) == 1
    assert from_einsum([(0, 1), (1, 2)], (0, 2), {0: 2, 1: 3, 2: 4}).bond_names == ("0", "2", "1")
    assert from_einsum("ab,bc->ac", 3).bond_dims.tolist() == [3, 3, 3]


@settings(max_examples=100, deadline=None)
@given(seeds())
def test_arrays_give_the_sizes_and_the_tensor_of_numpys_einsum(seed):
    rng = np.random.default_rng(seed)
    einsum = random_einsum(rng)
    sizes, split = einsum.sizes, random_partition(rng, einsum.network())
    arrays = [rng.standard_normal([sizes[index] for index in term]) for term in einsum.inputs]
    equation = f"{','.join(map(''.join, einsum.inputs))}->{''.join(einsum.output)}"
    network = from_einsum(equation, arrays=arrays)
    expected = schmidt_values_of(np.einsum(equation, *arrays, optimize="greedy"), split)
    assert np.allclose(oracle.schmidt_values(network, split), expected, atol=1e-9 * max(expected.max(), 1))
    assert not network.free
    assert to_einsum(network) == (list(einsum.inputs), einsum.output, dict(einsum.sizes))


@pytest.mark.parametrize("seed", range(200))
def test_random_equations_of_cotengra_are_cut_as_networkx_cuts_them(seed):
    rng = np.random.default_rng(seed)
    how = {"n_out": int(rng.integers(2, 5)), "n_hyper_in": int(rng.integers(3)), "n_hyper_out": int(rng.integers(3))}
    found = cotengra.utils.rand_equation(int(rng.integers(4, 9)), 3, d_min=2, d_max=2, seed=seed, **how)
    network = from_einsum(found.inputs, found.output, found.size_dict)
    split = random_partition(rng, network)
    report = bound(network, split)
    assert report.rank_bound == 2 ** cut_by_networkx(network, split)
    assert report.tight
    assert oracle.exact_rank(network, split, seed=seed).rank == report.rank_bound


def test_hypergraphs_and_trees_of_cotengra_are_their_equations():
    found = cotengra.utils.rand_equation(6, 3, n_out=2, n_hyper_in=2, seed=3)
    expected = Einsum.of(from_einsum(found.inputs, found.output, found.size_dict))
    graph = cotengra.get_hypergraph(found.inputs, found.output, found.size_dict)
    assert Einsum.of(from_cotengra(graph)) == expected
    tree = cotengra.array_contract_tree(found.inputs, found.output, found.size_dict, optimize="greedy")
    renamed = Einsum.of(from_cotengra(tree))  # cotengra gives the indices names of its own
    assert [len(term) for term in renamed.inputs] == [len(term) for term in expected.inputs]
    assert sorted(renamed.sizes.values()) == sorted(expected.sizes.values())


QUIMB = {
    "mps": lambda: quimb.MPS_rand_state(8, 3, seed=1),
    "ring": lambda: quimb.MPS_rand_state(6, 2, cyclic=True, seed=1),
    "peps": lambda: quimb.PEPS.rand(3, 3, 2, seed=1),
    "mera": lambda: quimb.MERA.rand_invar(8),
    "complex": lambda: quimb.MPS_rand_state(6, 2, dtype=complex, seed=1),
    "hyper": lambda: quimb.HTN_rand(7, 3, n_out=4, n_hyper_in=2, n_hyper_out=0, d_max=2, seed=2),
}


@pytest.mark.parametrize("name", QUIMB)
@pytest.mark.parametrize("seed", range(3))
def test_networks_of_quimb_have_their_schmidt_values_and_their_cuts(name, seed):
    theirs = QUIMB[name]()
    ours = from_quimb(theirs)
    split = Partition(np.random.default_rng(seed).random(len(ours.terminals)) < 0.5)
    inds = [ours.bond_names[site] for site in ours.site_bond.tolist()]
    expected = schmidt_values_of(theirs.contract(output_inds=inds).data, split)
    assert np.allclose(oracle.schmidt_values(ours, split), expected, atol=1e-9 * expected.max())
    report = bound(ours, split)
    assert report.rank_lower == 1
    assert np.count_nonzero(expected > 1e-9 * expected.max()) <= report.rank_bound
    free = from_quimb(theirs, free=True)
    assert bound(free, split).rank_lower <= oracle.exact_rank(free, split).rank <= report.rank_bound
    if set(free.bond_dims.tolist()) <= {1, 2, 4}:
        assert report.rank_bound == 2 ** cut_by_networkx(free, split) == bound(free, split).rank_lower


def test_quimbs_grids_and_names_stay():
    network = from_quimb(quimb.PEPS.rand(3, 4, 2, seed=0))
    assert network.grid == (3, 4)
    assert bound(network, "block:0,0:2x2").rank_bound == bound(network, "sites:k0,0,k0,1,k1,0,k1,1").rank_bound == 16
    assert bound(network, ["k0,0"]).rank_bound == 2


def test_an_open_hyperindex_must_be_named():
    tensors = [quimb.rand_tensor([3, 2], ["h", f"x{number}"]) for number in range(3)]
    network = quimb.TensorNetwork(tensors)
    assert len(from_quimb(network).terminals) == 3
    opened = from_quimb(network, output_inds=["h", "x0", "x1", "x2"])
    assert bound(opened, ["h"]).rank_bound == 3
    with pytest.raises(NetworkError, match="index 'z' of the output is in no term"):
        from_quimb(network, output_inds=["z"])


@settings(max_examples=40, deadline=None)
@given(seeds())
def test_what_goes_to_quimb_comes_back(seed):
    einsum = random_einsum(np.random.default_rng(seed))
    back = Einsum.of(from_quimb(to_quimb(einsum), output_inds=einsum.output, free=True))
    trace = [len(set(term)) < len(term) for term in einsum.inputs]
    assert back.output == einsum.output
    assert [term for term, twice in zip(back.inputs, trace, strict=True) if not twice] == [
        term for term, twice in zip(einsum.inputs, trace, strict=True) if not twice
    ]


def test_equal_tensors_are_equal_in_quimb():
    ring = Einsum(inputs=["eaf", "fbg", "gch", "hde"], output="abcd", sizes=3, same=[0] * 4)
    arrays = [tensor.data for tensor in to_quimb(ring, seed=1)]
    assert all(np.array_equal(arrays[0], array) for array in arrays)
    assert np.linalg.matrix_rank(to_quimb(ring).to_dense(["a", "c"], ["b", "d"])) == 8


def test_nodes_of_tensornetwork_with_copy_nodes_are_bonds_of_many_holders():
    tn = pytest.importorskip("tensornetwork")
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((2, 3)) for _ in range(3)]
    nodes = [tn.Node(array) for array in arrays]
    copy = tn.CopyNode(3, 3)
    for leg, node in enumerate(nodes):
        node[1] ^ copy[leg]
    network = from_tensornetwork([*nodes, copy])
    assert (network.tensors, network.bonds) == (3, 4)
    expected = np.einsum("az,bz,cz->abc", *arrays)
    split = Partition.of(3, [0])
    assert np.allclose(oracle.schmidt_values(network, split), schmidt_values_of(expected, split))
    assert min_cut(network, split).rank_bound == 2
    with pytest.raises(SpecError, match="is no list of nodes"):
        from_tensornetwork([1, 2])


def test_an_open_leg_of_a_copy_node_is_an_open_hyperindex():
    tn = pytest.importorskip("tensornetwork")
    one, other, copy = tn.Node(np.eye(3)), tn.Node(np.eye(3)), tn.CopyNode(3, 3)
    one[1] ^ copy[0]
    other[1] ^ copy[1]
    network = from_tensornetwork([one, other, copy])
    assert len(network.terminals) == 3
    assert bound(network, [2]).rank_bound == 3 == oracle.exact_rank(network, [2]).rank


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("ab->a>", 2), "is none; write for example"),
        (("a...b->ab", 2), "has an ellipsis"),
        (("ab->ab,a", 2), "is none"),
        (("ab,bc->az", 2), "index 'z' of the output is in no term"),
        (("ab->aa", 2), "is twice in the output"),
        (("ab->a",), "no sizes are given"),
        (("ab->a", {"a": 2}), "index 'b' has no size"),
        (("ab->a", {"a": 2, "b": 2, "c": 2}), "no term has the index 'c'"),
        (("ab->a", 0), "sizes is 0"),
        ((3, "a", 2), "inputs is 3"),
        (([3], "a", 2), "3 is no term"),
        ((["ab"], 3, 2), "3 is no term"),
        ((None,), "no sizes are given"),
    ],
)
def test_what_is_no_equation_is_one_line(given, message):
    with pytest.raises(TncutError, match=message) as error:
        from_einsum(*given)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ([np.eye(2)], "1 arrays are given for 2 terms"),
        ([np.eye(2), np.ones(2)], "array 1 is"),
        ([np.eye(2), np.eye(3)], "index 'b' has size 2 and, in array 1, size 3"),
        ([np.eye(2), 3], "array 1 is 3; it must have 2 axes"),
        ([np.eye(2), np.full((2, 2), np.inf)], "array 1 holds a number that is not finite"),
    ],
)
def test_arrays_that_do_not_fit_are_one_line(arrays, message):
    with pytest.raises(TncutError, match=message):
        from_einsum("ab,bc->ac", arrays=arrays)


@pytest.mark.parametrize("reader", [from_quimb, from_cotengra, from_tensornetwork])
@pytest.mark.parametrize("thing", [None, 3, "peps", [], object()], ids=lambda thing: type(thing).__name__)
def test_what_is_no_object_of_a_library_is_one_line(reader, thing):
    with pytest.raises(SpecError) as error:
        reader(thing)
    assert "\n" not in str(error.value)
