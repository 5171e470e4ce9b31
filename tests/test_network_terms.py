"""Networks as einsum writes them: cut as networkx cuts them, bounded and reached as the theorems say."""

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import random_einsum
from tests.circuits import random_partition, seeds
from tests.test_mincut import smallest_of_all_labellings
from tncut import Einsum, TensorNetwork, bound, bounds, oracle, show
from tncut.errors import NetworkError
from tncut.network import network_of_terms


def cut_by_networkx(network: TensorNetwork, split) -> int:
    """The exponent of the minimum cut of a network of powers of two, by networkx on integer capacities."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["A", "B"])
    infinite = 1 + sum(int(dim).bit_length() for dim in network.bond_dims)
    for bond, dim in enumerate(network.bond_dims.tolist()):
        graph.add_edge(("in", bond), ("out", bond), capacity=int(dim).bit_length() - 1)
        holders = network.bond_tensor[network.bond_start[bond] : network.bond_start[bond + 1]].tolist()
        ends = [("tensor", tensor) for tensor in holders]
        ends += ["A" if split.sides[site] else "B" for site in np.flatnonzero(network.site_bond == bond)]
        for end in ends:
            graph.add_edge(end, ("in", bond), capacity=infinite)
            graph.add_edge(("out", bond), end, capacity=infinite)
    return nx.minimum_cut_value(graph, "A", "B")


@settings(max_examples=200, deadline=None)
@given(seeds())
def test_the_cut_of_random_equations_is_that_of_networkx_and_free_tensors_reach_it(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng, base=2).network()
    split = random_partition(rng, network)
    report = bound(network, split)
    assert report.rank_bound == 2 ** cut_by_networkx(network, split)
    assert report.rank_lower == report.rank_bound == oracle.exact_rank(network, split, seed=seed).rank


@settings(max_examples=200, deadline=None)
@given(seeds())
def test_the_rank_lies_between_both_ends_whatever_the_dimensions(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng).network()
    split = random_partition(rng, network)
    report = bound(network, split)
    assert report.rank_lower <= oracle.exact_rank(network, split, seed=seed).rank <= report.rank_bound
    assert report.rank_bound == smallest_of_all_labellings(network, split)


@settings(max_examples=60, deadline=None)
@given(seeds())
def test_a_batch_has_the_bounds_of_its_reports(seed):
    rng = np.random.default_rng(seed)
    network = random_einsum(rng).network()
    sides = rng.random((8, len(network.terminals))) < 0.5
    found, reports = bounds(network, sides), [bound(network, row) for row in sides]
    assert found.ranks == [report.rank_bound for report in reports]
    assert found.lower == [report.rank_lower for report in reports]


@settings(max_examples=60, deadline=None)
@given(seeds())
def test_a_network_comes_back_from_its_terms(seed):
    einsum = random_einsum(np.random.default_rng(seed))
    again = Einsum.of(einsum.network())
    assert again == einsum
    assert Einsum.of(again.network()) == again


def test_parts_scalars_sums_and_ones_are_what_they_are():
    network = network_of_terms(
        ["ab", "", "ccd", "e", "fg"], "adg", dict(zip("abcdefg", (2, 3, 4, 5, 6, 1, 7), strict=True))
    )
    assert bound(network, ["a"]).rank_bound == bound(network, ["a", "d"]).rank_bound == 1
    assert show(network).tensors == 5
    assert show(network).entries == 6 + 1 + 80 + 6 + 7
    assert show(network).legs == (0, 2)


def test_an_open_hyperindex_pays_once():
    network = network_of_terms(["ab", "ac", "ad"], "abcd", dict(zip("abcd", (3, 9, 9, 9), strict=True)))
    assert bound(network, ["b", "c"]).rank_bound == 3 == oracle.exact_rank(network, ["b", "c"]).rank
    assert bound(network, ["a"]).rank_bound == 3


@pytest.mark.parametrize(
    ("terms", "output", "sizes", "message"),
    [
        ([], "", {}, "there is no term"),
        (["ab"], "az", {"a": 2, "b": 2, "z": 2}, "index 'z' of the output is in no term"),
        (["ab"], "aa", {"a": 2, "b": 2}, "index 'a' is twice in the output"),
        (["ab"], "a", {"a": 2}, "index 'b' has no size"),
        (["ab"], "a", {"a": 2, "b": 0}, "the size of index 'b' is 0"),
        (["ab"], "a", {"a": 2, "b": math.pi}, "the size of index 'b' is 3.14"),
    ],
)
def test_what_is_no_equation_is_one_line(terms, output, sizes, message):
    with pytest.raises(NetworkError, match=message):
        network_of_terms(terms, output, sizes)


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"free": 1}, "free is 1"),
        ({"free": True, "same": [0, 0]}, "free tensors are independent"),
        ({"same": [0, 0], "sizes": {"a": 2, "b": 3, "c": 4}}, r"tensor 1 has shape \(3, 4\)"),
    ],
)
def test_tensors_that_cannot_be_free_or_the_same_are_one_line(details, message):
    with pytest.raises(NetworkError, match=message):
        network_of_terms(["ab", "bc"], "ac", **{"sizes": dict.fromkeys("abc", 2)} | details)


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"grid": (3, 3)}, "there are 2 sites"),
        ({"name": 3}, "name is 3"),
        ({"arrays": [np.eye(2)]}, "it must be a list of 2, one a tensor"),
        ({"arrays": [np.eye(2), np.eye(3)]}, r"array 1 has shape \(3, 3\)"),
        ({"arrays": [np.eye(2), np.full((2, 2), np.nan)]}, "array 1 holds a number that is not finite"),
        ({"arrays": [np.eye(2), np.array([["a", "b"], ["c", "d"]])]}, "array 1 holds <U1"),
        ({"arrays": [np.eye(2), np.eye(2)], "free": True}, "given arrays are no free tensors"),
        ({"positions": np.zeros((2, 2))}, "it must be 4 pairs of finite numbers"),
    ],
)
def test_details_that_do_not_fit_are_one_line(details, message):
    network = network_of_terms(["ab", "bc"], "ac", dict.fromkeys("abc", 2), free=False)
    with pytest.raises(NetworkError, match=message):
        replace(network, **details)
