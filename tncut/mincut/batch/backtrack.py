"""The way back down a tree program: the side of every node in a minimum cut."""

from dataclasses import dataclass

import numpy as np

from ...tools.arrays import BoolArray
from .program import Costs, TreeProgram


@dataclass(frozen=True, eq=False)
class Backtrack:
    """What the way up records of every node for the way down: arrays (nodes + 1, batch).

    The last row belongs to no node. It stands for tensors in parts of the network without terminals.
    """

    program: TreeProgram
    prefers_a: BoolArray  # side A is cheaper for everything below the node
    prefers_b: BoolArray
    keeps_a: BoolArray  # if the node lies on side A, everything below it does, rather than its bond being cut
    keeps_b: BoolArray
    side: BoolArray  # True: side A; of a bond's node: the side of the tensor above the bond

    @classmethod
    def of(cls, program: TreeProgram, width: int) -> "Backtrack":
        """Memory for `width` partitions."""
        return cls(program, *(np.zeros((program.nodes + 1, width), dtype=bool) for _ in range(5)))

    def first(self, size: int) -> "Backtrack":
        """The part of this memory that the first `size` partitions need."""
        arrays = (self.prefers_a, self.prefers_b, self.keeps_a, self.keeps_b, self.side)
        return Backtrack(self.program, *(array[:, :size] for array in arrays))

    def record_keeps(self, nodes: slice, on_b: Costs, on_a: Costs, caps: Costs | None) -> None:
        """A bond is kept where the extra cost of what lies below it is no larger than its capacity."""
        if caps is None:
            self.keeps_a[nodes], self.keeps_b[nodes] = True, True
        else:
            np.less_equal(on_a, caps, out=self.keeps_a[nodes])
            np.less_equal(on_b, caps, out=self.keeps_b[nodes])

    def record_preferences(self, nodes: slice, on_b: Costs, on_a: Costs) -> None:
        """A side is preferred where the other one has an extra cost."""
        np.greater(on_b, 0, out=self.prefers_a[nodes])
        np.greater(on_a, 0, out=self.prefers_b[nodes])

    def descend(self) -> BoolArray:
        """(nodes + 1, batch) the side of every node.

        A node below a bond that is cut lies on the side that it prefers. Every other node lies on its parent's side.
        """
        side = self.side
        side[self.program.roots] = ~self.prefers_b[self.program.roots]
        for step in reversed(self.program.steps):
            above = side[step.nodes]
            is_cut = ~_where(above, self.keeps_a[step.nodes], self.keeps_b[step.nodes])
            for child in step.children:
                prefers_a = self.prefers_a[child]
                chooses = is_cut & (prefers_a | self.prefers_b[child])
                side[child] = _where(chooses, prefers_a, above)
        return side


def _where(condition: BoolArray, true: BoolArray, false: BoolArray) -> BoolArray:
    """np.where for booleans, many times faster."""
    return false ^ ((true ^ false) & condition)
