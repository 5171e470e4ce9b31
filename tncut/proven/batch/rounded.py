"""Theorem T3 over many partitions of a network without cycles: the best of all roundings for each of them."""

import numpy as np

from ...mincut import TreeCuts
from ...tools.bits import ByteArray
from ..generic import RankLower
from ..lower import LowerBound, by_minimum_cut
from ..pairing.digits import bases


def rounded_lower_bounds(cuts: TreeCuts, packed: ByteArray) -> list[LowerBound]:
    """What `rank_lower` proves for each partition, where not all dimensions are powers of one integer."""
    tried = bases(cuts.capacities.distinct)
    values = cuts.rounded_values(tried, packed)
    # Integers decide: the distinct values become powers, and the powers places in their order.
    exponents = [np.unique(row) for row in values]
    powers = [[base**exponent for exponent in row.tolist()] for base, row in zip(tried, exponents, strict=True)]
    order = {power: place for place, power in enumerate(sorted({power for row in powers for power in row}))}
    places = [
        np.array([order[power] for power in row], dtype=np.int64)[np.searchsorted(known, of_base)]
        for row, known, of_base in zip(powers, exponents, values, strict=True)
    ]
    best = np.argmax(places, axis=0)  # the smallest base, where all prove a rank of 1 only
    lower = {
        (which, exponent): by_minimum_cut(RankLower(tried[which] ** exponent, "T3", tried[which]))
        for which, row in enumerate(exponents)
        for exponent in row.tolist()
    }
    chosen = values[best, np.arange(len(packed))]
    return [lower[which, exponent] for which, exponent in zip(best.tolist(), chosen.tolist(), strict=True)]
