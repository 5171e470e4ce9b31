"""A tensor network as a directed graph whose minimum cut is the network's."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..network import TensorNetwork
from ..tools.arrays import BoolArray, IntArray

NodeArray = NDArray[np.int32]  # the engine's own integers for nodes


@dataclass(frozen=True, eq=False)
class FlowGraph:
    """Arcs whose minimum cut is the network's: tensors first, then the source, the sink and the bonds' own nodes.

    All arcs of one bond have the bond's capacity: no arc inside a bond ever needs more, since cutting the one arc
    from its site, or through its middle, is as cheap.
    """

    tails: NodeArray
    heads: NodeArray
    arc_bond: NodeArray
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
        tails, heads, arc_bond = (np.concatenate(part) for part in zip(*builder.arcs, strict=True))
        return cls(tails, heads, arc_bond, network.tensors, builder.nodes)

    def with_reverse(self) -> "FlowGraph":
        """The residual graph's arcs: those of this graph, then each of them backwards."""
        tails, heads = np.concatenate((self.tails, self.heads)), np.concatenate((self.heads, self.tails))
        return replace(self, tails=tails, heads=heads, arc_bond=np.concatenate((self.arc_bond, self.arc_bond)))


class _Builder:
    """Arcs and nodes collected bond class by bond class."""

    def __init__(self, network: TensorNetwork):
        self.network = network
        self.source, self.sink = network.tensors, network.tensors + 1
        self.nodes = network.tensors + 2
        self.arcs: list[tuple[NodeArray, NodeArray, NodeArray]] = []

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
        self._arcs(enter, leave, bonds)
        self._arcs(holders, np.repeat(enter, times), np.repeat(bonds, times))
        self._arcs(np.repeat(leave, times), holders, np.repeat(bonds, times))

    def _new_nodes(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _oriented(self, upper: IntArray, lower: IntArray, bonds: IntArray, terminal: int) -> None:
        if terminal == self.source:
            self._arcs(upper, lower, bonds)
        else:
            self._arcs(lower, upper, bonds)

    def _both_ways(self, left: IntArray, right: IntArray, bonds: IntArray) -> None:
        self._arcs(left, right, bonds)
        self._arcs(right, left, bonds)

    def _arcs(self, tails: IntArray, heads: IntArray, bonds: IntArray) -> None:
        self.arcs.append((tails.astype(np.int32), heads.astype(np.int32), bonds.astype(np.int32)))
