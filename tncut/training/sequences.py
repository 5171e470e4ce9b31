"""Sequences with labels, generated: what the papers on memory and on long-range dependence train on."""

import numpy as np

from ..tools.arrays import IntArray

SYMBOLS = 4
ASKED = 4  # symbols at the start that may be asked for
EQUAL = 0.9  # how often partners are equal


def copied(rng: np.random.Generator, count: int, length: int) -> tuple[IntArray, IntArray]:
    """Symbols 1 to 4 at the start, blanks (0), and at the end the place that is asked for; the label is its symbol.

    The copying memory task of Levine, Sharir, Ziv, Shashua (2017, arXiv 1710.09431), section 5, one symbol at a time.
    """
    places = min(ASKED, length // 2)
    sequences = np.zeros((count, length), dtype=np.int64)
    sequences[:, :places] = rng.integers(1, SYMBOLS + 1, (count, places))
    asked = rng.integers(0, places, count)
    sequences[:, -1] = asked + 1
    return sequences, sequences[np.arange(count), asked] - 1


def partners(rng: np.random.Generator, count: int, length: int, distance: int) -> tuple[IntArray, IntArray]:
    """Bits in pairs at a distance. With label 1 partners are equal in 90% of all pairs, with label 0 in half of them.

    At distance length / 2 this is the start-end similarity task of Levine, Sharir, Ziv, Shashua (2017, arXiv
    1710.09431), section 5, with bits for digits; at distance 1 it is its counterpart of short range.
    """
    labels = rng.integers(0, 2, count)
    bits = rng.integers(0, 2, (count, length // (2 * distance), 2, distance))
    equal = rng.random((count, *bits.shape[1:2], distance)) < EQUAL
    copies = np.where(equal, bits[:, :, 0], 1 - bits[:, :, 0])
    bits[:, :, 1] = np.where(labels[:, None, None] == 1, copies, bits[:, :, 1])
    return bits.reshape(count, -1), labels
