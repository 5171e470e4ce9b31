"""What solves a block of partitions: side by side on trees and where units are re-used, one by one elsewhere."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...errors import MethodError
from ...mincut import Cut, TreeCuts, min_cut
from ...mincut.capacities import Capacities
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray, FloatArray
from ...tools.bits import ByteArray, unpack
from ...tools.progress import told
from ...tools.values import as_integer
from ...tools.words import shown
from ..additive import additive_bound, can_add_ranks
from ..generic import RankLower
from ..lower import LowerBound, by_minimum_cut, by_pairs, proven_lower
from ..prepared import Prepared, PreparedNetwork
from ..symmetric import SymmetricCut
from ..upper import MINIMUM_CUT, SYMMETRIC_CUT, upper_bounds
from .labelled import Labelled
from .rounded import rounded_lower_bounds

CHUNKS = 4  # for each worker, so that none waits long for another
TREE_CERTIFICATE = "exact comparisons at every bond of the tree, many partitions side by side"
Ranks = Callable[[Sequence[int]], list[int]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Solved:
    """Rank bounds over a batch of partitions."""

    bits: FloatArray  # (batch,) log2, as TreeCuts.bits tells how exact
    reached: BoolArray  # (batch,) whether almost all unshared weights reach the bound (theorems T2 and T4)
    ranks: Ranks  # the exact bounds at these places of the batch
    cut: Callable[[int], Cut | SymmetricCut] | None  # the cut at one place of the batch, with details
    cut_ranks: Ranks | None = None  # those of the cuts alone, where vectors are added and a sum of ranks may be smaller


class Solver(Protocol):
    """The rank bounds of one network over packed partitions (see tools/bits.py)."""

    @property
    def prepared(self) -> Prepared | PreparedNetwork: ...

    @property
    def cut_name(self) -> str:
        """The kind of its cuts, as the report's list of upper bounds calls it."""

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        """The bounds over a batch; `details`: with their cuts."""

    def lower(self, packed: ByteArray, ranks: Sequence[int]) -> list[LowerBound]:
        """What is proven from below, without certificates; `ranks`: the bounds."""

    def reached(self, rank: int) -> LowerBound:
        """The lower end that is a bound, where almost all unshared weights reach it."""


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
    cut_name: ClassVar[str] = MINIMUM_CUT

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        values = self._values(packed)
        bits = self.cuts.bits_of(values)
        exact = self.cuts.capacities.exact
        reached = np.full(len(packed), exact and _is_free(self.prepared))
        ranks: Ranks = partial(_products, self.cuts, packed)
        if exact:
            ranks = partial(_powers, _base(self.cuts.capacities), values)
        cut = partial(_tree_cut, self.cuts.network, packed, self.cuts.sides(packed)) if details else None
        return Solved(bits, reached, ranks, cut)

    def _values(self, packed: ByteArray) -> NDArray[np.int64]:
        if self.workers == 1:
            return self.cuts.values(packed)
        with ThreadPoolExecutor(self.workers) as pool:
            return np.concatenate(list(pool.map(self.cuts.values, np.array_split(packed, self.workers))))

    def lower(self, packed: ByteArray, ranks: Sequence[int]) -> list[LowerBound]:
        if not _is_free(self.prepared):
            return [LowerBound(1)] * len(packed)
        return rounded_lower_bounds(self.cuts, packed)

    def reached(self, rank: int) -> LowerBound:
        return by_minimum_cut(RankLower(rank, "T2", _base(self.cuts.capacities)))


@dataclass(frozen=True, eq=False)
class BySymmetricCuts:
    """Symmetric cuts side by side, and where vectors are added the sums of ranks; workers are threads."""

    prepared: Prepared
    workers: int
    block: int | None
    cut_name: ClassVar[str] = SYMMETRIC_CUT

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        found = Labelled.of(self.prepared.search, packed, block=self.block, workers=self.workers)
        cut = found.cut if details else None
        circuit = self.prepared.circuit
        if not (circuit.has_sums and can_add_ranks(circuit)):
            return Solved(found.bits, found.settled, found.ranks, cut)
        added = _each_once(self.prepared, packed, _added_ranks, self.workers)
        added_bits = np.array([math.log2(rank) for rank in added])
        smaller = partial(_smaller, found.ranks, added)
        return Solved(np.minimum(found.bits, added_bits), found.settled, smaller, cut, found.ranks)

    def lower(self, packed: ByteArray, ranks: Sequence[int]) -> list[LowerBound]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers, ranks)

    def reached(self, rank: int) -> LowerBound:
        counts = self.prepared.search.pair_counts
        assert counts is not None, "a pairing proves that the bound is reached"
        return by_pairs(round(math.log(rank, counts.base)), counts.base)


