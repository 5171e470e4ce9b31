"""The loop: the program proposes widths, the cuts that they violate answer, until no widths can be better.

Exact integers decide. A choice counts as found by its exact ranks and its exact cost. The program is asked for what is
better than that by one at least; units are rounded so that it never misses any. A choice that was looked at and is no
better is shut out together with all that have no larger dimensions where its binding cut is charged.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..tools.progress import tell
from .charges import CutForm
from .evaluate import Evaluated
from .objectives import AT_ONCE, IN_MEANS, Objective
from .program import Program
from .task import Choice, Task


@dataclass(frozen=True)
class Best:
    """The best choice found, and what is proven of all others.

    `value`: of the objective, in bits, as a share, or as a cost. `bound`: what no choice has a better value than.
    """

    choice: Choice | None
    value: float
    bound: float
    optimal: bool
    rounds: int
    interrupted: bool = False


def search(task: Task, objective: Objective) -> Best:
    """The best choice, or the best so far when time is up or the search is interrupted."""
    program = Program(task.costs, task.budget, objective.name, objective.asked, task.most)
    loop = _Loop(task, objective, program)
    interrupted = False
    try:
        loop.begin()
        while not loop.step():
            pass
    except KeyboardInterrupt:
        interrupted = True
    if objective.best is not None:
        task.good[objective.best] = None
    return replace(loop.result, interrupted=interrupted)


class _Loop:
    def __init__(self, task: Task, objective: Objective, program: Program):
        self.task, self.objective, self.program = task, objective, program
        self.rounds, self.optimal = 0, False
        self.bound = objective.ceiling
        self.asked: int | None = None
        self.added: set[tuple[int, CutForm]] = set()

    def begin(self) -> None:
        for place, form in list(self.task.forms):
            self.add(place, form)
        for choice in dict.fromkeys([*self.task.good, *self.task.extremes]):
            if self.task.affords(choice):
                self.look_at(choice)
            found = self.task.at(choice)
            count = IN_MEANS if self.objective.name == "mean" else AT_ONCE
            self.cut_off(found, np.argsort(found.bits, kind="stable")[:count].tolist())

    def step(self) -> bool:
        """One round; whether it was the last."""
        task, objective = self.task, self.objective
        left = None if task.deadline is None else task.deadline - time.monotonic()
        if left is not None and left <= 0:
            return True
        least = objective.least
        if least is not None and least != self.asked:
            self.asked = least
            self.program.ask_for(least)
        answer = self.program.solve(objective.best or task.extremes[0], left)
        self.rounds += 1
        if answer.finished and answer.choice is None:
            self.optimal = True
            return True
        self.tighten(answer.bound)
        if answer.choice is None:
            return True
        found = task.at(answer.choice)
        self.cut_off(found, objective.violations(found, answer.reached))
        self.look_at(answer.choice)
        tell(f"round {self.rounds}: {objective.value:.6g} found, {self.limit:.6g} possible")
        return not answer.finished

    def look_at(self, choice: Choice) -> None:
        """Take the choice if it is better, and shut it out with all that can be no better for the same reason."""
        place, rank = self.objective.offer(choice)
        if not self.objective.shuts_out(rank):
            return
        dims, groups = self.task.dims_of(choice), set(range(len(choice)))
        if place >= 0:
            form = self.task.at(choice).cuts([place])[0]
            self.add(place, form)
            if form.rank(dims.tolist()) == rank:
                groups &= form.groups
        self.program.add_clause(
            {group: np.flatnonzero(self.task.dims[group] > dims[group]).tolist() for group in groups}
        )

    def cut_off(self, found: Evaluated, places: Sequence[int]) -> None:
        for place, form in zip(places, found.cuts(places), strict=True):
            self.add(place, form)

    def add(self, place: int, form: CutForm) -> None:
        # Without demands or weights a cut says the same whatever its partition.
        key = (0 if self.objective.name == "smallest" else place, form)
        self.task.forms[place, form] = None
        if key not in self.added:
            self.added.add(key)
            self.program.add_cut(place, *self.task.units.table(form, self.task.dims))

    def tighten(self, bound: float) -> None:
        given = self.objective.in_bits(bound)
        self.bound = max(self.bound, given) if self.objective.name == "cost" else min(self.bound, given)

    @property
    def limit(self) -> float:
        """What no choice has a better value than."""
        if self.objective.name == "cost":
            return min(self.bound, self.objective.value)
        return max(self.bound, self.objective.value)

    @property
    def result(self) -> Best:
        value = self.objective.value
        return Best(self.objective.best, value, value if self.optimal else self.limit, self.optimal, self.rounds)
