"""One architecture to be tailored, checked, and made ready for the search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import MethodError, PartitionError
from ..formats.paths import json_text
from ..proven.pairing.digits import bases
from ..tools.arrays import IntArray
from ..tools.bits import ByteArray
from .charges import Units, power_base
from .costs import Costs
from .evaluate import ByMinimumCuts, ByPairings, BySymmetricCuts, Evaluator
from .goal import Goal
from .shapes import Shape
from .task import Task
from .template import Template, floor_power
from .widths import Family


@dataclass(frozen=True, eq=False)
class Problem:
    """A family of networks, the lists of their widths, the partitions, and what is counted over them."""

    family: Family
    shape: Shape  # what sets the family apart from others that are searched
    template: Template
    lists: tuple[IntArray, ...]
    cost: str
    packed: ByteArray
    guarantee: str

    @cached_property
    def costs(self) -> Costs:
        return Costs(self.template.monomials(self.cost), self.lists)

    def within(self, goal: Goal) -> "Problem":
        """Without the widths that alone cost more than the budget; an error if no widths can reach the goal."""
        self._check_reach(goal)
        budget = goal.budget
        if budget is None:
            return self
        self.check_budget(budget)
        least = [int(listed[0]) for listed in self.lists]
        kept = []
        for group, listed in enumerate(self.lists):
            tried = [[*least[:group], width, *least[group + 1 :]] for width in listed.tolist()]
            kept.append(listed[[self.costs.of(choice) <= budget for choice in tried]])
        return replace(self, lists=tuple(kept))

    def check_budget(self, budget: int) -> None:
        """A MethodError for a budget that not even the smallest widths keep."""
        if budget < self.costs.smallest:
            least = (
                f"the smallest widths in the lists, {self.smallest_widths}, cost" if self.lists else "the network costs"
            )
            raise MethodError(f"the budget is {budget}; {least} {self.costs.smallest} {self.cost.replace('_', '-')}")

    def _check_reach(self, goal: Goal) -> None:
        """Partitions over which no widths give anything, and demands that none of them meets."""
        if goal.objective == "mean":
            return
        most = np.max([task.largest.bits for task in self.tasks(None)], axis=0)
        empty = np.flatnonzero(most == 0)
        if len(empty):
            raise PartitionError(f"partition {empty[0]}: the rank is 1 whatever the widths; leave it out")
        if goal.objective == "cost":
            assert goal.numbers is not None
            for place in np.flatnonzero(goal.numbers > most + 1e-9)[:1].tolist():
                raise MethodError(
                    f"partition {place} asks for {goal.numbers[place]:g} bits; the largest widths in the lists give "
                    f"{most[place]:.6g}"
                )

    def said(self, widths: Sequence[int]) -> str:
        """What a choice of widths is called, apart from other choices and shapes."""
        shape = [f"{key}={json_text(value, key)}" for key, value in self.shape.items()]
        return " ".join([*shape, ",".join(map(str, widths))]).strip()

    @property
    def smallest_widths(self) -> str:
        return ", ".join(str(listed[0]) for listed in self.lists)

    def tasks(self, budget: int | None, deadline: float | None = None) -> list[Task]:
        """What is to be searched: once for each base that may prove most, or once for the upper ends."""
        bases = self._bases if self.guarantee == "lower" else [None]
        return [self._task(base, budget, deadline) for base in bases]

    @property
    def _all_dims(self) -> set[int]:
        return {*self.template.fixed_dims.tolist(), *(width for listed in self.lists for width in listed.tolist())}

    @property
    def _bases(self) -> list[int | None]:
        """The one base that all dimensions are powers of; else all that differ, up to the smallest site."""
        base = power_base(self._all_dims)
        if base is not None:
            return [base]
        sites = [dim for dim in self.template.site_dims.tolist() if dim > 1]
        return [base for base in bases(self._all_dims) if base <= min(sites, default=2)] or [2]

    def _task(self, base: int | None, budget: int | None, deadline: float | None) -> Task:
        dims, units = self.lists, Units(None)
        evaluator: Evaluator
        if base is not None:
            dims, units = tuple(floor_power(listed, base) for listed in self.lists), Units(base)
            template = self.template.rounded_down(base)
            plain = template.is_plain
            evaluator = (
                ByMinimumCuts(template.unfolded, self.packed) if plain else ByPairings(template, self.packed, base)
            )
        elif self.template.is_plain:
            units = Units(power_base(self._all_dims))
            evaluator = ByMinimumCuts(self.template.unfolded, self.packed)
        else:
            evaluator = BySymmetricCuts(self.template, self.packed)
        return Task(base, dims, self.costs, budget, evaluator, units, len(self.packed), deadline)