@dataclass(frozen=True, eq=False)
class OneByOne:
    """Minimum cuts by max-flow, each different partition once; workers are processes."""

    prepared: Prepared | PreparedNetwork
    workers: int
    cut_name: ClassVar[str] = MINIMUM_CUT

    def solve(self, packed: ByteArray, *, details: bool) -> Solved:
        found = _each_once(self.prepared, packed, _smallest_bounds, self.workers)
        bits = np.array([math.log2(rank) for rank in found])
        capacities = Capacities.of(self.prepared.network.bond_dims)
        reached = np.full(len(packed), capacities.exact and _is_free(self.prepared))
        ranks = partial(_listed, found)
        cut = partial(_flow_cut, self.prepared.network, packed) if details else None
        return Solved(bits, reached, ranks, cut)

    def lower(self, packed: ByteArray, ranks: Sequence[int]) -> list[LowerBound]:
        return _each_once(self.prepared, packed, _lower_ends, self.workers, ranks)

    def reached(self, rank: int) -> LowerBound:
        return by_minimum_cut(RankLower(rank, "T2", _base(Capacities.of(self.prepared.network.bond_dims))))


def _is_free(prepared: Prepared | PreparedNetwork) -> bool:
    """Whether lower ends hold: the weights are unshared, the tensors of a network free."""
    return isinstance(prepared, Prepared) or prepared.network.free


def _base(capacities: Capacities) -> int:
    """The integer that all dimensions are powers of, if there is one."""
    return min(capacities.generators, default=2)


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


def _each_once(
    prepared: Prepared | PreparedNetwork,
    packed: ByteArray,
    answer: Callable[..., list[Answer]],
    workers: int,
    *given: Sequence[int],
) -> list[Answer]:
    """An answer for each partition, computed once for equal ones, in so many worker processes.

    `given`: what is known of each partition, for the answer.
    """
    distinct, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    columns = [[values[place] for place in first] for values in given]
    if workers == 1:
        found = answer(prepared, distinct, *columns)
    else:
        from loky import get_reusable_executor

        size = max(1, math.ceil(len(distinct) / (CHUNKS * workers)))
        chunks = [slice(start, start + size) for start in range(0, len(distinct), size)]
        pool = get_reusable_executor(max_workers=workers)
        bare = Prepared(prepared.circuit) if isinstance(prepared, Prepared) else prepared
        parts = pool.map(
            partial(answer, bare),
            [distinct[part] for part in chunks],
            *([values[part] for part in chunks] for values in columns),
        )
        found = [one for part in parts for one in part]
    return [found[index] for index in which.ravel().tolist()]


def _smallest_bounds(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    splits = told(map(Partition, unpack(packed, len(prepared.terminals))), "partition", len(packed))
    return [min(bound.rank for bound in upper_bounds(prepared, split)) for split in splits]


def _added_ranks(prepared: Prepared | PreparedNetwork, packed: ByteArray) -> list[int]:
    assert isinstance(prepared, Prepared), "only circuits have sums"
    splits = told(map(Partition, unpack(packed, len(prepared.terminals))), "sum of ranks", len(packed))
    return [additive_bound(prepared.circuit, split) for split in splits]


def _lower_ends(prepared: Prepared | PreparedNetwork, packed: ByteArray, ranks: Sequence[int]) -> list[LowerBound]:
    splits = told(map(Partition, unpack(packed, len(prepared.terminals))), "lower end", len(packed))
    found = (proven_lower(prepared, split, enough=rank) for split, rank in zip(splits, ranks, strict=True))
    return [replace(lower, pairing=None, fans=()) for lower in found]
