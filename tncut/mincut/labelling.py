"""Labellings of a circuit's uses, and what each one costs: the exact bound of the symmetric cut.

A labelling gives a side to every factor of every unit, and to the output's use of the root. Let n_s be the number
of copies of unit u (paths to the output) that are used on side s. Side s pays for u

    1                    if all factors of u lie on s,
    C(r + n_s - 1, n_s)  if every factor of u on the other side is pure: it depends on that side alone,
    r ** n_s             otherwise,

with r the channels of u, one more if u is inhomogeneous: if a sum of several children stands between u and the
output, so that a copy may be absent. A site of dimension M that is used on the other side costs M. The product of
all charges bounds the Schmidt rank, for every labelling; docs/symmetric-cut.md has the proof.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, IntArray
from ..circuit import Circuit

SITE_MODES = ("basis", "function")


@dataclass(frozen=True, eq=False)
class Task:
    """A circuit and a side for each of its terminals, with all that the cost of a labelling needs to know of them.

    A labelling is one array: a side (True: A) for every factor, those that are added to each other being one
    factor, and at the end the side of the output's use of the root.
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

    @cached_property
    def use_factor(self) -> IntArray:
        """(uses,) the label of each use: of each pair, and last the output's."""
        return np.append(self.factor, self.factors)

    @cached_property
    def use_child(self) -> IntArray:
        """(uses,) the vertex that each use reads."""
        return np.append(self.circuit.factor_child, self.circuit.sites + self.circuit.root)

    @cached_property
    def use_copies(self) -> NDArray[Any]:
        """(uses,) how many copies of its child each use makes: the paths from the output to its unit."""
        paths = self.circuit.multiplicities
        return np.append(paths[self.circuit.sites + self.circuit.factor_unit], paths[-1:])

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
        circuit = task.circuit
        parts = [_site_charges(task, label)]
        pure = _pure(task, label)
        own = label[:-1]
        for side in (True, False):
            copies = np.zeros(circuit.sites + circuit.units, dtype=task.use_copies.dtype)
            on_side = label[task.use_factor] == side
            np.add.at(copies, task.use_child[on_side], task.use_copies[on_side])
            other = np.logical_or.reduceat(own != side, task.unit_factor)
            mixed = np.logical_or.reduceat((own != side) & ~pure, task.unit_factor)
            units = np.flatnonzero(other & (copies[circuit.sites :] > 0))
            parts.append((circuit.sites + units, copies[circuit.sites + units], ~mixed[units]))
        vertex, count, symmetric = (np.concatenate(part) for part in zip(*parts, strict=True))
        return cls(task, vertex, count, symmetric)

    @cached_property
    def dims(self) -> IntArray:
        """The dimension from which each charge is computed."""
        label = self.task.circuit.open_output or 1
        return np.append(self.task.weights, label)[self.vertex]

    @cached_property
    def bits(self) -> NDArray[np.float64]:
        """log2 of each charge, in floats, for the search and for shares."""
        copies = self.copies.astype(np.float64)
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


def log2_symmetric(dims: NDArray[Any], copies: NDArray[np.float64]) -> NDArray[np.float64]:
    """log2 C(r + n - 1, n), without cancellation for large n."""
    from scipy.special import betaln

    r = dims.astype(np.float64)
    log: NDArray[np.float64] = -(np.log(r + copies) + betaln(copies + 1, r)) / math.log(2)
    return np.maximum(log, 0.0)


def _site_charges(task: Task, label: BoolArray) -> tuple[IntArray, NDArray[Any], BoolArray]:
    """Sites that are used on the other side, and the label of an open output."""
    circuit = task.circuit
    copies = np.zeros(circuit.sites, dtype=task.use_copies.dtype)
    of_site = np.flatnonzero(task.use_child < circuit.sites)
    site = task.use_child[of_site]
    across = label[task.use_factor[of_site]] != task.side_a[site]
    np.add.at(copies, site[across], task.use_copies[of_site[across]])
    crossed = np.flatnonzero(copies)
    # On a basis of inputs all copies of f(x_i) carry one index, so they count as one.
    count = copies[crossed] if task.site_mode == "function" else np.ones_like(copies[crossed])
    if circuit.open_output is not None and circuit.root_map and label[-1] != task.side_a[-1]:
        crossed, count = np.append(crossed, circuit.sites + circuit.units), np.append(count, 1)
    return crossed, count, np.ones(len(crossed), dtype=bool)


def _pure(task: Task, label: BoolArray) -> BoolArray:
    """(factors,) whether each factor depends on the side of its label alone, as the labelling computes it."""
    circuit, own = task.circuit, label[:-1]
    pure_on = {}
    for side in (True, False):
        pure = np.zeros(circuit.sites + circuit.units, dtype=bool)
        pure[: circuit.sites] = task.side_a[: circuit.sites] == side
        factor_pure = np.zeros(task.factors, dtype=bool)
        for level in circuit.levels:
            pairs = circuit.factors_of(level)
            first = np.flatnonzero(~circuit.added[pairs])
            factors = task.factor[pairs[first]]
            factor_pure[factors] = np.logical_and.reduceat(pure[circuit.factor_child[pairs]], first)
            unit_start = np.flatnonzero(np.append(True, np.diff(task.factor_unit[factors]) != 0))
            pure[circuit.sites + level] = np.logical_and.reduceat(
                factor_pure[factors] & (own[factors] == side), unit_start
            )
        pure_on[side] = factor_pure
    return np.where(own, pure_on[True], pure_on[False])
