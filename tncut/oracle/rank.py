"""Exact ranks, by elimination modulo a prime: no tolerance, no rounding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..circuit import Architecture, Circuit, compile
from ..errors import MethodError
from ..partition import Partition, Split
from ..tools.arrays import IntArray
from ..tools.memory import limit_or_default, refuse_above
from .fields import PRIME, Array, Modular
from .matrix import matrix_bytes, path_counts, probe_matrix, read_sites, side_dims
from .weights import Weights, draw_weights

PANEL = 128  # columns eliminated at a time
ELIMINATION = 6  # copies of the matrix, in whole or as temporary arrays, during elimination
FIRST_PROBES = 64
MOST_PROBES = 2048


@dataclass(frozen=True)
class ExactRank:
    """A rank measured modulo a prime, with all that is needed to measure it again."""

    rank: int
    shape: tuple[int, int]  # of the matrix whose rank was taken
    method: str  # "full tensor": all coefficients; "probes": function values on random inputs
    complete: bool  # False: there were too few probes to exclude a larger rank of these weights
    prime: int
    seed: int


def exact_rank(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    seed: int = 0,
    weights: str = "random",
    probes: int | None = None,
    memory_limit: int | None = None,
) -> ExactRank:
    """The rank of [[A]]_{A,B} for weights drawn uniformly modulo the prime 2^31 - 1 (always this one).

    The rank of integer weights modulo a prime never exceeds the generic rank, the one of almost all weights: it is a
    proven lower bound of what the architecture attains. That the two are equal is not proven by one draw, only very
    likely. With shared weights the same holds among shared weights.

    Without `probes`, all coefficients are used where neither side has more than 2048 dimensions and they fit in
    memory; otherwise random probes of either side (see `probe_matrix`), doubled from 64 to 2048 until
    they exceed the rank. Where a site is read on several paths, probes alone never exclude a larger rank.
    A SizeError if not even 64 probes fit `memory_limit` bytes (a quarter of the free memory by default).
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    limit = limit_or_default(memory_limit)
    drawn = draw_weights(circuit, weights, field=Modular(PRIME), seed=seed, memory_limit=limit)
    for count in _probe_counts(circuit, split, probes, limit):
        found = _measure(drawn, split, count, seed=seed, memory_limit=limit)
        if found.complete:
            break
    return found


def rank_modulo(matrix: ArrayLike, prime: int = PRIME) -> int:
    """The rank of an integer matrix modulo a prime below 2^31, exact.

    Panels of columns are eliminated at a time, so that nearly all work is matrix products.
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


def _row_basis(block: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """Rows that span a block, its other rows, and block[others] as a combination of block[basis].

    The left half gives some rows; what these leave of the right half gives the rest.
    """
    if block.shape[1] == 1:
        return _pivot(block[:, 0], field)
    half = block.shape[1] // 2
    first, rest, left = _row_basis(block[:, :half], field)
    remainder = field.reduce(block[rest, half:] - field.matmul(left, block[first, half:]))
    second, others, right = _row_basis(remainder, field)
    left = field.reduce(left[others] - field.matmul(right, left[second]))
    return np.append(first, rest[second]), rest[others], np.hstack([left, right])


def _pivot(column: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """`_row_basis` of one column: its first nonzero entry, if there is one."""
    basis = np.flatnonzero(column)[:1]
    others = np.delete(np.arange(len(column)), basis)
    inverse = np.array([pow(int(entry), -1, field.prime) for entry in column[basis]], dtype=np.int64)
    return basis, others, field.multiply(column[others, None], inverse)


def _probe_counts(circuit: Circuit, partition: Partition, probes: int | None, limit: int) -> list[int]:
    """The numbers of probes to try in turn."""
    if probes is not None:
        return [probes]
    largest = max(side_dims(circuit, partition))
    if largest <= MOST_PROBES and _rank_bytes(circuit, partition, largest) <= limit:
        return [largest]
    doubled = [FIRST_PROBES]
    while doubled[-1] < MOST_PROBES and _rank_bytes(circuit, partition, 2 * doubled[-1]) <= limit:
        doubled.append(2 * doubled[-1])
    return doubled


def _rank_bytes(circuit: Circuit, partition: Partition, probes: int) -> int:
    """The memory of the probe matrix and its elimination."""
    rows, columns = (min(probes, dim) for dim in side_dims(circuit, partition))
    return matrix_bytes(circuit, partition, probes) + ELIMINATION * 8 * rows * columns


def _measure(weights: Weights, partition: Partition, probes: int, *, seed: int, memory_limit: int) -> ExactRank:
    circuit = weights.circuit
    dims = side_dims(circuit, partition)
    refuse_above(memory_limit, _rank_bytes(circuit, partition, probes), f"a rank by {probes} probes of either side")
    matrix = probe_matrix(weights, partition, probes, seed=seed, memory_limit=memory_limit)
    rank = rank_modulo(matrix)
    complete = rank == min(dims) or all(
        dim <= probes or (rank < probes and (path_counts(circuit)[sites] == 1).all())
        for sites, dim in zip(read_sites(circuit, partition), dims, strict=True)
    )
    method = "full tensor" if max(dims) <= probes else "probes"
    return ExactRank(rank, matrix.shape, method, complete, PRIME, seed)
