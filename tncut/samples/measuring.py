"""Demands measured: by all eigenvalues, or by random vectors where there are too many samples for that."""

import math
from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np

from ..oracle.entanglement import entropy, renyi, schmidt_number
from ..partition import Partition
from ..tools.arrays import FloatArray, IntArray
from ..tools.memory import limit_or_default, refuse_above
from .demand import MEASURES, Demand, Estimate
from .gram import both_sides, is_thin, packed_pairs, probabilities
from .krylov import PairOperator, spectra
from .samples import Samples

RANK_TOLERANCE = 1e-5  # of the largest Schmidt value; rounding errors lie near 1e-7
HALVES = 8  # random halves of the samples that the error bars come from
MATRICES = 7  # of samples x samples numbers, in memory at once, where all eigenvalues are computed
MOST_PAIRS = 5  # pairs of Gram matrices, one matrix each, that are made at once
VECTORS, VECTORS_OF_HALF = 16, 4
JITTER, LARGE_JITTER = 1e-15, 1e-8  # added to a diagonal of ones: the first for each sample, the other if that fails
CANCELLED = 1e5  # times the jitter


def demands(samples: Samples, splits: Sequence[Partition], seed: int, exact: int) -> Iterator[Demand]:
    """The demand over each partition; all eigenvalues for up to `exact` samples, and where one side is small."""
    halves = list(_halves(len(samples), seed))
    large = [len(samples) > exact and not _has_thin_side(samples, split) for split in splits]
    matrices = 2 if all(large) else MATRICES
    refuse_above(None, matrices * len(samples) ** 2 * 8, f"the Gram matrices of {len(samples)} samples")
    estimated = _by_random_vectors(samples, list(compress(splits, large)), halves, seed)
    for split, is_large in zip(splits, large, strict=True):
        yield next(estimated) if is_large else _by_eigenvalues(samples, split, halves)


def measures(p: FloatArray) -> dict[str, float]:
    """The measures of squared Schmidt values, in bits; 0 where there are none."""
    if not len(p):
        return dict.fromkeys(MEASURES, 0.0)
    values = np.sqrt(p)
    rank = schmidt_number(values, RANK_TOLERANCE)
    return {"entropy": entropy(values), "renyi2": renyi(values, 2), "rank": math.log2(rank)}


def _has_thin_side(samples: Samples, split: Partition) -> bool:
    sites = list(zip(samples.vectors, split.sides.tolist(), strict=True))
    return any(is_thin((v for v, side in sites if side == which), len(samples)) for which in (True, False))


def _by_eigenvalues(samples: Samples, split: Partition, halves: Sequence[IntArray]) -> Demand:
    side_a, side_b = both_sides(samples, split.sides.tolist())
    if side_b.factor is None:
        side_a = side_a.factored()
    p = probabilities(side_a, side_b, samples.weights)
    of_halves = [
        measures(probabilities(side_a.rows(rows), side_b.rows(rows), samples.weights[rows])) for rows in halves
    ]
    estimates = {name: Estimate(bits, tuple(half[name] for half in of_halves)) for name, bits in measures(p).items()}
    return Demand(split, len(samples), np.sqrt(p), False, **estimates)


def _by_random_vectors(
    samples: Samples, splits: Sequence[Partition], halves: Sequence[IntArray], seed: int
) -> Iterator[Demand]:
    weights = np.zeros((1 + len(halves), len(samples)))
    weights[0] = samples.weights
    for run, rows in zip(weights[1:], halves, strict=True):
        run[rows] = samples.weights[rows]
    at_once = min(MOST_PAIRS, max(limit_or_default(None) // (len(samples) ** 2 * 8), 1))
    for start in range(0, len(splits), at_once):
        group = splits[start : start + at_once]
        pairs = packed_pairs(samples, np.array([split.sides for split in group]))[::-1]
        for split in group:
            yield _estimated(split, _operator(samples, split, pairs.pop(), weights), seed)


def _operator(samples: Samples, split: Partition, pair: FloatArray, weights: FloatArray) -> PairOperator:
    try:
        return PairOperator(pair, weights, JITTER * len(samples))
    except np.linalg.LinAlgError:
        (pair,) = packed_pairs(samples, split.sides[None])
        return PairOperator(pair, weights, LARGE_JITTER)


def _estimated(split: Partition, operator: PairOperator, seed: int) -> Demand:
    weights, jitter = operator.weights, operator.jitter
    count, runs = weights.shape[1], len(weights)
    if not operator.totals[0] > CANCELLED * jitter * (weights[0] ** 2).sum():
        nothing = Estimate(0.0, (0.0,) * (runs - 1))
        return Demand(split, count, np.zeros(0), True, **dict.fromkeys(MEASURES, nothing))
    found, change = spectra(operator, [VECTORS] + [VECTORS_OF_HALF] * (runs - 1), seed)
    cut = max(RANK_TOLERANCE**2, 10 * jitter)
    (bits, errors), *halves = (spectrum.measures(cut) for spectrum in found)
    errors[0] += change
    of_halves = zip(*(half for half, _ in halves), strict=True)
    estimates = dict(zip(MEASURES, map(Estimate, bits, of_halves, errors), strict=True))
    return Demand(split, count, np.sqrt(found[0].probabilities), True, **estimates)


def _halves(samples: int, seed: int) -> Iterator[IntArray]:
    """Random halves, each followed by the other half."""
    if samples < 4:
        return
    rng = np.random.default_rng(seed)
    for _ in range(HALVES // 2):
        order = rng.permutation(samples)
        yield np.sort(order[: samples // 2])
        yield np.sort(order[samples // 2 :])
