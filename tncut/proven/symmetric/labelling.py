"""Labellings of a circuit's uses, and what each one costs: the exact bound of the symmetric cut.

Give every unit two versions that compute the same vector, one for each side that it is used on. A labelling gives
a side to every factor of every version, and to the output's use of the root; a factor on side s reads the version
of side s of its child. Let n be the number of copies (paths from the output) of version s of unit u. It costs

    1                if n = 0, or if all its factors lie on s,
    C(r + n - 1, n)  if every factor of it on the other side is pure: it depends on that side alone,
    r ** n           otherwise,

with r the channels of u, one more if u is inhomogeneous: if a sum of several children stands between u and the
output, so that a copy may be absent. A site of dimension M that is used on the other side costs M. The product of
all costs bounds the Schmidt rank, for every labelling; docs/symmetric-cut.md has the proof.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...circuit import Circuit
from ...tools.arrays import BoolArray, IntArray

SITE_MODES = ("basis", "function")


@dataclass(frozen=True, eq=False)
class Task:
    """A circuit and a side for each of its terminals, with all that the cost of a labelling needs to know of them.

    A labelling is one array of sides (True: A): of every factor of the units' versions for side A, of the versions
    for side B, and of the output's use of the root. Children that are added to each other make up one factor.
    """

    circuit: Circuit
    side_a: BoolArray  # (terminals,)
    site_mode: str = "basis"

    @cached_property
    def factor(self) -> IntArray:
        """(pairs,) the factor that each matrix-child pair belongs to."""
        return np.cumsum(~self.circuit.added) - 1

    @cached_property
    def first_pair(self) -> IntArray:
        """(factors,)"""
        return np.flatnonzero(~self.circuit.added)

    @cached_property
    def factor_unit(self) -> IntArray:
        return self.circuit.factor_unit[self.first_pair]

    @cached_property
    def unit_factor(self) -> IntArray:
        """(units,) the first factor of each unit."""
        return self.factor[self.circuit.factor_start[:-1]]

    @property
    def factors(self) -> int:
        return len(self.first_pair)

    @property
    def labels(self) -> int:
        """The length of a labelling."""
        return 2 * self.factors + 1

    def version(self, label: BoolArray, side: bool) -> BoolArray:
        """(factors,) the sides of the factors of the versions that are used on this side."""
        return label[: self.factors] if side else label[self.factors : -1]

    @cached_property
    def inhomogeneous(self) -> BoolArray:
        """(vertices,) whether a sum of several children stands between a vertex and the output."""
        circuit = self.circuit
        found = np.zeros(circuit.sites + circuit.units, dtype=bool)
        if circuit.has_sums:
            several = (np.bincount(self.factor) > 1)[self.factor]
            found[circuit.factor_child[several]] = True
            for level in reversed(circuit.levels):
                pairs = circuit.factors_of(level)
                below = pairs[found[circuit.sites + circuit.factor_unit[pairs]]]
                found[circuit.factor_child[below]] = True
        return found

    @cached_property
    def weights(self) -> IntArray:
        """(vertices,) the dimension that a charge is computed from."""
        weights = self.circuit.vertex_dims + self.inhomogeneous
        if self.site_mode == "basis":
            weights[: self.circuit.sites] = self.circuit.site_dims
        return weights

    def reaches(self, side: bool) -> BoolArray:
        """(vertices,) whether each vertex depends on some site of this side."""
        circuit = self.circuit
        found = np.zeros(circuit.sites + circuit.units, dtype=bool)
        found[: circuit.sites] = self.side_a[: circuit.sites] == side
        for level in circuit.levels:
            start = np.cumsum(np.append(0, np.diff(circuit.factor_start)[level]))[:-1]
            found[circuit.sites + level] = np.logical_or.reduceat(
                found[circuit.factor_child[circuit.factors_of(level)]], start
            )
        return found


@dataclass(frozen=True, eq=False)
class Charges:
    """What a labelling pays: one entry for each side of each unit that it crosses, and for each site and the label."""

    task: Task
    vertex: IntArray  # sites + units stands for the label
    copies: NDArray[Any]
    symmetric: BoolArray  # whether the copies carry one vector, so that only its symmetric powers count

    @classmethod
    def of(cls, task: Task, label: BoolArray) -> "Charges":
        sites = task.circuit.sites
        counts = count_copies(task, label)
        parts = [_site_charges(task, label, counts)]
        for side in (True, False):
            across = task.version(label, side) != side
            mixed = across & ~_pure(task, task.version(label, not side), not side)
            crossed = np.logical_or.reduceat(across, task.unit_factor) & (counts[side][sites:] > 0)
            units = np.flatnonzero(crossed)
            symmetric = ~np.logical_or.reduceat(mixed, task.unit_factor)[units]
            parts.append((sites + units, counts[side][sites + units], symmetric))
        vertex, copies, symmetric = (np.concatenate(part) for part in zip(*parts, strict=True))
        return cls(task, vertex, copies, symmetric)

    @cached_property
    def dims(self) -> IntArray:
        """The dimension from which each charge is computed."""
        label = self.task.circuit.open_output or 1
        return np.append(self.task.weights, label)[self.vertex]

    @cached_property
    def bits(self) -> NDArray[np.float64]:
        """log2 of each charge, in floats, for the search and for shares."""
        copies = as_floats(self.copies)
        return np.where(self.symmetric, log2_symmetric(self.dims, copies), copies * np.log2(self.dims))

    @property
    def total_bits(self) -> float:
        return float(self.bits.sum())

    def values(self) -> list[int]:
        """Each charge, exact."""
        return [
            math.comb(dim + copies - 1, copies) if symmetric else dim**copies
            for dim, copies, symmetric in zip(
                self.dims.tolist(), self.copies.tolist(), self.symmetric.tolist(), strict=True
            )
        ]

    def bound(self) -> int:
        """The exact product of all charges."""
        return math.prod(value**times for value, times in Counter(self.values()).items())


def as_floats(copies: NDArray[Any]) -> NDArray[np.float64]:
    """Copies for the search, which takes more than 2^1000 of them for so many: floats end there."""
    if copies.dtype == object:
        copies = np.minimum(copies, 2**1000)
    return copies.astype(np.float64)


def log2_symmetric(dims: NDArray[Any], copies: NDArray[np.float64]) -> NDArray[np.float64]:
    """log2 C(r + n - 1, n), without cancellation for large n."""
    from scipy.special import betaln

    r = dims.astype(np.float64)
    log: NDArray[np.float64] = -(np.log(r + copies) + betaln(copies + 1, r)) / math.log(2)
    return np.maximum(log, 0.0)


def count_copies(task: Task, label: BoolArray) -> dict[bool, NDArray[Any]]:
    """For each side (vertices,) the number of paths from the output to the version of each vertex for that side."""
    circuit = task.circuit
    counts = {side: np.zeros(circuit.sites + circuit.units, circuit.multiplicities.dtype) for side in (True, False)}
    counts[bool(label[-1])][-1] = 1
    for level in reversed(circuit.levels):
        pairs = circuit.factors_of(level)
        unit, child = circuit.sites + circuit.factor_unit[pairs], circuit.factor_child[pairs]
        arriving = [(counts[side][unit], task.version(label, side)[task.factor[pairs]]) for side in (True, False)]
        for copies, on_a in arriving:
            np.add.at(counts[True], child[on_a], copies[on_a])
            np.add.at(counts[False], child[~on_a], copies[~on_a])
    return counts


def _site_charges(
    task: Task, label: BoolArray, counts: dict[bool, NDArray[Any]]
) -> tuple[IntArray, NDArray[Any], BoolArray]:
    """Sites that are used on the other side, and the label of an open output."""
    circuit = task.circuit
    copies = np.where(task.side_a[: circuit.sites], counts[False][: circuit.sites], counts[True][: circuit.sites])
    crossed = np.flatnonzero(copies)
    # On a basis of inputs all copies of f(x_i) carry one index, so they count as one.
    count = copies[crossed] if task.site_mode == "function" else np.ones_like(copies[crossed])
    if circuit.open_output is not None and circuit.root_map and label[-1] != task.side_a[-1]:
        crossed, count = np.append(crossed, circuit.sites + circuit.units), np.append(count, 1)
    return crossed, count, np.ones(len(crossed), dtype=bool)


def _pure(task: Task, own: BoolArray, side: bool) -> BoolArray:
    """(factors,) whether what each factor reads, the versions for this side, is computed on this side alone."""
    circuit = task.circuit
    pure = np.zeros(circuit.sites + circuit.units, dtype=bool)
    pure[: circuit.sites] = task.side_a[: circuit.sites] == side
    factor_pure = np.zeros(task.factors, dtype=bool)
    for level in circuit.levels:
        pairs = circuit.factors_of(level)
        first = np.flatnonzero(~circuit.added[pairs])
        factors = task.factor[pairs[first]]
        factor_pure[factors] = np.logical_and.reduceat(pure[circuit.factor_child[pairs]], first)
        unit_start = np.flatnonzero(np.append(True, np.diff(task.factor_unit[factors]) != 0))
        here = factor_pure[factors] & (own[factors] == side)
        pure[circuit.sites + level] = np.logical_and.reduceat(here, unit_start)
    return factor_pure
