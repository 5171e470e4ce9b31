"""The minimum cuts of any number of partitions of one network without cycles: fast, exact, or with their sides."""

import math
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
from .exact import ExactTreeBatch
from .program import TreeProgram
from .rounded import TreeBatch


@dataclass(frozen=True, eq=False)
class TreeCuts:
    """A network without cycles, prepared for cuts over many partitions, given as packed bits (see bits.py)."""

    network: TensorNetwork
    block: int | None = None  # partitions run at once; None: as many as suit the cache

    @cached_property
    def capacities(self) -> Capacities:
        return Capacities.of(self.network.bond_dims)

    @cached_property
    def _exact(self) -> ExactTreeBatch:
        return ExactTreeBatch.of(self.network, self.capacities, self.block)

    @cached_property
    def _batch(self) -> TreeBatch:
        if self.capacities.exact:
            caps = self.capacities.exponents.sum(axis=1)
            return TreeBatch(TreeProgram.of(self.network, caps), caps, len(self.network.terminals), self.block)
        return TreeBatch(self._exact.program, self._exact.caps[0], len(self.network.terminals), self.block)

    def bits(self, packed: ByteArray) -> NDArray[np.float64]:
        """(batch,) log2 of the smallest products.

        Exact up to the rounding of the floats if all dimensions are powers of one integer; else at most 2 e / 2^s bits
        too small, with e the sum of the exponents of all bonds and s the capacities' `widest_scale`.
        """
        return self.bits_of(self.values(packed))

    def bits_of(self, values: IntArray) -> NDArray[np.float64]:
        """The same of values that are known."""
        exact = self.capacities.exact
        unit = math.log2(max(self.capacities.generators, default=1)) if exact else 2.0**-self.capacities.widest_scale
        return values.astype(np.float64) * unit

    def values(self, packed: ByteArray) -> IntArray:
        """(batch,) the smallest sums of capacities: exponents of one integer, or logarithms scaled by 2^s."""
        return self._batch.values(packed)

    def exponents(self, packed: ByteArray) -> IntArray:
        """(batch, generators) the smallest products, as the exponents of the generators."""
        if self.capacities.exact:
            return self._batch.values(packed)[:, None][:, : len(self.capacities.generators)]
        found, proven = self._exact.exponents(packed)
        for place in np.flatnonzero(~proven):
            side_a, sides = self._one_by_one(packed[place])
            found[place] = self.capacities.exponent_sum(cut_bonds(self.network, side_a, sides))
        return found

    def products(self, packed: ByteArray) -> list[int]:
        """The smallest products themselves."""
        exponents, generators = self.exponents(packed), self.capacities.generators
        first, which = _distinct_rows(exponents)
        distinct = exponents[first].tolist()
        values = [math.prod(g**e for g, e in zip(generators, row, strict=True)) for row in distinct]
        return [values[place] for place in which.tolist()]

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the tensors in a minimum cut, True: A."""
        found = self._batch.sides(packed)
        if not self.capacities.exact:
            _, proven = self._exact.exponents(packed)
            for place in np.flatnonzero(~proven):
                _, found[place] = self._one_by_one(packed[place])
        return found

    def _one_by_one(self, packed: ByteArray) -> tuple[BoolArray, BoolArray]:
        side_a = unpack(packed[None], len(self.network.terminals))[0]
        return side_a, tree_sides(self.network, self.capacities, side_a)[0]


def _distinct_rows(rows: IntArray) -> tuple[IntArray, IntArray]:
    """Where each distinct row of numbers >= 0 occurs first, and which of them every row is."""
    sizes = [int(column.max(initial=0)) + 1 for column in rows.T]
    if math.prod(sizes) < 2**62:
        # As digits of one number they are compared many times faster than as rows.
        weights = np.cumprod([1, *sizes], dtype=np.int64)[: len(sizes)]
        _, first, which = np.unique(rows @ weights, return_index=True, return_inverse=True)
    else:
        _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, which.ravel()
