"""A network without cycles as a straight-line program, compiled once and run on many partitions side by side.

The nodes of the program are the terminals (its leaves), the bonds, and the tensors with several bonds below them.
What a node knows of a partition are two losses: what all that hangs from it loses if it is put on side B (on A)
rather than where it is cheapest; one of the two is zero. A node adds the losses of its children, p and q, and caps
both at its capacity w, since the bond may be cut instead. What is lost on both sides, c, is paid for sure:

    p, q = min(sum of losses on B, w), min(sum of losses on A, w);    c = min(p, q);    losses p - c, q - c

and the sum of all c is the minimum cut. A tensor with several bonds below is such a node without a cap; one with a
single bond passes its losses on. Losses live in *slots*, as many as there are leaves: a node overwrites its first
child. In a complete tree the slots of every step are contiguous, so that a step is a few operations on flat arrays.
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
Losses = NDArray[Any]  # (slots, batch) integers, as narrow as they may be


@dataclass(frozen=True, eq=False)
class Step:
    """Nodes of one height with equally many children, all capped or none."""

    nodes: slice
    children: tuple[Slots, ...]  # the first child of each node, the second child of each, ...
    slots: Slots  # of the nodes, and so of their first children
    rest: slice  # the slots of the other children: the second child of each node, then the third of each, ...
    bonds: IntArray | None  # (n,) whose capacities cap the losses; None: they need no cap
    most_paid: int  # no node pays more for sure


@dataclass(frozen=True, eq=False)
class TreeProgram:
    """What to compute for each partition of a network's terminals. Node k is the leaf in slot k; inner nodes follow."""

    nodes: int
    leaf_terminal: IntArray  # (leaves,)
    leaf_bond: IntArray  # (leaves,)
    steps: tuple[Step, ...]
    roots: IntArray  # the top node of each part of the network
    tensor_node: IntArray  # (tensors,) the node with which each tensor takes sides; -1: its part has no terminal
    largest_sum: int  # no sum of losses is larger

    @classmethod
    def of(cls, network: TensorNetwork, caps: IntArray, *, slack: int = 0) -> "TreeProgram":
        """`caps`: (bonds,) integer capacities. One is left out only if losses stay below it by `slack` or more."""
        if network.forest is None:
            raise MethodError("the network has cycles (some vector is read twice); only a tree has a program")
        return _Compiler(network, network.forest, caps, slack).program()

    @property
    def leaves(self) -> int:
        return len(self.leaf_bond)


