"""Exact minimum cuts of many partitions side by side, for dimensions that are not powers of one integer.

An extra cost is a product of powers of the generators (see capacities.py). It is kept in two forms: as a scaled
logarithm, and as its exponents, which are packed as digits of a few integers. Two logarithms that differ by more than
their errors decide a comparison. Two that are closer are equal if the exponents are. If the exponents differ, the
comparison is in doubt, and the partition is not certified: tree.py then solves it by itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...network import TensorNetwork
from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray, side_rows
from ..capacities import Capacities
from .integers import child_sums
from .program import Costs, TreeProgram

WORD_BITS = 62
BLOCK_BYTES = 2**22  # of the extra costs on one side


@dataclass(frozen=True, eq=False)
class Digits:
    """Vectors of exponents packed as digits of integers, the *words*.

    Every digit has room for twice the largest exponent, of either sign. So adding or subtracting packed vectors adds or
    subtracts the exponents, and two packed vectors are equal only if the exponents are.
    """

    word: IntArray  # (generators,) the word that each exponent is a digit of
    weight: IntArray  # (generators,) what its digit counts there
    radix: IntArray  # (generators,) the number of values that its digit can take

    @classmethod
    def of(cls, largest: IntArray) -> "Digits":
        """For exponents of at most `largest`, (generators,), in absolute value."""
        radices = (4 * largest + 1).tolist()
        words: list[int] = []
        weights: list[int] = []
        word, used = 0, 1  # the word to be filled, and the product of the radices in it
        for radix in radices:
            if words and used * radix >= 2**WORD_BITS:
                word, used = word + 1, 1
            words.append(word)
            weights.append(used)
            used *= radix
        return cls(np.array(words), np.array(weights), np.array(radices))

    @property
    def words(self) -> int:
        """The number of words."""
        return int(self.word.max(initial=-1)) + 1

    def pack(self, exponents: IntArray) -> NDArray[np.int64]:
        """(n, generators) exponents as (words, n) integers."""
        packed = np.zeros((self.words, len(exponents)), dtype=np.int64)
        for generator, (word, weight) in enumerate(zip(self.word, self.weight, strict=True)):
            packed[word] += exponents[:, generator] * weight
        return packed

    def unpack(self, packed: NDArray[np.int64]) -> IntArray:
        """(n, generators) exponents, none of them negative, from (words, n) integers."""
        exponents: IntArray = packed[self.word] // self.weight[:, None] % self.radix[:, None]
        return exponents.T


@dataclass(frozen=True, eq=False)
class CertifiedCuts:
    """A program with every capacity in two forms: a scaled logarithm (the first row), packed exponents (the others)."""

    program: TreeProgram
    caps: NDArray[np.int64]  # (1 + words, bonds)
    error: int  # two logarithms that differ by more have products in the same order
    digits: Digits
    block: int | None  # partitions run at once; None: as many as suit the cache

    @classmethod
    def of(cls, network: TensorNetwork, capacities: Capacities, block: int | None = None) -> "CertifiedCuts":
        """For a network without cycles, with the capacities of its bonds."""
        exponents = capacities.exponent_sum(np.arange(network.bonds))
        digits = Digits.of(exponents)
        # A logarithm is too small by less than 2 for each factor of its product. Two products have at most twice all
        # factors of all bonds.
        error = 4 * int(exponents.sum())
        logs = capacities.scaled(capacities.widest_scale)
        caps = np.concatenate((logs[None], digits.pack(capacities.exponents)))
        return cls(TreeProgram.of(network, logs, slack=error), caps, error, digits, block)

    def exponents(self, packed: ByteArray) -> tuple[IntArray, BoolArray]:
        """(batch, generators) the exponents of the smallest products, and (batch,) whether each is certified."""
        found = np.empty((len(packed), len(self.digits.word)), dtype=np.int64)
        certified = np.empty(len(packed), dtype=bool)
        width = self.block or int(
            np.clip(BLOCK_BYTES // (8 * self.caps.shape[0] * max(self.program.leaves, 1)), 8, 4096)
        )
        for start in range(0, len(packed), width):
            part = slice(start, start + width)
            found[part], certified[part] = self._ascend(packed[part])
        return found, certified

    def _ascend(self, packed: ByteArray) -> tuple[IntArray, BoolArray]:
        program = self.program
        caps = self.caps[:, program.leaf_bond, None]
        on_b = side_rows(packed)[program.leaf_terminal] & caps
        on_a = caps - on_b
        total = np.zeros((len(self.caps), len(packed)), dtype=np.int64)
        certified = np.ones(len(packed), dtype=bool)
        for step in program.steps:
            p, q = child_sums(on_b, step), child_sums(on_a, step)
            if step.bonds is not None:
                cap = np.broadcast_to(self.caps[:, step.bonds, None], p.shape)
                p, q = self._smaller(p, cap, certified), self._smaller(q, cap, certified)
            common = self._smaller(p, q, certified)
            on_b[:, step.slots], on_a[:, step.slots] = p - common, q - common
            total += common.sum(axis=1)
        return self.digits.unpack(total[1:]), certified

    def _smaller(self, one: Costs, other: Costs, certified: BoolArray) -> Costs:
        """The smaller of two costs, entry by entry. `certified` is cleared where a comparison is in doubt."""
        difference = one[0] - other[0]
        row, partition = np.nonzero(np.abs(difference) <= self.error)
        certified[partition[(one[1:, row, partition] != other[1:, row, partition]).any(axis=0)]] = False
        return np.where(difference <= 0, one, other)
