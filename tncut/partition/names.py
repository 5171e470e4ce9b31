"""The one registry of partition names: what each name means, whoever asks.

A name stands for a family of partitions: of one (odd-even, prefix:3) or of many (prefix, random:100). What it means
depends on the grid of the sites alone. Side A is True.
"""

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import PartitionError
from ..tools.arrays import BoolArray
from ..tools.words import shown
from .masks import read_mask

LABEL = "y"

Grid = tuple[int, ...]
Member = tuple[str, BoolArray]  # its own name, and the sides of its sites


@dataclass(frozen=True)
class Members:
    """The partitions of a family, listed one after another each time that they are asked for."""

    count: int
    listed: Callable[[], Iterator[Member]]


@dataclass(frozen=True)
class Name:
    """One form of a name: how a user writes it, what it means, and the family that it stands for."""

    form: str
    meaning: str
    pattern: str
    members: Callable[..., Members]  # of the grid and the groups of the pattern

    def match(self, text: str) -> "re.Match[str] | None":
        return re.fullmatch(self.pattern, text, re.DOTALL)


def alternating(grid: Grid, width: str = "1") -> Members:
    if int(width) < 1:
        raise PartitionError(f"alternating runs have a width of 1 or more; given: {width}")
    return _one(f"alternating:{int(width)}", np.arange(math.prod(grid)) // int(width) % 2 == 0)


def odd_even(grid: Grid) -> Members:
    return _one("odd-even", np.arange(math.prod(grid)) % 2 == 0)


def halves(grid: Grid, axis: str) -> Members:
    if int(axis) >= len(grid):
        raise PartitionError(f"there is no axis {axis} to halve; the axes are 0 to {len(grid) - 1}")
    return _one(f"halves:{int(axis)}", _first_half(grid, int(axis)))


def left_right(grid: Grid) -> Members:
    return _one("left-right", _first_half(grid, len(grid) - 1))


def top_bottom(grid: Grid) -> Members:
    if len(grid) < 2:
        raise PartitionError("top-bottom needs a grid of two axes or more; use left-right on a line of sites")
    return _one("top-bottom", _first_half(grid, len(grid) - 2))


def checkerboard(grid: Grid) -> Members:
    parity = np.asarray(sum(np.indices(grid, sparse=True))) % 2
    return _one("checkerboard", parity.ravel() == 0)


def prefix(grid: Grid, length: str) -> Members:
    total = math.prod(grid)
    if int(length) > total:
        raise PartitionError(f"a prefix has 0 to {total} sites; given: {length}")
    return _one(f"prefix:{int(length)}", np.arange(total) < int(length))


def prefixes(grid: Grid) -> Members:
    total = math.prod(grid)
    order = np.arange(total)
    return Members(total - 1, lambda: ((f"prefix:{length}", order < length) for length in range(1, total)))


def block(grid: Grid, start: str, shape: str) -> Members:
    first, lengths = ([int(n) for n in re.split("[,x]", part)] for part in (start, shape))
    if not len(first) == len(lengths) == len(grid):
        raise PartitionError(f"a block on a {_join(grid, 'x')} grid needs {len(grid)} starts and {len(grid)} lengths")
    for axis, (low, length, size) in enumerate(zip(first, lengths, grid, strict=True)):
        if low + length > size:
            raise PartitionError(f"the block covers {low} to {low + length - 1} on axis {axis}, of 0 to {size - 1}")
    return _one(*_box(grid, first, lengths))


def blocks_of_shape(grid: Grid, shape: str) -> Members:
    lengths = [int(n) for n in shape.split("x")]
    if len(lengths) != len(grid) or any(not 1 <= n <= size for n, size in zip(lengths, grid, strict=True)):
        raise PartitionError(f"'block:{shape}' does not fit: the grid of the sites is {_join(grid, 'x')}")
    starts = [size - n + 1 for n, size in zip(lengths, grid, strict=True)]
    return Members(math.prod(starts), lambda: (_box(grid, start, lengths) for start in np.ndindex(*starts)))


def growing_blocks(grid: Grid) -> Members:
    """Cubes in the middle of the grid, cut off where the grid ends."""

    def listed() -> Iterator[Member]:
        for length in range(1, max(grid)):
            shape = [min(length, size) for size in grid]
            yield _box(grid, [(size - n) // 2 for n, size in zip(shape, grid, strict=True)], shape)

    return Members(max(grid) - 1, listed)


def canonical(grid: Grid) -> Members:
    widths = [2**power for power in range(math.prod(grid).bit_length() - 1)]
    return Members(
        len(widths), lambda: itertools.chain.from_iterable(alternating(grid, str(width)).listed() for width in widths)
    )


def dyadic(grid: Grid) -> Members:
    """Cubes whose length is a power of two, at the multiples of it, cut off where the grid ends; never all sites."""
    lengths = [2**power for power in range((max(grid) - 1).bit_length())]

    def listed() -> Iterator[Member]:
        for length in lengths:
            for start in itertools.product(*(range(0, size, length) for size in grid)):
                shape = [min(length, size - low) for size, low in zip(grid, start, strict=True)]
                if length == 1 or 2 * max(shape) > length:  # what is cut off further is a smaller cube, too
                    yield _box(grid, start, shape)

    cubes = sum(math.prod(-(-size // length) for size in grid) for length in lengths)
    repeated = sum(all(0 < 2 * (size % length) <= length for size in grid) for length in lengths)
    return Members(cubes - repeated, listed)


def random_half(grid: Grid, seed: str) -> Members:
    total = math.prod(grid)
    return _one(f"random:seed={int(seed)}", np.random.default_rng(int(seed)).permutation(total) < total // 2)


def mask(grid: Grid, file: str) -> Members:
    return _one(f"mask:{file}", read_mask(Path(file), math.prod(grid)))


# A form stands before those whose pattern also matches it. The families `all` and `random:COUNT` are in families.py:
# they are too large to be listed one by one.
NAMES = (
    Name("odd-even", "every second site in row-major order: 0, 2, 4, ...", "odd-even", odd_even),
    Name("left-right", "the first half of the last axis", "left-right", left_right),
    Name("top-bottom", "the first half of the rows of a grid", "top-bottom", top_bottom),
    Name("checkerboard", "the sites whose coordinates have an even sum", "checkerboard", checkerboard),
    Name("halves:AXIS", "the first half of one axis", r"halves:(\d{1,18})", halves),
    Name("prefix:K", "the first K sites in row-major order", r"prefix:(\d{1,18})", prefix),
    Name("alternating:WIDTH", "every second run of WIDTH sites", r"alternating:(\d{1,18})", alternating),
    Name(
        "block:START:SHAPE",
        "the box of this shape at this corner, as block:0,0:2x2",
        r"block:(\d{1,18}(?:,\d{1,18})*):(\d{1,18}(?:x\d{1,18})*)",
        block,
    ),
    Name("random:seed=SEED", "half of the sites, drawn without bias", r"random:seed=(\d{1,18})", random_half),
    Name("mask:FILE", "the sites that are not zero in a file (npy, png, txt)", r"mask:(.+)", mask),
    Name("prefix", "many: the first 1, 2, ... sites", "prefix", prefixes),
    Name("block", "many: growing boxes in the middle of the grid", "block", growing_blocks),
    Name(
        "block:SHAPE", "many: this box at every place, as block:4x4", r"block:(\d{1,18}(?:x\d{1,18})*)", blocks_of_shape
    ),
    Name("canonical", "many: alternating runs of 1, 2, 4, ... sites", "canonical", canonical),
    Name("dyadic", "many: cubes of 1, 2, 4, ... sites along each axis, at the multiples of it", "dyadic", dyadic),
)


def site_list(text: str, grid: Grid, *, label: bool) -> BoolArray:
    """The sides that a list of sites gives, 0-3,8 or 0-3,y: (sites,), and one more for the label of an open output.

    The label has a number too, the one after that of the last site.
    """
    sites = math.prod(grid)
    sides = np.zeros(sites + label, dtype=bool)
    for item in (part.strip() for part in text.split(",")):
        found = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", item)
        if found is None and not (item == LABEL and label):
            raise PartitionError(f"{shown(item)} in partition {shown(text)} is no site; write for example 0-3,8")
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (sites, sites)
        if last < first:
            raise PartitionError(f"the range {item} of partition {shown(text)} runs backwards")
        if last >= len(sides):
            raise PartitionError(f"there is no site {last}; the sites are 0 to {len(sides) - 1}")
        if sides[first : last + 1].any():
            twice = first + int(np.argmax(sides[first : last + 1]))
            raise PartitionError(f"site {twice} is given 2 times; each site lies on one side, once")
        sides[first : last + 1] = True
    return sides


def _one(name: str, sides: BoolArray) -> Members:
    return Members(1, lambda: iter([(name, sides)]))


def _first_half(grid: Grid, axis: int) -> BoolArray:
    """The smaller half, if the length of the axis is odd."""
    first = np.indices(grid, sparse=True)[axis] < grid[axis] // 2
    return np.broadcast_to(first, grid).ravel()


def _box(grid: Grid, start: Sequence[int], shape: Sequence[int]) -> Member:
    sides = np.zeros(grid, dtype=bool)
    sides[tuple(slice(low, low + length) for low, length in zip(start, shape, strict=True))] = True
    return f"block:{_join(start, ',')}:{_join(shape, 'x')}", sides.ravel()


def _join(values: Sequence[int], by: str) -> str:
    return by.join(str(value) for value in values)
