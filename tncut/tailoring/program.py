"""The integer program over widths: one choice for each, the cuts that are known, and what is to be best."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.arrays import IntArray
from .charges import SCALE
from .costs import TOO_MUCH, Costs

WORKERS = 2


@dataclass(frozen=True)
class Answer:
    """The best choice that the solver found, if any, and what no choice exceeds; in cost, what none undercuts."""

    choice: tuple[int, ...] | None
    bound: float
    finished: bool  # whether nothing is left open
    reached: tuple[int, ...] = ()  # the units that the program believes in: of the objective, or of each partition


class Program:
    """CP-SAT of ortools, with cuts and clauses added as they are found.

    `objective`: smallest, mean, share or cost. `asked`: for each partition its weight in a mean, or the units that it
    asks for. `most`: units that no network exceeds.
    """

    def __init__(self, costs: Costs, budget: int | None, objective: str, asked: Sequence[int], most: int):
        from ortools.sat.python import cp_model

        self._cp: Any = cp_model
        self.model: Any = cp_model.CpModel()
        self.objective, self.asked = objective, asked
        self.chosen = [[self.model.new_bool_var("") for _ in listed] for listed in costs.widths]
        for row in self.chosen:
            self.model.add_exactly_one(row)
        self.cost = self._cost(costs, budget)
        if budget is not None:
            self.model.add(self.cost <= budget)
        self.value: Any = None
        self.values: list[Any] = []
        if objective == "cost":
            self.model.minimize(self.cost)
            return
        if objective == "mean":
            self.values = [self.model.new_int_var(0, most, "") for _ in asked]
            self.value = sum(weight * value for weight, value in zip(asked, self.values, strict=True))
        else:
            self.value = self.model.new_int_var(0, SCALE if objective == "share" else most, "")
        self.model.maximize(self.value)

    def _cost(self, costs: Costs, budget: int | None) -> Any:
        limit = TOO_MUCH - 1 if budget is None else min(budget, TOO_MUCH - 1)
        terms: list[Any] = []
        for groups, table in costs.tables.items():
            if not groups:
                terms.append(int(table))
            elif len(groups) == 1:
                terms += [int(entry) * x for entry, x in zip(table, self.chosen[groups[0]], strict=True)]
            else:
                terms += self._product(groups, table, limit)
        return sum(terms)

    def _product(self, groups: tuple[int, ...], table: IntArray, limit: int) -> list[Any]:
        """One variable for each choice of all these widths that is not too dear alone."""
        together = {tuple(place): self.model.new_bool_var("") for place in np.argwhere(table <= limit).tolist()}
        for axis, group in enumerate(groups):
            of_choice: list[list[Any]] = [[] for _ in self.chosen[group]]
            for place, variable in together.items():
                of_choice[place[axis]].append(variable)
            for x, variables in zip(self.chosen[group], of_choice, strict=True):
                self.model.add(sum(variables) == x)
        return [int(table[place]) * variable for place, variable in together.items()]

    def add_cut(self, partition: int, rows: Mapping[int, IntArray], fixed: int) -> None:
        """No network has more units over this partition than its cut."""
        cut = fixed + sum(
            int(units) * x for group, row in rows.items() for units, x in zip(row, self.chosen[group], strict=True)
        )
        if self.objective == "smallest":
            self.model.add(self.value <= cut)
        elif self.objective == "share":
            self.model.add(self.asked[partition] * self.value <= SCALE * cut)
        elif self.objective == "cost":
            self.model.add(cut >= self.asked[partition])
        else:
            self.model.add(self.values[partition] <= cut)

    def add_clause(self, above: Mapping[int, Sequence[int]]) -> None:
        """One of these widths must be one of these choices."""
        self.model.add_bool_or([self.chosen[group][place] for group, places in above.items() for place in places])

    def ask_for(self, least: int) -> None:
        """Only what reaches this value, or costs no more, is of interest from now on."""
        self.model.add(self.cost <= least if self.objective == "cost" else self.value >= least)

    def solve(self, hint: Sequence[int], seconds: float | None) -> Answer:
        """The best choice; the hint is where the search begins."""
        self.model.clear_hints()
        for row, place in zip(self.chosen, hint, strict=True):
            for number, x in enumerate(row):
                self.model.add_hint(x, number == place)
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.random_seed = 0
        if seconds is not None:
            solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        status = solver.solve(self.model)
        if status == self._cp.INFEASIBLE:
            return Answer(None, 0.0, finished=True)
        assert status != self._cp.MODEL_INVALID, self.model.validate()
        bound = solver.best_objective_bound
        if status == self._cp.UNKNOWN:
            # 0 may be a bound that was never set. Of costs it says nothing, of what is maximized it would be wrong.
            unset = bound <= 0 and self.objective != "cost"
            return Answer(None, math.inf if unset else bound, finished=False)
        choice = tuple(next(k for k, x in enumerate(row) if solver.boolean_value(x)) for row in self.chosen)
        values = self.values or ([] if self.value is None else [self.value])
        reached = tuple(int(solver.value(value)) for value in values)
        return Answer(choice, bound, status == self._cp.OPTIMAL, reached)
