"""The minimum cut of any network, by max-flow on integer capacities, with a proof that it is minimal.

Dimensions that are powers of one integer have exact integer capacities. Otherwise capacities are logarithms
scaled by 2^bits and rounded down, and a certificate decides. Let the cut found have the exact product P and the
exponent sum e. Any other cut of a smaller product has a scaled value below the found one plus `slack` = 2e.

1. Gap: two integer products differ by a factor of at least 1 + 1/P, so slack * P <= 2^bits leaves no room.
2. Rounding: if P is a power of p, round all dimensions down to powers of p. No cut can grow, so if the exact
   minimum is still P, it was P before.
3. Uniqueness: a smaller cut cannot cross an arc that still has `slack` of residual capacity. If such arcs lead
   from the source to a tensor, or from it to the sink, for every tensor, there is no other cut as small.

If none holds, the residual network is scaled up and solved again (bit scaling), until one does.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..network import TensorNetwork
from ..tools.arrays import BoolArray, IntArray, product, ranges, starts
from .capacities import Capacities, coprime_base
from .cut import cut_bonds
from .flow_graph import FlowGraph, NodeArray

FLOW_BITS = 62  # the engine's integers, less their sign and a bit of room


class MaxFlow:
    """A maximum flow through the arcs of a graph."""

    def __init__(self, graph: FlowGraph, capacity: NDArray[np.int64]):
        from ortools.graph.python.max_flow import SimpleMaxFlow

        self._graph = graph
        self._engine = SimpleMaxFlow()
        self._arcs = self._engine.add_arcs_with_capacity(graph.tails, graph.heads, capacity)
        status = self._engine.solve(graph.source, graph.sink)
        assert status == self._engine.OPTIMAL, f"the max-flow engine ended with {status}"

    def sides(self) -> BoolArray:
        """Which tensors lie on the source's side of the minimum cut."""
        side = np.zeros(self._graph.nodes, dtype=bool)
        side[self._engine.get_source_side_min_cut()] = True
        return side[: self._graph.tensors]

    def flows(self) -> IntArray:
        """What each arc carries."""
        flows: IntArray = self._engine.flows(self._arcs)
        return flows


def flow_sides(network: TensorNetwork, capacities: Capacities, side_a: BoolArray) -> tuple[BoolArray, str]:
    """The sides of the tensors (True: A) in a minimum cut, and why it is minimal."""
    graph = FlowGraph.of(network, side_a)
    if capacities.exact:
        return _exact_sides(graph, capacities), "max-flow of equal value, exact integer capacities"
    return _scaled_sides(network, capacities, side_a, graph)


def _exact_sides(graph: FlowGraph, capacities: Capacities) -> BoolArray:
    return MaxFlow(graph, capacities.exponents.sum(axis=1)[graph.arc_bond]).sides()


def _scaled_sides(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, graph: FlowGraph
) -> tuple[BoolArray, str]:
    bits = _first_bits(network, side_a)
    capacity: NDArray[Any] = capacities.scaled(bits)[graph.arc_bond]
    found = MaxFlow(graph, capacity)
    sides, flow = found.sides(), None
    both_ways = None
    while True:
        cut = cut_bonds(network, side_a, sides)
        slack = 2 * int(capacities.exponent_sum(cut).sum())
        if slack * product(network.bond_dims[cut]) <= 2**bits:
            return sides, f"max-flow of equal value at {bits} bits, below the gap between integer products"
        if flow is None or both_ways is None:
            if _survives_rounding(network, capacities, side_a, graph, cut):
                return sides, "max-flow of equal value with all dimensions rounded down to powers of one integer"
            flow, both_ways = found.flows(), graph.with_reverse()
        residual = np.concatenate((capacity - flow, flow))
        if _unique(both_ways, residual >= slack):
            return sides, f"max-flow of equal value at {bits} bits, and no other cut is as small"
        more = FLOW_BITS - 2 - slack.bit_length() - len(network.site_bond).bit_length()
        bits += more
        capacity = capacities.scaled(bits)[graph.arc_bond]
        flow = flow.astype(object) * 2**more
        # No cut that crosses an arc with more than this can be smaller than the one at hand.
        open_wide = slack * 2**more + 1
        residual = np.minimum(np.concatenate((capacity - flow, flow)), open_wide).astype(np.int64)
        found = MaxFlow(both_ways, residual)
        sides, change = found.sides(), found.flows()
        flow = flow + change[: len(flow)] - change[len(flow) :]


def _first_bits(network: TensorNetwork, side_a: BoolArray) -> int:
    """The scale at which all that can flow out of the source fits the engine's integers."""
    bonds = network.site_bond[(network.site_bond >= 0) & side_a]
    total = float(np.log2(network.bond_dims[bonds].astype(np.float64)).sum())
    return FLOW_BITS - math.ceil(math.log2(total + FLOW_BITS)) - 1


def _survives_rounding(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, graph: FlowGraph, cut: IntArray
) -> bool:
    """Whether the cut's product is a power of one integer, and minimal even with all dimensions rounded down."""
    base = coprime_base(np.unique(network.bond_dims[cut]).tolist())
    if len(base) != 1:
        return False
    rounded = capacities.rounded_down(base[0])
    smallest = cut_bonds(network, side_a, _exact_sides(graph, rounded))
    return bool(rounded.exponent_sum(smallest)[0] == rounded.exponent_sum(cut)[0])


def _unique(graph: FlowGraph, wide: BoolArray) -> bool:
    """Whether the wide arcs lead to every connected tensor from the source, or from it to the sink."""
    tails, heads = graph.tails[wide], graph.heads[wide]
    from_source = _reached(graph.source, graph.nodes, tails, heads)
    to_sink = _reached(graph.sink, graph.nodes, heads, tails)
    connected = np.zeros(graph.nodes, dtype=bool)
    connected[graph.tails] = True
    return not (connected & ~from_source & ~to_sink)[: graph.tensors].any()


def _reached(start: int, nodes: int, tails: NodeArray, heads: NodeArray) -> BoolArray:
    order = np.argsort(tails, kind="stable")
    row = starts(np.bincount(tails, minlength=nodes))
    reached = np.zeros(nodes, dtype=bool)
    reached[start] = True
    frontier = np.array([start])
    while len(frontier):
        neighbours = np.unique(heads[order[ranges(row[frontier], row[frontier + 1] - row[frontier])]])
        frontier = neighbours[~reached[neighbours]]
        reached[frontier] = True
    return reached
