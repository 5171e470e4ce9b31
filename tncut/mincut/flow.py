"""The minimum cut of any network, by max-flow on integer capacities, with a proof that it is minimal.

Dimensions that are powers of one integer have exact integer capacities. Otherwise capacities are logarithms
scaled by 2^bits and rounded down, and a certificate decides. Let the cut found have the exact product P and the
exponent sum e. Any other cut of a smaller true product has a scaled value below the found one plus `slack` = 2e.

1. Gap: two integer products differ by a factor of at least 1 + 1/P, so slack * P <= 2^bits leaves no room.
2. Uniqueness: such a cut cannot cross an arc that still has `slack` of residual capacity. If such arcs lead to
   every tensor from the source, or from it to the sink, no other cut is as small.

If neither holds, the residual network is scaled up and solved again (bit scaling), until one does.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import BoolArray, IntArray, ranges, starts
from ..network import TensorNetwork
from .capacities import Capacities, product
from .cut import cut_bonds

FLOW_BITS = 62  # the engine's integers, less a sign and a bit of room


@dataclass(frozen=True, eq=False)
class FlowGraph:
    """Arcs whose minimum cut is the network's: tensors first, then the source, the sink and the bonds' own nodes.

    All arcs of one bond have the bond's capacity: no arc inside a bond ever needs more, since cutting the one arc
    from its site, or through its middle, is as cheap.
    """

    tails: IntArray
    heads: IntArray
    arc_bond: IntArray
    tensors: int
    nodes: int

    @property
    def source(self) -> int:
        return self.tensors

    @property
    def sink(self) -> int:
        return self.tensors + 1

    @classmethod
    def of(cls, network: TensorNetwork, side_a: BoolArray) -> "FlowGraph":
        builder = _Builder(network)
        count = network.holder_counts
        is_site = np.zeros(network.bonds, dtype=bool)
        for terminal, side in ((builder.source, side_a), (builder.sink, ~side_a)):
            bonds = network.site_bond[(network.site_bond >= 0) & side]
            is_site[bonds] = True
            builder.sites(bonds, terminal)
        builder.pairs(np.flatnonzero(~is_site & (count == 2)))
        builder.triples(np.flatnonzero(~is_site & (count == 3)))
        builder.copies(np.flatnonzero(~is_site & (count > 3)))
        tails, heads, bonds = (np.concatenate(part) for part in zip(*builder.arcs, strict=True))
        return cls(tails, heads, bonds, network.tensors, builder.nodes)


class _Builder:
    """Arcs and nodes collected bond class by bond class."""

    def __init__(self, network: TensorNetwork):
        self.network = network
        self.source, self.sink = network.tensors, network.tensors + 1
        self.nodes = network.tensors + 2
        self.arcs: list[tuple[IntArray, IntArray, IntArray]] = [(np.zeros(0, int),) * 3]

    def sites(self, bonds: IntArray, terminal: int) -> None:
        """A site with one reader is an arc between terminal and reader; with more, a node stands between."""
        count = self.network.holder_counts[bonds]
        single, shared = bonds[count == 1], bonds[count > 1]
        middle = self._new_nodes(len(shared))
        self._oriented(np.full(len(single), terminal), self.network.holders(single), single, terminal)
        self._oriented(np.full(len(shared), terminal), middle, shared, terminal)
        times = self.network.holder_counts[shared]
        self._oriented(np.repeat(middle, times), self.network.holders(shared), np.repeat(shared, times), terminal)

    def pairs(self, bonds: IntArray) -> None:
        holders = self.network.holders(bonds)
        self._both_ways(holders[::2], holders[1::2], bonds)

    def triples(self, bonds: IntArray) -> None:
        """A star is exact for three holders: one of them at most is parted from the other two."""
        self._both_ways(np.repeat(self._new_nodes(len(bonds)), 3), self.network.holders(bonds), np.repeat(bonds, 3))

    def copies(self, bonds: IntArray) -> None:
        """Holders -> in -> out -> holders: parting the holders in any way cuts in -> out, once."""
        enter, leave = self._new_nodes(len(bonds)), self._new_nodes(len(bonds))
        times, holders = self.network.holder_counts[bonds], self.network.holders(bonds)
        self.arcs.append((enter, leave, bonds))
        self.arcs.append((holders, np.repeat(enter, times), np.repeat(bonds, times)))
        self.arcs.append((np.repeat(leave, times), holders, np.repeat(bonds, times)))

    def _new_nodes(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _oriented(self, upper: IntArray, lower: IntArray, bonds: IntArray, terminal: int) -> None:
        self.arcs.append((upper, lower, bonds) if terminal == self.source else (lower, upper, bonds))

    def _both_ways(self, left: IntArray, right: IntArray, bonds: IntArray) -> None:
        self.arcs.append((left, right, bonds))
        self.arcs.append((right, left, bonds))


def flow_sides(network: TensorNetwork, capacities: Capacities, side_a: BoolArray) -> tuple[BoolArray, str]:
    """The sides of the tensors (True: A) in a minimum cut, and why it is minimal."""
    graph = FlowGraph.of(network, side_a)
    if capacities.exact:
        arc_capacity = capacities.exponents.sum(axis=1)[graph.arc_bond]
        _, sides = max_flow(graph, graph.tails, graph.heads, arc_capacity)
        return sides, "max-flow of equal value, exact integer capacities"
    return _scaled_sides(network, capacities, side_a, graph)


def _scaled_sides(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, graph: FlowGraph
) -> tuple[BoolArray, str]:
    bits = _first_bits(network, side_a)
    capacity = capacities.scaled(bits)[graph.arc_bond]
    flow, sides = max_flow(graph, graph.tails, graph.heads, capacity)
    tails, heads = np.concatenate((graph.tails, graph.heads)), np.concatenate((graph.heads, graph.tails))
    while True:
        cut = cut_bonds(network, side_a, sides)
        slack = 2 * int(capacities.exponent_sum(cut).sum())
        if slack * product(network.bond_dims[cut]) <= 2**bits:
            return sides, f"max-flow of equal value at {bits} bits, below the gap between integer products"
        residual = np.concatenate((capacity - flow, flow))
        if _unique(graph, tails, heads, residual >= slack):
            return sides, f"max-flow of equal value at {bits} bits, and no other cut is as small"
        more = FLOW_BITS - 2 - slack.bit_length() - len(network.site_bond).bit_length()
        bits += more
        capacity = capacities.scaled(bits)[graph.arc_bond]
        flow = flow.astype(object) * 2**more
        # No cut that crosses an arc with more than this can be smaller than the one at hand.
        open_wide = slack * 2**more + 1
        residual = np.minimum(np.concatenate((capacity - flow, flow)), open_wide).astype(np.int64)
        change, sides = max_flow(graph, tails, heads, residual)
        flow = flow + change[: len(flow)] - change[len(flow) :]


def _first_bits(network: TensorNetwork, side_a: BoolArray) -> int:
    """The scale at which all that can flow out of the source fits the engine's integers."""
    bonds = network.site_bond[(network.site_bond >= 0) & side_a]
    total = float(np.log2(network.bond_dims[bonds].astype(np.float64)).sum())
    return FLOW_BITS - math.ceil(math.log2(total + FLOW_BITS)) - 1


