"""Rank bounds over many partitions of one network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ...errors import MethodError
from ...mincut import Cut
from ...network import Subject, build
from ...partition import Partition, Splits, Terminals
from ...tools.arrays import BoolArray
from ...tools.bits import ByteArray, unpack
from ..lower import NOTHING_SMALLER, LowerBound
from ..prepared import prepare
from ..symmetric import SymmetricCut
from ..upper import ADDED_RANKS, ALL_SITES, UpperBound
from . import table
from .all_sites import all_sites_ranks
from .solvers import Solved, Solver, solver_for

MOST_NAMED = 4096


@dataclass(frozen=True, eq=False, repr=False)
class Bounds:
    """The rank bounds over a batch of partitions: `bounds[i]` is the exact integer, `bits` all of them as logarithms.

    Proven for all weights, as in a `Report`; `lower` is proven for almost all unshared weights.
    """

    solved: Solved
    packed: ByteArray  # (batch, ceil(terminals / 8)) the partitions, as numpy.packbits(sides, axis=1)
    terminals: Terminals
    solver: Solver
    names: tuple[str, ...] | None = None  # of the partitions as they were asked for; None: their sites

    @classmethod
    def of(cls, solver: Solver, partitions: Splits, *, details: bool = False) -> "Bounds":
        """The bounds of what a solver was made for."""
        terminals = solver.prepared.terminals
        packed = terminals.packed(partitions)
        named = not isinstance(partitions, np.ndarray) and len(packed) <= MOST_NAMED
        names = tuple(split.name for split in terminals.partitions(partitions)) if named else None
        return cls(solver.solve(packed, details=details), packed, terminals, solver, names)

    def __len__(self) -> int:
        return len(self.packed)

    def __repr__(self) -> str:
        span = f", {self.bits.min():.6g} to {self.bits.max():.6g} bits" if len(self) else ""
        return f"<Bounds: {len(self)} partitions of {len(self.terminals)} sites{span}>"

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return self.ranks[index]
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no bound {index}; there are {len(self)}")
        return self.solved.ranks([index % len(self)])[0]

    def __iter__(self) -> Iterator[int]:
        return iter(self.ranks)

    @property
    def bits(self) -> NDArray[np.float64]:
        """(batch,) the entropy bounds: log2 of the rank bounds, in bits, rounded to floats."""
        return self.solved.bits

    @cached_property
    def ranks(self) -> list[int]:
        """All bounds, exact; computed when they are asked for."""
        return self.solved.ranks(range(len(self)))

    @property
    def lower(self) -> list[int]:
        """The rank that is proven from below for each partition, exact; computed when it is asked for."""
        return [bound.rank for bound in self.lower_bounds]

    @cached_property
    def lower_bounds(self) -> list[LowerBound]:
        """What is proven from below for each partition, with its source, as in a `Report`; without certificates."""
        return self.lower_bounds_at(range(len(self)))

    def lower_bounds_at(self, places: Sequence[int]) -> list[LowerBound]:
        """Those at these places alone."""
        ranks = [self.ranks[place] for place in places]
        met = self.solved.reached[list(places)].tolist()
        reached = {rank: self.solver.reached(rank) for rank in {*compress(ranks, met)} - {1}}
        found = [reached.get(rank, NOTHING_SMALLER) for rank in ranks]
        left = [k for k, rank in enumerate(ranks) if rank > 1 and not met[k]]
        if left:
            lower = self.solver.lower(self.packed[[places[k] for k in left]], [ranks[k] for k in left])
            for k, bound in zip(left, lower, strict=True):
                found[k] = bound
        return found

    def rows(self) -> list[dict[str, Any]]:
        """A row for each partition: both ends, what proves them, bits, and whether it is tight; integers exact."""
        return self._rows_at(list(range(len(self))), self.lower_bounds)

    def _rows_at(self, places: list[int], lower: list[LowerBound] | None = None) -> list[dict[str, Any]]:
        return [
            {
                "partition": self.partition(place).name,
                "rank_lower": least.rank,
                "rank_bound": self.ranks[place],
                "entropy_bound_bits": float(self.bits[place]),
                "tight": least.rank == self.ranks[place] or None,
                "upper": self.upper_bounds[place].name,
                "lower": least.proof,
            }
            for place, least in zip(places, lower or self.lower_bounds_at(places), strict=True)
        ]

    def text(self, top: int = 10) -> str:
        """A line for each partition, if there are many only the `top` largest and smallest ones, and a summary."""
        return table.text(self.bits, self.solved.reached, self._rows_at, top)

    @cached_property
    def upper_bounds(self) -> list[UpperBound]:
        """The smallest upper bound over each partition, with its name, as `Report.best`; without its cut."""
        of_sites = all_sites_ranks(self.solver.prepared.built, self.packed)
        found = []
        for rank, sites, cut in zip(self.ranks, of_sites, self.cut_ranks, strict=True):
            name = ALL_SITES if sites == rank else self.solver.cut_name if cut == rank else ADDED_RANKS
            found.append(UpperBound(name, rank))
        return found

    @cached_property
    def cut_ranks(self) -> list[int]:
        """The exact bounds of the cuts alone: where vectors are added, a sum of ranks may be smaller."""
        ranks = self.solved.cut_ranks
        return self.ranks if ranks is None else ranks(range(len(self)))

    @property
    def sides(self) -> BoolArray:
        """(batch, terminals) the partitions, True: side A."""
        return unpack(self.packed, len(self.terminals))

    def partition(self, index: int) -> Partition:
        """The partition of one bound."""
        name = "" if self.names is None else self.names[index]
        return Partition(unpack(self.packed[index][None], len(self.terminals))[0], name)

    def cut(self, index: int) -> Cut | SymmetricCut:
        """The cut at one place, asked for by details: a minimum cut; where units are re-used, the symmetric cut."""
        if self.solved.cut is None:
            raise MethodError("the cuts themselves were not asked for; give details=True")
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no cut {index}; there are {len(self)}")
        return self.solved.cut(index % len(self))


@overload
def bounds(
    architecture: Subject,
    partitions: Splits,
    *,
    details: bool = False,
    surrogate: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Bounds: ...


@overload
def bounds(
    architecture: Subject,
    partitions: Iterator[NDArray[Any]],
    *,
    details: bool = False,
    surrogate: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Iterator[Bounds]: ...


def bounds(
    architecture: Subject,
    partitions: Splits | Iterator[NDArray[Any]],
    *,
    details: bool = False,
    surrogate: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Bounds | Iterator[Bounds]:
    """The upper end of the Schmidt rank (as `bound` gives it) over many partitions.

    `partitions`: (batch, sites) booleans, True for side A; or (batch, ceil(sites / 8)) packed bytes, as
    numpy.packbits(sides, axis=1); or a list of partitions in any form; or the name of a family: prefix, block,
    block:4x4, canonical, all, random:COUNT, random:COUNT:SEED. An iterator of blocks of booleans or bytes gives an
    iterator of Bounds, so that memory is bounded however many there are. The label of an open output is one more site,
    the last. `details` keeps the cut of each partition; `workers` are threads, or processes where partitions are solved
    one by one; `block` is how many run at once: none of these changes a result.
    """
    solver = solver_for(prepare(build(architecture), surrogate=surrogate), workers=workers, block=block)
    if isinstance(partitions, Iterator):
        return (Bounds.of(solver, part, details=details) for part in partitions)
    return Bounds.of(solver, partitions, details=details)
