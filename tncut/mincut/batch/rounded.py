"""The minimum cuts of many partitions of one network without cycles, side by side (program.py has the mathematics)."""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray, packed_width, side_rows
from . import compiled
from .backtrack import Signs
from .program import Losses, Step, TreeProgram, narrowest

BLOCK_BYTES = 2**19  # of the losses on one side: a block should stay in the cache
LEAST_ROW, MOST_PARTITIONS = 256, 8192  # bytes; shorter rows cost more than they save


@dataclass(frozen=True, eq=False)
class TreeBatch:
    """A program with its capacities, run in the narrowest integers that hold every sum of losses."""

    program: TreeProgram
    caps: IntArray  # (bonds,)
    terminals: int
    block: int | None  # partitions run at once; None: as many as suit the cache

    @cached_property
    def dtype(self) -> type[np.signedinteger[Any]]:
        return narrowest(self.program.largest_sum)

    @cached_property
    def _narrow(self) -> Losses:
        """(bonds,) the capacities, none larger than these integers hold."""
        return np.minimum(self.caps, np.iinfo(self.dtype).max).astype(self.dtype)

    @cached_property
    def _loops(self) -> compiled.Loops:
        return compiled.Loops.of(self.program, self._narrow)

    @cached_property
    def leaf_caps(self) -> Losses:
        """(1 or leaves, 1)"""
        return self._column(self.program.leaf_bond)

    @cached_property
    def step_caps(self) -> list[Losses | None]:
        """(1 or nodes, 1) for each step."""
        return [None if step.bonds is None else self._column(step.bonds) for step in self.program.steps]

    def _column(self, bonds: IntArray) -> Losses:
        """The capacities of these bonds, one for all if they are equal."""
        caps = self._narrow[bonds][:, None]
        return caps[:1] if len(caps) and (caps == caps[0]).all() else caps

    @property
    def width(self) -> int:
        """How many partitions are run at once."""
        size = np.dtype(self.dtype).itemsize
        fitting = BLOCK_BYTES // (size * max(self.program.leaves, 1))
        return self.block or int(np.clip(fitting, max(LEAST_ROW // size, 64), MOST_PARTITIONS))

    def values(self, packed: ByteArray) -> NDArray[np.int64]:
        """(batch,) the capacity of a minimum cut of each partition."""
        total = np.zeros(len(packed), dtype=np.int64)
        fast = compiled.is_worth_it(self.program.leaves, len(packed))
        solve = self._loops.values if fast else self._memory(len(packed)).ascend
        for start in range(0, len(packed), self.width):
            part = slice(start, start + self.width)
            total[part] = solve(packed[part])
        return total

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the tensors in a minimum cut, True: A."""
        found = np.empty((len(self.program.tensor_node), len(packed)), dtype=bool)
        run, signs = self._memory(len(packed)), Signs.of(self.program, min(self.width, len(packed)))
        for start in range(0, len(packed), self.width):
            part = slice(start, start + self.width)
            block = signs.narrowed(len(packed[part]))
            run.ascend(packed[part], block)
            found[:, part] = block.descend()[self.program.tensor_node]
        return found.T

    def _memory(self, batch: int) -> "_Block":
        """One for each thread, kept for the next call: memory that is used again costs far less than new memory."""
        width = min(self.width, batch)
        run: _Block | None = getattr(self._kept, "run", None)
        if run is None or run.width < width:
            run = self._kept.run = _Block(self, width)
        return run

    @cached_property
    def _kept(self) -> threading.local:
        return threading.local()


class _Block:
    """The capacities as rows of one width, and the memory of one block."""

    def __init__(self, batch: TreeBatch, width: int):
        program = batch.program
        self.program, self.width = program, width
        self.leaf_caps = _rows(batch.leaf_caps, width)
        self.caps = [None if caps is None else _rows(caps, width) for caps in batch.step_caps]
        self.rows = np.empty((8 * packed_width(batch.terminals), width), dtype=np.int8)
        self.on_a = np.empty((program.leaves, width), dtype=batch.dtype)
        self.on_b = np.empty_like(self.on_a)
        most = max((step.nodes.stop - step.nodes.start for step in program.steps), default=0)
        self.paid = np.empty((most, width), dtype=batch.dtype)

    def ascend(self, packed: ByteArray, signs: Signs | None = None) -> NDArray[np.int64]:
        """(batch,) the minimum cuts; what a way down needs is left in `signs`."""
        size = len(packed)
        on_a, on_b = self._leaves(packed)
        if signs is not None:
            signs.note(slice(self.program.leaves), on_b, on_a)
        total = np.zeros(size, dtype=np.int64)
        for step, caps in zip(self.program.steps, self.caps, strict=True):
            p, q = joined(on_b, step), joined(on_a, step)
            caps = None if caps is None else caps[:, :size]
            if signs is not None:
                signs.note_joins(step.nodes, p, q, caps)
            if caps is not None:
                np.minimum(p, caps, out=p)
                np.minimum(q, caps, out=q)
            paid = np.minimum(p, q, out=self.paid[: len(p), :size])
            p -= paid
            q -= paid
            if signs is not None:
                signs.note(step.nodes, p, q)
            if not isinstance(step.slots, slice):
                on_b[step.slots], on_a[step.slots] = p, q
            total += _summed(paid, step.most_paid)
        return total

    def _leaves(self, packed: ByteArray) -> tuple[Losses, Losses]:
        """What each leaf loses on side A, and on side B: nothing on its own side, its capacity on the other."""
        size = len(packed)
        caps, on_a, on_b = self.leaf_caps[:, :size], self.on_a[:, :size], self.on_b[:, :size]
        rows = side_rows(packed, self.rows[:, :size])
        on_b[...] = rows[self.program.leaf_terminal]
        np.bitwise_and(on_b, caps, out=on_b)
        return np.subtract(caps, on_b, out=on_a), on_b


def joined(losses: Losses, step: Step) -> Losses:
    """(..., n, batch) the sums of the children's losses: in the first children's slots if these lie together."""
    total: Losses = losses[..., step.slots, :]
    rest = losses[..., step.rest, :]
    if rest.shape == total.shape:
        total += rest
    elif rest.size:
        children = rest.reshape(*rest.shape[:-2], -1, *total.shape[-2:])
        total += np.add.reduce(children, axis=-3, dtype=losses.dtype)
    return total


def _summed(paid: Losses, most: int) -> NDArray[np.int64]:
    """The sum over the rows, none above `most`; added in narrow integers as long as these hold it."""
    room = np.iinfo(paid.dtype).max
    while len(paid) > 1 and 3 * most <= room:
        half = len(paid) // 2
        if len(paid) % 2:
            paid[0] += paid[-1]
        paid = np.add(paid[:half], paid[half : 2 * half], out=paid[:half])
        most *= 3
    total: NDArray[np.int64] = np.add.reduce(paid, axis=0, dtype=np.int64)
    return total


def _rows(column: Losses, width: int) -> Losses:
    """Operations on rows are several times faster than on columns, which numpy does not vectorise."""
    return np.ascontiguousarray(np.broadcast_to(column, (len(column), width)))
