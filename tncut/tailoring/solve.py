"""One task after another, the most promising first: what cannot be better than the best so far is not searched."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..tools.arrays import FloatArray
from .charges import least_rank
from .goal import Goal
from .objectives import NEAR, LeastCost, Mean, Objective, Share
from .problem import Problem
from .search import Best, search
from .task import Choice, Task

KINDS: dict[str, type[Objective]] = {"smallest": Objective, "mean": Mean, "share": Share}


@dataclass(frozen=True, eq=False)
class Solution:
    """What was found for one task of a problem."""

    problem: Problem
    task: Task
    best: Best
    cheapest: Best | None = None  # the search among those that are as good as the best of all tasks

    @property
    def choice(self) -> Choice | None:
        """The cheapest of the best choices that were found."""
        if self.cheapest is None or self.cheapest.choice is None:
            return self.best.choice
        return self.cheapest.choice

    @property
    def cost(self) -> int:
        """What that choice costs."""
        assert self.choice is not None
        return self.task.cost_of(self.choice)

    @property
    def rounds(self) -> int:
        return self.best.rounds + (0 if self.cheapest is None else self.cheapest.rounds)


Asked = tuple[Problem, Task]


def solved(asked: Sequence[Asked], goal: Goal) -> list[Solution]:
    """The solution of each task; one that cannot be better than the best so far has its limit alone.

    After an interruption the others have their limits alone, too. It goes on if nothing was found.
    """
    objectives = [(_objective(task, goal), problem, task) for problem, task in asked]
    sign = -1 if goal.objective == "cost" else 1
    objectives.sort(key=lambda row: -sign * row[0].ceiling)
    found: list[Solution] = []
    top, interrupted = -math.inf, False
    for objective, problem, task in objectives:
        no_better = sign * objective.ceiling <= top
        if no_better or interrupted:
            found.append(Solution(problem, task, Best(None, objective.value, objective.ceiling, no_better, 0)))
            continue
        best = search(task, objective)
        found.append(Solution(problem, task, best))
        if best.choice is not None:
            top = max(top, sign * best.value)
        interrupted = best.interrupted
        if interrupted and top == -math.inf:
            raise KeyboardInterrupt
    if interrupted or top == -math.inf or goal.objective in ("mean", "cost"):
        return found
    return _cheapest(found, goal, top)


def _objective(task: Task, goal: Goal) -> Objective:
    """What is compared in a task."""
    if goal.objective == "cost":
        return LeastCost(task, _ranks(goal.numbers))
    return KINDS[goal.objective](task, goal.numbers)


def _cheapest(found: Sequence[Solution], goal: Goal, value: float) -> list[Solution]:
    """Of each task that may be as good as the best value, the cheapest widths that are; dearer ones are left out."""
    best = next(solution for solution in found if solution.best.choice is not None and solution.best.value == value)
    if goal.objective == "share":
        assert goal.numbers is not None
        ranks = _ranks(goal.numbers * value * (1 - 1e-12))
    else:
        evaluated = best.task.at(best.choice or ())
        near = np.flatnonzero(evaluated.bits <= evaluated.bits.min() + NEAR).tolist()
        ranks = [min(evaluated.ranks(near))] * best.task.partitions
    limit, improved = best.cost, []
    for solution in found:
        if solution.best.bound < value - NEAR or solution.task.costs.smallest > limit:
            improved.append(solution)
            continue
        task = replace(solution.task, budget=limit)
        least = search(task, LeastCost(task, ranks))
        changed = solution.best
        if least.choice is not None:
            limit, changed = int(least.value), replace(changed, choice=least.choice, value=value)
        improved.append(replace(solution, best=changed, cheapest=least))
        if least.interrupted:
            return [*improved, *found[len(improved) :]]
    return improved


def _ranks(bits: FloatArray | None) -> list[int]:
    """The smallest ranks that have so many bits."""
    assert bits is not None
    known = {value: least_rank(value) for value in set(bits.tolist())}
    return [known[value] for value in bits.tolist()]
