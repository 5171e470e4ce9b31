"""A tensor network as a directed graph whose minimum cut is the network's."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..network import TensorNetwork
from ..tools.arrays import BoolArray, IntArray

NodeArray = NDArray[np.int32]  # the integers that ortools numbers nodes with


@dataclass(frozen=True, eq=False)
class FlowGraph:
    """Arcs between nodes: first the tensors, then the source (side A), the sink (side B), and nodes inside bonds.

    All arcs of a bond have the bond's capacity. None of them needs more: cutting the arc to the bond's site, or the one
    through its middle, separates all holders at the same cost.
    """

    tails: NodeArray
    heads: NodeArray
    arc_bond: NodeArray  # (arcs,) the bond that each arc belongs to
    tensors: int
    nodes: int

    @property
    def source(self) -> int:
        """The node of side A."""
        return self.tensors

    @property
    def sink(self) -> int:
        """The node of side B."""
        return self.tensors + 1

    @classmethod
    def of(cls, network: TensorNetwork, side_a: BoolArray) -> "FlowGraph":
        """The graph for one partition of the terminals, (terminals,) True: side A."""
        builder = _Builder(network)
        count = network.holder_counts
        is_site = np.zeros(network.bonds, dtype=bool)
        for terminal, side in ((builder.source, side_a), (builder.sink, ~side_a)):
            bonds = network.read_bonds(side)
            is_site[bonds] = True
            builder.sites(bonds, terminal)
        builder.pairs(np.flatnonzero(~is_site & (count == 2)))
        builder.triples(np.flatnonzero(~is_site & (count == 3)))
        builder.copies(np.flatnonzero(~is_site & (count > 3)))
        tails, heads, arc_bond = (np.concatenate(part) for part in zip(*builder.arcs, strict=True))
        return cls(tails, heads, arc_bond, network.tensors, builder.nodes)

    def with_reverse(self) -> "FlowGraph":
        """The arcs of this graph, then each of them backwards: those of its residual graph."""
        tails, heads = np.concatenate((self.tails, self.heads)), np.concatenate((self.heads, self.tails))
        return replace(self, tails=tails, heads=heads, arc_bond=np.concatenate((self.arc_bond, self.arc_bond)))


class _Builder:
    """Arcs and nodes, collected from one kind of bonds after another."""

    def __init__(self, network: TensorNetwork):
        self.network = network
        self.source, self.sink = network.tensors, network.tensors + 1
        self.nodes = network.tensors + 2
        self.arcs: list[tuple[NodeArray, NodeArray, NodeArray]] = []

    def sites(self, bonds: IntArray, terminal: int) -> None:
        """A site that one tensor holds is an arc from the terminal to it; if several hold it, a node lies between."""
        count = self.network.holder_counts[bonds]
        single, shared = bonds[count == 1], bonds[count > 1]
        middle = self._new_nodes(len(shared))
        self._oriented(np.full(len(single), terminal), self.network.holders(single), single, terminal)
        self._oriented(np.full(len(shared), terminal), middle, shared, terminal)
        times = self.network.holder_counts[shared]
        self._oriented(np.repeat(middle, times), self.network.holders(shared), np.repeat(shared, times), terminal)

    def pairs(self, bonds: IntArray) -> None:
        """Bonds with two holders: an arc each way."""
        holders = self.network.holders(bonds)
        self._both_ways(holders[::2], holders[1::2], bonds)

    def triples(self, bonds: IntArray) -> None:
        """Bonds with three holders: a star. Any split separates one of them from the other two, and cuts one arc."""
        self._both_ways(np.repeat(self._new_nodes(len(bonds)), 3), self.network.holders(bonds), np.repeat(bonds, 3))

    def copies(self, bonds: IntArray) -> None:
        """Bonds with more holders: holders -> enter -> leave -> holders. Any split of them cuts the middle arc."""
        enter, leave = self._new_nodes(len(bonds)), self._new_nodes(len(bonds))
        times, holders = self.network.holder_counts[bonds], self.network.holders(bonds)
        self._arcs(enter, leave, bonds)
        self._arcs(holders, np.repeat(enter, times), np.repeat(bonds, times))
        self._arcs(np.repeat(leave, times), holders, np.repeat(bonds, times))

    def _new_nodes(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _oriented(self, upper: IntArray, lower: IntArray, bonds: IntArray, terminal: int) -> None:
        """Arcs away from the source, or towards the sink."""
        if terminal == self.source:
            self._arcs(upper, lower, bonds)
        else:
            self._arcs(lower, upper, bonds)

    def _both_ways(self, left: IntArray, right: IntArray, bonds: IntArray) -> None:
        self._arcs(left, right, bonds)
        self._arcs(right, left, bonds)

    def _arcs(self, tails: IntArray, heads: IntArray, bonds: IntArray) -> None:
        self.arcs.append((tails.astype(np.int32), heads.astype(np.int32), bonds.astype(np.int32)))
