"""What a user asks to be tailored, checked, and made ready for the search."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError, PartitionError, SizeError
from ..network import Subject, TensorNetwork
from ..partition import Splits
from ..proven.pairing.digits import bases
from ..tools.arrays import FloatArray, IntArray
from ..tools.bits import ByteArray
from ..tools.values import as_tuple, check_known, integer
from ..tools.words import counted, shown
from .charges import Units, power_base
from .costs import TOO_MUCH, Costs
from .evaluate import ByMinimumCuts, ByPairings, BySymmetricCuts, Evaluator
from .search import Task
from .template import Template, floor_power
from .widths import Family, Widths, family_of, width_list

COSTS = ("parameters", "multiply_adds")
OBJECTIVES = ("smallest", "mean", "share", "cost")
GUARANTEES = ("lower", "upper")
LARGEST_POWER = 2**40


@dataclass(frozen=True, eq=False)
class Problem:
    """A family of networks, the lists of their widths, the partitions, and what is counted over them."""

    family: Family
    template: Template
    lists: tuple[IntArray, ...]
    cost: str
    packed: ByteArray
    guarantee: str

    @classmethod
    def of(
        cls,
        architecture: Subject,
        partitions: Splits,
        widths: Widths | None,
        cost: str,
        guarantee: str | None,
        most: int | None,
    ) -> "Problem":
        """`most`: the largest power, where a list of powers has no end."""
        family = family_of(architecture, list(widths) if isinstance(widths, Mapping) else None)
        template = Template.of(family)
        check_known("cost", cost, COSTS, MethodError)
        if cost == "multiply_adds" and isinstance(template.built, TensorNetwork):
            raise MethodError(
                "the multiply-adds of a tensor network depend on the order of contraction; choose parameters"
            )
        packed = template.built.terminals.packed(partitions)
        if not len(packed):
            raise PartitionError("no partition is given to tailor for; give for example odd-even")
        lists = _lists(family, template, widths, most)
        return cls(family, template, lists, cost, packed, _checked_guarantee(template, guarantee))

    @cached_property
    def costs(self) -> Costs:
        return Costs(self.template.monomials(self.cost), self.lists)

    def within(self, budget: int | None) -> "Problem":
        """Without the widths that alone cost more than the budget; a MethodError if nothing is left."""
        if budget is None:
            return self
        if budget < self.costs.smallest:
            raise MethodError(
                f"the budget is {budget}; the smallest widths in the lists, {self.smallest_widths}, "
                f"cost {self.costs.smallest} {self.cost.replace('_', '-')}"
            )
        least = [int(listed[0]) for listed in self.lists]
        kept = []
        for group, listed in enumerate(self.lists):
            tried = [[*least[:group], width, *least[group + 1 :]] for width in listed.tolist()]
            kept.append(listed[[self.costs.of(choice) <= budget for choice in tried]])
        return replace(self, lists=tuple(kept))

    @property
    def smallest_widths(self) -> str:
        return ", ".join(str(listed[0]) for listed in self.lists)

    def tasks(self, budget: int | None, **options: Any) -> list[tuple[int | None, Task]]:
        """What is to be searched: once for each base that may prove most, or once for the upper ends."""
        if self.guarantee == "lower":
            return [(base, self._task(base, budget, options)) for base in self._bases]
        return [(None, self._task(None, budget, options))]

    @property
    def _all_dims(self) -> set[int]:
        return {*self.template.fixed_dims.tolist(), *(width for listed in self.lists for width in listed.tolist())}

    @property
    def _bases(self) -> list[int]:
        """The one base that all dimensions are powers of; else all that differ, up to the smallest site."""
        base = power_base(self._all_dims)
        if base is not None:
            return [base]
        sites = [dim for dim in self.template.site_dims.tolist() if dim > 1]
        return [base for base in bases(self._all_dims) if base <= min(sites, default=2)] or [2]

    def _task(self, base: int | None, budget: int | None, options: dict[str, Any]) -> Task:
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
        return Task(dims, self.costs, budget, evaluator, units, len(self.packed), **options)


def _lists(family: Family, template: Template, widths: Widths | None, most: int | None) -> tuple[IntArray, ...]:
    if widths is None:
        widths = f"powers:{power_base(template.fixed_dims.tolist()) or 2}"
    if isinstance(widths, Mapping):
        given = [width_list(f"widths[{key!r}]", widths[key], most=most) for key in family.keys]
    else:
        given = [width_list("widths", widths, most=most)] * len(family.keys)
    return tuple(np.array(listed, dtype=np.int64) for listed in given)


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


def checked_budget(budget: object, objective: str) -> int | None:
    """The most that may be spent; only the least cost needs none."""
    if budget is None:
        if objective == "cost":
            return None
        raise MethodError("a budget is needed, the most that the network may cost; only objective='cost' needs none")
    found = integer("budget", budget, MethodError)
    if found >= TOO_MUCH:
        raise SizeError(f"the budget is {found}; it must be below 2^50")
    return found


def checked_numbers(key: str, given: object, count: int) -> FloatArray:
    """One number for all partitions, or one for each; all above 0."""
    single = isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)
    listed: Any = [given] * count if single else as_tuple(given)
    if listed is None or len(listed) != count:
        raise MethodError(
            f"{key} is {shown(given)}; give one number, or one for each of the {counted(count, 'partition')}"
        )
    try:
        found = np.array([float(value) for value in listed])
    except (TypeError, ValueError, OverflowError):
        raise MethodError(f"{key} is {shown(given)}; it must hold numbers") from None
    wrong = np.flatnonzero(~(np.isfinite(found) & (found > 0)))
    if len(wrong):
        raise MethodError(f"{key} of partition {wrong[0]} is {found[wrong[0]]:g}; it must be above 0")
    return found


def most_power(budget: int | None, demands: FloatArray | None) -> int | None:
    """No power beyond this is of use: it would cost more than the budget, or give more than all demands."""
    ends = [LARGEST_POWER]
    if budget is not None:
        ends.append(budget)
    if demands is not None:
        ends.append(2 ** min(math.ceil(float(demands.max())) + 1, 40))
    return None if len(ends) == 1 else min(ends)
