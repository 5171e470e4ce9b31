"""What solves a block of partitions: side by side on trees and where units are re-used, one by one elsewhere."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...errors import MethodError
from ...mincut import Cut, TreeCuts, min_cut
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray, FloatArray
from ...tools.bits import ByteArray, unpack
from ...tools.values import as_integer
from ...tools.words import shown
from ..additive import additive_bound, can_add_ranks
from ..lower import proven_lower
from ..prepared import Prepared, PreparedNetwork
from ..symmetric import SymmetricCut
from ..upper import upper_bounds
from .labelled import Labelled

CHUNKS = 4  # for each worker, so that none waits long for another
TREE_CERTIFICATE = "exact comparisons at every bond of the tree, many partitions side by side"
Ranks = Callable[[Sequence[int]], list[int]]


@dataclass(frozen=True, eq=False)
class Solved:
    """Rank bounds over a batch of partitions."""

    bits: FloatArray  # (batch,) log2, as TreeCuts.bits tells how exact
    reached: BoolArray  # (batch,) whether almost all unshared weights reach the bound (theorems T2 and T4)
    ranks: Ranks  # the exact bounds at these places of the batch
    cut: Callable[[int], Cut | SymmetricCut] | None  # the cut at one place of the batch, with details


class Solver(Protocol):
    """The rank bounds of one network over packed partitions (see tools/bits.py)."""

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        """The bounds over a batch; `details`: with their cuts."""

    def lower(self, packed: ByteArray) -> list[int]:
        """The ranks that are proven from below, exact."""


def solver_for(prepared: Prepared | PreparedNetwork, *, workers: int = 1, block: int | None = None) -> Solver:
    """What answers a batch.

    The tree program, if the (unfolded) network has no cycle; symmetric cuts, where units are re-used or vectors added;
    else minimum cuts, one by one.
    """
    for name, value in (("workers", workers), ("block", 1 if block is None else block)):
        number = as_integer(value)
        if number is None or number < 1:
            raise MethodError(f"{name} must be an integer of 1 or more; given: {shown(value)}")
    if isinstance(prepared, Prepared) and not prepared.unfolds_to_a_plain_network:
        return BySymmetricCuts(prepared, workers, block)
    if prepared.network.forest is not None:
        return ByTree(prepared, TreeCuts(prepared.network, block), workers)
    return OneByOne(prepared, workers)


@dataclass(frozen=True, eq=False)
class ByTree:
    """The batched tree program; workers are threads, since numpy works on several blocks at once."""

    prepared: Prepared | PreparedNetwork
    cuts: TreeCuts
    workers: int

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        values = self._values(packed)
        bits = self.cuts.bits_of(values)
        reached = np.zeros(len(packed), dtype=bool)
        ranks: Ranks = partial(_products, self.cuts, packed)
        if self.cuts.capacities.exact:
            reached[:] = isinstance(self.prepared, Prepared) or self.cuts.network.free
            ranks = partial(_powers, max(self.cuts.capacities.generators, default=2), values)
        cut = partial(_tree_cut, self.cuts.network, packed, self.cuts.sides(packed)) if details else None
        return Solved(bits, reached, ranks, cut)

    def _values(self, packed: ByteArray) -> NDArray[np.int64]:
        if self.workers == 1:
            return self.cuts.values(packed)
        with ThreadPoolExecutor(self.workers) as pool:
            return np.concatenate(list(pool.map(self.cuts.values, np.array_split(packed, self.workers))))

    def lower(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers)


@dataclass(frozen=True, eq=False)
class BySymmetricCuts:
    """Symmetric cuts side by side, and where vectors are added the sums of ranks; workers are threads."""

    prepared: Prepared
    workers: int
    block: int | None

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        found = Labelled.of(self.prepared.search, packed, block=self.block, workers=self.workers)
        cut = found.cut if details else None
        circuit = self.prepared.circuit
        if not (circuit.has_sums and can_add_ranks(circuit)):
            return Solved(found.bits, found.settled, found.ranks, cut)
        added = _each_once(self.prepared, packed, _added_ranks, self.workers)
        added_bits = np.array([math.log2(rank) for rank in added])
        smaller = partial(_smaller, found.ranks, added)
        return Solved(np.minimum(found.bits, added_bits), found.settled, smaller, cut)

    def lower(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers)


@dataclass(frozen=True, eq=False)
class OneByOne:
    """Minimum cuts by max-flow, each different partition once; workers are processes."""

    prepared: Prepared | PreparedNetwork
    workers: int

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        ranks = _each_once(self.prepared, packed, _smallest_bounds, self.workers)
        bits = np.array([math.log2(rank) for rank in ranks])
        cut = partial(_flow_cut, self.prepared.network, packed) if details else None
        return Solved(bits, np.zeros(len(packed), dtype=bool), partial(_listed, ranks), cut)

    def lower(self, packed: ByteArray) -> list[int]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers)


def _products(cuts: TreeCuts, packed: ByteArray, places: Sequence[int]) -> list[int]:
    return cuts.products(packed[np.asarray(places, dtype=np.int64)])


def _powers(base: int, exponents: NDArray[np.int64], places: Sequence[int]) -> list[int]:
    distinct, which = np.unique(exponents[np.asarray(places, dtype=np.int64)], return_inverse=True)
    powers = [base**exponent for exponent in distinct.tolist()]
    return [powers[index] for index in which.tolist()]


def _listed(ranks: list[int], places: Sequence[int]) -> list[int]:
    return [ranks[place] for place in places]


def _smaller(ranks: Ranks, others: list[int], places: Sequence[int]) -> list[int]:
    return [min(rank, others[place]) for rank, place in zip(ranks(places), places, strict=True)]


def _tree_cut(network: TensorNetwork, packed: ByteArray, sides: BoolArray, place: int) -> Cut:
    return Cut(network, _partition(network, packed, place), sides[place], "tree", TREE_CERTIFICATE)


def _flow_cut(network: TensorNetwork, packed: ByteArray, place: int) -> Cut:
    return min_cut(network, _partition(network, packed, place))


def _partition(network: TensorNetwork, packed: ByteArray, place: int) -> Partition:
    return Partition(unpack(packed[place][None], len(network.terminals))[0])


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


def _added_ranks(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    assert isinstance(prepared, Prepared), "only circuits have sums"
    splits = (Partition(sides) for sides in unpack(packed, len(prepared.terminals)))
    return [additive_bound(prepared.circuit, split) for split in splits]


def _lower_ends(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    splits = (Partition(sides) for sides in unpack(packed, len(prepared.terminals)))
    return [proven_lower(prepared, split).rank for split in splits]
