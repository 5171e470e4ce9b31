"""What tailoring found: the network, what it is worth, and the proof."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import MethodError
from ..network import Specified
from ..tools.arrays import FloatArray
from ..tools.numbers import show_integer, show_upper
from ..tools.words import brief, shown
from .charges import CutForm
from .goal import Goal
from .objectives import NEAR
from .problem import Problem
from .shapes import Shape
from .solve import Solution
from .task import Task
from .template import FIXED

MOST_BINDING = 5
PROOFS = {
    "lower": "proven for almost all unshared weights",
    "upper": "an upper bound, proven for all weights",
}


@dataclass(frozen=True)
class BindingCut:
    """A cut that keeps the result from being better: its partition, by its place in the list, and what it charges."""

    partition: int
    bits: float
    charges: tuple[str, ...]

    def __str__(self) -> str:
        return f"partition {self.partition}: {self.bits:.6g} bits = {' + '.join(self.charges)}"


@dataclass(frozen=True, repr=False, eq=False)
class Tailored:
    """The widths that serve given partitions best, and how far that is proven.

    `value`: of the objective: bits (smallest, mean), a share, or a cost; no widths in the lists have a better one than
    `best_possible`. `optimal`: nothing is better than what was found. `cheapest`: of equally good widths these cost
    least. What is counted over the partitions is the rank that is reached (`guarantee` lower, in powers of `base`), or
    the rank bound (upper). `rank`: the smallest of them, exact. `untested`: widths that no partition tests.
    """

    name: str
    architecture: Specified
    widths: dict[str, int]
    shape: Shape  # what was chosen of the shapes
    objective: str
    guarantee: str
    base: int | None
    value: float
    best_possible: float
    optimal: bool
    cheapest: bool
    rank: int
    partition_bits: FloatArray  # (partitions,) what is counted over each
    cost: int
    counted: str  # parameters, or multiply_adds
    budget: int | None
    binding: tuple[BindingCut, ...]
    untested: tuple[str, ...]
    rounds: int
    seconds: float

    @property
    def bits(self) -> float:
        """The objective in bits; of a share or a cost, the smallest over the partitions."""
        return self.value if self.objective in ("smallest", "mean") else math.log2(self.rank)

    @property
    def gap(self) -> float:
        """By what part of the value the best possible is better; 0 if the result is optimal."""
        return 0.0 if self.optimal else abs(self.best_possible - self.value) / max(abs(self.value), 1e-12)

    def __repr__(self) -> str:
        proven = "optimal" if self.optimal else f"gap {self.gap:.1%}"
        return f"<Tailored: {brief(self.name or 'network')}, {self._value}, {self.cost} {self._counted}, {proven}>"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, integers exact; without the architecture, whose widths say all."""
        found = {key: value for key, value in vars(self).items() if key not in ("architecture", "partition_bits")}
        return found | {
            "bits": self.bits,
            "gap": self.gap,
            "partition_bits": self.partition_bits.tolist(),
            "binding": [vars(cut) for cut in self.binding],
        }

    def __str__(self) -> str:
        proven = (
            "proven: nothing in the lists is better"
            if self.optimal
            else f"open: at most {self._shown(self.best_possible)} is possible, a gap of {self.gap:.2%}"
        )
        limit = "" if self.budget is None else f" of at most {self.budget}"
        least = ", the least for this value" if self.cheapest or (self.objective == "cost" and self.optimal) else ""
        counted = "rank that is reached" if self.guarantee == "lower" else "rank bound"
        base = f", in powers of {self.base}" if self.base is not None else ""
        lines = [
            f"{self.name or 'network'}, tailored for {self.objective}",
            *(f"shape     {key} = {shown(value)}" for key, value in self.shape.items()),
            *(f"width     {key} = {width}" for key, width in self.widths.items()),
            f"found     {self._value}; {proven}",
            f"smallest  {counted} {show_integer(self.rank)} ({PROOFS[self.guarantee]}{base})",
            f"cost      {self.cost} {self._counted}{limit}{least}",
            *(f"binding   {cut}" for cut in self.binding),
            *(f"untested  {key}: it changes no bound over these partitions" for key in self.untested),
            f"search    {self.rounds} rounds, {self.seconds:.2f} s",
        ]
        return "\n".join(lines)

    @property
    def _counted(self) -> str:
        return self.counted.replace("_", "-")

    @property
    def _value(self) -> str:
        return self._shown(self.value)

    def _shown(self, value: float) -> str:
        if self.objective == "cost":
            return f"{math.ceil(value - NEAR)} {self._counted}"
        if self.objective == "share":
            return f"{value:.4%} of the demands"
        return f"{show_upper(value)} bits"


