"""Labellings of a circuit and what they cost: the exact bound of the symmetric cut.

Every unit has two *versions* that compute the same vector: one for its uses on side A, one for its uses on side B. A
*labelling* gives a side to every factor of every version, and to the output's use of the root. A factor on side s
reads the version for side s of its child. A factor is *pure* if what it reads is computed on the factor's own side
alone, from sites of that side.

Let the version for side s of a unit with r channels have n copies (paths from the output to it). Its *charge* is

    1                if n = 0, or if all its factors lie on side s,
    C(r + n - 1, n)  if every factor of it on the other side is pure,
    r ** n           otherwise.

A unit is *inhomogeneous* if some path from the output to it passes a sum of several children: a copy may then be
absent from a term of the expanded sum, and r + 1 takes the place of r. A site of dimension M that is read on the other
side has the charge M. The label of an open output has the number of labels as its charge, if the output's use lies on
the other side.

The cost of a labelling is the product of all charges. For every labelling it bounds the Schmidt rank, for all weights;
docs/symmetric-cut.md has the proof.
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
    """A circuit with a side for each of its terminals, and what the cost of a labelling needs to know of them.

    A labelling is one array of sides, True: A. It has the factors of the versions for side A, then those of the
    versions for side B, then the output's use of the root. Children that are added to each other make up one factor.
    """

    circuit: Circuit
    side_a: BoolArray  # (terminals,) True: side A
    site_mode: str = "basis"  # see `symmetric_cut`

    @property
    def factors(self) -> int:
        """The number of factors."""
        return self.circuit.factors

    @property
    def length(self) -> int:
        """The number of sides in a labelling."""
        return 2 * self.factors + 1

    def version(self, labelling: BoolArray, side: bool) -> BoolArray:
        """(factors,) the sides that a labelling gives to the factors of the versions for one side."""
        return labelling[: self.factors] if side else labelling[self.factors : -1]

    @cached_property
    def inhomogeneous(self) -> BoolArray:
        """(vertices,) whether some path from the output to the vertex passes a sum of several children."""
        circuit = self.circuit
        found = np.zeros(circuit.sites + circuit.units, dtype=bool)
        if circuit.has_sums:
            several = (np.diff(circuit.factor_pairs) > 1)[circuit.pair_factor]
            found[circuit.factor_child[several]] = True
            for level in reversed(circuit.levels):
                pairs = circuit.factors_of(level)
                below = pairs[found[circuit.sites + circuit.factor_unit[pairs]]]
                found[circuit.factor_child[below]] = True
        return found

    @cached_property
    def weights(self) -> IntArray:
        """(vertices,) the dimension from which a charge is computed: one more where the vertex is inhomogeneous."""
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
    """All charges of a labelling above 1: of sites and the label, then of versions of units."""

    task: Task
    vertex: IntArray  # (charges,) the site or the unit; sites + units stands for the label
    copies: NDArray[Any]  # (charges,)
    symmetric: BoolArray  # (charges,) True: the charge is C(r + n - 1, n); False: r ** n

    @classmethod
    def of(cls, task: Task, labelling: BoolArray) -> "Charges":
        """The charges of one labelling."""
        sites, first = task.circuit.sites, task.circuit.unit_factors[:-1]
        counts = count_copies(task, labelling)
        parts = [_terminal_charges(task, labelling, counts)]
        for side in (True, False):
            across = task.version(labelling, side) != side
            mixed = across & ~_pure(task, task.version(labelling, not side), not side)
            crossed = np.logical_or.reduceat(across, first) & (counts[side][sites:] > 0)
            units = np.flatnonzero(crossed)
            symmetric = ~np.logical_or.reduceat(mixed, first)[units]
            parts.append((sites + units, counts[side][sites + units], symmetric))
        vertex, copies, symmetric = (np.concatenate(part) for part in zip(*parts, strict=True))
        return cls(task, vertex, copies, symmetric)

    @cached_property
    def dims(self) -> IntArray:
        """(charges,) the dimension from which each charge is computed."""
        labels = self.task.circuit.open_output or 1
        return np.append(self.task.weights, labels)[self.vertex]

    @cached_property
    def bits(self) -> NDArray[np.float64]:
        """(charges,) log2 of each charge, in floats: for the search, and for shares of the total."""
        copies = as_floats(self.copies)
        return np.where(self.symmetric, log2_symmetric(self.dims, copies), copies * np.log2(self.dims))

    @property
    def total_bits(self) -> float:
        """log2 of the cost, in floats."""
        return float(self.bits.sum())

    def values(self) -> list[int]:
        """The charges as exact integers."""
        return [
            math.comb(dim + copies - 1, copies) if symmetric else dim**copies
            for dim, copies, symmetric in zip(
                self.dims.tolist(), self.copies.tolist(), self.symmetric.tolist(), strict=True
            )
        ]

    def bound(self) -> int:
        """The cost of the labelling, the exact product of all charges: an upper bound on the Schmidt rank."""
        return math.prod(value**times for value, times in Counter(self.values()).items())


def as_floats(copies: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers of copies as floats, for the search. Above 2^1000, near the largest float, 2^1000 is taken."""
    if copies.dtype == object:
        copies = np.minimum(copies, 2**1000)
    return copies.astype(np.float64)


