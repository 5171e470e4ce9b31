"""A circuit seen in digits of one base: how many its sites and units hold, and which factors can carry any."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...circuit import Circuit
from ...partition import Partition
from ...tools.arrays import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Digits:
    """Where digits of A and of B can go. Vertices are sites, then units, as in the circuit."""

    circuit: Circuit
    partition: Partition
    base: int
    used: BoolArray  # (factors,) False: a term of a sum that was not chosen; all True: nothing was chosen yet
    held: IntArray  # (vertices,) floor(log_base of the dimension)
    labels: int  # digits of an open output's label

    @classmethod
    def of(cls, circuit: Circuit, partition: Partition, base: int) -> "Digits":
        held = floor_log(np.append(circuit.vertex_dims, circuit.open_output or 1), base)
        everything = np.ones(len(circuit.factor_child), dtype=bool)
        return cls(circuit, partition, base, everything, held[:-1], int(held[-1]))

    def with_terms(self, used: BoolArray) -> "Digits":
        """The same with one term of each sum."""
        return replace(self, used=used)

    @property
    def undecided(self) -> bool:
        """Whether some sum still has all its terms."""
        return bool(self.used[self.circuit.added].any()) and bool(self.used.all())

    @property
    def label_on_a(self) -> bool:
        return bool(self.partition.sides[-1])

    @cached_property
    def parent(self) -> IntArray:
        """(factors,) the vertex of the unit that each factor belongs to."""
        return self.circuit.sites + self.circuit.factor_unit

    @cached_property
    def reached(self) -> BoolArray:
        """(vertices,) what the output depends on through factors that are used."""
        reached = np.ones(len(self.held), dtype=bool)
        if self.used.all():
            return reached
        reached[:-1] = False
        for level in reversed(self.circuit.levels):
            factors = self.circuit.factors_of(level)
            reached[self.circuit.factor_child[factors[self.used[factors] & reached[self.parent[factors]]]]] = True
        return reached

    @cached_property
    def has_a(self) -> BoolArray:
        """(vertices,) where digits of A can arrive from below."""
        return self._has(self.partition.sides[: self.circuit.sites])

    @cached_property
    def has_b(self) -> BoolArray:
        return self._has(~self.partition.sides[: self.circuit.sites])

    def _has(self, sites: BoolArray) -> BoolArray:
        found = self.reached & (self.held > 0)
        found[: self.circuit.sites] &= sites
        for level in self.circuit.levels:
            factors, units = self.circuit.factors_of(level), self.circuit.sites + level
            arrives = np.zeros(len(found), dtype=bool)
            arrives[self.parent[factors[self.used[factors] & found[self.circuit.factor_child[factors]]]]] = True
            found[units] &= arrives[units]
        return found

    @cached_property
    def carries_a(self) -> IntArray:
        """The factors that can carry digits of A."""
        return self._carries(self.has_a)

    @cached_property
    def carries_b(self) -> IntArray:
        return self._carries(self.has_b)

    def _carries(self, has: BoolArray) -> IntArray:
        return np.flatnonzero(self.used & has[self.circuit.factor_child] & has[self.parent])

    @cached_property
    def most(self) -> int:
        """No more pairs than this: the digits of either side."""
        sites = self.circuit.sites
        side_a, side_b = (int(self.held[:sites][has[:sites]].sum()) for has in (self.has_a, self.has_b))
        return min(side_a + self.labels * self.label_on_a, side_b + self.labels * (not self.label_on_a))


def bases(dims: Iterable[int]) -> list[int]:
    """The bases that matter for these dimensions.

    floor(log_p d) drops only beyond the integer roots of d; and digits in base q^k are k digits in base q each.

    >>> bases([4, 9, 30])
    [2, 3, 5, 30]
    """
    roots = {_root(dim, k) for dim in dims if dim > 1 for k in range(1, dim.bit_length())}
    powers = {root**k for root in roots for k in range(2, max(roots).bit_length()) if root**k <= max(roots)}
    return sorted(roots - powers)


def _root(number: int, k: int) -> int:
    """The integer part of the k-th root."""
    root: int = round(number ** (1 / k))
    while root**k > number:
        root -= 1
    while (root + 1) ** k <= number:
        root += 1
    return root


def floor_log(dims: IntArray, base: int) -> IntArray:
    """floor(log_base d) for each dimension d, exactly.

    >>> floor_log(np.array([1, 7, 8]), 2)
    array([0, 2, 3])
    """
    digits, power, most = np.zeros(len(dims), dtype=np.int64), base, int(dims.max())
    while power <= most:
        digits += dims >= power
        power *= base
    return digits
