"""The best pairing of a tree, without a search: each unit pairs all it can.

Where every vertex is read once, waiting never pays: if a digit of A and one of B both leave a unit to be paired further
up, all on one path to the output, they may as well be paired at once, and what they would have met can meet by the way
that they leave free. It is the minimum cut of the rounded dimensions (T2, T3 of Levine et al., ICLR 2018).
"""

import numpy as np

from ...tools.arrays import BoolArray, IntArray, starts
from .digits import Digits
from .flow import Flow


def is_tree(digits: Digits) -> bool:
    """Whether every site and unit is read once at most."""
    return bool((np.bincount(digits.circuit.factor_child[_active(digits)]) <= 1).all())


def tree_flow(digits: Digits) -> Flow:
    """The most pairs of a tree."""
    circuit, sites = digits.circuit, digits.circuit.sites
    active = _active(digits)
    met = np.zeros(circuit.units, dtype=np.int64)
    left_a, left_b = (np.where(has, digits.held, 0) for has in (digits.has_a, digits.has_b))
    for level in circuit.levels:
        factors = circuit.factors_of(level)
        first = starts(np.diff(circuit.factor_start)[level])[:-1]
        child, held = circuit.factor_child[factors], digits.held[sites + level]
        a, b = (np.add.reduceat(left[child] * active[factors], first) for left in (left_a, left_b))
        met[level] = np.minimum(np.minimum(a, b), held)
        left_a[sites + level], left_b[sites + level] = (np.minimum(all_, held) - met[level] for all_ in (a, b))
    label = min(digits.labels, int((left_b if digits.label_on_a else left_a)[-1]))
    needed = np.array([0, label]) if digits.label_on_a else np.array([label, 0])
    return Flow(
        digits, *(_carried(digits, met, left, n) for left, n in zip((left_a, left_b), needed.tolist(), strict=True))
    )


def _active(digits: Digits) -> BoolArray:
    return digits.used & digits.reached[digits.parent]


def _carried(digits: Digits, met: IntArray, left: IntArray, at_output: int) -> IntArray:
    """(factors,) what meets, or is asked for from above, taken from the children in turn."""
    circuit, sites = digits.circuit, digits.circuit.sites
    offered = np.where(_active(digits), left[circuit.factor_child], 0)
    carried, asked = np.zeros_like(offered), np.zeros(len(left), dtype=np.int64)
    asked[-1] = at_output
    for level in reversed(circuit.levels):
        factors = circuit.factors_of(level)
        count = np.diff(circuit.factor_start)[level]
        before = np.cumsum(offered[factors]) - offered[factors]
        before -= np.repeat(before[starts(count)[:-1]], count)
        needed = np.repeat(met[level] + asked[sites + level], count)
        carried[factors] = np.clip(needed - before, 0, offered[factors])
        np.add.at(asked, circuit.factor_child[factors], carried[factors])
    return carried
