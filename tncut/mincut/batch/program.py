"""A network without cycles as a straight-line program, compiled once and run on many partitions side by side.

Root each connected part of the network at one tensor. The nodes of the program are the terminals, which are its leaves,
the bonds, and the tensors with several bonds below them. For each partition a node has two *extra costs*: what it costs
to put everything below it on side B, or on side A, rather than where it is cheapest. One of the two is 0.

The extra costs of a terminal of capacity w are 0 on its own side and w on the other. Any other node adds up the extra
costs of its children. The node of a bond caps both sums at the bond's capacity w, since the bond may be cut instead.
The cost c that both sides have in common is certain:

    p = min(sum of the extra costs on B, w)
    q = min(sum of the extra costs on A, w)
    c = min(p, q)
    extra costs of the node: p - c on side B, q - c on side A

The minimum cut is the sum of all c. The node of a tensor has no cap. A tensor with a single bond below it needs no
node: its extra costs are those of the bond.

Extra costs are stored in *slots*, as many as there are leaves. A node overwrites its first child. In a complete tree
the slots of all nodes of one height lie together, so that numpy computes them by a few operations on flat arrays.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import MethodError
from ...network import TensorNetwork
from ...network.network import Level
from ...tools.arrays import IntArray, ranges, row_sums, starts

Slots = slice | IntArray
Costs = NDArray[Any]  # (slots, batch) integers, as narrow as they may be


@dataclass(frozen=True, eq=False)
class Step:
    """Nodes of one height with equally many children. All of them have a cap, or none has."""

    nodes: slice
    children: tuple[Slots, ...]  # the first child of each node, the second child of each, ...
    slots: Slots  # of the nodes, and so of their first children
    rest: slice  # the slots of the other children: the second child of each node, then the third of each, ...
    bonds: IntArray | None  # (n,) the bonds whose capacities are the caps; None: no caps are needed
    largest_common: int  # no cost that both sides have in common is larger


@dataclass(frozen=True, eq=False)
class TreeProgram:
    """What to compute for each partition of a network's terminals.

    The leaves are numbered by their slots; the inner nodes follow in the order in which they are computed.
    """

    nodes: int
    leaf_terminal: IntArray  # (leaves,)
    leaf_bond: IntArray  # (leaves,)
    steps: tuple[Step, ...]
    roots: IntArray  # the top node of each connected part of the network
    tensor_node: IntArray  # (tensors,) the node whose side each tensor takes; -1: its part has no terminals
    largest_sum: int  # no sum of extra costs is larger

    @classmethod
    def of(cls, network: TensorNetwork, caps: IntArray, *, slack: int = 0) -> "TreeProgram":
        """`caps`: (bonds,) integer capacities. A cap is left out only if all sums stay below it by `slack` or more."""
        if network.forest is None:
            raise MethodError("the network has cycles (some vector is read twice); only a tree has a program")
        return _Compiler(network, network.forest, caps, slack).program()

    @property
    def leaves(self) -> int:
        """The number of leaves, and of slots."""
        return len(self.leaf_bond)


class _Compiler:
    """The two passes of the compilation: nodes from the leaves up, then their slots from the roots down."""

    def __init__(self, network: TensorNetwork, forest: tuple[Level, ...], caps: IntArray, slack: int):
        self.forest = forest
        self.caps, self.slack = caps, slack
        # A terminal that is read is a leaf; any other has nothing to be separated from.
        self.terminal = np.flatnonzero(network.read)
        self.leaf_bond = network.site_bond[self.terminal]
        leaves = len(self.terminal)
        self.bond_leaf = np.full(network.bonds, -1)
        self.bond_leaf[self.leaf_bond] = np.arange(leaves)
        self.tensor_node = np.full(network.tensors, -1)
        self.tensor_above = np.full(network.tensors, -1)  # the tensor above the bond that each tensor lies below
        # Of all nodes so far: the largest extra cost that they can have, and their height.
        # Of the inner ones: the bond that caps them (-1: none), number of children, largest sum of costs, children.
        self.nodes = leaves
        self.most = np.zeros(leaves + network.bonds + network.tensors, dtype=np.int64)
        self.most[:leaves] = caps[self.leaf_bond]
        self.height = np.zeros_like(self.most)
        self.inner: list[tuple[IntArray, IntArray, IntArray, IntArray]] = []

    def _ascend(self, level: Level) -> None:
        """Add the nodes of the level's bonds, then those of its parents; the tensors below have theirs."""
        tensors_below = np.diff(level.tensor_start)
        parents = np.repeat(level.parents, np.diff(level.bond_start))
        self.tensor_above[level.tensors] = np.repeat(parents, tensors_below)
        # The children of a bond are the tensors below it, and its leaf.
        below = np.insert(self.tensor_node[level.tensors], level.tensor_start[1:], self.bond_leaf[level.bonds])
        bond_node = self._add_nodes(below, tensors_below + 1, self.caps[level.bonds], level.bonds)
        no_cap = np.full(len(level.parents), np.iinfo(np.int64).max)
        no_bond = np.full(len(level.parents), -1)
        self.tensor_node[level.parents] = self._add_nodes(bond_node, np.diff(level.bond_start), no_cap, no_bond)

    def _add_nodes(self, below: IntArray, count: IntArray, caps: IntArray, bonds: IntArray) -> IntArray:
        """Node i over the next `count[i]` nodes of `below`, capped by caps[i]; -1 stands for no node, here and there.

        A single child without a cap needs no node above it: it is returned itself.
        """
        owner = np.repeat(np.arange(len(count)), count)[below >= 0]
        below = below[below >= 0]
        arity = np.bincount(owner, minlength=len(count))
        start = starts(arity)
        sums = row_sums(self.most[below], start)
        capped = sums > caps - self.slack
        passed_on = (arity == 1) & ~capped
        added = (arity > 0) & ~passed_on
        node = np.full(len(count), -1)
        node[passed_on] = below[start[:-1][passed_on]]
        children = below[ranges(start[:-1][added], arity[added])]
        if len(children):
            new = self.nodes + np.arange(np.count_nonzero(added))
            node[added] = new
            self.most[new] = np.minimum(sums, caps)[added]
            self.height[new] = np.maximum.reduceat(self.height[children], starts(arity[added])[:-1]) + 1
            self.inner.append((np.where(capped, bonds, -1)[added], arity[added], sums[added], children))
            self.nodes += len(new)
        return node

    def program(self) -> TreeProgram:
        """Both passes."""
        for level in reversed(self.forest):
            self._ascend(level)
        for level in self.forest:
            # A tensor with no terminal below it takes the side of the tensor above.
            bare = level.tensors[self.tensor_node[level.tensors] < 0]
            self.tensor_node[bare] = self.tensor_node[self.tensor_above[bare]]
        roots = self.tensor_node[self.tensor_above < 0]
        roots = roots[roots >= 0]
        steps, number, slot = self._steps(roots)
        leaves = len(self.terminal)
        order = np.argsort(slot[:leaves])
        all_sums = [self.most[:leaves], *(sums for _, _, sums, _ in self.inner)]
        return TreeProgram(
            nodes=len(number),
            leaf_terminal=self.terminal[order],
            leaf_bond=self.leaf_bond[order],
            steps=steps,
            roots=number[roots],
            tensor_node=np.append(number, -1)[self.tensor_node],
            largest_sum=max(int(sums.max(initial=0)) for sums in all_sums),
        )

    def _steps(self, roots: IntArray) -> tuple[tuple[Step, ...], IntArray, IntArray]:
        """The steps from the lowest up; for every node its number, in the order of the steps, and its slot."""
        leaves = len(self.terminal)
        slot = np.full(self.nodes, -1)
        slot[roots] = np.arange(len(roots))
        number = slot.copy()
        if not self.inner:
            return (), number, slot
        bond, arity, sums, child = (np.concatenate(column) for column in zip(*self.inner, strict=True))
        first = starts(arity)[:-1]
        kinds = np.stack((self.height[leaves : self.nodes], arity, bond >= 0), axis=1)
        distinct, kind = np.unique(kinds, axis=0, return_inverse=True)
        members = np.split(np.argsort(kind.ravel(), kind="stable"), np.cumsum(np.bincount(kind.ravel()))[:-1])
        placed = []
        used, numbered = len(roots), len(number)  # slots from 0 up, numbers from the last one down
        for (_, children, capped), group in zip(distinct[::-1].tolist(), members[::-1], strict=True):
            inner = group[np.argsort(slot[leaves + group])]
            below = child[first[inner][:, None] + np.arange(children)]
            own, rest = slot[leaves + inner], slice(used, used + len(inner) * (children - 1))
            slot[below[:, 0]] = own
            slot[below[:, 1:]] = np.arange(rest.start, rest.stop).reshape(children - 1, len(inner)).T
            number[leaves + inner] = np.arange(numbered - len(inner), numbered)
            used, numbered = rest.stop, numbered - len(inner)
            # One extra cost of each child is 0, so p + q is at most the sum, and the smaller at most half of it.
            common = np.minimum(sums[inner] // 2, self.caps[bond[inner]] if capped else sums[inner])
            nodes = slice(numbered, numbered + len(inner))
            placed.append((nodes, below, own, rest, bond[inner] if capped else None, int(common.max())))
        number[:leaves] = slot[:leaves]
        steps = [
            Step(nodes, tuple(_as_slice(c) for c in number[below].T), _as_slice(own), rest, bonds, largest)
            for nodes, below, own, rest, bonds, largest in reversed(placed)
        ]
        return tuple(steps), number, slot


def _as_slice(slots: IntArray) -> Slots:
    """Consecutive indices as a slice: it gives a view, where an array of indices gives a copy."""
    return slice(int(slots[0]), int(slots[-1]) + 1) if (np.diff(slots) == 1).all() else slots


def narrowest(largest: int) -> type[np.signedinteger[Any]]:
    """The narrowest signed integers that hold a number."""
    types: tuple[type[np.signedinteger[Any]], ...] = (np.int8, np.int16, np.int32, np.int64)
    return next(kind for kind in types if largest <= np.iinfo(kind).max)
