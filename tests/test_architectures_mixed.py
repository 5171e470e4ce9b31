"""Mixed networks: mixture nodes and hybrids by their definition, both ends against the exact rank."""

import numpy as np
import pytest

from tests.circuits import random_partition
from tests.families import assert_bound_holds, random_nodes, rearranged
from tncut.architectures import Dilated, Mixed, compile
from tncut.architectures.mixed import interior
from tncut.architectures.tree import Node
from tncut.errors import SpecError
from tncut.formats import parse_spec, spec_text
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import bound
from tncut.proven.additive import additive_bound

SIDE_A = Partition.of(16, [site - 1 for site in (1, 3, 5, 7, 9, 10, 13, 14)])
PLAIN = Dilated(length=16, site_dim=2, channels=2).tree
SWAPPED = Dilated(length=16, site_dim=2, channels=2, order=[2, 1, 8, 4]).tree


def dilated(**changes) -> Mixed:
    return Mixed(**{"tree": PLAIN, "other": SWAPPED, "site_dim": 2, "channels": 4, "root_map": False} | changes)


def random_mixed(rng: np.random.Generator) -> Mixed:
    """Two trees over blocks of sites, each block with a tree of its own in both: blocks are mixture nodes."""
    ends = np.sort(rng.integers(1, 8, int(rng.integers(1, 3))))
    blocks = [block.tolist() for block in np.split(rng.permutation(8), np.unique(ends))]
    trees = [graft(rng, random_nodes(rng, len(blocks)), blocks) for _ in range(2)]
    if rng.random() < 0.3:
        trees[1] = rearranged(rng, trees[0])
    labels = int(rng.integers(1, 4)) if rng.random() < 0.3 else None
    return Mixed(
        tree=trees[0],
        other=trees[1],
        site_dim=rng.integers(1, 3, 8).tolist(),
        channels=2 * int(rng.integers(1, 3)),
        swap=bool(rng.random() < 0.8),
        root_map=bool(rng.random() < 0.5),
        open_output=labels,
    )


def graft(rng: np.random.Generator, node: Node, blocks: list[list[int]]) -> Node:
    """A tree over the blocks, each of them replaced by a tree over its sites."""
    if not isinstance(node, int):
        return tuple(graft(rng, child, blocks) for child in node)
    block = blocks[node]
    return block[0] if len(block) == 1 else renamed(random_nodes(rng, len(block)), block)


def renamed(node: Node, sites: list[int]) -> Node:
    return sites[node] if isinstance(node, int) else tuple(renamed(child, sites) for child in node)


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


@pytest.mark.parametrize("seeds", [range(40), range(40, 80)])
def test_the_rank_lies_between_both_ends_and_no_hybrid_is_better(seeds):
    several = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        network = random_mixed(rng)
        partition = random_partition(rng, compile(network))
        found = bound(network, partition)
        hybrids = list(network.hybrids())
        assert len(set(hybrids)) == len(hybrids)
        best = max(min_cut(unfold(hybrid.circuit()), partition).rank_bound for hybrid in hybrids)
        assert "T2" not in found.lower.source or found.rank_lower >= best
        assert found.rank_lower <= exact_rank(compile(network), partition, seed=seed).rank <= found.rank_bound
        assert_bound_holds(network, seed)
        several += len(hybrids) > 2
    assert several > 5


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


@pytest.mark.parametrize("syntax", ["toml", "json"])
def test_a_specification_reads_back_as_it_was(syntax):
    for seed in range(30):
        architecture = random_mixed(np.random.default_rng(seed))
        assert parse_spec(spec_text(architecture, syntax=syntax), syntax=syntax) == architecture


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channels": 3}, "channels is 3; it must be even"),
        ({"channels": [2, 2]}, "must be an integer"),
        ({"other": [[0, 1], 2]}, "tree has 4 sites, other 3"),
        ({"other": [[0, 1], [2, [3]]]}, "other has a list of one item"),
        ({"other": [[0, 1], [2, 2]]}, "other has 4 sites, but not site 3"),
        ({"swap": 1}, "swap is 1; it must be true or false"),
        ({"root_map": 1}, "root_map is 1"),
        ({"open_output": 0}, "open_output is 0"),
        ({"site_dim": [2]}, "there are 4 sites"),
    ],
)
def test_what_cannot_be_is_refused_at_birth(change, message):
    with pytest.raises(SpecError, match=message):
        Mixed(**{"tree": [[0, 1], [2, 3]], "other": [[[0, 1], 2], 3], "site_dim": 2, "channels": 2} | change)


def test_an_odd_number_of_channels_needs_no_mixture_node():
    trees = {"tree": [[0, 1], [2, 3]], "other": [[0, 2], [1, 3]]}
    assert compile(Mixed(**trees, site_dim=2, channels=3)).units == 7
