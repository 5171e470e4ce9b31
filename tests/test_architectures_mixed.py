"""Mixed networks: mixture nodes and hybrids by their definition, both ends against the exact rank."""

import numpy as np
from hypothesis import given, settings

from tests.architectures import random_mixed
from tests.circuits import random_partition, seeds
from tncut.architectures import Dilated, Mixed, compile
from tncut.architectures.mixed import interior
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import bound
from tncut.proven.additive import additive_bound
from tncut.proven.generic import rank_lower

SIDE_A = Partition.of(16, [site - 1 for site in (1, 3, 5, 7, 9, 10, 13, 14)])
PLAIN = Dilated(length=16, site_dim=2, channels=2).tree
SWAPPED = Dilated(length=16, site_dim=2, channels=2, order=[2, 1, 8, 4]).tree


def dilated(**changes) -> Mixed:
    return Mixed(**{"tree": PLAIN, "other": SWAPPED, "site_dim": 2, "channels": 4, "root_map": False} | changes)


def test_mixture_nodes_are_the_groups_that_both_trees_join():
    assert dilated().mixture_nodes == {frozenset(range(first, first + 4)) for first in (0, 4, 8, 12)}
    assert dilated(swap=False).mixture_nodes == frozenset()


def test_the_best_hybrid_and_the_mixed_network_have_the_rank_of_the_literature():
    cuts = {hybrid: min_cut(unfold(hybrid.circuit()), SIDE_A).rank_bound for hybrid in dilated().hybrids()}
    best = max(cuts, key=cuts.__getitem__)
    assert cuts[best] == exact_rank(best.circuit(), SIDE_A).rank == 256
    report = bound(dilated(), SIDE_A)
    assert report.rank_lower == report.rank_bound == 256
    assert exact_rank(compile(dilated()), SIDE_A).rank == 256


def test_the_sum_of_both_outputs_has_less_rank_than_both_together():
    circuit = compile(dilated(channels=2, swap=False))
    assert additive_bound(circuit, SIDE_A) == 128
    assert exact_rank(circuit, SIDE_A).rank == 112


def test_hybrids_take_one_structure_at_each_mixture_node():
    hybrids = list(dilated().hybrids())
    assert len(set(hybrids)) == len(hybrids) == 2**5
    assert {hybrid.tree for hybrid in hybrids} >= {PLAIN, SWAPPED}
    assert {hybrid.channels for hybrid in hybrids} == {2}
    known = set(interior(PLAIN)) | set(interior(SWAPPED))
    for hybrid in hybrids:
        assert set(interior(hybrid.tree)) <= known
        assert dilated().mixture_nodes <= set(interior(hybrid.tree))


def test_equal_structures_count_once():
    network = Mixed(tree=[[0, 1], [2, 3]], other=[[3, 2], [1, 0]], site_dim=2, channels=2)
    assert len(list(network.hybrids())) == 1
    three = Mixed(tree=[[[0, 1], 2], 3], other=[3, [0, [2, 1]]], site_dim=2, channels=2)
    assert [hybrid.tree for hybrid in three.hybrids()] == [(((0, 1), 2), 3), ((0, (2, 1)), 3)]


def test_what_reads_a_mixture_node_gets_half_of_the_channels_of_either_tree():
    circuit = compile(Mixed(tree=[[[0, 1], 2], 3], other=[[0, [1, 2]], 3], site_dim=2, channels=4))
    below = [set(circuit.receptive_field(unit).tolist()) for unit in range(circuit.units)]
    halves = [unit for unit in range(circuit.units) if below[unit] == {0, 1, 2}]
    assert circuit.unit_dims[halves].tolist() == [2] * 4
    readers = {unit: set(circuit.factor_child[circuit.factors_of(np.array([unit]))] - 4) for unit in (6, 7)}
    assert set.union(*readers.values()) >= set(halves)
    assert not set.intersection(*readers.values()) & set(halves)


@settings(max_examples=60)
@given(seed=seeds())
def test_no_hybrid_is_better_than_the_lower_end(seed):
    rng = np.random.default_rng(seed)
    network = random_mixed(rng)
    partition = random_partition(rng, compile(network))
    hybrids = list(network.hybrids())
    assert len(set(hybrids)) == len(hybrids)
    best = max(rank_lower(min_cut(hybrid, partition)).rank for hybrid in hybrids)
    assert bound(network, partition).rank_lower >= best


def test_random_mixed_networks_have_several_hybrids():
    networks = [random_mixed(np.random.default_rng(seed)) for seed in range(80)]
    assert sum(len(list(network.hybrids())) > 2 for network in networks) > 10


def test_the_lower_end_is_that_of_the_best_hybrid_among_more_than_can_be_listed():
    blocks = [range(first, first + 3) for first in range(0, 120, 3)]
    network = Mixed(
        tree=[[[a, b], c] for a, b, c in blocks], other=[[a, [b, c]] for a, b, c in blocks], site_dim=2, channels=4
    )
    assert len(network.mixture_nodes) == 40
    split = Partition(np.random.default_rng(0).random(120) < 0.5)
    first = next(network.hybrids())
    assert first.tree == network.tree
    assert bound(network, split).rank_lower >= bound(first, split).rank_lower > 1


def test_an_odd_number_of_channels_needs_no_mixture_node():
    trees = {"tree": [[0, 1], [2, 3]], "other": [[0, 2], [1, 3]]}
    assert compile(Mixed(**trees, site_dim=2, channels=3)).units == 7