def tailored(solutions: Sequence[Solution], goal: Goal, name: str, seconds: float) -> Tailored:
    """The best of all solutions, and what is proven over all of them."""
    sign = -1 if goal.objective == "cost" else 1
    usable = [solution for solution in solutions if solution.choice is not None]
    if not usable:
        raise MethodError(_nothing(solutions, goal))
    top = max(usable, key=lambda solution: (sign * solution.best.value, -solution.cost))
    problem, task, best, choice = top.problem, top.task, top.best, top.choice
    assert choice is not None
    bound = sign * max(sign * solution.best.bound for solution in solutions)
    widths = tuple(int(listed[place]) for listed, place in zip(problem.lists, choice, strict=True))
    evaluated = task.at(choice)
    return Tailored(
        name=name,
        architecture=problem.family.with_widths(widths, f"{name} tailored {problem.said(widths)}".strip()),
        widths=dict(zip(problem.family.keys, widths, strict=True)),
        shape=problem.shape,
        objective=goal.objective,
        guarantee=problem.guarantee,
        base=task.base,
        value=best.value,
        best_possible=bound,
        optimal=all(solution.best.optimal for solution in solutions) or best.value == bound,
        cheapest=top.cheapest is not None and all(s.cheapest is None or s.cheapest.optimal for s in solutions),
        rank=min(evaluated.ranks(np.flatnonzero(evaluated.bits <= evaluated.bits.min() + NEAR).tolist())),
        partition_bits=evaluated.bits,
        cost=top.cost,
        counted=problem.cost,
        budget=goal.budget,
        binding=_binding_cuts(top, goal),
        untested=_untested(problem, task),
        rounds=sum(solution.rounds for solution in solutions),
        seconds=seconds,
    )


def _nothing(solutions: Sequence[Solution], goal: Goal) -> str:
    if all(solution.best.optimal for solution in solutions):
        return (
            f"no widths in the lists that cost at most {goal.budget} meet all demands; "
            "objective='share' gives what can be met"
        )
    return "time was up before any widths were found that meet all demands; allow more seconds"


def _untested(problem: Problem, task: Task) -> tuple[str, ...]:
    """The widths that change no bound, from the smallest to the largest of their lists."""
    largest = tuple(len(listed) - 1 for listed in task.dims)
    found = []
    for group, key in enumerate(problem.family.keys):
        less = task.at((*largest[:group], 0, *largest[group + 1 :]))
        if largest[group] and np.array_equal(less.bits, task.largest.bits):
            found.append(key)
    return tuple(found)


def _binding_cuts(solution: Solution, goal: Goal) -> tuple[BindingCut, ...]:
    """The cuts of the partitions whose measure is smallest, each different one once."""
    assert solution.choice is not None
    evaluated, dims = solution.task.at(solution.choice), solution.task.dims_of(solution.choice).tolist()
    asked = goal.numbers if goal.objective == "share" else None
    measured = evaluated.bits if asked is None else evaluated.bits / asked
    places = np.flatnonzero(measured <= measured.min() + NEAR)[: 4 * MOST_BINDING].tolist()
    found: dict[CutForm, int] = {}
    for place, form in zip(places, evaluated.cuts(places), strict=True):
        found.setdefault(form, place)
    return tuple(
        BindingCut(place, float(evaluated.bits[place]), _charges(solution.problem, form, dims))
        for form, place in list(found.items())[:MOST_BINDING]
    )


def _charges(problem: Problem, form: CutForm, dims: list[int]) -> tuple[str, ...]:
    said = []
    for charge in form.charges:
        where = "fixed" if charge.group == FIXED else problem.family.keys[charge.group]
        dim = charge.dim + (0 if charge.group == FIXED else dims[charge.group])
        copies = (
            "" if charge.copies == 1 else f", {charge.copies} {'equal' if charge.symmetric else 'different'} copies"
        )
        said.append(f"{charge.times} x {where} ({dim}{copies})")
    return tuple(said)
