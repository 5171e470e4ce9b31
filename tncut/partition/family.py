"""Families of partitions, as blocks of packed bits: a few, or as many as one likes, never all in memory at once."""

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..errors import PartitionError, SizeError
from ..tools.bits import ByteArray, cleared, pack, packed_width
from ..tools.memory import refuse_above
from .partition import LABEL, Partition, block, prefix

BLOCK = 2**16  # partitions
BLOCK_BYTES = 2**24
MOST_COUNTED = 62
REVERSED = np.packbits(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)[:, ::-1], axis=1).ravel()
KNOWN = "prefix, block, block:4x4, canonical, all, random:COUNT, random:COUNT:SEED, or one partition such as odd-even"


@dataclass(frozen=True)
class Family:
    """So many partitions of `terminals` sides, the label of an open output among them."""

    name: str
    count: int
    terminals: int
    blocks: Callable[[], Iterator[ByteArray]]  # (any number, bytes) each

    @property
    def packed(self) -> ByteArray:
        """(count, bytes) all of them at once; refused if they and their bounds would not fit memory."""
        width = packed_width(self.terminals)
        refuse_above(None, self.count * (2 * width + 16), f"family {self.name!r} of {self.count} partitions")
        return np.concatenate([np.zeros((0, width), dtype=np.uint8), *self.blocks()])


def family(text: str, grid: tuple[int, ...], *, label: bool = False) -> Family:
    """The family that a text names, on a grid of sites.

    prefix: the first 1, 2, ... sites. block: growing boxes in the middle; block:4x4: this box at every place.
    canonical: dyadic runs. all: every split in two sides once (the last side is B). random:COUNT and
    random:COUNT:SEED: every side drawn by itself. A text that names a partition: that one. The label of an open output
    is the last side, B; `+y` at the end puts it on side A.
    """
    words, with_label = text.strip().removesuffix(f"+{LABEL}"), text.strip().endswith(f"+{LABEL}")
    if with_label and not label:
        raise PartitionError(f"{text!r} places a label, but the output is not open")
    terminals = math.prod(grid) + label
    if words == "all":
        if with_label:
            raise PartitionError(f"{text!r} places the label, which side B keeps where all splits are listed once")
        if terminals > MOST_COUNTED:
            raise SizeError(
                f"{terminals} sides have 2^{terminals - 1} splits; all are listed up to {MOST_COUNTED} sides"
            )
        count = 2 ** (terminals - 1)
        return Family(text, count, terminals, lambda: _counting(count, terminals))
    name, _, rest = words.partition(":")
    if name == "random" and (found := re.fullmatch(r"(\d{1,15})(?::(\d{1,15}))?", rest)):
        count, seed = int(found[1]), int(found[2] or 0)
        last = with_label if label else None
        return Family(text, count, terminals, lambda: _drawn(count, seed, terminals, last))
    count, listed = _listed(words, grid, text, label)
    return Family(text, count, terminals, lambda: _stacked(listed(), terminals, with_label))


def _listed(words: str, grid: tuple[int, ...], text: str, label: bool) -> tuple[int, Callable[[], Iterator[Partition]]]:
    """How many partitions a name stands for, and what lists them."""
    name, _, rest = words.partition(":")
    if words == "prefix":
        sites = math.prod(grid)
        return sites - 1, lambda: (prefix(grid, length) for length in range(1, sites))
    if words == "block":
        return max(grid) - 1, lambda: (_middle_box(grid, length) for length in range(1, max(grid)))
    if name == "block" and re.fullmatch(r"\d+(x\d+)*", rest):
        shape = tuple(int(n) for n in rest.split("x"))
        if len(shape) != len(grid) or any(not 1 <= n <= size for n, size in zip(shape, grid, strict=True)):
            raise PartitionError(f"{text!r} does not fit: the grid of the sites is {'x'.join(map(str, grid))}")
        starts = [size - n + 1 for n, size in zip(shape, grid, strict=True)]
        return math.prod(starts), lambda: (block(grid, start, shape) for start in np.ndindex(*starts))
    try:
        found = Partition.parse_all(text, grid, label=label)
    except PartitionError as error:
        unknown = PartitionError(f"unknown family {text!r}; choose from {KNOWN}")
        raise unknown if str(error).startswith("unknown partition") else error from None
    return len(found), lambda: iter(found)


def _middle_box(grid: tuple[int, ...], length: int) -> Partition:
    """The cube of this side length in the middle of the grid, cut off where the grid ends."""
    shape = [min(length, size) for size in grid]
    return block(grid, [(size - n) // 2 for n, size in zip(shape, grid, strict=True)], shape)


def _stacked(partitions: Iterator[Partition], terminals: int, with_label: bool) -> Iterator[ByteArray]:
    rows = max(BLOCK_BYTES // terminals, 1)
    while some := list(itertools.islice(partitions, rows)):
        sides = np.full((len(some), terminals), with_label)
        for place, partition in enumerate(some):
            sides[place, : len(partition)] = partition.sides
        yield pack(sides)


def _counting(count: int, terminals: int) -> Iterator[ByteArray]:
    """The numbers below `count` in binary: terminal i lies on side A if bit i is set."""
    for at in range(0, count, BLOCK):
        numbers = np.arange(at, min(at + BLOCK, count), dtype="<u8")
        yield REVERSED[numbers.view(np.uint8).reshape(len(numbers), 8)[:, : packed_width(terminals)]]


def _drawn(count: int, seed: int, terminals: int, last: bool | None) -> Iterator[ByteArray]:
    """Random bytes; the last side is as given, if it is."""
    rng = np.random.default_rng(seed)
    for at in range(0, count, BLOCK):
        packed = rng.integers(0, 256, (min(BLOCK, count - at), packed_width(terminals)), dtype=np.uint8)
        if last is not None:
            bit = np.uint8(128 >> (terminals - 1) % 8)
            packed[:, -1] = packed[:, -1] | bit if last else packed[:, -1] & ~bit
        yield cleared(packed, terminals)
