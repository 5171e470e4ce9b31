"""The minimum cuts of any number of partitions of one network without cycles: bits, exact products, sides."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...network import TensorNetwork
from ...tools.arrays import BoolArray, IntArray
from ...tools.bits import ByteArray, unpack
from ..capacities import Capacities
from ..cut import cut_bonds
from ..tree import tree_sides
from .certified import CertifiedCuts
from .integers import IntegerCuts
from .program import TreeProgram
from .rounded import rounded_values


@dataclass(frozen=True, eq=False)
class TreeCuts:
    """The minimum cuts of one network without cycles over many partitions.

    Partitions are packed bits, (batch, bytes), with a bit for each terminal (see tools/bits.py). Every method raises a
    MethodError if the network has cycles.
    """

    network: TensorNetwork
    block: int | None = None  # partitions run at once; None: as many as suit the cache

    @cached_property
    def capacities(self) -> Capacities:
        """The bond dimensions as capacities."""
        return Capacities.of(self.network.bond_dims)

    @cached_property
    def certified(self) -> CertifiedCuts:
        """The program that is exact for all dimensions; it needs to run only where `integers` is not."""
        return CertifiedCuts.of(self.network, self.capacities, self.block)

    @cached_property
    def integers(self) -> IntegerCuts:
        """The fast program, exact where all dimensions are powers of one integer."""
        if self.capacities.exact:
            caps = self.capacities.exponents.sum(axis=1)
            return IntegerCuts(TreeProgram.of(self.network, caps), caps, len(self.network.terminals), self.block)
        return IntegerCuts(self.certified.program, self.certified.caps[0], len(self.network.terminals), self.block)

    def bits(self, packed: ByteArray) -> NDArray[np.float64]:
        """(batch,) log2 of the smallest products, in bits.

        If all dimensions are powers of one integer, only floats round. Else the result is at most 2 e / 2^s bits too
        small, with e the sum of the exponents of all bonds and s the capacities' `widest_scale`.
        """
        return self.bits_of(self.values(packed))

    def bits_of(self, values: IntArray) -> NDArray[np.float64]:
        """`bits` of partitions whose `values` are known."""
        exact = self.capacities.exact
        unit = math.log2(max(self.capacities.generators, default=1)) if exact else 2.0**-self.capacities.widest_scale
        return values.astype(np.float64) * unit

    def values(self, packed: ByteArray) -> IntArray:
        """(batch,) the capacities of the minimum cuts: exponents of the one generator, or logarithms scaled by 2^s."""
        return self.integers.values(packed)

    def exponents(self, packed: ByteArray) -> IntArray:
        """(batch, generators) the smallest products, as exponents of the capacities' generators."""
        if self.capacities.exact:
            return self.integers.values(packed)[:, None][:, : len(self.capacities.generators)]
        found, certified = self.certified.exponents(packed)
        for index in np.flatnonzero(~certified):
            side_a, sides = self._one_by_one(packed[index])
            found[index] = self.capacities.exponent_sum(cut_bonds(self.network, side_a, sides))
        return found

    def products(self, packed: ByteArray) -> list[int]:
        """The smallest products themselves, as exact integers."""
        exponents, generators = self.exponents(packed), self.capacities.generators
        first, which = _distinct_rows(exponents)
        distinct = exponents[first].tolist()
        values = [math.prod(g**e for g, e in zip(generators, row, strict=True)) for row in distinct]
        return [values[index] for index in which.tolist()]

    def rounded_values(self, bases: Sequence[int], packed: ByteArray) -> NDArray[np.int64]:
        """(bases, batch) the capacities of the minimum cuts with every dimension rounded down to a power of a base."""
        return rounded_values(self.network, self.capacities, bases, packed)

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the tensors in a minimum cut, True: A."""
        found = self.integers.sides(packed)
        if not self.capacities.exact:
            _, certified = self.certified.exponents(packed)
            for index in np.flatnonzero(~certified):
                _, found[index] = self._one_by_one(packed[index])
        return found

    def _one_by_one(self, packed: ByteArray) -> tuple[BoolArray, BoolArray]:
        """One partition, unpacked, and the sides of the tensors in a minimum cut."""
        side_a = unpack(packed[None], len(self.network.terminals))[0]
        return side_a, tree_sides(self.network, self.capacities, side_a)[0]


def _distinct_rows(rows: IntArray) -> tuple[IntArray, IntArray]:
    """The index of the first of equal rows, for each distinct one; and which of these each row equals.

    The numbers are 0 or more.
    """
    sizes = [int(column.max(initial=0)) + 1 for column in rows.T]
    if math.prod(sizes) < 2**62:
        # A row is read as the digits of one number: numbers are sorted many times faster than rows.
        weights = np.cumprod([1, *sizes], dtype=np.int64)[: len(sizes)]
        _, first, which = np.unique(rows @ weights, return_index=True, return_inverse=True)
    else:
        _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, which.ravel()
