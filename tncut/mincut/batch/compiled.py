"""The tree program as compiled loops, if numba is there (the extra `fast`): the same integers, several times faster.

A node's losses stay in registers from the sums of its children to what it passes on, where numpy goes through memory
once for every operation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import IntArray
from ...tools.bits import ByteArray
from .program import TreeProgram, narrowest

WORTH_LOADING = 2**28  # sites times partitions; below it numpy is done before numba has started
WORTH_CALLING = 2**16  # once it has


@dataclass(frozen=True, eq=False)
class Loops:
    """A program's nodes one after another; the j-th of the other children lies in slot `other + (j - 1) * stride`."""

    terminal: IntArray  # (leaves,)
    leaf_cap: NDArray[Any]  # (leaves,) in the integers of the losses
    slot: IntArray  # (inner nodes,)
    other: IntArray
    stride: IntArray
    others: IntArray  # how many there are
    cap: NDArray[Any]
    total: type[np.signedinteger[Any]]  # in which the minimum cuts are added up

    @classmethod
    def of(cls, program: TreeProgram, caps: NDArray[Any]) -> "Loops":
        """`caps`: (bonds,) in integers that hold every sum of losses."""
        none = np.iinfo(caps.dtype).max
        columns: list[tuple[NDArray[Any], ...]] = []
        for step in program.steps:
            n = step.nodes.stop - step.nodes.start
            slots = np.arange(program.leaves)[step.slots]
            cap = np.full(n, none) if step.bonds is None else caps[step.bonds]
            first = step.rest.start + np.arange(n)
            columns.append((slots, first, np.full(n, n), np.full(n, len(step.children) - 1), cap))
        empty = tuple(np.zeros(0, dtype=np.int64) for _ in range(5))
        slot, other, stride, others, cap = (np.concatenate(column) for column in zip(empty, *columns, strict=True))
        leaf_cap = caps[program.leaf_bond]
        # The cut that frees all sites of a side, the cheaper one, costs half of all sites at most.
        total = narrowest(int(leaf_cap.sum(dtype=np.int64)) // 2)
        return cls(program.leaf_terminal, leaf_cap, slot, other, stride, others, cap.astype(caps.dtype), total)

    def values(self, packed: ByteArray) -> NDArray[np.int64]:
        """(batch,) the minimum cuts."""
        losses = np.empty((2, len(self.terminal), len(packed)), dtype=self.cap.dtype)
        total = np.zeros(len(packed), dtype=self.total)
        arrays = (self.terminal, self.leaf_cap, self.slot, self.other, self.stride, self.others, self.cap)
        _compiled()(np.ascontiguousarray(packed.T), *arrays, losses[0], losses[1], total)
        return total.astype(np.int64)


def is_worth_it(sites: int, batch: int) -> bool:
    least = WORTH_CALLING if _compiled.cache_info().currsize else WORTH_LOADING
    return sites * batch >= least and find_spec("numba") is not None


@cache
def _compiled() -> Callable[..., None]:
    import numba

    compiled: Callable[..., None]
    try:
        compiled = numba.njit(nogil=True, cache=True)(_ascend)
    except RuntimeError:  # there is no place where it may keep what it compiled
        compiled = numba.njit(nogil=True)(_ascend)
    return compiled


def _ascend(turned, terminal, leaf_cap, slot, other, stride, others, cap, on_a, on_b, total):  # type: ignore[no-untyped-def]
    batch, nothing = turned.shape[1], cap.dtype.type(0)
    for leaf in range(len(terminal)):
        sides, bit = turned[terminal[leaf] // 8], np.uint8(128 >> (terminal[leaf] % 8))
        for k in range(batch):
            loss = leaf_cap[leaf] if sides[k] & bit else nothing
            on_b[leaf, k] = loss
            on_a[leaf, k] = leaf_cap[leaf] - loss
    for node in range(len(slot)):
        p, q = on_b[slot[node]], on_a[slot[node]]
        for j in range(others[node]):
            below_b, below_a = on_b[other[node] + j * stride[node]], on_a[other[node] + j * stride[node]]
            for k in range(batch):
                p[k] += below_b[k]
                q[k] += below_a[k]
        for k in range(batch):
            most_p, most_q = min(p[k], cap[node]), min(q[k], cap[node])
            paid = min(most_p, most_q)
            p[k] = most_p - paid
            q[k] = most_q - paid
            total[k] += paid
