"""How much each edge of a graph network counts for the bound over a partition."""

import math
from dataclasses import dataclass

from ..architectures import GraphNet
from ..errors import SpecError
from ..partition import Partition, Split
from .symmetric import symmetric_cut
from .upper import trivial_bound


@dataclass(frozen=True)
class EdgeScore:
    """One edge: what is proven of the network without it, and how much smaller that is."""

    edge: tuple[int, int]
    rank_bound: int  # of the network without the edge: exact, proven for all weights
    bits: float  # what the bound on the entropy falls by, if the edge goes; below 0 it rises


def edge_scores(network: GraphNet, partition: Split) -> tuple[EdgeScore, ...]:
    """How much the bound over a partition falls if one edge goes, for every edge; the largest fall first.

    The bound is the symmetric cut, or the dimension of all sites of one side, proven for all weights and so for shared
    ones, as a graph network has them. A fall of the bound is a fall of what is proven, not of a rank. Edges between
    vertices far from the boundary score 0. Razin, Verbin, Cohen 2022 (arXiv 2211.16494) remove edges by walk counts.

    >>> net = GraphNet(graph="path:4", site_dim=9, hidden=[3])
    >>> [(score.edge, score.rank_bound) for score in edge_scores(net, "left-right")]
    [((1, 2), 3), ((0, 1), 27), ((2, 3), 27)]
    """
    if not isinstance(network, GraphNet):
        raise SpecError(f"{type(network).__name__} has no edges to score; give a GraphNet")
    split = network.circuit().terminals.partition(partition)
    before = math.log2(_bound(network, split))
    edges: list[tuple[int, int]] = [(left, right) for left, right in network.pairs.tolist()]
    scores = []
    for number, edge in enumerate(edges):
        rank = _bound(network.without(number), split)
        scores.append(EdgeScore(edge, rank, before - math.log2(rank)))
    return tuple(sorted(scores, key=lambda score: (score.rank_bound, score.edge)))


def _bound(network: GraphNet, split: Partition) -> int:
    circuit = network.circuit()
    return min(trivial_bound(circuit, split), symmetric_cut(circuit, split).rank_bound)
