"""Both ends for mixed networks: the best of all hybrid trees below, ranks added above.

Source: Cohen, Tamari, Shashua, ICLR 2018 (arXiv 1703.06846).
"""

from dataclasses import dataclass

import numpy as np

from .architectures import Mixed, Tree
from .architectures.tree import Node
from .circuit import Circuit
from .mincut import RankLower, min_cut, rank_lower
from .partition import Partition
from .sums import additive_bound, best_part
from .unfolding import unfold


@dataclass(frozen=True)
class MixedBounds:
    """The interval [lower.rank, rank_bound] of a mixed network's Schmidt rank.

    `lower`: proven for almost all weights, by T2 or T3 on a part of the network, which has half of the channels at
    mixture nodes and all of them elsewhere; so it is no less than what they prove of any hybrid tree with half of
    the channels everywhere, if all dimensions are powers of one integer. `rank_bound`: proven for all weights.
    """

    lower: RankLower
    rank_bound: int


def mixed_bounds(mixed: Mixed, partition: Partition) -> MixedBounds:
    """Both ends of the Schmidt rank of a mixed network over a partition."""
    circuit = mixed.circuit()
    part = _tree_part(circuit, partition)
    return MixedBounds(rank_lower(min_cut(unfold(part), partition)), additive_bound(circuit, partition))


def best_hybrid(mixed: Mixed, partition: Partition) -> Tree:
    """A hybrid tree with the largest minimum cut of all, found without listing them."""
    part = _tree_part(mixed.hybrid_circuit(), partition)
    nodes: list[Node] = list(range(part.sites))
    for unit in range(part.units - 1):
        nodes.append(tuple(nodes[child] for child in part.factor_child[part.factors_of(np.array([unit]))].tolist()))
    # The last unit passes on the root of one of both trees.
    root = nodes[int(part.factor_child[-1])]
    assert isinstance(root, tuple)
    return mixed.hybrid(root)


def _tree_part(circuit: Circuit, partition: Partition) -> Circuit:
    part = best_part(circuit, partition)
    assert part is not None, "with one child of each sum, a mixed network is a tree"
    return part
