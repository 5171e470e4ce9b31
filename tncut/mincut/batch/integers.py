"""Minimum cuts of many partitions side by side, where one integer for each bond is its capacity.

Where all dimensions are powers of one integer the capacities are exact. Elsewhere they are logarithms, scaled and
rounded down. program.py has the mathematics.
"""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray, packed_width, side_rows
from . import numba_loops
from .backtrack import Backtrack
from .program import Costs, Step, TreeProgram, narrowest

BLOCK_BYTES = 2**19  # of the extra costs on one side: a block should stay in the cache
LEAST_ROW = 256  # bytes; shorter rows lose more time than the cache saves
MOST_PARTITIONS = 8192


@dataclass(frozen=True, eq=False)
class IntegerCuts:
    """A program with its capacities, run in the narrowest integers that hold every sum of extra costs."""

    program: TreeProgram
    caps: IntArray  # (bonds,)
    terminals: int
    block: int | None  # partitions run at once; None: as many as suit the cache

    @cached_property
    def dtype(self) -> type[np.signedinteger[Any]]:
        """The integers of the extra costs."""
        return narrowest(self.program.largest_sum)

    @cached_property
    def _narrow_caps(self) -> Costs:
        """(bonds,) the capacities in these integers; larger ones never cap a cost, so the largest integer will do."""
        return np.minimum(self.caps, np.iinfo(self.dtype).max).astype(self.dtype)

    @cached_property
    def _loops(self) -> numba_loops.Loops:
        return numba_loops.Loops.of(self.program, self._narrow_caps)

    @cached_property
    def leaf_caps(self) -> Costs:
        """(leaves, 1), or (1, 1) if all are equal."""
        return self._column(self.program.leaf_bond)

    @cached_property
    def step_caps(self) -> list[Costs | None]:
        """For each step (nodes, 1), or (1, 1) if all are equal; None: its nodes have no caps."""
        return [None if step.bonds is None else self._column(step.bonds) for step in self.program.steps]

    def _column(self, bonds: IntArray) -> Costs:
        """The capacities of these bonds, one for all if they are equal."""
        caps = self._narrow_caps[bonds][:, None]
        return caps[:1] if len(caps) and (caps == caps[0]).all() else caps

    @property
    def width(self) -> int:
        """How many partitions are run at once."""
        size = np.dtype(self.dtype).itemsize
        fitting = BLOCK_BYTES // (size * max(self.program.leaves, 1))
        return self.block or int(np.clip(fitting, max(LEAST_ROW // size, 64), MOST_PARTITIONS))

    def values(self, packed: ByteArray) -> NDArray[np.int64]:
        """(batch,) the capacity of a minimum cut of each partition."""
        if numba_loops.is_worth_it(self.program.leaves, len(packed)):
            return self._loops.values(packed, self.block)
        total = np.zeros(len(packed), dtype=np.int64)
        workspace = self._workspace(len(packed))
        for start in range(0, len(packed), self.width):
            part = slice(start, start + self.width)
            total[part] = workspace.ascend(packed[part])
        return total

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the tensors in a minimum cut, True: A."""
        found = np.empty((len(self.program.tensor_node), len(packed)), dtype=bool)
        workspace = self._workspace(len(packed))
        backtrack = Backtrack.of(self.program, min(self.width, len(packed)))
        for start in range(0, len(packed), self.width):
            part = slice(start, start + self.width)
            block = backtrack.first(len(packed[part]))
            workspace.ascend(packed[part], block)
            found[:, part] = block.descend()[self.program.tensor_node]
        return found.T

    def _workspace(self, batch: int) -> "_Workspace":
        """The workspace of this thread, kept for its next call: memory used again is far faster than new memory."""
        width = min(self.width, batch)
        kept: _Workspace | None = getattr(self._of_thread, "workspace", None)
        if kept is None or kept.width < width:
            kept = _Workspace(self, width)
            self._of_thread.workspace = kept
        return kept

    @cached_property
    def _of_thread(self) -> threading.local:
        return threading.local()


class _Workspace:
    """Memory for one block of partitions, and the capacities repeated for each of them."""

    def __init__(self, cuts: IntegerCuts, width: int):
        program = cuts.program
        self.program, self.width = program, width
        self.leaf_caps = _repeated(cuts.leaf_caps, width)
        self.caps = [None if caps is None else _repeated(caps, width) for caps in cuts.step_caps]
        self.masks = np.empty((8 * packed_width(cuts.terminals), width), dtype=np.int8)
        self.on_a = np.empty((program.leaves, width), dtype=cuts.dtype)
        self.on_b = np.empty_like(self.on_a)
        most = max((step.nodes.stop - step.nodes.start for step in program.steps), default=0)
        self.common = np.empty((most, width), dtype=cuts.dtype)

    def ascend(self, packed: ByteArray, backtrack: Backtrack | None = None) -> NDArray[np.int64]:
        """(batch,) the capacities of the minimum cuts; `backtrack` records what the way down needs."""
        size = len(packed)
        on_a, on_b = self._leaves(packed)
        if backtrack is not None:
            backtrack.record_preferences(slice(self.program.leaves), on_b, on_a)
        total = np.zeros(size, dtype=np.int64)
        for step, caps in zip(self.program.steps, self.caps, strict=True):
            p, q = child_sums(on_b, step), child_sums(on_a, step)
            caps = None if caps is None else caps[:, :size]
            if backtrack is not None:
                backtrack.record_keeps(step.nodes, p, q, caps)
            if caps is not None:
                np.minimum(p, caps, out=p)
                np.minimum(q, caps, out=q)
            common = np.minimum(p, q, out=self.common[: len(p), :size])
            p -= common
            q -= common
            if backtrack is not None:
                backtrack.record_preferences(step.nodes, p, q)
            if not isinstance(step.slots, slice):
                on_b[step.slots], on_a[step.slots] = p, q
            total += _column_sums(common, step.largest_common)
        return total

    def _leaves(self, packed: ByteArray) -> tuple[Costs, Costs]:
        """The extra cost of each leaf on side A, and on side B: 0 on its own side, its capacity on the other."""
        size = len(packed)
        caps = self.leaf_caps[:, :size]
        on_a, on_b = self.on_a[:, :size], self.on_b[:, :size]
        masks = side_rows(packed, self.masks[:, :size])
        on_b[...] = masks[self.program.leaf_terminal]
        np.bitwise_and(on_b, caps, out=on_b)
        return np.subtract(caps, on_b, out=on_a), on_b


def child_sums(costs: Costs, step: Step) -> Costs:
    """(..., n, batch) for each of the step's n nodes the sum of its children's extra costs.

    Where the slots of the first children are a slice, the result is a view of them: it overwrites their costs.
    """
    total: Costs = costs[..., step.slots, :]
    rest = costs[..., step.rest, :]
    if rest.shape == total.shape:
        total += rest
    elif rest.size:
        children = rest.reshape(*rest.shape[:-2], -1, *total.shape[-2:])
        total += np.add.reduce(children, axis=-3, dtype=costs.dtype)
    return total


def _column_sums(values: Costs, largest: int) -> NDArray[np.int64]:
    """(batch,) the sums over the rows of values of at most `largest`. `values` is overwritten.

    As long as the narrow integers hold the sums, rows are added in pairs, which numpy does fastest.
    """
    room = np.iinfo(values.dtype).max
    while len(values) > 1 and 3 * largest <= room:
        half = len(values) // 2
        if len(values) % 2:
            values[0] += values[-1]
        values = np.add(values[:half], values[half : 2 * half], out=values[:half])
        largest *= 3  # a row is the sum of two, the first one of three if their number is odd
    total: NDArray[np.int64] = np.add.reduce(values, axis=0, dtype=np.int64)
    return total


def _repeated(column: Costs, width: int) -> Costs:
    """The column `width` times: numpy vectorises operations on rows, not on columns, and is several times faster."""
    return np.ascontiguousarray(np.broadcast_to(column, (len(column), width)))
