"""The one door for partitions: every form in which a user may give one, checked against what it splits."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import PartitionError
from ..tools.bits import ByteArray, cleared, pack, packed_width, unpack
from ..tools.words import nearest, shown
from .families import Family, family
from .partition import Partition, listed

# A name of one partition, the sites of side A, a boolean for every side (True: A), or a Partition.
Split = Partition | str | Collection[int] | NDArray[Any]
# A name of a family, a Partition, (batch, sides) booleans, (batch, ceil(sides / 8)) packed bytes, or a list of forms.
Splits = Partition | str | NDArray[Any] | Sequence[Split]

NAMED = "sites:"


@dataclass(frozen=True)
class Terminals:
    """What a partition splits: sites on a grid, and the label as one more, the last, if the output is open."""

    grid: tuple[int, ...]
    label: bool = False
    names: tuple[str, ...] | None = None  # of the sites; then `sites:NAME,NAME` and lists of names stand for side A

    def __len__(self) -> int:
        """The sides that a partition must give."""
        return math.prod(self.grid) + self.label

    def family(self, name: str) -> Family:
        """The partitions that a name stands for."""
        if self.names is not None and name.startswith(NAMED):
            sides = np.isin(np.arange(len(self)), self._numbers(self._split(name.removeprefix(NAMED))))
            return Family(name, 1, len(self), lambda: iter([pack(sides[None])]), lambda: iter([(name, sides)]))
        return family(name, self.grid, label=self.label)

    def partition(self, split: Split) -> Partition:
        """A partition in any of its forms; a PartitionError if it is none, or one of other sites."""
        if isinstance(split, str):
            name, sides = self.family(split).only
            return Partition(sides, name)
        found = split if isinstance(split, Partition) else self._from_values(split)
        if len(found) != len(self):
            with_label = f" ({len(self) - 1} sites and the label)" if self.label else ""
            raise PartitionError(f"the partition has {len(found)} sides; the network needs {len(self)}{with_label}")
        return found

    def partitions(self, splits: Splits) -> Iterator[Partition]:
        """The partitions of a batch, one after another; each name in a list may stand for many.

        All names are checked before the first partition is given.
        """
        if isinstance(splits, np.ndarray):
            return (Partition(row) for row in unpack(self._packed_array(splits), len(self)))
        given = [splits] if isinstance(splits, str | Partition) else _listed(splits)
        return chain.from_iterable([self._members(split) for split in given])

    def _members(self, split: Split) -> Iterable[Partition]:
        return listed(self.family(split)) if isinstance(split, str) else [self.partition(split)]

    def packed(self, splits: Splits) -> ByteArray:
        """(batch, bytes) a batch as numpy.packbits(sides, axis=1) gives it."""
        if isinstance(splits, str):
            return self.family(splits).packed
        if isinstance(splits, np.ndarray):
            return self._packed_array(splits)
        sides = [split.sides for split in self.partitions(splits)]
        return pack(np.array(sides, dtype=bool).reshape(-1, len(self)))

    def _split(self, text: str) -> list[str]:
        """Names between commas, the longest ones that exist: a name may hold commas itself."""
        words, known, found = text.split(","), set(self.names or ()), []
        while words:
            ends = (end for end in range(len(words), 0, -1) if ",".join(words[:end]) in known)
            end = next(ends, 1)
            found.append(",".join(words[:end]))
            words = words[end:]
        return found

    def _numbers(self, names: Sequence[str]) -> list[int]:
        """The sites with these names."""
        known = {name: site for site, name in enumerate(self.names or ())}
        for name in names:
            if name not in known:
                raise PartitionError(f"no site is called {shown(name)}; {nearest(name, known)}")
        return [known[name] for name in names]

    def _from_values(self, split: Collection[int] | NDArray[Any]) -> Partition:
        """Booleans are the sides themselves, integers the sites of side A."""
        if not isinstance(split, Collection) or isinstance(split, bytes | bytearray | dict):
            raise PartitionError(
                f"type {type(split).__name__} is no partition; give its name, its sites of side A, or booleans"
            )
        if isinstance(split, np.ndarray):
            if split.ndim != 1 or split.dtype.kind not in "biu":
                raise PartitionError(
                    f"a partition is one row of booleans or of sites; given: {split.dtype} of shape {split.shape}"
                )
            return Partition(split) if split.dtype == bool else Partition.of(len(self), split.tolist())
        if self.names is not None and split and all(isinstance(name, str) for name in split):
            return Partition.of(len(self), self._numbers([str(name) for name in split]))
        if isinstance(split, Sequence) and split and all(isinstance(side, bool | np.bool_) for side in split):
            return Partition(np.array(split, dtype=bool))
        return Partition.of(len(self), split)

    def _packed_array(self, sides: NDArray[Any]) -> ByteArray:
        width = packed_width(len(self))
        # One byte for one side could be packed bits, or the side itself.
        if sides.dtype == np.uint8 and sides.ndim == 2 and sides.shape[1] == width and len(self) > 1:
            return cleared(sides, len(self))
        if sides.dtype != bool or sides.ndim != 2 or sides.shape[1] != len(self):
            raise PartitionError(
                f"the sides must be booleans of shape (batch, {len(self)}) or packed bytes of shape "
                f"(batch, {width}); given: {sides.dtype} of shape {sides.shape}"
            )
        return pack(sides)


def _listed(splits: object) -> Iterator[Split]:
    if not isinstance(splits, Sequence) or isinstance(splits, bytes | bytearray):
        raise PartitionError(
            f"type {type(splits).__name__} is no batch of partitions; give the name of a family, a list, or booleans"
        )
    return iter(splits)
