"""Exact minimum cuts of many partitions whose dimensions are not powers of one integer.

A loss is a product of powers of the generators (see capacities.py), so it is carried twice: as a scaled logarithm, and
as its exponents, packed in the digits of a few integers. Where two logarithms are too close to tell, equal exponents
prove them equal; what is close and not equal leaves its partition uncertified, for the one-by-one program to solve.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...network import TensorNetwork
from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray, side_rows
from ..capacities import Capacities
from .program import Losses, TreeProgram
from .rounded import joined

BITS = 62
BLOCK_BYTES = 2**22


@dataclass(frozen=True, eq=False)
class Digits:
    """Vectors of exponents packed into integers: generator g is a digit of word `word[g]`, of weight `weight[g]`.

    Sums and differences of packed vectors are the packed sums and differences, and two are equal only if the vectors
    are, since every digit has room for twice the largest exponents, of either sign.
    """

    word: IntArray  # (generators,)
    weight: IntArray  # (generators,)
    radix: IntArray  # (generators,)

    @classmethod
    def of(cls, largest: IntArray) -> "Digits":
        """For exponents of at most `largest`, (generators,), in absolute value."""
        word: list[int] = []
        weight: list[int] = []
        used = 1
        for radix in (radices := (4 * largest + 1).tolist()):
            if used * radix >= 2**BITS:
                used = 1
            word.append((word[-1] + (used == 1)) if word else 0)
            weight.append(used)
            used *= radix
        return cls(np.array(word), np.array(weight), np.array(radices))

    @property
    def words(self) -> int:
        return int(self.word.max(initial=-1)) + 1

    def pack(self, exponents: IntArray) -> NDArray[np.int64]:
        """(words, n) from (n, generators)."""
        packed = np.zeros((self.words, len(exponents)), dtype=np.int64)
        for place, (word, weight) in enumerate(zip(self.word, self.weight, strict=True)):
            packed[word] += exponents[:, place] * weight
        return packed

    def unpack(self, packed: NDArray[np.int64]) -> IntArray:
        """(n, generators) exponents, none negative, from (words, n)."""
        exponents: IntArray = packed[self.word] // self.weight[:, None] % self.radix[:, None]
        return exponents.T


@dataclass(frozen=True, eq=False)
class ExactTreeBatch:
    """A program with every capacity as a scaled logarithm (first row) and its packed exponents (the other rows)."""

    program: TreeProgram
    caps: NDArray[np.int64]  # (1 + words, bonds)
    error: int  # logarithms further apart than this are those of different products, in the same order
    digits: Digits
    block: int | None

    @classmethod
    def of(cls, network: TensorNetwork, capacities: Capacities, block: int | None = None) -> "ExactTreeBatch":
        exponents = capacities.exponent_sum(np.arange(network.bonds))
        digits = Digits.of(exponents)
        # A logarithm is off by less than 2 for each generator in it; what is compared differs in at most two of each.
        error = 4 * int(exponents.sum())
        logs = capacities.scaled(capacities.widest_scale)
        caps = np.concatenate((logs[None], digits.pack(capacities.exponents)))
        return cls(TreeProgram.of(network, logs, slack=error), caps, error, digits, block)

    def exponents(self, packed: ByteArray) -> tuple[IntArray, BoolArray]:
        """(batch, generators) the exponents of the smallest products, and (batch,) whether each of them is proven."""
        found = np.empty((len(packed), len(self.digits.word)), dtype=np.int64)
        proven = np.empty(len(packed), dtype=bool)
        width = self.block or int(
            np.clip(BLOCK_BYTES // (8 * self.caps.shape[0] * max(self.program.leaves, 1)), 8, 4096)
        )
        for start in range(0, len(packed), width):
            part = slice(start, start + width)
            found[part], proven[part] = self._ascend(packed[part])
        return found, proven

    def _ascend(self, packed: ByteArray) -> tuple[IntArray, BoolArray]:
        program = self.program
        caps = self.caps[:, program.leaf_bond, None]
        on_b = side_rows(packed)[program.leaf_terminal] & caps
        on_a = caps - on_b
        total = np.zeros((len(self.caps), len(packed)), dtype=np.int64)
        proven = np.ones(len(packed), dtype=bool)
        for step in program.steps:
            p, q = joined(on_b, step), joined(on_a, step)
            if step.bonds is not None:
                cap = np.broadcast_to(self.caps[:, step.bonds, None], p.shape)
                p, q = self._smaller(p, cap, proven), self._smaller(q, cap, proven)
            paid = self._smaller(p, q, proven)
            on_b[:, step.slots], on_a[:, step.slots] = p - paid, q - paid
            total += paid.sum(axis=1)
        return self.digits.unpack(total[1:]), proven

    def _smaller(self, one: Losses, other: Losses, proven: BoolArray) -> Losses:
        """The smaller of two losses, entry by entry; a partition in which one comparison is in doubt is not proven."""
        difference = one[0] - other[0]
        row, partition = np.nonzero(np.abs(difference) <= self.error)
        proven[partition[(one[1:, row, partition] != other[1:, row, partition]).any(axis=0)]] = False
        return np.where(difference <= 0, one, other)