def _unique(graph: FlowGraph, tails: IntArray, heads: IntArray, wide: BoolArray) -> bool:
    """Whether the wide arcs lead to every connected tensor from the source, or from it to the sink."""
    from_source = _reached(graph.source, graph.nodes, tails[wide], heads[wide])
    to_sink = _reached(graph.sink, graph.nodes, heads[wide], tails[wide])
    connected = np.zeros(graph.nodes, dtype=bool)
    connected[tails] = True
    return not (connected & ~from_source & ~to_sink)[: graph.tensors].any()


def _reached(start: int, nodes: int, tails: IntArray, heads: IntArray) -> BoolArray:
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


def max_flow(graph: FlowGraph, tails: IntArray, heads: IntArray, capacity: IntArray) -> tuple[IntArray, BoolArray]:
    """The flow on each arc of a maximum flow, and which tensors lie on the source's side of its minimum cut."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    engine = SimpleMaxFlow()
    arcs = engine.add_arcs_with_capacity(tails, heads, capacity)
    status = engine.solve(graph.source, graph.sink)
    if status != engine.OPTIMAL:
        raise AssertionError(f"max-flow ended with {status}")
    side = np.zeros(graph.nodes, dtype=bool)
    side[engine.get_source_side_min_cut()] = True
    return engine.flows(arcs), side[: graph.tensors]
