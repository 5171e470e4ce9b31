"""The spectrum that two large Gram matrices have together, estimated by block Lanczos from random vectors.

Stochastic Lanczos quadrature (Ubaru, Chen, Saad 2017), with what the Krylov space holds already counted exactly (after
Chen, Hallman 2023): a Ritz value that has converged stands for one eigenvalue. All others have the weights of the
quadrature, corrected so that the number of eigenvalues and their sum, both known, are right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..tools.arrays import BoolArray, FloatArray

STEPS, EVERY = 40, 4  # of Lanczos at most; the estimate is looked at every so many
SETTLED = 1e-3  # bits that the entropy changes between two looks
CONVERGED = 1e-3  # the residual of a Ritz value, divided by it
ROUNDING = 1e-9  # of the sum of all eigenvalues
CHUNK = 256  # rows


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues, largest first, and how many there are of each, as estimated, also without each random vector."""

    values: FloatArray
    residuals: FloatArray  # an eigenvalue lies within each
    counts: FloatArray
    without: FloatArray  # (random vectors, values) the counts by all other random vectors
    most: int  # the rank at most

    @property
    def probabilities(self) -> FloatArray:
        """The eigenvalues divided by their sum, each as often as it is counted."""
        ends = np.rint(np.cumsum(self.counts)).astype(np.int64)
        p = np.repeat(np.clip(self.values, 0.0, None), np.diff(ends, prepend=0))
        return np.asarray(p / p.sum())

    def measures(self, cut: float) -> tuple[list[float], list[float]]:
        """Entropy, Rényi entropy of order 2, log2 of the number above `cut` of the largest; and the errors."""
        parts = np.array([self._measured(counts, cut) for counts in self.without])
        whole, (inner, outer) = self._measured(self.counts, cut), self._ends(self.counts, cut)
        errors = np.sqrt((len(parts) - 1) / len(parts) * ((parts - parts.mean(axis=0)) ** 2).sum(axis=0))
        errors[2] += (outer - inner) / 2
        return whole, errors.tolist()

    def _measured(self, counts: FloatArray, cut: float) -> list[float]:
        kept = self.values > 0
        p, c = self.values[kept], counts[kept]
        p = p / (c @ p)
        return [-float(c @ (p * np.log2(p))), -math.log2(c @ p**2), sum(self._ends(counts, cut)) / 2]

    def _ends(self, counts: FloatArray, cut: float) -> tuple[float, float]:
        """log2 of the number above the cut, without and with the values that may lie on either side of it."""
        least = cut * self.values[0]
        inner, outer = (float(counts[self.values + sign * self.residuals > least].sum()) for sign in (-1, 1))
        return math.log2(min(max(inner, 1.0), self.most)), math.log2(min(max(outer, 1.0), self.most))


class Krylov:
    """A Krylov space of blocks, and the operator in it; orthogonal to rounding, whatever its size."""

    def __init__(self, size: int, width: int, rng: np.random.Generator) -> None:
        start, self.triangle = np.linalg.qr(rng.standard_normal((size, width)))
        self.basis, self.block = start, start
        self.inside = np.zeros((0, 0))  # the operator, projected
        self.outside = np.zeros((0, 0))  # what of the last image lies outside of the space

    def extend(self, image: FloatArray) -> None:
        """Take the image of the last block, and make the next block of what is new in it; empty if nothing is."""
        known, width = len(self.inside), self.block.shape[1]
        projected = self.basis.T @ image
        image = image - self.basis @ projected
        again = self.basis.T @ image
        image -= self.basis @ again
        projected += again
        inside = np.zeros((known + width, known + width))
        inside[:known, :known] = self.inside
        inside[:, known:] = projected
        inside[known:, :known] = projected[:known].T
        inside[known:, known:] = (projected[known:] + projected[known:].T) / 2
        new, sizes, right = np.linalg.svd(image, full_matrices=False)
        self.inside, self.outside = inside, sizes[:, None] * right
        new = new[:, sizes > 1e-11 * np.abs(inside).max()]
        room = len(image) - self.basis.shape[1]
        if 0 < new.shape[1] <= room:
            new, _ = np.linalg.qr(new - self.basis @ (self.basis.T @ new))
            self.basis = np.concatenate([self.basis, new], axis=1)
            self.block = new
        else:
            self.block = new[:, :0]

    def spectrum(self, total: float, most: int) -> Spectrum:
        """What the space tells of the eigenvalues, whose sum is known, and the most that are not 0."""
        values, vectors = np.linalg.eigh(self.inside)
        values, vectors = values[::-1], vectors[:, ::-1]
        width, size = len(self.triangle), len(self.basis)
        residuals = np.linalg.norm(self.outside @ vectors[-self.outside.shape[1] :], axis=0)
        weights = (self.triangle.T @ vectors[:width]) ** 2  # of each random vector in each Ritz vector
        converged = residuals <= CONVERGED * np.abs(values)
        # A space holds as many copies of an eigenvalue as a block has columns at most: fewer are all of them.
        copies = (np.abs(values[:, None] - values) <= 2 * CONVERGED * np.abs(values)[:, None]).sum(axis=1)
        single = converged & (copies < width)
        counts = corrected(values, single, weights.mean(axis=0), size, total)
        without = [
            corrected(values, single, np.delete(weights, column, axis=0).mean(axis=0), size, total)
            for column in range(width)
        ]
        return Spectrum(values, residuals, counts, np.array(without), most)


