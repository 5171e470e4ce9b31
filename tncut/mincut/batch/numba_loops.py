"""The tree program as loops that numba compiles (the extra `fast`): the same integers, several times faster.

A node is computed as soon as all nodes below it are, so that the few costs that wait for others stay in the fastest
cache. A loop over partitions keeps a node's costs in registers through all operations: 32 partitions in one, if 8-bit
integers hold the costs.
"""

import sys
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray
from ...tools.compiled import compiled, has_numba
from .program import TreeProgram

WORTH_LOADING = 2**28  # sites times partitions; below it numpy is done before numba is loaded
WORTH_CALLING = 2**16  # the same once numba is loaded
ROW_BYTES = 3 * 2**9  # of costs; rows that are multiples of 4096 bytes apart would share places in the cache
BLOCK_BYTES = 2**19  # of the packed partitions that are run at once
LEAST_BLOCK = 256


class Loops(NamedTuple):
    """A program's nodes in the order in which they are computed: each one right after all nodes below it.

    The sums of costs are a stack of rows. The first child of a node leaves its costs as the top row; every other child
    adds its own to that row, and the node is computed from it. The first child is the one that most nodes are below, so
    a program of n nodes needs at most 2 + log2(n) rows.
    """

    terminal: IntArray  # (nodes,) of each leaf; -1: no leaf
    is_first: BoolArray  # (nodes,) whether the node is the first child of its parent
    cap: NDArray[Any]  # (nodes,) in the integers of the extra costs
    most: IntArray  # (nodes,) no cost that both sides have in common is larger

    @classmethod
    def of(cls, program: TreeProgram, caps: NDArray[Any]) -> "Loops":
        """`caps`: (bonds,) in integers that hold every sum of extra costs."""
        leaves, every = program.leaves, np.arange(program.nodes)
        terminal, most = np.full(len(every), -1), np.zeros(len(every), dtype=np.int64)
        cap = np.full(len(every), np.iinfo(caps.dtype).max, dtype=caps.dtype)
        terminal[:leaves], cap[:leaves] = program.leaf_terminal, caps[program.leaf_bond]
        for step in program.steps:
            most[step.nodes] = step.largest_common
            if step.bonds is not None:
                cap[step.nodes] = caps[step.bonds]
        order, is_first = _order(program, every)
        return cls(terminal[order], is_first[order], cap[order], most[order])

    def values(self, packed: ByteArray, block: int | None) -> NDArray[np.int64]:
        """(batch,) the capacities of the minimum cuts; `block`: partitions run at once, None: as suits the cache."""
        fitting = max(BLOCK_BYTES // max(packed.shape[1], 1), LEAST_BLOCK)
        width = min(block or min(fitting, ROW_BYTES // self.cap.itemsize), len(packed))
        total = np.zeros(len(packed), dtype=np.int64)
        costs = np.empty((2, 1 + len(self.cap).bit_length(), width), dtype=self.cap.dtype)
        compiled(_ascend)(_words(packed), self, costs[0], costs[1], total)
        return total


def is_worth_it(sites: int, batch: int) -> bool:
    """Whether numba is installed and, on a batch of this size, faster than numpy, its loading included."""
    least = WORTH_CALLING if "numba" in sys.modules else WORTH_LOADING
    return batch > 1 and sites * batch >= least and has_numba()


def _order(program: TreeProgram, every: IntArray) -> tuple[IntArray, BoolArray]:
    """The nodes from the first to the last, and of every node whether it is a first child; `every`: their numbers."""
    size = np.ones_like(every)  # how many nodes each is computed from, itself included
    children = [np.stack([every[child] for child in step.children]) for step in program.steps]
    for step, below in zip(program.steps, children, strict=True):
        size[step.nodes] += size[below].sum(axis=0)
    end, is_first = np.zeros_like(every), np.zeros(len(every), dtype=bool)  # end: how many nodes there are up to each
    end[program.roots] = np.cumsum(size[program.roots])
    is_first[program.roots[:1]] = True  # the roots share one row, which nothing reads
    for step, below in zip(reversed(program.steps), reversed(children), strict=True):
        largest = size[below].argmax(axis=0)[None]
        first = np.take_along_axis(below, largest, axis=0)
        np.put_along_axis(below, largest, below[:1], axis=0)
        below[:1] = first
        is_first[first] = True
        end[below] = end[step.nodes] - size[step.nodes] + np.cumsum(size[below], axis=0)
    order = np.empty_like(every)
    order[end - 1] = every
    return order, is_first


def _words(packed: ByteArray) -> NDArray[np.uint64]:
    """(batch, words) eight bytes as one integer, the first of them as its lowest digits; zeros fill the last one."""
    width = packed.shape[1]
    if width % 8 or not packed.flags.c_contiguous:
        whole = np.zeros((len(packed), -(-width // 8) * 8), dtype=np.uint8)
        whole[:, :width] = packed
        packed = whole
    return packed.view("<u8")


def _ascend(words, loops, on_a, on_b, total):  # type: ignore[no-untyped-def]
    """`IntegerCuts.values`, one block after another; `on_a`, `on_b`: memory for the rows of one block."""
    terminal, is_first, cap, most = loops
    # numba computes in 64 bits. What is named `narrow` or uint8 it computes in 8: 32 lanes of a vector, not 4.
    narrow, room = cap.dtype.type, np.iinfo(cap.dtype).max
    block = on_a.shape[1]
    word, sides = np.empty(block, np.uint64), np.empty((8 * words.shape[1], block), np.uint8)
    certain = np.zeros(block, cap.dtype)  # the part of the minimum cuts that is not in `total` yet
    for start in range(0, len(words), block):
        size = min(block, len(words) - start)
        for column in range(words.shape[1]):
            for k in range(size):
                word[k] = words[start + k, column]
            for byte in range(8):
                for k in range(size):
                    sides[8 * column + byte, k] = np.uint8(word[k] >> np.uint64(8 * byte))
        top, largest = -1, 0  # the row on top of the stack; no number in `certain` is larger
        for node in range(len(terminal)):
            w = cap[node]
            if terminal[node] >= 0:
                byte, bit = terminal[node] // 8, np.uint8(128 >> (terminal[node] % 8))
                top += is_first[node]
                keep = narrow(0) if is_first[node] else narrow(-1)  # what the row has before: no bits of it, or all
                for k in range(size):
                    cost = w if np.uint8(sides[byte, k] & bit) != np.uint8(0) else narrow(0)
                    on_b[top, k] = narrow(on_b[top, k] & keep) + cost
                    on_a[top, k] = narrow(on_a[top, k] & keep) + narrow(w - cost)
                continue
            if most[node] > room - largest:
                for k in range(size):
                    total[start + k] += certain[k]
                    certain[k] = 0
                largest = 0
            largest += most[node]
            if is_first[node]:
                for k in range(size):
                    p, q = min(on_b[top, k], w), min(on_a[top, k], w)
                    common = min(p, q)
                    on_b[top, k] = p - common
                    on_a[top, k] = q - common
                    certain[k] += common
            else:
                for k in range(size):
                    p, q = min(on_b[top, k], w), min(on_a[top, k], w)
                    common = min(p, q)
                    on_b[top - 1, k] += narrow(p - common)
                    on_a[top - 1, k] += narrow(q - common)
                    certain[k] += common
                top -= 1
        for k in range(size):
            total[start + k] += certain[k]
            certain[k] = 0
