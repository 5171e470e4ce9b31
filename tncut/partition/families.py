"""Families of partitions by name, as blocks of packed bits: never all of a large family in memory at once."""

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from ..errors import PartitionError, SizeError
from ..tools.bits import ByteArray, cleared, pack, packed_width, unpack
from ..tools.memory import refuse_above
from ..tools.words import shown
from .names import LABEL, NAMES, Grid, Member, Members, site_list

BLOCK = 2**16  # partitions
BLOCK_BYTES = 2**24
MOST_COUNTED = 62  # sides of which all splits are numbered by 64-bit integers
ALL = "all"
DRAWN = r"random:(\d{1,15})(?::(\d{1,15}))?"
FORMS = (*(name.form for name in NAMES), ALL, "random:COUNT", "random:COUNT:SEED", "sites of side A such as 0-3,8")
REVERSED = np.packbits(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)[:, ::-1], axis=1).ravel()


@dataclass(frozen=True)
class Family:
    """The partitions that a name stands for: one, or many. The label of an open output is the last side."""

    name: str
    count: int
    terminals: int  # sides of each partition
    blocks: Callable[[], Iterator[ByteArray]]  # (any number, bytes) each
    listed: Callable[[], Iterator[Member]]  # their own names, and (terminals,) sides

    @property
    def packed(self) -> ByteArray:
        """(count, bytes) all of them at once; refused if they and their bounds would not fit memory."""
        width = packed_width(self.terminals)
        refuse_above(None, self.count * (2 * width + 16), f"family {shown(self.name)} of {self.count} partitions")
        return np.concatenate([np.zeros((0, width), dtype=np.uint8), *self.blocks()])

    @property
    def only(self) -> Member:
        """The one partition of a family of one; a PartitionError for any other family."""
        if self.count == 1:
            return next(self.listed())
        drawn = re.fullmatch(DRAWN, self.name)
        hint = f"; random:seed={drawn[1]} is one partition, drawn with seed {drawn[1]}" if drawn else ""
        raise PartitionError(f"{shown(self.name)} names {self.count} partitions where one is needed{hint}")


def family(text: str, grid: Grid, *, label: bool = False) -> Family:
    """The family that a name stands for, on a grid of sites; names.py lists the names.

    `all`: every split in two sides once (the last side is B). `random:COUNT` and `random:COUNT:SEED`: every side drawn
    by itself. The label of an open output lies on side B; `+y` at the end of a name puts it on side A.
    """
    words = text.strip()
    if not words:
        raise PartitionError("the partition is empty text; write for example odd-even, or 0-3,8")
    name, label_on_a = words.removesuffix(f"+{LABEL}"), words.endswith(f"+{LABEL}")
    if label_on_a and not label:
        raise PartitionError(f"{shown(text)} places a label, but the output is not open")
    terminals = math.prod(grid) + label
    if name == ALL:
        return _all(words, terminals, label_on_a)
    if drawn := re.fullmatch(DRAWN, name):
        count, seed = int(drawn[1]), int(drawn[2] or 0)
        return _unlisted(words, count, terminals, lambda: _drawn(count, seed, terminals, label_on_a if label else None))
    if name[:1].isdigit() or name == LABEL:
        members = _listed_sites(words, f"{name},{LABEL}" if label_on_a else name, grid, label)
    else:
        members = _with_label(_registered(name, words, grid), label_on_a) if label else _registered(name, words, grid)
    return Family(words, members.count, terminals, lambda: _stacked(members.listed(), terminals), members.listed)


def _listed_sites(words: str, sites: str, grid: Grid, label: bool) -> Members:
    sides = site_list(sites, grid, label=label)
    return Members(1, lambda: iter([(words, sides)]))


def _with_label(members: Members, on_a: bool) -> Members:
    """The same partitions of the sites, with the label of an open output as the last side."""
    suffix = f"+{LABEL}" if on_a else ""
    return Members(members.count, lambda: ((name + suffix, np.append(sides, on_a)) for name, sides in members.listed()))


def _registered(name: str, words: str, grid: Grid) -> Members:
    """What the registry says of a name."""
    for known in NAMES:
        if found := known.match(name):
            return known.members(grid, *found.groups())
    near = get_close_matches(name, FORMS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(FORMS)}"
    raise PartitionError(f"unknown partition {shown(words)}; {hint}")


def _all(name: str, terminals: int, label_on_a: bool) -> Family:
    if label_on_a:
        raise PartitionError(f"{shown(name)} places the label, which side B keeps where all splits are listed once")
    if terminals > MOST_COUNTED:
        raise SizeError(f"{terminals} sides have 2^{terminals - 1} splits; all are listed up to {MOST_COUNTED} sides")
    count = 2 ** (terminals - 1)
    return _unlisted(name, count, terminals, lambda: _counting(count, terminals))


def _unlisted(name: str, count: int, terminals: int, blocks: Callable[[], Iterator[ByteArray]]) -> Family:
    """A family that is computed block by block; its partitions have no names of their own."""

    def listed() -> Iterator[Member]:
        for packed in blocks():
            for sides in unpack(packed, terminals):
                yield "", sides

    return Family(name, count, terminals, blocks, listed)


def _stacked(members: Iterator[Member], terminals: int) -> Iterator[ByteArray]:
    rows = max(BLOCK_BYTES // terminals, 1)
    while some := [sides for _, sides in itertools.islice(members, rows)]:
        yield pack(np.array(some))


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
