"""The costs of splits, asked for in batches, and the widths of trees and orders."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...tools.arrays import BoolArray
from .trees import Node, edges

Costs = Callable[[BoolArray], Sequence[int | float]]


class Known:
    """The costs of splits, each computed once; a set of sites is a Python integer, a bit for each."""

    def __init__(self, costs: Costs, sites: int):
        self.costs, self.sites, self.all = costs, sites, (1 << sites) - 1
        self.found: dict[int, int | float] = {}

    def ask(self, sets: Iterable[int]) -> list[int | float]:
        """The cost of each set, those that are not known computed in one batch."""
        keys = [min(chosen, self.all ^ chosen) for chosen in sets]
        missing = [key for key in dict.fromkeys(keys) if key not in self.found]
        if missing:
            sides = np.array([[key >> site & 1 for site in range(self.sites)] for key in missing], dtype=bool)
            self.found |= zip(missing, self.costs(sides), strict=True)
        return [self.found[key] for key in keys]

    def __getitem__(self, chosen: int) -> int | float:
        return self.ask([chosen])[0]


def width(known: Known, tree: Node, form: str) -> int | float:
    return max(known.ask(edges(tree, form, known.all)))


def value(known: Known, tree: Node, form: str) -> tuple[int | float, float]:
    """The largest cost, then the sum of all in bits."""
    costs = known.ask(edges(tree, form, known.all))
    return max(costs), sum(map(in_bits, costs))


def in_bits(cost: int | float) -> float:
    """An exact rank in bits; what is in bits as it is."""
    return math.log2(cost) if isinstance(cost, int) else float(cost)
