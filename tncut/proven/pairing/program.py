"""Pairings by linear and integer programs: for smaller circuits, and for the choice of the terms of sums.

The programs only suggest which terms to use, and how many digits of each unit go up. Flows of integers make pairings of
that, so nothing rests on floating-point numbers. The optimum of the linear program need not be an integer: the tests
have a circuit of seven units where it is 3/2, and the best pairing has one pair.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray
from .digits import Digits

REAL_LIMIT = 16_000  # factors that carry digits of A, and of B, together: about a second
INTEGER_LIMIT = 1_000
NODE_LIMIT = 200  # of the branch and bound

Entries = tuple[IntArray, IntArray, float]  # of the matrix: rows, columns, one coefficient


def programmed_up(digits: Digits, *, integers: bool) -> tuple[IntArray, int]:
    """(units,) the digits that go up in an optimal solution, rounded; and how many pairs there can be at most."""
    program = _Program(digits)
    values, most = program.solved(integers=integers)
    up = np.zeros(digits.circuit.units)
    np.add.at(up, digits.circuit.factor_unit[digits.carries_a], values[program.a])
    return np.clip(np.rint(up).astype(np.int64), 0, digits.held[digits.circuit.sites :]), most


def programmed_terms(digits: Digits) -> BoolArray:
    """(factors,) the best term of each sum, as far as the integer program finds it."""
    program = _Program(digits)
    uses = program.choose_terms()
    values, _ = program.solved(integers=True)
    return largest_terms(digits, values[uses])


def largest_terms(digits: Digits, weight: NDArray[Any]) -> BoolArray:
    """(factors,) of each sum the term with the largest weight, the first of equals."""
    group = digits.circuit.pair_factor
    order = np.lexsort((np.arange(len(group)), -weight, group))
    chosen = np.zeros(len(group), dtype=bool)
    chosen[order[np.flatnonzero(np.diff(group[order], prepend=-1))]] = True
    return chosen


class _Program:
    """The theorem's inequalities, rows @ variables <= limits, and the pairs as what is maximised.

    Variables: what factors carry of A, of B, the pairs of each unit, those with the label.
    """

    def __init__(self, digits: Digits):
        circuit, sites, units = digits.circuit, digits.circuit.sites, digits.circuit.units
        self.digits, self.columns, self.height = digits, 0, 0
        self.entries: list[Entries] = []
        self.limits: list[IntArray] = []
        a, b = digits.carries_a, digits.carries_b
        self.a, self.b = self.variables(len(a)), self.variables(len(b))
        self.met, self.label = self.variables(units), self.variables(1)
        self.most = np.concatenate((np.full(len(a) + len(b), np.inf), digits.held[sites:], [digits.labels]))
        space = self.rows(digits.held[sites:])
        left_a, left_b = (
            np.append(self.rows(digits.held[:sites]), self.rows(np.zeros(units, dtype=np.int64))) for _ in "ab"
        )
        for carries, values, left in ((a, self.a, left_a), (b, self.b, left_b)):
            unit = circuit.factor_unit[carries]
            self.entries += [
                (space[unit], values, 1.0),
                (left[circuit.factor_child[carries]], values, 1.0),
                (left[sites + unit], values, -1.0),
                (left[sites:], self.met, 1.0),
            ]
        self.entries += [(space, self.met, -1.0), ((left_b if digits.label_on_a else left_a)[-1:], self.label, 1.0)]

    def variables(self, count: int) -> IntArray:
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def rows(self, limits: IntArray) -> IntArray:
        self.limits.append(limits)
        self.height += len(limits)
        return np.arange(self.height - len(limits), self.height)

    def choose_terms(self) -> IntArray:
        """Variables that are 1 for the factors and units that the output depends on: of each sum for one term only."""
        circuit, sites, units = self.digits.circuit, self.digits.circuit.sites, self.digits.circuit.units
        factors, held = np.arange(len(circuit.factor_child)), self.digits.held
        uses, reached = self.variables(len(factors)), self.variables(units)
        self.most = np.concatenate((self.most, np.ones(len(factors) + units)))
        inner = circuit.factor_child >= sites
        nothing = np.zeros(max(len(factors), units), dtype=np.int64)
        carried, met = self.rows(nothing[factors]), self.rows(nothing[:units])
        terms, above = self.rows(nothing[: circuit.factors]), self.rows(nothing[: units - 1])
        room = np.minimum(held[circuit.factor_child], held[self.digits.parent])
        for k in np.unique(room).tolist():
            self.entries.append((carried[room == k], uses[room == k], -float(k)))
        for k in np.unique(held[sites:]).tolist():
            self.entries.append((met[held[sites:] == k], reached[held[sites:] == k], -float(k)))
        self.entries += [
            (carried[self.digits.carries_a], self.a, 1.0),
            (carried[self.digits.carries_b], self.b, 1.0),
            (met, self.met, 1.0),
            (terms[circuit.pair_factor], uses, 1.0),
            (terms, reached[circuit.factor_unit[circuit.factor_pairs[:-1]]], -1.0),
            (above, reached[:-1], 1.0),
            (above[circuit.factor_child[inner] - sites], uses[inner], -1.0),
        ]
        return uses

    def solved(self, *, integers: bool) -> tuple[NDArray[np.float64], int]:
        """The variables of an optimal solution, and the most pairs that any can have."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        row, column = (np.concatenate([entry[part] for entry in self.entries]) for part in range(2))
        values = np.concatenate([np.full(len(rows), value) for rows, _, value in self.entries])
        matrix = csr_array((values, (row, column)), shape=(self.height, self.columns))
        gain = np.zeros(self.columns)
        gain[self.met], gain[self.label] = 1.0, 1.0
        found = milp(
            -gain,
            constraints=LinearConstraint(matrix, -np.inf, np.concatenate(self.limits)),
            bounds=Bounds(0, self.most),
            integrality=np.full(self.columns, int(integers)),
            options={"node_limit": NODE_LIMIT},
        )
        if found.x is None:
            return np.zeros(self.columns), self.digits.most
        bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
        return found.x, math.floor(1e-6 - bound)
