"""Rank bounds over many partitions of one network."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ...architectures import Architecture, compile
from ...circuit import Circuit
from ...errors import MethodError, PartitionError
from ...mincut import Cut
from ...partition import Partition, family
from ...tools.arrays import BoolArray
from ...tools.bits import ByteArray, cleared, pack, packed_width, unpack
from ..bound import partition_of
from .solvers import Engine, engine_for

# Booleans, packed bits, partitions in any of their forms, or the name of a family.
Sides = NDArray[Any] | Sequence[Partition | str | Collection[int]] | str


@dataclass(frozen=True, eq=False, repr=False)
class Bounds:
    """The rank bounds over a batch of partitions: `bounds[i]` is the exact integer, `log2` all of them in bits.

    Proven for all weights, as in a `Report`; nothing is said here about the lower end. Exact integers that are not
    at hand are computed when they are asked for.
    """

    log2: NDArray[np.float64]  # (batch,) entropy bounds in bits, as TreeCuts.bits tells how exact
    packed: ByteArray  # (batch, ceil(terminals / 8)) the partitions, as numpy.packbits(sides, axis=1)
    terminals: int
    engine: Engine
    at_hand: list[int] | None
    tensor_sides: BoolArray | None  # (batch, tensors) with details: the sides of the unfolded network's tensors

    def __len__(self) -> int:
        return len(self.packed)

    def __repr__(self) -> str:
        span = f", {self.log2.min():.6g} to {self.log2.max():.6g} bits" if len(self) else ""
        return f"<Bounds: {len(self)} partitions of {self.terminals} sites{span}>"

    def __getitem__(self, place: int) -> int:
        if not -len(self) <= place < len(self):
            raise IndexError(f"there is no bound {place}; there are {len(self)}")
        if self.at_hand is not None:
            return self.at_hand[place]
        return self.engine.ranks(self.packed[place][None])[0]

    def __iter__(self) -> Iterator[int]:
        return iter(self.ranks)

    @cached_property
    def ranks(self) -> list[int]:
        """All bounds, exact."""
        return self.engine.ranks(self.packed) if self.at_hand is None else self.at_hand

    @property
    def sides(self) -> BoolArray:
        """(batch, terminals) the partitions, True: side A."""
        return unpack(self.packed, self.terminals)

    def partition(self, place: int) -> Partition:
        return Partition(unpack(self.packed[place][None], self.terminals)[0])

    def cut(self, place: int) -> Cut:
        """A minimum cut of the unfolded network: its bonds, names and layers; asked for by details.

        Where units are re-used the bound may be smaller: then it is the symmetric cut's.
        """
        if self.tensor_sides is None or self.engine.network is None:
            raise MethodError("the cuts themselves were not asked for; give details=True")
        split = self.partition(place)
        return Cut(self.engine.network, split, self.tensor_sides[place], self.engine.method, self.engine.certificate)


@overload
def bounds(
    architecture: Architecture | Circuit,
    sides: Sides,
    *,
    details: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Bounds: ...


@overload
def bounds(
    architecture: Architecture | Circuit,
    sides: Iterator[NDArray[Any]],
    *,
    details: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Iterator[Bounds]: ...


def bounds(
    architecture: Architecture | Circuit,
    sides: Sides | Iterator[NDArray[Any]],
    *,
    details: bool = False,
    workers: int = 1,
    block: int | None = None,
) -> Bounds | Iterator[Bounds]:
    """The upper end of the Schmidt rank (as `bound` gives it) over many partitions.

    `sides`: (batch, sites) booleans, True for side A; or (batch, ceil(sites / 8)) packed bytes, as
    numpy.packbits(sides, axis=1); or a list of partitions; or the name of a family: prefix, block, block:4x4,
    canonical, all, random:COUNT, random:COUNT:SEED. An iterator of blocks of booleans or bytes gives an iterator of
    Bounds, so that memory is bounded however many there are. The label of an open output is one more site, the last.
    `details` keeps a minimum cut of the unfolded network for each partition; `workers` are threads, or processes where
    partitions are solved one by one; `block` is how many run at once: none of these changes a result.
    """
    circuit = compile(architecture)
    if circuit.gate != "product":
        raise MethodError(f"the cut says nothing about {circuit.gate} gates; give the circuit's surrogate")
    engine = engine_for(circuit, workers=workers, block=block)
    if details and engine.network is None:
        raise MethodError("the circuit is not unfolded (it adds vectors, or is too large), so it has no cuts to keep")
    if isinstance(sides, Iterator):
        return (_solved(engine, circuit, part, details) for part in sides)
    return _solved(engine, circuit, sides, details)


def _solved(engine: Engine, circuit: Circuit, sides: Sides, details: bool) -> Bounds:
    packed = _packed(sides, circuit)
    log2, known = engine.solve(packed)
    return Bounds(log2, packed, len(circuit.terminal_dims), engine, known, engine.sides(packed) if details else None)


def _packed(sides: Sides, circuit: Circuit) -> ByteArray:
    terminals = len(circuit.terminal_dims)
    if isinstance(sides, str):
        return family(sides, circuit.grids[0], label=circuit.open_output is not None).packed
    if not isinstance(sides, np.ndarray | Sequence):
        kind = type(sides).__name__
        raise PartitionError(f"a {kind} is no batch of partitions; give booleans of (batch, {terminals}), or a list")
    if not isinstance(sides, np.ndarray):
        splits = [partition_of(circuit, part) for part in sides]
        return pack(np.array([split.sides for split in splits], dtype=bool).reshape(-1, terminals))
    if sides.dtype == np.uint8 and sides.ndim == 2 and sides.shape[1] == packed_width(terminals):
        return cleared(sides, terminals)
    if sides.dtype != bool or sides.ndim != 2 or sides.shape[1] != terminals:
        raise PartitionError(
            f"the sides must be booleans of shape (batch, {terminals}) or bytes of shape "
            f"(batch, {packed_width(terminals)}); given: {sides.dtype} of shape {sides.shape}"
        )
    return pack(sides)
