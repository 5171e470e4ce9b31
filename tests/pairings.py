"""Pairings for tests: the most pairs of small circuits from the inequalities alone, and circuits to try."""

import itertools
from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tncut.circuit import Circuit
from tncut.partition import Partition


def most_pairs(circuit: Circuit, partition: Partition, base: int, *, integers: bool = True) -> float:
    """The largest number of pairs over all plans and all terms of sums, by one dense program for each choice."""
    return max(_optimum(circuit, partition, base, used, integers) for used in choices(circuit))


def choices(circuit: Circuit) -> Iterator[set[int]]:
    """The factors in use, for all choices of one term of each sum."""
    groups: list[list[int]] = []
    for factor, added in enumerate(circuit.added.tolist()):
        groups[-1:] = [[*groups[-1], factor]] if added else [*groups[-1:], [factor]]
    return (set(chosen) for chosen in itertools.product(*groups))


def digits(dim: int, base: int) -> int:
    count = 0
    while base ** (count + 1) <= dim:
        count += 1
    return count


def _optimum(circuit: Circuit, partition: Partition, base: int, used: set[int], integers: bool) -> float:
    """Variables: a and b of each factor, the pairs of each unit, the pairs of the label."""
    factors, units, sites = len(circuit.factor_child), circuit.units, circuit.sites
    unit, child = circuit.factor_unit.tolist(), circuit.factor_child.tolist()
    reached = {sites + units - 1}
    for factor in reversed(range(factors)):
        if factor in used and sites + unit[factor] in reached:
            reached.add(child[factor])
    most = np.full(2 * factors + units + 1, 99.0)
    rows, limits = [], []

    def row(limit: float) -> np.ndarray:
        rows.append(np.zeros_like(most))
        limits.append(limit)
        return rows[-1]

    for factor in range(factors):
        if factor not in used:
            most[[factor, factors + factor]] = 0
        if child[factor] < sites:
            most[(factors if partition.sides[child[factor]] else 0) + factor] = 0
    for site in range(sites):
        read = [factor for factor in range(factors) if child[factor] == site]
        row(digits(int(circuit.site_dims[site]), base))[read + [factors + factor for factor in read]] = 1
    for number in range(units):
        own = [factor for factor in range(factors) if unit[factor] == number]
        uses = [factor for factor in range(factors) if child[factor] == sites + number]
        met = 2 * factors + number
        most[met] *= sites + number in reached
        space = row(digits(int(circuit.unit_dims[number]), base))
        space[own + [factors + factor for factor in own]], space[met] = 1, -1
        for side, first in ((True, 0), (False, factors)):
            left = row(0)
            left[[first + factor for factor in own]], left[[first + factor for factor in uses]], left[met] = -1, 1, 1
            if number == units - 1 and bool(partition.sides[-1]) != side:
                left[-1] = 1
    most[-1] = digits(circuit.open_output or 1, base)
    gain = np.zeros_like(most)
    gain[2 * factors :] = -1
    found = milp(
        gain,
        constraints=LinearConstraint(np.array(rows), -np.inf, limits),
        bounds=Bounds(0, most),
        integrality=np.full(len(most), int(integers)),
    )
    return -found.fun


def valley() -> tuple[Circuit, Partition]:
    """Three paths, of which each two want the same digit of a unit: half of each is best, and there is room for one.

    v reads a site of A, w one of B, u both v and w. The paths: v, u and up to a site of B; a site of A, down through
    u to w; v, up and down to w. The last unit has no channel to pair in.
    """
    units = [
        (2, [("site", 0)]),
        (2, [("site", 2)]),
        (2, [("unit", 0), ("unit", 1)]),
        (4, [("unit", 2), ("site", 3)]),
        (4, [("unit", 2), ("site", 1)]),
        (4, [("unit", 0), ("unit", 1)]),
        (1, [("unit", 3), ("unit", 4), ("unit", 5)]),
    ]
    return Circuit.from_units([2, 2, 2, 2], units), Partition.of(4, {0, 1})
