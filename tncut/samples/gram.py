"""Gram matrices of products, in blocks, and the Schmidt values that two of them have."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..tools.arrays import FloatArray, IntArray
from .samples import Samples

BLOCK = 512  # samples
JOINED_DIM = 64  # of the vectors of several sites, multiplied out


def gram(vectors: Iterable[FloatArray], samples: int) -> FloatArray:
    """(samples, samples) the products over the sites of the inner products of their unit vectors.

    No entry exceeds 1, and the diagonal is 1 (0 for a zero vector), so that what underflows is 0 to working precision.
    """
    factors = list(joined(vectors))
    result = np.ones((samples, samples), dtype=factors[0].dtype if factors else np.float64)
    for low in range(0, samples, BLOCK):
        rows = slice(low, low + BLOCK)
        for left in range(0, low + 1, BLOCK):
            columns = slice(left, left + BLOCK)
            part = result[rows, columns]
            for factor in factors:
                part *= factor[rows] @ factor[columns].T
            result[columns, rows] = part.T
    return result


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
        if math.prod(site.shape[1] for site in vectors) <= samples // 2:
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