def corrected(values: FloatArray, single: BoolArray, weights: FloatArray, size: int, total: float) -> FloatArray:
    """Weights times a linear function of the value, so that they and the single ones have the known number and sum."""
    result = np.where(single, 1.0, weights)
    if single.all():
        return result
    x, w = values[~single], weights[~single]
    number, rest = size - single.sum(), total - values[single].sum()
    if rest > ROUNDING * total:
        scale = np.abs(x).max()
        x = x / scale
        moments = np.array([[w.sum(), w @ x], [w @ x, w @ x**2]])
        (constant, slope), *_ = np.linalg.lstsq(moments, np.array([number, rest / scale]), rcond=1e-12)
        w = np.clip(w * (constant + slope * x), 0.0, None)
    result[~single] = w * (number / w.sum())
    return np.asarray(result)


class PairOperator:
    """v to L^T W G_B W L v for one packed pair of Gram matrices, with G_A = L L^T in place of G_A, and several W."""

    def __init__(self, pair: FloatArray, weights: FloatArray, jitter: float) -> None:
        """`weights`: (runs, samples). A LinAlgError if G_A with `jitter` on its diagonal has no Cholesky factor."""
        from scipy.linalg.lapack import dpotrf

        self.weights, self.jitter = weights, jitter
        self.totals = _totals(pair, weights) + jitter * (weights**2).sum(axis=1)
        np.fill_diagonal(pair, pair.diagonal() + jitter)
        # Transposed, the matrix is in Fortran's order: nothing is copied.
        self.pair, failed = dpotrf(pair.T, lower=0, clean=0, overwrite_a=1)
        if failed:
            raise np.linalg.LinAlgError("no Cholesky factor")
        self.diagonal = self.pair.diagonal()[:, None].copy()

    def images(self, blocks: list[FloatArray], runs: list[int]) -> list[FloatArray]:
        """The images of one block of vectors for each of some runs."""
        from scipy.linalg.blas import dsymm, dtrmm

        widths = [block.shape[1] for block in blocks]
        weights = np.repeat(self.weights[runs], widths, axis=0).T
        vectors = np.asfortranarray(np.concatenate(blocks, axis=1))
        vectors = weights * dtrmm(1.0, self.pair, vectors, trans_a=1)
        image = dsymm(1.0, self.pair, vectors, lower=1)
        image += (1.0 - self.diagonal) * vectors  # the diagonal of G_B is 1; that of L is in its place
        image = dtrmm(1.0, self.pair, np.asfortranarray(weights * image))
        return np.split(image, np.cumsum(widths)[:-1], axis=1)


def _totals(pair: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum over pairs of samples of w_m w_m' G_A G_B, for each run."""
    result = (weights**2 * pair.diagonal()).sum(axis=1)
    for low in range(0, len(pair), CHUNK):
        high = min(low + CHUNK, len(pair))
        part = np.tril(pair[low:high, :high], low - 1) * pair[:high, low:high].T
        result += 2 * ((weights[:, low:high] @ part) * weights[:, :high]).sum(axis=1)
    return np.asarray(result)


def spectra(operator: PairOperator, widths: Sequence[int], seed: int) -> tuple[list[Spectrum], float]:
    """The spectrum of each run, the first until its entropy is settled, and by how many bits it changed at last.

    `widths`: the random vectors of each run.
    """
    rng = np.random.default_rng(seed)
    size = operator.weights.shape[1]
    spaces = [Krylov(size, width, rng) for width in widths]
    most = np.count_nonzero(operator.weights, axis=1).tolist()
    before, change = math.inf, 0.0
    for step in range(1, STEPS + 1):
        going = [run for run, space in enumerate(spaces) if space.block.shape[1]]
        if not going:
            break
        images = operator.images([spaces[run].block for run in going], going)
        for run, image in zip(going, images, strict=True):
            spaces[run].extend(image)
        if not spaces[0].block.shape[1]:  # it holds all that its start can reach
            change = 0.0
        elif step % EVERY == 0:
            now = spaces[0].spectrum(float(operator.totals[0]), most[0]).measures(0.0)[0][0]
            before, change = now, abs(now - before)
            if change < SETTLED:
                break
    ends = zip(spaces, operator.totals.tolist(), most, strict=True)
    return [space.spectrum(total, limit) for space, total, limit in ends], change
