"""What solves a block of partitions: all side by side where the network has no cycles, one by one elsewhere."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from ...errors import MethodError
from ...mincut import TreeCuts, min_cut
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray, FloatArray
from ...tools.bits import ByteArray, unpack
from ...tools.values import as_integer
from ...tools.words import shown
from ..lower import proven_lower
from ..prepared import Prepared, PreparedNetwork
from ..upper import upper_bounds

CHUNKS = 4  # for each worker process, so that none waits long for another


@dataclass(frozen=True, eq=False)
class Solved:
    """Rank bounds over a batch of partitions: always in bits, and exact where that came with it."""

    bits: FloatArray  # (batch,) log2, as TreeCuts.bits tells how exact
    ranks: list[int] | None = None  # the bounds themselves
    exponents: NDArray[np.int64] | None = None  # (batch,) the bounds as powers of `base`
    base: int = 2
    reached: bool = False  # whether almost all unshared weights reach the bounds (theorem T2)


class Solver(Protocol):
    """The rank bounds of one network over packed partitions (see tools/bits.py)."""

    method: ClassVar[str]
    certificate: ClassVar[str]

    @property
    def network(self) -> TensorNetwork | None:
        """The unfolded network whose cuts `sides` describes; None: there is none, or it is too large."""

    def solve(self, packed: ByteArray) -> Solved:
        """The bounds over a batch."""

    def ranks(self, packed: ByteArray) -> list[int]:
        """The bounds, exact."""

    def lower(self, packed: ByteArray) -> list[int]:
        """The ranks that are proven from below, exact."""

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the unfolded network's tensors in a minimum cut, True: A."""


def solver_for(prepared: Prepared | PreparedNetwork, *, workers: int = 1, block: int | None = None) -> Solver:
    """The batched tree program if the unfolded network has no cycle; else the bounds of a report, one by one."""
    for name, value in (("workers", workers), ("block", 1 if block is None else block)):
        number = as_integer(value)
        if number is None or number < 1:
            raise MethodError(f"{name} must be an integer of 1 or more; given: {shown(value)}")
    is_plain = isinstance(prepared, PreparedNetwork) or prepared.unfolds_to_a_plain_network
    network = prepared.network if is_plain else None
    if network is not None and network.forest is not None:
        return SideBySide(prepared, TreeCuts(network, block), workers)
    return OneByOne(prepared, workers)


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The batched tree program; workers are threads, since numpy works on several blocks at once."""

    prepared: Prepared | PreparedNetwork
    cuts: TreeCuts
    workers: int
    method: ClassVar[str] = "tree"
    certificate: ClassVar[str] = "exact comparisons at every bond of the tree, many partitions side by side"

    @property
    def network(self) -> TensorNetwork:
        return self.cuts.network

    def solve(self, packed: ByteArray) -> Solved:
        values = self._values(packed)
        bits = self.cuts.bits_of(values)
        if not self.cuts.capacities.exact:
            return Solved(bits)
        reached = isinstance(self.prepared, Prepared) or self.network.free
        return Solved(bits, reached=reached, exponents=values, base=max(self.cuts.capacities.generators, default=2))

    def _values(self, packed: ByteArray) -> NDArray[np.int64]:
        if self.workers == 1:
            return self.cuts.values(packed)
        with ThreadPoolExecutor(self.workers) as pool:
            return np.concatenate(list(pool.map(self.cuts.values, np.array_split(packed, self.workers))))

    def ranks(self, packed: ByteArray) -> list[int]:
        return self.cuts.products(packed)

    def lower(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers)

    def sides(self, packed: ByteArray) -> BoolArray:
        return self.cuts.sides(packed)


@dataclass(frozen=True, eq=False)
class OneByOne:
    """The smallest of the bounds that a report gives, each different partition once; workers are processes."""

    prepared: Prepared | PreparedNetwork
    workers: int
    method: ClassVar[str] = "flow"
    certificate: ClassVar[str] = "max-flow of equal value, one partition after another"

    @property
    def network(self) -> TensorNetwork | None:
        return self.prepared.network

    def solve(self, packed: ByteArray) -> Solved:
        ranks = self.ranks(packed)
        return Solved(np.array([math.log2(rank) for rank in ranks]), ranks=ranks)

    def ranks(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _smallest_bounds, self.workers)

    def lower(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers)

    def sides(self, packed: ByteArray) -> BoolArray:
        network = self.prepared.network
        if network is None:
            raise MethodError("the circuit is not unfolded, so no tensor has a side")
        splits = (Partition(sides) for sides in unpack(packed, len(network.terminals)))
        return np.array([min_cut(network, split).sides for split in splits]).reshape(len(packed), network.tensors)


Answer = Callable[[Prepared | PreparedNetwork, ByteArray], list[int]]


def _each_once(prepared: Prepared | PreparedNetwork, packed: ByteArray, answer: Answer, workers: int) -> list[int]:
    """An answer for each partition, computed once for equal ones, in so many worker processes."""
    distinct, which = np.unique(packed, axis=0, return_inverse=True)
    if workers == 1:
        found = answer(prepared, distinct)
    else:
        from loky import get_reusable_executor

        chunks = np.array_split(distinct, max(1, min(len(distinct), CHUNKS * workers)))
        pool = get_reusable_executor(max_workers=workers)
        bare = Prepared(prepared.circuit) if isinstance(prepared, Prepared) else prepared
        parts = pool.map(partial(answer, bare), chunks)
        found = [rank for part in parts for rank in part]
    return [found[index] for index in which.ravel().tolist()]


def _smallest_bounds(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    splits = (Partition(sides) for sides in unpack(packed, len(prepared.terminals)))
    return [min(bound.rank for bound in upper_bounds(prepared, split)) for split in splits]


def _lower_ends(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    splits = (Partition(sides) for sides in unpack(packed, len(prepared.terminals)))
    return [proven_lower(prepared, split).rank for split in splits]
