"""The minimum cut of any network, by max-flow on integer capacities, with a proof that it is minimal.

If all dimensions are powers of one integer, the exponents are exact capacities. Otherwise capacities are logarithms
that are scaled by 2^bits and rounded down. The cut that is found then needs a certificate. Let P be its exact product
and e the sum of the product's exponents. A cut with a smaller product has a scaled capacity of less than that of the
cut found plus `slack` = 2 e. Any of these three proves that there is none:

1. Gap. A smaller product is at most P - 1, so its scaled logarithm is lower by more than 2^bits / P. If
   slack * P <= 2^bits, a cut of that product has a lower scaled capacity, too, and the flow would have found it.
2. Rounding. Let P be a power of p, and round all dimensions down to powers of p. No cut gets a larger product. So if
   the exact minimum of the rounded network is P, no cut of the network itself has a smaller product.
3. Uniqueness. A smaller cut cannot cross an arc with a residual capacity of `slack` or more. If every tensor can be
   reached from the source by such arcs, or reaches the sink by them, a smaller cut would have the sides of this one.

If none of them holds, the residual network is scaled up and solved again (bit scaling) until one does.
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

FLOW_BITS = 62  # of the solver's 64: one is the sign, one is left for sums


class MaxFlow:
    """A maximum flow through the arcs of a graph, by the push-relabel algorithm of ortools."""

    def __init__(self, graph: FlowGraph, capacity: NDArray[np.int64]):
        from ortools.graph.python.max_flow import SimpleMaxFlow

        self._graph = graph
        self._solver = SimpleMaxFlow()
        self._arcs = self._solver.add_arcs_with_capacity(graph.tails, graph.heads, capacity)
        status = self._solver.solve(graph.source, graph.sink)
        assert status == self._solver.OPTIMAL, f"the max-flow solver ended with {status}"

    def sides(self) -> BoolArray:
        """(tensors,) whether each tensor lies on the source's side of the minimum cut."""
        side = np.zeros(self._graph.nodes, dtype=bool)
        side[self._solver.get_source_side_min_cut()] = True
        return side[: self._graph.tensors]

    def flows(self) -> IntArray:
        """(arcs,) the flow on each arc."""
        flows: IntArray = self._solver.flows(self._arcs)
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
        # A cut that crosses an arc with a larger residual capacity than `enough` is not smaller than the known one.
        enough = slack * 2**more + 1
        residual = np.minimum(np.concatenate((capacity - flow, flow)), enough).astype(np.int64)
        found = MaxFlow(both_ways, residual)
        sides, change = found.sides(), found.flows()
        flow = flow + change[: len(flow)] - change[len(flow) :]


def _first_bits(network: TensorNetwork, side_a: BoolArray) -> int:
    """The largest scale at which the flow out of the source fits the solver's integers."""
    total = float(np.log2(network.bond_dims[network.read_bonds(side_a)].astype(np.float64)).sum())
    return FLOW_BITS - math.ceil(math.log2(total + FLOW_BITS)) - 1


def _survives_rounding(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, graph: FlowGraph, cut: IntArray
) -> bool:
    """Whether the cut's product is a power of an integer p, and minimal with all dimensions rounded down to such."""
    base = coprime_base(np.unique(network.bond_dims[cut]).tolist())
    if len(base) != 1:
        return False
    rounded = capacities.rounded_down(base[0])
    smallest = cut_bonds(network, side_a, _exact_sides(graph, rounded))
    return bool(rounded.exponent_sum(smallest)[0] == rounded.exponent_sum(cut)[0])


def _unique(graph: FlowGraph, wide: BoolArray) -> bool:
    """Whether wide arcs lead from the source to every tensor that has arcs, or from it to the sink."""
    tails, heads = graph.tails[wide], graph.heads[wide]
    from_source = _reached(graph.source, graph.nodes, tails, heads)
    to_sink = _reached(graph.sink, graph.nodes, heads, tails)
    connected = np.zeros(graph.nodes, dtype=bool)
    connected[graph.tails] = True
    return not (connected & ~from_source & ~to_sink)[: graph.tensors].any()


def _reached(start: int, nodes: int, tails: NodeArray, heads: NodeArray) -> BoolArray:
    """(nodes,) whether arcs lead from the start to each node, by breadth-first search."""
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