def log2_symmetric(dims: NDArray[Any], copies: NDArray[np.float64]) -> NDArray[np.float64]:
    """log2 C(r + n - 1, n) for r = dims and n = copies, without cancellation for large n.

    C(r + n - 1, n) = 1 / ((r + n) B(n + 1, r)), with B the beta function.
    """
    from scipy.special import betaln

    r = dims.astype(np.float64)
    log: NDArray[np.float64] = -(np.log(r + copies) + betaln(copies + 1, r)) / math.log(2)
    return np.maximum(log, 0.0)


def count_copies(task: Task, labelling: BoolArray) -> dict[bool, NDArray[Any]]:
    """side -> (vertices,) the number of paths from the output to the version of each vertex for that side."""
    circuit = task.circuit
    counts = {side: np.zeros(circuit.sites + circuit.units, circuit.multiplicities.dtype) for side in (True, False)}
    counts[bool(labelling[-1])][-1] = 1
    for level in reversed(circuit.levels):
        pairs = circuit.factors_of(level)
        unit, child = circuit.sites + circuit.factor_unit[pairs], circuit.factor_child[pairs]
        for side in (True, False):
            copies, on_a = counts[side][unit], task.version(labelling, side)[circuit.pair_factor[pairs]]
            np.add.at(counts[True], child[on_a], copies[on_a])
            np.add.at(counts[False], child[~on_a], copies[~on_a])
    return counts


def _terminal_charges(
    task: Task, labelling: BoolArray, counts: dict[bool, NDArray[Any]]
) -> tuple[IntArray, NDArray[Any], BoolArray]:
    """Vertices, copies, symmetry: of the sites that are read on the other side, and of the label of an open output."""
    circuit = task.circuit
    copies = np.where(task.side_a[: circuit.sites], counts[False][: circuit.sites], counts[True][: circuit.sites])
    crossed = np.flatnonzero(copies)
    # On a basis of inputs all copies of f(x_i) have one index, so they count as one copy.
    count = copies[crossed] if task.site_mode == "function" else np.ones_like(copies[crossed])
    if circuit.open_output is not None and circuit.root_map and labelling[-1] != task.side_a[-1]:
        crossed, count = np.append(crossed, circuit.sites + circuit.units), np.append(count, 1)
    return crossed, count, np.ones(len(crossed), dtype=bool)


def _pure(task: Task, own: BoolArray, side: bool) -> BoolArray:
    """(factors,) whether each factor, if it lies on this side, is pure.

    `own`: (factors,) the sides of the factors of the versions for this side, which such a factor reads.
    """
    circuit = task.circuit
    pure = np.zeros(circuit.sites + circuit.units, dtype=bool)
    pure[: circuit.sites] = task.side_a[: circuit.sites] == side
    factor_pure = np.zeros(task.factors, dtype=bool)
    for level in circuit.levels:
        pairs = circuit.factors_of(level)
        first = np.flatnonzero(~circuit.added[pairs])
        factors = circuit.pair_factor[pairs[first]]
        factor_pure[factors] = np.logical_and.reduceat(pure[circuit.factor_child[pairs]], first)
        unit_start = np.flatnonzero(np.append(True, np.diff(circuit.factor_unit[pairs[first]]) != 0))
        here = factor_pure[factors] & (own[factors] == side)
        pure[circuit.sites + level] = np.logical_and.reduceat(here, unit_start)
    return factor_pure
