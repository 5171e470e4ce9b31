"""Windows on grids, as ragged rows: for each output location the input locations that it multiplies."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import SpecError
from ..tools.arrays import BoolArray, IntArray, ranges, rows, starts
from ..tools.words import shown

Grid = tuple[int, ...]
Windows = tuple[IntArray, IntArray, Grid]  # start and input locations of each window, and the grid of outputs

FACTOR_LIMIT = 2**26


def square_windows(
    grid: Grid, window: Sequence[int], stride: Sequence[int], dilation: Sequence[int], padding: str
) -> Windows:
    """Contiguous (or dilated) windows, axis by axis."""
    axes = list(zip(grid, window, stride, dilation, strict=True))
    out = square_outputs(grid, window, stride, dilation, padding)
    along = [_positions(lengths, count, padding) for lengths, count in zip(axes, out, strict=True)]
    if padding != "same":
        index, _ = _joint(grid, [places % size for places, size in zip(along, grid, strict=True)])
        return starts(np.full(len(index), index.shape[1])), index.ravel(), out
    start, flat = _inside(grid, along)
    if (np.diff(start) == 0).any():
        raise SpecError("a window lies wholly in the padding; take a smaller dilation or window")
    return start, flat, out


def square_outputs(
    grid: Grid, window: Sequence[int], stride: Sequence[int], dilation: Sequence[int], padding: str
) -> Grid:
    """The grid that such windows leave."""
    axes = zip(grid, window, stride, dilation, strict=True)
    out = tuple(_outputs(axis, *lengths, padding) for axis, lengths in enumerate(axes))
    if math.prod(out) * math.prod(window) > FACTOR_LIMIT:
        raise SpecError(
            f"{shown(math.prod(out))} windows of {shown(math.prod(window))} locations "
            f"are over the limit of {FACTOR_LIMIT} factors"
        )
    return out


def padded_windows(
    grid: Grid, window: Sequence[int], stride: Sequence[int], dilation: Sequence[int], pads: Sequence[int]
) -> Windows:
    """Windows on a grid with `pads` locations before every axis, then after every axis, as ONNX lists them.

    What lies outside the grid is dropped, so a window wholly in the padding is an empty row.
    """
    along: list[IntArray] = []
    out: list[int] = []
    for axis, (size, width, step, gap) in enumerate(zip(grid, window, stride, dilation, strict=True)):
        before, after = pads[axis], pads[len(grid) + axis]
        count = _outputs(axis, size + before + after, width, step, gap, "valid")
        _refuse_many(count * width)
        along.append(np.arange(count)[:, None] * step + np.arange(width) * gap - before)
        out.append(count)
    _refuse_many(math.prod(places.size for places in along))
    return *_inside(grid, along), tuple(out)


def _joint(grid: Grid, along: Sequence[IntArray]) -> tuple[IntArray, BoolArray]:
    """Positions along every axis, (windows, width) each, to those of the grid, and whether they lie inside."""
    index, inside = np.zeros((1, 1), dtype=np.int64), np.ones((1, 1), dtype=bool)
    for size, places in zip(grid, along, strict=True):
        index = _pairs(np.add, index * size, places)
        inside = _pairs(np.logical_and, inside, (places >= 0) & (places < size))
    return index, inside


def _inside(grid: Grid, along: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """The windows without what lies outside the grid, as rows."""
    index, inside = _joint(grid, along)
    return starts(inside.sum(axis=1)), index[inside]


def _refuse_many(factors: int) -> None:
    if factors > FACTOR_LIMIT:
        raise SpecError(f"{shown(factors)} factors are over the limit of {FACTOR_LIMIT}")


def _positions(lengths: tuple[int, int, int, int], count: int, padding: str) -> IntArray:
    """(count, width) the positions that the windows along one axis hold; with padding same, some lie outside."""
    size, width, step, gap = lengths
    if padding == "same":
        # So far apart, all locations of a window but its middle lie outside anyway; 64 bits hold their positions.
        gap = min(gap, 4 * size)
    left = 0 if padding == "valid" else max((count - 1) * step + (width - 1) * gap + 1 - size, 0) // 2
    if padding == "circular":
        # Only remainders count, and 64 bits hold what they add up to.
        gap, left = gap % size, left % size
    return np.arange(count)[:, None] * step + np.arange(width) * gap - left


def _outputs(axis: int, size: int, width: int, step: int, gap: int, padding: str) -> int:
    span = (width - 1) * gap + 1
    if padding != "valid":
        return -(-size // step)
    if span > size:
        raise SpecError(f"the window spans {span} locations on axis {axis}, of {size}; it falls outside")
    return (size - span) // step + 1


def _pairs(operation: np.ufunc, left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """(n, a) and (m, b) to (n m, a b): the operation on every pair, windows and what they hold both row-major."""
    joined: NDArray[Any] = operation(left[:, None, :, None], right[None, :, None, :])
    return joined.reshape(len(left) * len(right), -1)


def mirror_windows(grid: Grid, window: Sequence[int]) -> Windows:
    """Each location with its reflections about the middle: an axis is folded once for each factor 2 of its window."""
    index, out = np.zeros((1, 1), dtype=np.int64), mirror_outputs(grid, window)
    for size, width in zip(grid, window, strict=True):
        along = np.arange(size // width)[:, None]
        folded = size // width
        while folded < size:
            along = np.concatenate((along, 2 * folded - 1 - along), axis=1)
            folded *= 2
        index = _pairs(np.add, index * size, along)
    return starts(np.full(len(index), index.shape[1])), index.ravel(), out


def mirror_outputs(grid: Grid, window: Sequence[int]) -> Grid:
    """The grid that they leave."""
    for axis, (size, width) in enumerate(zip(grid, window, strict=True)):
        if width & (width - 1) or size % width:
            raise SpecError(
                f"mirror windows fold an axis in halves; {size} locations on axis {axis} do not fold {width}-fold"
            )
    return tuple(size // width for size, width in zip(grid, window, strict=True))


def explicit_windows(windows: Sequence[Sequence[int]], grid: Grid) -> Windows:
    """Windows given as lists of row-major positions; the outputs stand in a line."""
    start, flat = rows(windows)
    return start, flat, explicit_outputs(windows, grid)


def explicit_outputs(windows: Sequence[Sequence[int]], grid: Grid) -> Grid:
    """The line that they leave."""
    for number, window in enumerate(windows):
        if max(window) >= math.prod(grid):
            outside = next(place for place in window if place >= math.prod(grid))
            raise SpecError(f"window {number} reads location {outside}, of 0 to {math.prod(grid) - 1}")
    return (len(windows),)


def join(outer_start: IntArray, outer: IntArray, start: IntArray, flat: IntArray) -> tuple[IntArray, IntArray]:
    """Rows of rows, joined: the product over windows of products over windows."""
    count = start[outer + 1] - start[outer]
    ends = np.concatenate(([0], np.cumsum(count)))
    return ends[outer_start], flat[ranges(start[outer], count)]
