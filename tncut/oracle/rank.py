"""Exact ranks, by elimination modulo a prime: no tolerance, no rounding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..circuit import Architecture, Circuit, compile
from ..errors import MethodError, SizeError
from ..partition import Partition, Split
from ..tools.arrays import IntArray
from ..tools.memory import limit_or_default, refuse_above
from .fields import PRIME, Array, Modular
from .matrix import ProbeSizes, path_counts, probe_matrix, read_sites, side_dims
from .weights import Weights, draw_weights

PANEL = 128  # columns eliminated at a time
ELIMINATION = 6  # the copies of the matrix that the elimination holds, temporary arrays included
FIRST_PROBES = 64
MOST_PROBES = 2048
WORK_LIMIT = 10**12  # multiply-adds: from ten minutes to some hours


@dataclass(frozen=True)
class ExactRank:
    """A rank measured modulo a prime, with all that is needed to measure it again.

    `method` is "full tensor" (of all coefficients) or "probes" (of function values on random inputs). `complete` is
    False if there were too few probes to exclude a larger rank of these weights.
    """

    rank: int
    shape: tuple[int, int]  # of the matrix whose rank was taken
    method: str
    complete: bool
    prime: int
    seed: int
    work: int  # multiply-adds, estimated beforehand: those of the evaluation, and the most that the elimination takes


def exact_rank(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    seed: int = 0,
    weights: str = "random",
    probes: int | None = None,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> ExactRank:
    """The rank of [[A]]_{A,B} for weights drawn uniformly modulo the prime 2^31 - 1 (always this one).

    The rank of integer weights modulo a prime never exceeds the generic rank, which almost all weights have. So it is a
    proven lower bound on what the architecture attains. One draw does not prove that the two are equal; it only makes
    that very likely. With shared weights (see `draw_weights`) the same holds among shared weights.

    Without `probes`, all coefficients are used if neither side has more than 2048 dimensions. Otherwise there are
    random probes of either side (see `probe_matrix`): 64, then twice as many, up to 2048, until they exceed the rank.
    Where a site is read on several paths, probes alone never exclude a larger rank.

    No matrix is started that needs more than `memory_limit` bytes (by default a quarter of the free memory), or more
    than `work_limit` multiply-adds, of which a core computes 10^8 to 10^9 in a second. A SizeError if this excludes the
    probes that were asked for, or the first 64.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    limits = _Limits(limit_or_default(memory_limit), work_limit)
    attempts = _attempts(circuit, split, probes, limits)
    limits.check(attempts[0])
    drawn = draw_weights(circuit, weights, field=Modular(PRIME), seed=seed, memory_limit=limits.memory)
    for sizes in attempts:
        found = _measure(drawn, sizes, seed=seed, memory_limit=limits.memory)
        if found.complete:
            break
    return found


def rank_modulo(matrix: ArrayLike, prime: int = PRIME) -> int:
    """The exact rank of an integer matrix modulo a prime below 2^31.

    Panels of 128 columns are eliminated at a time, so that nearly all work is matrix products. A MethodError if the
    matrix does not consist of integers, or the prime is none.
    """
    field, given = Modular(prime), np.asarray(matrix)
    if given.ndim != 2 or given.dtype.kind not in "buiO":
        raise MethodError(f"a rank needs a matrix of integers; given: {given.dtype} of shape {given.shape}")
    rest, rank = field.array(given), 0
    while rest.any():
        basis, others, combination = _row_basis(rest[:, :PANEL], field)
        shadow = field.matmul(combination, rest[basis, PANEL:])
        rest = field.reduce(rest[others, PANEL:] - shadow)
        rank += len(basis)
    return rank


def _row_basis(panel: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """Rows that span a panel, its other rows, and panel[others] as a combination of panel[basis].

    The left half gives some of these rows. What is left of the right half, once it is reduced by them, gives the rest.
    """
    if panel.shape[1] == 1:
        return _pivot(panel[:, 0], field)
    half = panel.shape[1] // 2
    first, rest, left = _row_basis(panel[:, :half], field)
    remainder = field.reduce(panel[rest, half:] - field.matmul(left, panel[first, half:]))
    second, others, right = _row_basis(remainder, field)
    left = field.reduce(left[others] - field.matmul(right, left[second]))
    return np.append(first, rest[second]), rest[others], np.hstack([left, right])


def _pivot(column: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """`_row_basis` of one column: its first nonzero entry, if there is one."""
    basis = np.flatnonzero(column)[:1]
    others = np.delete(np.arange(len(column)), basis)
    inverse = np.array([pow(int(entry), -1, field.prime) for entry in column[basis]], dtype=np.int64)
    return basis, others, field.multiply(column[others, None], inverse)


@dataclass(frozen=True)
class _Limits:
    """What one matrix of probes, with its elimination, may take."""

    memory: int  # bytes
    work: int  # multiply-adds

    def allow(self, sizes: ProbeSizes) -> bool:
        return _rank_bytes(sizes) <= self.memory and _rank_work(sizes) <= self.work

    def check(self, sizes: ProbeSizes) -> None:
        """Raise a SizeError if either is exceeded."""
        what = f"a rank by {sizes.probes} probes of either side"
        refuse_above(self.memory, _rank_bytes(sizes), what)
        if _rank_work(sizes) > self.work:
            raise SizeError(
                f"{what} needs {_rank_work(sizes):.1e} multiply-adds, over the limit of {self.work:.1e} "
                "(work_limit of exact_rank)"
            )


def _attempts(circuit: Circuit, split: Partition, probes: int | None, limits: _Limits) -> list[ProbeSizes]:
    """The sizes to try in turn, those after the first within the limits."""
    if probes is not None:
        return [ProbeSizes(circuit, split, probes)]
    full = ProbeSizes(circuit, split, max(side_dims(circuit, split)))
    if full.probes <= MOST_PROBES and limits.allow(full):
        return [full]
    attempts = [ProbeSizes(circuit, split, FIRST_PROBES)]
    while attempts[-1].probes < MOST_PROBES:
        doubled = ProbeSizes(circuit, split, 2 * attempts[-1].probes)
        if not limits.allow(doubled):
            break
        attempts.append(doubled)
    return attempts


def _rank_bytes(sizes: ProbeSizes) -> int:
    """The memory of the probe matrix and its elimination."""
    rows, columns = sizes.shape
    return sizes.bytes + ELIMINATION * 8 * rows * columns


def _rank_work(sizes: ProbeSizes) -> int:
    """The multiply-adds of the probe matrix, and the most that its elimination takes."""
    rows, columns = sizes.shape
    return sizes.work + rows * columns * min(rows, columns)


def _measure(weights: Weights, sizes: ProbeSizes, *, seed: int, memory_limit: int) -> ExactRank:
    circuit, probes = weights.circuit, sizes.probes
    rank = rank_modulo(probe_matrix(weights, sizes.partition, probes, seed=seed, memory_limit=memory_limit))
    complete = rank == min(sizes.dims) or all(
        dim <= probes or (rank < probes and (path_counts(circuit)[sites] == 1).all())
        for sites, dim in zip(read_sites(circuit, sizes.partition), sizes.dims, strict=True)
    )
    method = "full tensor" if max(sizes.dims) <= probes else "probes"
    return ExactRank(rank, sizes.shape, method, complete, PRIME, seed, _rank_work(sizes))
