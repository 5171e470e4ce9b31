"""Integer arrays with rows of different lengths, as circuits and networks hold them.

All rows lie one after another in one flat array. Row i is flat[start[i] : start[i + 1]] (the CSR layout).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups, each group with an owner; rows of one group lie one after another."""

    owners: IntArray  # (groups,) increasing
    start: IntArray  # (groups,) the first row of each group

    @classmethod
    def of(cls, owner: IntArray) -> "Groups":
        """Groups of equal values; `owner`: (rows,) not decreasing."""
        start = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])) if len(owner) else owner
        return cls(owner[start], start)

    def any(self, rows: BoolArray, owners: int) -> BoolArray:
        """(owners, ...) whether any row of each owner is true."""
        found = np.zeros((owners, *rows.shape[1:]), dtype=bool)
        if len(self.start):
            found[self.owners] = np.logical_or.reduceat(rows, self.start, axis=0)
        return found


def ranges(start: IntArray, count: IntArray) -> IntArray:
    """The integers start[0], start[0] + 1, ..., count[0] of them; then those from start[1]; and so on.

    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    result: IntArray = np.arange(total) + np.repeat(start - (ends - count), count)
    return result


def starts(count: IntArray) -> IntArray:
    """(rows + 1,) where each row begins in the flat array, and where the last row ends, from the rows' lengths.

    >>> starts(np.array([2, 3]))
    array([0, 2, 5])
    """
    result = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=result[1:])
    return result


def rows(lists: Sequence[Iterable[int]]) -> tuple[IntArray, IntArray]:
    """Lists of integers as (start, flat).

    >>> rows([[5, 6], [7]])
    (array([0, 2, 3]), array([5, 6, 7]))
    """
    listed = [list(row) for row in lists]
    flat = np.array([item for row in listed for item in row], dtype=np.int64)
    return starts(np.array([len(row) for row in listed], dtype=np.int64)), flat


def row_sums(values: NDArray[np.int64], start: IntArray) -> NDArray[np.int64]:
    """The sum of each row; `values` is the flat array, or has it as its first axis. An empty row sums to 0."""
    total = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    np.cumsum(values, axis=0, out=total[1:])
    return total[start[1:]] - total[start[:-1]]


def occurrence(values: IntArray) -> IntArray:
    """For each value, the number of equal values before it.

    >>> occurrence(np.array([7, 4, 7, 7]))
    array([0, 0, 1, 2])
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1])) if len(values) else np.zeros(0, dtype=bool)
    begin = np.flatnonzero(first)
    result = np.empty(len(values), dtype=np.int64)
    result[order] = np.arange(len(values)) - np.repeat(begin, np.diff(np.append(begin, len(values))))
    return result


def product(values: IntArray) -> int:
    """The product as an exact Python integer; equal values are raised to a power, not multiplied one by one.

    >>> product(np.array([2, 3, 2]))
    12
    """
    distinct, times = np.unique(values, return_counts=True)
    return math.prod(int(value) ** int(n) for value, n in zip(distinct.tolist(), times.tolist(), strict=True))


def read_only(array: AnyArray) -> AnyArray:
    """The same array, which nobody can write to any more."""
    array.flags.writeable = False
    return array
