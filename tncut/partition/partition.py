"""Partitions of the sites in two sides, A and B."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import PartitionError
from ..tools.arrays import BoolArray, IntArray
from ..tools.values import as_integer
from ..tools.words import shown
from .families import Family, family


@dataclass(frozen=True, eq=False)
class Partition:
    """A side for every site: True for A, False for B. The label of an open output is one more site, the last."""

    sides: BoolArray  # (sites,)
    name: str = ""

    def __post_init__(self) -> None:
        sides = np.array(self.sides)
        if sides.ndim != 1 or not len(sides):
            raise PartitionError(f"a partition is one row of sides, one for each site; given: shape {sides.shape}")
        if sides.dtype != bool:
            raise PartitionError(f"the sides of a partition are booleans, True for side A; given: {sides.dtype}")
        sides.flags.writeable = False
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "name", self.name or _site_list(self.sites_a))

    def __len__(self) -> int:
        return len(self.sides)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partition) and np.array_equal(self.sides, other.sides)

    def __hash__(self) -> int:
        return hash(self.sides.tobytes())

    def _repr_html_(self) -> str | None:
        """The sites in rows, as notebooks show it; None, so that text stands in, above 4096 sites."""
        from ..draw.notebook import partition_html

        return partition_html(self)

    @property
    def sites_a(self) -> IntArray:
        """The sites of side A, in order."""
        return np.flatnonzero(self.sides)

    @property
    def sites_b(self) -> IntArray:
        """The sites of side B, in order."""
        return np.flatnonzero(~self.sides)

    @classmethod
    def of(cls, sites: int, side_a: Iterable[int], *, name: str = "") -> "Partition":
        """The partition with these sites on side A.

        >>> Partition.of(4, {0, 2}).sides
        array([ True, False,  True, False])
        """
        chosen = list(side_a)
        for site in chosen:
            number = as_integer(site)
            if number is None or not 0 <= number < sites:
                raise PartitionError(f"there is no site {shown(site)}; the sites are 0 to {sites - 1}")
        site, times = Counter(chosen).most_common(1)[0] if chosen else (0, 1)
        if times > 1:
            raise PartitionError(f"site {site} is given {times} times; each site lies on one side, once")
        sides = np.zeros(sites, dtype=bool)
        sides[chosen] = True
        return cls(sides, name)

    @classmethod
    def parse(cls, text: str, sites: int | Sequence[int], *, label: bool = False) -> "Partition":
        """The one partition that a name stands for, on a line of so many sites or on a grid of them.

        Names: odd-even, left-right, top-bottom, checkerboard, halves:AXIS, block:START:SHAPE (block:0,0:2x2), prefix:K,
        alternating:WIDTH, random:seed=SEED. Side A by its sites: 0-3,8. A file: mask:FILE (npy, png, txt), where what
        is not zero is side A. With `label` the label of an open output is one more site, on side B unless `y` is in
        the list of sites, or `+y` after a name. A PartitionError for a name of many partitions.
        """
        name, sides = family(text, _grid(sites), label=label).only
        return cls(sides, name)

    @classmethod
    def parse_all(cls, text: str, sites: int | Sequence[int], *, label: bool = False) -> "Iterator[Partition]":
        """All partitions that a name stands for, one after another: many for canonical, all, random:COUNT, ..."""
        return listed(family(text, _grid(sites), label=label))


def listed(named: Family) -> Iterator[Partition]:
    """The partitions of a family, one after another."""
    return (Partition(sides, name) for name, sides in named.listed())


def _grid(sites: int | Sequence[int]) -> tuple[int, ...]:
    grid = (int(sites),) if isinstance(sites, int | np.integer) else tuple(int(n) for n in sites)
    if not grid or min(grid) < 1:
        raise PartitionError(f"a grid of sites needs at least one site on each axis; given: {grid}")
    return grid


def _site_list(sites: IntArray) -> str:
    """Site numbers in the text form of side A, runs shortened.

    >>> _site_list(np.array([0, 1, 2, 5]))
    '0-2,5'
    """
    runs = np.split(sites, np.flatnonzero(np.diff(sites) > 1) + 1)
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs if len(run))
