"""What is to be best: the objective, its budget, and its demands or weights."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import MethodError, SizeError
from ..partition import Splits
from ..tools.arrays import FloatArray
from ..tools.values import as_tuple, check_known, integer
from ..tools.words import counted, shown
from .costs import TOO_MUCH

OBJECTIVES = ("smallest", "mean", "share", "cost")
NUMBERS = {"mean": "weights", "share": "demands", "cost": "demands"}
LARGEST_POWER = 2**40


@dataclass(frozen=True, eq=False)
class Goal:
    """The smallest rank, a weighted mean of the bits, the share of all demands, or the least cost that meets them."""

    objective: str  # smallest, mean, share or cost
    budget: int | None
    numbers: FloatArray | None = None  # weights, or demands in bits: one for all partitions, or one for each
    asked_over: Splits | None = None  # the partitions of demands that say theirs, as those of data do

    @classmethod
    def of(
        cls, objective: str, budget: object, demands: object = None, weights: object = None, *, priced: bool = True
    ) -> "Goal":
        """A MethodError for what does not go together, and for numbers that are not above 0.

        `priced` False: nothing that is chosen has a price, so that no budget is needed.
        """
        check_known("objective", objective, OBJECTIVES, MethodError)
        given = {"demands": demands, "weights": weights}
        own = NUMBERS.get(objective)
        for key, value in given.items():
            if value is not None and key != own:
                users = [name for name, used in NUMBERS.items() if used == key]
                raise MethodError(f"{key} are given, but objective is {objective}; they are for {' and '.join(users)}")
        if own == "demands" and demands is None:
            raise MethodError(f"objective {objective} needs demands: the bits asked of each partition")
        if objective == "mean" and weights is None:
            given["weights"] = 1.0
        limit = _checked_budget(budget, needed=priced and objective != "cost")
        numbers = None if own is None else _numbers(own, given[own])
        return cls(objective, limit, numbers, getattr(demands, "partitions", None))

    def over(self, partitions: int) -> "Goal":
        """The same with one number for each of so many partitions."""
        if self.numbers is None:
            return self
        if len(self.numbers) not in (1, partitions):
            raise MethodError(
                f"there are {len(self.numbers)} {NUMBERS[self.objective]}; give one number, or one for each of the "
                f"{counted(partitions, 'partition')}"
            )
        return replace(self, numbers=np.broadcast_to(self.numbers, partitions))

    @property
    def most_power(self) -> int:
        """No power beyond this is of use: it would cost more than the budget, or give more than all demands."""
        ends = [] if self.budget is None else [self.budget]
        if self.numbers is not None and self.objective != "mean":
            ends.append(2 ** min(math.ceil(float(self.numbers.max())) + 1, 40))
        return min([LARGEST_POWER, *ends])


def _checked_budget(budget: object, *, needed: bool) -> int | None:
    if budget is None and not needed:
        return None
    if budget is None:
        raise MethodError("a budget is needed, the most that the network may cost; only objective='cost' needs none")
    found = integer("budget", budget, MethodError)
    if found >= TOO_MUCH:
        raise SizeError(f"the budget is {found}; it must be below 2^50")
    return found


def _numbers(key: str, given: object) -> FloatArray:
    """(1,) or (partitions,) numbers above 0."""
    single = isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)
    listed: Any = [given] if single else as_tuple(given)
    if not listed:
        raise MethodError(f"{key} is {shown(given)}; give one number, or one for each partition")
    try:
        found = np.array([float(value) for value in listed])
    except (TypeError, ValueError, OverflowError):
        raise MethodError(f"{key} is {shown(given)}; it must hold numbers") from None
    wrong = np.flatnonzero(~(np.isfinite(found) & (found > 0)))
    if len(wrong):
        raise MethodError(f"{key} of partition {wrong[0]} is {found[wrong[0]]:g}; it must be above 0")
    return found
