"""What a user asks to be tailored: an architecture, or several that differ in shape, and what is counted."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit, width_list
from ..errors import MethodError, PartitionError, SpecError
from ..network import Subject, TensorNetwork
from ..partition import Splits
from ..tools.arrays import IntArray
from ..tools.values import check_known, positive
from .charges import power_base
from .goal import Goal
from .problem import Problem
from .shapes import Shape, Shapes, shaped
from .task import Task
from .template import Template
from .widths import Family, Widths, family_of

COSTS = ("parameters", "multiply_adds")
GUARANTEES = ("lower", "upper")


@dataclass(frozen=True, eq=False)
class Request:
    """The arguments of `tailor` and `frontier` that say what is chosen and what is counted."""

    architecture: Subject
    partitions: Splits
    widths: Widths | None
    shapes: Shapes | None
    cost: str
    guarantee: str | None
    seconds: float | None

    @property
    def name(self) -> str:
        """What the architecture is called, whatever its shape."""
        return getattr(self.architecture, "name", "")

    def tasks(self, goal: Goal) -> tuple[Goal, list[tuple[Problem, Task]]]:
        """The goal over all partitions; and what is to be searched, for each shape that can reach it.

        If none can, the first one's error.
        """
        check_known("cost", self.cost, COSTS, MethodError)
        deadline = None if self.seconds is None else time.monotonic() + positive("seconds", self.seconds, MethodError)
        found: list[tuple[Problem, Task]] = []
        errors: list[MethodError | PartitionError] = []
        for shape, architecture in shaped(self.architecture, self.shapes):
            problem = self._problem(shape, architecture, goal.most_power)
            _check_demands(problem, goal)
            goal = goal.over(len(problem.packed))
            try:
                problem = problem.within(goal)
            except (MethodError, PartitionError) as error:
                errors.append(error)
                continue
            found += [(problem, task) for task in problem.tasks(goal.budget, deadline)]
        if not found:
            raise errors[0]
        return goal, found

    def _problem(self, shape: Shape, architecture: Subject, most: int) -> Problem:
        """One shape; `most`: the largest power, where a list of powers has no end."""
        keys = list(self.widths) if isinstance(self.widths, Mapping) else None
        family = family_of(architecture, keys, fixed=self.shapes is not None)
        template = Template.of(family)
        if self.cost == "multiply_adds" and isinstance(template.built, TensorNetwork):
            raise MethodError(
                "the multiply-adds of a tensor network depend on the order of contraction; choose parameters"
            )
        packed = template.built.terminals.packed(self.partitions)
        if not len(packed):
            raise PartitionError("no partition is given to tailor for; give for example odd-even")
        lists = _lists(family, template, self.widths, most)
        return Problem(family, shape, template, lists, self.cost, packed, _checked_guarantee(template, self.guarantee))


def _check_demands(problem: Problem, goal: Goal) -> None:
    """Demands that say over which partitions they are must be over those that are given."""
    if goal.asked_over is None:
        return
    packed = problem.template.built.terminals.packed(goal.asked_over)
    if not np.array_equal(packed, problem.packed):
        raise MethodError("the demands are over other partitions than those given; give the partitions of the demands")


def _lists(family: Family, template: Template, widths: Widths | None, most: int) -> tuple[IntArray, ...]:
    """The list of each free width: its own, the one that is given for it, or powers."""
    if widths is None:
        widths = f"powers:{power_base(template.fixed_dims.tolist()) or 2}"
    given = widths if isinstance(widths, Mapping) else dict.fromkeys(family.keys, widths)
    found = []
    for key in family.keys:
        if key in family.lists:
            found.append(width_list(key, family.lists[key], most=most))
        elif key in given:
            name = f"widths[{key!r}]" if isinstance(widths, Mapping) else "widths"
            found.append(width_list(name, given[key], most=most))
        else:
            raise SpecError(f"{key} is free, and widths has no list for it")
    return tuple(np.array(listed, dtype=np.int64) for listed in found)


def _checked_guarantee(template: Template, guarantee: str | None) -> str:
    """What is counted: the lower end that is proven, where one is, unless the upper one is asked for."""
    built = template.built
    if isinstance(built, Circuit):
        reason = (
            "vectors are added, so that nothing is proven from below for all of its widths" if built.has_sums else ""
        )
    else:
        reason = "" if built.free else "its tensors are given, so that nothing is proven from below"
    if guarantee is None:
        return "upper" if reason else "lower"
    check_known("guarantee", guarantee, GUARANTEES, MethodError)
    if reason and guarantee == "lower":
        raise MethodError(f"guarantee is 'lower', but {reason}; choose 'upper'")
    return guarantee
