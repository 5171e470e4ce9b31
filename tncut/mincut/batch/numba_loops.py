"""The tree program as loops that numba compiles (the extra `fast`): the same integers, several times faster.

A loop keeps the extra costs of a node in registers through all its operations. numpy reads and writes them in memory
once for each operation.
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

WORTH_LOADING = 2**28  # sites times partitions; below it numpy is done before numba is loaded
WORTH_CALLING = 2**16  # the same once numba is loaded


@dataclass(frozen=True, eq=False)
class Loops:
    """A program's inner nodes in the order in which they are computed, as arrays.

    A node's first child has the node's own slot. Its j-th other child, from 0, has the slot other + j * stride.
    """

    terminal: IntArray  # (leaves,)
    leaf_cap: NDArray[Any]  # (leaves,) in the integers of the extra costs
    slot: IntArray  # (inner nodes,)
    other: IntArray  # (inner nodes,) the slot of the second child
    stride: IntArray  # (inner nodes,)
    others: IntArray  # (inner nodes,) the number of children beside the first
    cap: NDArray[Any]  # (inner nodes,)
    total: type[np.signedinteger[Any]]  # the integers in which the minimum cuts are added up

    @classmethod
    def of(cls, program: TreeProgram, caps: NDArray[Any]) -> "Loops":
        """`caps`: (bonds,) in integers that hold every sum of extra costs."""
        no_cap = np.iinfo(caps.dtype).max
        columns: list[tuple[NDArray[Any], ...]] = []
        for step in program.steps:
            n = step.nodes.stop - step.nodes.start
            slots = np.arange(program.leaves)[step.slots]
            cap = np.full(n, no_cap) if step.bonds is None else caps[step.bonds]
            first = step.rest.start + np.arange(n)
            columns.append((slots, first, np.full(n, n), np.full(n, len(step.children) - 1), cap))
        empty = tuple(np.zeros(0, dtype=np.int64) for _ in range(5))
        slot, other, stride, others, cap = (np.concatenate(column) for column in zip(empty, *columns, strict=True))
        leaf_cap = caps[program.leaf_bond]
        # A minimum cut costs no more than all sites of either side, so no more than half of all sites.
        total = narrowest(int(leaf_cap.sum(dtype=np.int64)) // 2)
        return cls(program.leaf_terminal, leaf_cap, slot, other, stride, others, cap.astype(caps.dtype), total)

    def values(self, packed: ByteArray) -> NDArray[np.int64]:
        """(batch,) the capacities of the minimum cuts."""
        costs = np.empty((2, len(self.terminal), len(packed)), dtype=self.cap.dtype)
        total = np.zeros(len(packed), dtype=self.total)
        arrays = (self.terminal, self.leaf_cap, self.slot, self.other, self.stride, self.others, self.cap)
        _compiled()(np.ascontiguousarray(packed.T), *arrays, costs[0], costs[1], total)
        return total.astype(np.int64)


def is_worth_it(sites: int, batch: int) -> bool:
    """Whether numba is installed and, on a batch of this size, faster than numpy, its loading included."""
    least = WORTH_CALLING if _compiled.cache_info().currsize else WORTH_LOADING
    return sites * batch >= least and find_spec("numba") is not None


@cache
def _compiled() -> Callable[..., None]:
    import numba

    compiled: Callable[..., None]
    try:
        compiled = numba.njit(nogil=True, cache=True)(_ascend)
    except RuntimeError:  # numba found no folder that it may write its cache to
        compiled = numba.njit(nogil=True)(_ascend)
    return compiled


def _ascend(packed, terminal, leaf_cap, slot, other, stride, others, cap, on_a, on_b, total):  # type: ignore[no-untyped-def]
    """`IntegerCuts.values` for one block; `packed` is transposed: (bytes, batch)."""
    batch, zero = packed.shape[1], cap.dtype.type(0)
    for leaf in range(len(terminal)):
        sides, bit = packed[terminal[leaf] // 8], np.uint8(128 >> (terminal[leaf] % 8))
        for k in range(batch):
            cost = leaf_cap[leaf] if sides[k] & bit else zero
            on_b[leaf, k] = cost
            on_a[leaf, k] = leaf_cap[leaf] - cost
    for node in range(len(slot)):
        p, q = on_b[slot[node]], on_a[slot[node]]
        for j in range(others[node]):
            below_b, below_a = on_b[other[node] + j * stride[node]], on_a[other[node] + j * stride[node]]
            for k in range(batch):
                p[k] += below_b[k]
                q[k] += below_a[k]
        for k in range(batch):
            capped_p, capped_q = min(p[k], cap[node]), min(q[k], cap[node])
            common = min(capped_p, capped_q)
            p[k] = capped_p - common
            q[k] = capped_q - common
            total[k] += common
