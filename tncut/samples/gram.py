"""Gram matrices of products, in blocks, and the Schmidt values that two of them have."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..tools.arrays import BoolArray, FloatArray, IntArray
from .samples import Samples

BLOCK = 128  # samples: blocks stay in the cache, and BLAS starts no threads of its own for them
JOINED_DIM = 16  # of the vectors of several sites, multiplied out
THIN = 1024  # entries of the vectors of a side, multiplied out, that need no Gram matrix

Write = Callable[[slice, slice, list[FloatArray]], None]


def products(vectors: Sequence[FloatArray], members: BoolArray, samples: int, write: Write) -> None:
    """Gram matrices of several sets of sites at once, written in blocks of samples on and below the diagonal.

    `members`: (sets, sites). An entry is the product over the sites of the inner products of their unit vectors. Sites
    that are in the same sets are multiplied once for all of them. Rows of blocks are made in threads.
    """
    patterns, of_site = np.unique(members, axis=1, return_inverse=True)
    of_site = of_site.reshape(-1)
    classes = [
        (
            np.flatnonzero(patterns[:, number]).tolist(),
            list(joined(vectors[site] for site in np.flatnonzero(of_site == number).tolist())),
        )
        for number in range(patterns.shape[1])
    ]

    def stripe(low: int) -> None:
        rows = slice(low, min(low + BLOCK, samples))
        for left in range(0, low + 1, BLOCK):
            columns = slice(left, min(left + BLOCK, samples))
            parts = [np.ones((rows.stop - low, columns.stop - left)) for _ in members]
            for sets, factors in classes:
                if sets and factors:
                    block = factors[0][rows] @ factors[0][columns].T
                    for factor in factors[1:]:
                        block *= factor[rows] @ factor[columns].T
                    for number in sets:
                        parts[number] *= block
            write(rows, columns, parts)

    # The longest rows first, so that all threads end together.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(stripe, range(0, samples, BLOCK)[::-1]))


def gram(vectors: Sequence[FloatArray], samples: int) -> FloatArray:
    """(samples, samples) the products over the sites of the inner products of their unit vectors.

    No entry exceeds 1, and the diagonal is 1 (0 for a zero vector), so that what underflows is 0 to working precision.
    """
    result = np.empty((samples, samples))

    def write(rows: slice, columns: slice, parts: list[FloatArray]) -> None:
        result[rows, columns] = parts[0]
        result[columns, rows] = parts[0].T

    products(vectors, np.ones((1, len(vectors)), dtype=bool), samples, write)
    return result


def packed_pairs(samples: Samples, sides: BoolArray) -> list[FloatArray]:
    """For each row of sides one matrix: the Gram matrix of side A, and above the diagonal that of side B."""
    count = len(samples)
    pairs = [np.empty((count, count)) for _ in sides]

    def write(rows: slice, columns: slice, parts: list[FloatArray]) -> None:
        for pair, of_a, of_b in zip(pairs, parts[: len(sides)], parts[len(sides) :], strict=True):
            pair[columns, rows] = of_b.T
            pair[rows, columns] = of_a if rows != columns else np.tril(of_a) + np.triu(of_b, 1)

    products(samples.vectors, np.concatenate([sides, ~sides]), count, write)
    return pairs


def joined(vectors: Iterable[FloatArray]) -> Iterator[FloatArray]:
    """Sites multiplied out in groups of small dimension: one matrix product for several sites."""
    group: FloatArray | None = None
    for site in vectors:
        if group is None:
            group = site
        elif group.shape[1] * site.shape[1] <= JOINED_DIM:
            group = multiplied_out(group, site)
        else:
            yield group
            group = site
    if group is not None:
        yield group


@dataclass(frozen=True, eq=False)
class Side:
    """The products of one side: their vectors multiplied out, or their Gram matrix, or both; at least one of them."""

    factor: FloatArray | None  # (samples, dim), whose products with each other are the Gram matrix
    gram: FloatArray | None  # (samples, samples)

    @classmethod
    def of(cls, vectors: Sequence[FloatArray], samples: int) -> "Side":
        """Multiplied out where that is small, else the Gram matrix."""
        if is_thin(vectors, samples):
            return cls(reduce(multiplied_out, vectors, np.ones((samples, 1))), None)
        return cls(None, gram(vectors, samples))

    def factored(self) -> "Side":
        """With a factor, from the Gram matrix by Cholesky's method with pivots, down to rounding."""
        from scipy.linalg.lapack import dpstrf

        if self.factor is not None or self.gram is None:
            return self
        lower, pivots, rank, _ = dpstrf(self.gram.T, lower=1)  # symmetric: transposed, it is in Fortran's order
        result = np.zeros((len(self.gram), rank))
        result[pivots - 1] = np.tril(lower[:, :rank])
        return Side(result, self.gram)

    def rows(self, chosen: IntArray) -> "Side":
        """Those of some of the samples."""
        thin = self.factor is not None and (self.gram is None or self.factor.shape[1] <= len(chosen))
        if thin and self.factor is not None:
            return Side(self.factor[chosen], None)
        assert self.gram is not None
        return Side(None, self.gram[np.ix_(chosen, chosen)])


def is_thin(vectors: Iterable[FloatArray], samples: int) -> bool:
    """Whether the vectors of several sites, multiplied out, are so short that they need no Gram matrix."""
    dim: int = math.prod(site.shape[1] for site in vectors)
    return dim <= min(samples // 2, THIN)


def multiplied_out(left: FloatArray, right: FloatArray) -> FloatArray:
    """(samples, all pairs of entries) the products of two vectors of each sample."""
    return (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)  # m a, m b -> m (a b)


def probabilities(side_a: Side, side_b: Side, weights: FloatArray) -> FloatArray:
    """The squared Schmidt values of sum_m w_m a_m (x) b_m, largest first, divided by their sum; empty if that is 0.

    With vectors L_A of side A and the Gram matrix G_B of side B they are the eigenvalues of
    L_A^T diag(w) G_B diag(w) L_A. Each of the values has an absolute error of about samples x 2e-16.
    """
    if side_a.factor is None and side_b.factor is not None:
        side_a, side_b = side_b, side_a
    side_a = side_a.factored()
    assert side_a.factor is not None
    weighted = side_a.factor * weights[:, None]
    if side_b.factor is not None:
        core = weighted.T @ side_b.factor  # [m] a, [m] b -> a b
        small = core @ core.T if len(core) <= core.shape[1] else core.T @ core
    else:
        assert side_b.gram is not None
        small = weighted.T @ (side_b.gram @ weighted)
    values = np.clip(np.linalg.eigvalsh(small)[::-1], 0.0, None)
    # Products of opposite weights may cancel: what is left then is rounding.
    total = values.sum()
    if not total > len(weights) * np.finfo(np.float64).eps * (weights**2).sum():
        return np.zeros(0)
    return np.asarray(values / total)


def both_sides(samples: Samples, sides: Sequence[bool]) -> tuple[Side, Side]:
    """Side A and side B."""
    sites = list(zip(samples.vectors, sides, strict=True))
    count = len(samples)
    return Side.of([v for v, side in sites if side], count), Side.of([v for v, side in sites if not side], count)
