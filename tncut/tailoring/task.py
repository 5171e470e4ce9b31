"""What is to be chosen, and what is known of it so far."""

import math
from dataclasses import dataclass, field

import numpy as np

from ..tools.arrays import IntArray
from .charges import CutForm, Units
from .costs import Costs
from .evaluate import Evaluated, Evaluator

Choice = tuple[int, ...]  # the place of each free width in its list


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be chosen: the lists of widths, the dimensions they set, and what is counted."""

    base: int | None  # the powers that dimensions are rounded down to; None if upper ends are counted
    dims: tuple[IntArray, ...]  # of each choice, for each free width; they rise
    costs: Costs
    budget: int | None
    evaluator: Evaluator
    units: Units
    partitions: int
    deadline: float | None = None  # on the clock of time.monotonic
    forms: dict[tuple[int, CutForm], None] = field(default_factory=dict)  # all cuts that are known, by partition
    good: dict[Choice, None] = field(default_factory=dict)  # the best of earlier searches
    seen: dict[Choice, Evaluated] = field(default_factory=dict)

    def dims_of(self, choice: Choice) -> IntArray:
        return np.array([int(listed[place]) for listed, place in zip(self.dims, choice, strict=True)], dtype=np.int64)

    def cost_of(self, choice: Choice) -> int:
        return self.costs.of([int(listed[place]) for listed, place in zip(self.costs.widths, choice, strict=True)])

    def affords(self, choice: Choice) -> bool:
        return self.budget is None or self.cost_of(choice) <= self.budget

    def at(self, choice: Choice) -> Evaluated:
        if choice not in self.seen:
            self.seen[choice] = self.evaluator.at(self.dims_of(choice))
        return self.seen[choice]

    @property
    def extremes(self) -> list[Choice]:
        """The smallest widths, the largest, and equal ones between."""
        longest = max(map(len, self.dims), default=1)
        places = sorted({round(part * (longest - 1) / 7) for part in range(8)})
        return list(dict.fromkeys(tuple(min(place, len(listed) - 1) for listed in self.dims) for place in places))

    @property
    def largest(self) -> Evaluated:
        """With the largest of all widths."""
        return self.at(tuple(len(listed) - 1 for listed in self.dims))

    @property
    def most(self) -> int:
        """Units that no network exceeds."""
        return math.ceil((float(self.largest.bits.max()) + 1) / self.units.bits)