class _Compiler:
    """Nodes collected from the leaves up, then slots given out from the roots down."""

    def __init__(self, network: TensorNetwork, forest: tuple[Level, ...], caps: IntArray, slack: int):
        self.forest, self.caps, self.slack = forest, caps, slack
        # A site whose bond no tensor holds parts nothing.
        self.terminal = np.flatnonzero((network.site_bond >= 0) & (network.holder_counts[network.site_bond] > 0))
        self.leaf_bond = network.site_bond[self.terminal]
        leaves = len(self.terminal)
        self.bond_leaf = np.full(network.bonds, -1)
        self.bond_leaf[self.leaf_bond] = np.arange(leaves)
        self.tensor_node = np.full(network.tensors, -1)
        self.tensor_above = np.full(network.tensors, -1)  # the tensor from which its bond hangs
        # Of all nodes so far: the largest loss that they pass on, and their height.
        # Of the inner ones: the bond that caps them (-1: none), arity, sum of losses, children.
        self.nodes = leaves
        self.most = np.zeros(leaves + network.bonds + network.tensors, dtype=np.int64)
        self.most[:leaves] = caps[self.leaf_bond]
        self.height = np.zeros_like(self.most)
        self.inner: list[tuple[IntArray, IntArray, IntArray, IntArray]] = []

    def _ascend(self, level: Level) -> None:
        """From the nodes of the tensors below the level's bonds to those of its parents."""
        hanging = np.diff(level.tensor_start)
        self.tensor_above[level.tensors] = np.repeat(np.repeat(level.parents, np.diff(level.bond_start)), hanging)
        # A leaf is a child of its bond, beside the tensors that hang from the bond.
        below = np.insert(self.tensor_node[level.tensors], level.tensor_start[1:], self.bond_leaf[level.bonds])
        bond_node = self._join(below, hanging + 1, self.caps[level.bonds], level.bonds)
        no_cap = np.full(len(level.parents), np.iinfo(np.int64).max)
        no_bond = np.full(len(level.parents), -1)
        self.tensor_node[level.parents] = self._join(bond_node, np.diff(level.bond_start), no_cap, no_bond)

    def _join(self, below: IntArray, count: IntArray, caps: IntArray, bonds: IntArray) -> IntArray:
        """The nodes that join `count[i]` nodes below under caps[i]; -1 stands for no node, below and above."""
        owner = np.repeat(np.arange(len(count)), count)[below >= 0]
        below = below[below >= 0]
        arity = np.bincount(owner, minlength=len(count))
        start = starts(arity)
        losses = row_sums(self.most[below], start)
        capped = losses > caps - self.slack
        passes, joins = (arity == 1) & ~capped, (arity > 1) | ((arity == 1) & capped)
        node = np.full(len(count), -1)
        node[passes] = below[start[:-1][passes]]
        children = below[ranges(start[:-1][joins], arity[joins])]
        if len(children):
            new = self.nodes + np.arange(np.count_nonzero(joins))
            node[joins] = new
            self.most[new] = np.minimum(losses, caps)[joins]
            self.height[new] = np.maximum.reduceat(self.height[children], starts(arity[joins])[:-1]) + 1
            self.inner.append((np.where(capped, bonds, -1)[joins], arity[joins], losses[joins], children))
            self.nodes += len(new)
        return node

    def program(self) -> TreeProgram:
        for level in reversed(self.forest):
            self._ascend(level)
        for level in self.forest:
            # A tensor from which nothing hangs takes sides with the tensor above.
            bare = level.tensors[self.tensor_node[level.tensors] < 0]
            self.tensor_node[bare] = self.tensor_node[self.tensor_above[bare]]
        roots = self.tensor_node[self.tensor_above < 0]
        roots = roots[roots >= 0]
        steps, number, slot = self._steps(roots)
        leaves = len(self.terminal)
        order = np.argsort(slot[:leaves])
        sums = [self.most[:leaves], *(losses for _, _, losses, _ in self.inner)]
        return TreeProgram(
            nodes=len(number),
            leaf_terminal=self.terminal[order],
            leaf_bond=self.leaf_bond[order],
            steps=steps,
            roots=number[roots],
            tensor_node=np.append(number, -1)[self.tensor_node],
            largest_sum=max(int(part.max(initial=0)) for part in sums),
        )

    def _steps(self, roots: IntArray) -> tuple[tuple[Step, ...], IntArray, IntArray]:
        """The steps from the lowest up, the number of every node in their order, and its slot."""
        leaves = len(self.terminal)
        slot = np.full(self.nodes, -1)
        slot[roots] = np.arange(len(roots))
        number = slot.copy()
        if not self.inner:
            return (), number, slot
        bond, arity, losses, child = (np.concatenate(column) for column in zip(*self.inner, strict=True))
        first = starts(arity)[:-1]
        kinds = np.stack((self.height[leaves : self.nodes], arity, bond >= 0), axis=1)
        distinct, kind = np.unique(kinds, axis=0, return_inverse=True)
        members = np.split(np.argsort(kind.ravel(), kind="stable"), np.cumsum(np.bincount(kind.ravel()))[:-1])
        used, numbered, placed = len(roots), len(number), []
        for (_, children, capped), inner in zip(distinct[::-1].tolist(), members[::-1], strict=True):
            inner = inner[np.argsort(slot[leaves + inner])]
            below = child[first[inner][:, None] + np.arange(children)]
            own, rest = slot[leaves + inner], slice(used, used + len(inner) * (children - 1))
            slot[below[:, 0]] = own
            slot[below[:, 1:]] = np.arange(rest.start, rest.stop).reshape(children - 1, len(inner)).T
            number[leaves + inner] = np.arange(numbered - len(inner), numbered)
            used, numbered = rest.stop, numbered - len(inner)
            paid = np.minimum(losses[inner] // 2, self.caps[bond[inner]] if capped else losses[inner])
            nodes = slice(numbered, numbered + len(inner))
            placed.append((nodes, below, own, rest, bond[inner] if capped else None, int(paid.max())))
        number[:leaves] = slot[:leaves]
        steps = [
            Step(nodes, tuple(_as_slice(c) for c in number[below].T), _as_slice(own), rest, bonds, paid)
            for nodes, below, own, rest, bonds, paid in reversed(placed)
        ]
        return tuple(steps), number, slot


def _as_slice(places: IntArray) -> Slots:
    """Consecutive places as a slice: a view, where an index array would copy."""
    return slice(int(places[0]), int(places[-1]) + 1) if (np.diff(places) == 1).all() else places


def narrowest(largest: int) -> type[np.signedinteger[Any]]:
    """The narrowest integers that hold a number."""
    types: tuple[type[np.signedinteger[Any]], ...] = (np.int8, np.int16, np.int32, np.int64)
    return next(kind for kind in types if largest <= np.iinfo(kind).max)
