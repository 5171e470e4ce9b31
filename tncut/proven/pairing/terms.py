"""Which term of each sum to use: candidates, the most promising first.

A pairing uses one term of each sum, and its rank holds for the whole circuit, since other terms may have zero weights.
Where the circuit is a tree once the terms are chosen (mixed networks), the first candidate is the best of all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from ...tools.arrays import BoolArray, IntArray
from .digits import Digits
from .flow import joint_flow
from .program import INTEGER_LIMIT, largest_terms, programmed_terms

TREE_LIMIT = 300_000  # factors times the states that each may have


def candidate_terms(digits: Digits) -> Iterator[BoolArray]:
    """(factors,) one term of each sum: the best if no vertex is read twice, the most used by a flow, the best."""
    if len(digits.used) * (int(digits.held.max()) + 1) ** 2 <= TREE_LIMIT:
        yield _terms_of_trees(digits)
    flow = joint_flow(digits)
    yield largest_terms(digits, flow.carried_a + flow.carried_b)
    if len(digits.carries_a) + len(digits.carries_b) <= INTEGER_LIMIT:
        yield programmed_terms(digits)


@dataclass(frozen=True)
class _Option:
    """A choice below a unit: the pairs met, the digits of A and of B left to carry on, the choice for each factor."""

    met: int
    left_a: int
    left_b: int
    below: "tuple[tuple[int, _Option], ...]" = ()

    def beats(self, other: "_Option") -> bool:
        """Whether it is as good, whatever is above: a digit that is left may still give one pair, no more."""
        lost = max(0, other.left_a - self.left_a) + max(0, other.left_b - self.left_b)
        return self.met >= other.met + lost

    def with_factor(self, factor: int, child: "_Option", held: int) -> "_Option":
        left_a, left_b = min(held, self.left_a + child.left_a), min(held, self.left_b + child.left_b)
        return _Option(self.met + child.met, left_a, left_b, (*self.below, (factor, child)))

    def closed(self, held: int) -> "_Option":
        """What leaves a unit in which all meet that can."""
        now = min(self.left_a, self.left_b, held)
        return _Option(self.met + now, min(self.left_a, held) - now, min(self.left_b, held) - now, self.below)


def _terms_of_trees(digits: Digits) -> BoolArray:
    """The best terms if no vertex were read twice: all choices below a unit that no other beats, from the sites up."""
    circuit, held = digits.circuit, digits.held.tolist()
    child, pairs = circuit.factor_child.tolist(), circuit.factor_pairs.tolist()
    on_a = digits.partition.sides.tolist()
    options = [
        [_Option(0, held[site], 0) if on_a[site] else _Option(0, 0, held[site])] for site in range(circuit.sites)
    ]
    for unit, (first, last) in enumerate(pairwise(circuit.unit_factors.tolist())):
        room = held[circuit.sites + unit]
        found = [_Option(0, 0, 0)]
        for begin, end in pairwise(pairs[first : last + 1]):
            below = [(term, option) for term in range(begin, end) for option in options[child[term]]]
            found = _unbeaten(before.with_factor(*one, room) for before, one in product(found, below))
        options.append(_unbeaten(option.closed(room) for option in found))
    labels = (0, digits.labels) if digits.label_on_a else (digits.labels, 0)
    best = max(options[-1], key=lambda one: one.met + min(one.left_a, labels[0]) + min(one.left_b, labels[1]))
    weight = np.zeros(len(child), dtype=np.int64)
    _mark(best, weight)
    return largest_terms(digits, weight)


def _unbeaten(options: Iterable[_Option]) -> list[_Option]:
    kept: list[_Option] = []
    for option in options:
        if not any(other.beats(option) for other in kept):
            kept = [other for other in kept if not option.beats(other)] + [option]
    return kept


def _mark(root: _Option, weight: IntArray) -> None:
    """Count how often each factor was chosen."""
    waiting = [root]
    while waiting:
        for factor, option in waiting.pop().below:
            weight[factor] += 1
            waiting.append(option)
