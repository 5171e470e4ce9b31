"""The widths that serve given partitions best within a budget, with proof."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, SupportsFloat

import numpy as np

from ..errors import MethodError, PartitionError
from ..network import Subject, build
from ..partition import Splits
from ..tools.arrays import FloatArray
from ..tools.values import check_known, integer
from ..tools.words import shown
from .charges import least_rank
from .problem import OBJECTIVES, Problem, checked_budget, checked_numbers, most_power
from .result import Tailored, binding_cuts
from .search import Best, Choice, LeastCost, Mean, Objective, Share, Task, Watch, search
from .widths import Widths


def tailor(
    architecture: Subject,
    partitions: Splits,
    *,
    budget: int | None = None,
    cost: str = "parameters",
    widths: Widths | None = None,
    objective: str = "smallest",
    demands: float | Sequence[SupportsFloat] | None = None,
    weights: Sequence[float] | None = None,
    guarantee: str | None = None,
    seconds: float | None = None,
    watch: Watch | None = None,
) -> Tailored:
    """The widths that serve the given partitions best, among all that cost no more than the budget; proven optimal.

    `cost`: parameters (unshared), or multiply_adds of one evaluation. `widths`: what each free width is chosen from: a
    list of integers, "powers:2", "powers:2:512", "multiples:8:512"; or a table from paths in the specification, such as
    {"layers.0.channels": [4, 8], "layers.*.channels": "powers:2"}, where a star ties widths and all others stay fixed.
    By default every layer is free, with powers of the integer that the sites' dimensions are powers of.

    `objective`: smallest (of the bounds over the partitions), mean (with `weights`), share (the largest share of all
    `demands`, in bits, that is met everywhere), or cost (the least that meets all demands; a budget is not needed). Of
    equally good widths the cheapest are taken, but for a mean. Demands may be what `data_entanglement` returns.

    `guarantee`: lower counts the rank that almost all unshared weights reach: dimensions are rounded down to powers of
    one integer (theorems T2 and T3; T4 where units are re-used, docs/theory.md); the default where it applies. upper
    counts the rank bound, for all weights. `best_possible` of the result is proven for all widths in the lists, in the
    measure that is counted; of re-used units the bounds are those of the labellings found. `seconds`: stop then, with
    the best so far and its gap, as an interruption does. `watch` gets a line of text each round.

    Errors: MethodError for a budget that is too small, or demands that no widths meet; SpecError for widths that do not
    exist.

    >>> from tncut.architectures import ConvAC
    >>> net = ConvAC.deep(sites=16, site_dim=4, channels=(1, 1, 1, 1))
    >>> tailor(net, "left-right", budget=2000).rank
    16
    """
    check_known("objective", objective, OBJECTIVES, MethodError)
    limit = checked_budget(budget, objective)
    given = _asked(architecture, partitions, objective, demands, weights)
    deadline = None if seconds is None else time.monotonic() + _seconds(seconds)
    asks_bits = given if objective in ("share", "cost") else None
    begun = time.perf_counter()
    whole = Problem.of(architecture, partitions, widths, cost, guarantee, most_power(limit, asks_bits))
    _check_partitions(whole, objective, given)
    problem = whole.within(limit)
    tasks = problem.tasks(limit, deadline=deadline, watch=watch)
    found = [(base, task, *_best(task, objective, given)) for base, task in tasks]
    return _result(problem, objective, given, found, limit, begun)


def frontier(
    architecture: Subject,
    partitions: Splits,
    *,
    budgets: Sequence[int],
    cost: str = "parameters",
    widths: Widths | None = None,
    guarantee: str | None = None,
    seconds: float | None = None,
    watch: Watch | None = None,
) -> list[Tailored]:
    """The smallest bound over the partitions against the cost: the best widths for each of the budgets, as `tailor`.

    Cuts that are found for one budget are bounds for all. `seconds` are for all budgets together.
    """
    limits = sorted({integer(f"budgets[{place}]", budget, MethodError) for place, budget in enumerate(budgets)})
    if not limits:
        raise MethodError("no budget is given; give for example budgets=[1000, 10000]")
    largest = checked_budget(limits[-1], "smallest")
    whole = Problem.of(architecture, partitions, widths, cost, guarantee, largest)
    whole.within(limits[0])  # refuses a budget that is too small
    _check_partitions(whole, "smallest", None)
    problem = whole.within(largest)
    deadline = None if seconds is None else time.monotonic() + _seconds(seconds)
    shared = problem.tasks(largest, deadline=deadline, watch=watch)
    points: list[Tailored] = []
    starts: dict[int | None, Choice] = {}
    for limit in limits:
        begun = time.perf_counter()
        tasks = [(base, replace(task, budget=limit)) for base, task in shared]
        found = []
        for base, task in tasks:
            known = [starts[base]] if base in starts else []
            found.append((base, task, *_best(task, "smallest", None, known)))
            starts[base] = found[-1][2].choice or task.extremes[0]
        points.append(_result(problem, "smallest", None, found, limit, begun))
    return points


def _asked(architecture: Subject, partitions: Splits, objective: str, demands: Any, weights: Any) -> FloatArray | None:
    """The weights of a mean, or the demands in bits, one for each partition."""
    for key, value, of in (("demands", demands, ("share", "cost")), ("weights", weights, ("mean",))):
        if value is not None and objective not in of:
            raise MethodError(f"{key} are given, but objective is {objective}; they are for {' and '.join(of)}")
    if objective == "smallest":
        return None
    if demands is None and objective != "mean":
        raise MethodError(f"objective {objective} needs demands: the bits asked of each partition")
    terminals = build(architecture).terminals
    packed = terminals.packed(partitions)
    count = len(packed)
    of_demands = getattr(demands, "partitions", None)  # those of data say over which they are
    if of_demands is not None and not np.array_equal(terminals.packed(of_demands), packed):
        raise MethodError("the demands are over other partitions than those given; give the partitions of the demands")
    if objective == "mean":
        return checked_numbers("weights", 1.0 if weights is None else weights, count)
    return checked_numbers("demands", demands, count)


def _seconds(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise MethodError(f"seconds is {shown(seconds)}; it must be a number above 0")
    return float(seconds)


def _check_partitions(problem: Problem, objective: str, given: FloatArray | None) -> None:
    """Partitions over which no widths give anything, and demands that none of them meets."""
    largest = [task.at(tuple(len(listed) - 1 for listed in task.dims)).bits for _, task in problem.tasks(None)]
    most = np.max(largest, axis=0)
    empty = np.flatnonzero(most == 0)
    if len(empty) and objective != "mean":
        raise PartitionError(f"partition {empty[0]}: the rank is 1 whatever the widths; leave it out")
    if objective == "cost":
        assert given is not None
        short = np.flatnonzero(given > most + 1e-9)
        if len(short):
            place = int(short[0])
            raise MethodError(
                f"partition {place} asks for {given[place]:g} bits; the largest widths in the lists give "
                f"{most[place]:.6g}"
            )


def _best(
    task: Task, objective: str, given: FloatArray | None, starts: Iterable[Choice] = ()
) -> tuple[Best, Best | None]:
    """The best widths of one base; and the search for the cheapest of those that are as good."""
    kinds: dict[str, type[Objective]] = {"mean": Mean, "share": Share}
    if objective == "cost":
        assert given is not None
        ranks = {bits: least_rank(bits) for bits in set(given.tolist())}
        return search(task, LeastCost(task, [ranks[bits] for bits in given.tolist()]), starts), None
    chosen: Objective = Objective(task, []) if given is None else kinds[objective](task, given)
    best = search(task, chosen, starts)
    if best.choice is None or isinstance(chosen, Mean):
        return best, None
    if isinstance(chosen, Share):
        assert given is not None
        reached = given * best.value * (1 - 1e-12)
        return best, search(task, LeastCost(task, [least_rank(bits) for bits in reached.tolist()]), [best.choice])
    return best, search(task, LeastCost(task, [chosen.rank] * task.partitions), [best.choice])


def _result(
    problem: Problem,
    objective: str,
    given: FloatArray | None,
    found: list[tuple[int | None, Task, Best, Best | None]],
    budget: int | None,
    begun: float,
) -> Tailored:
    """The best over all bases, and what is proven over all of them."""
    sign = -1 if objective == "cost" else 1
    usable = [row for row in found if row[2].choice is not None]
    if not usable:
        raise MethodError(_nothing(objective, budget, found))
    base, task, best, cheapest = max(usable, key=lambda row: (sign * row[2].value, -task_cost(row)))
    bound = sign * max(sign * row[2].bound for row in found)
    choice = best.choice if cheapest is None or cheapest.choice is None else cheapest.choice
    assert choice is not None
    widths = tuple(int(listed[place]) for listed, place in zip(problem.lists, choice, strict=True))
    evaluated = task.at(choice)
    ratios = evaluated.bits / given if objective == "share" and given is not None else evaluated.bits
    return Tailored(
        name=problem.family.architecture.name,
        architecture=problem.family.with_widths(widths),
        widths=dict(zip(problem.family.keys, widths, strict=True)),
        objective=objective,
        guarantee=problem.guarantee,
        base=base,
        value=best.value,
        best_possible=bound,
        optimal=all(row[2].optimal for row in found) or best.value == bound,
        cheapest=cheapest is not None and cheapest.optimal,
        rank=min(evaluated.ranks(np.flatnonzero(evaluated.bits <= evaluated.bits.min() + 1e-6).tolist())),
        partition_bits=evaluated.bits,
        cost=task.cost_of(choice),
        counted=problem.cost,
        budget=budget,
        binding=binding_cuts(problem, task, choice, ratios),
        untested=_untested(problem, task),
        rounds=sum(row[2].rounds + (row[3].rounds if row[3] else 0) for row in found),
        seconds=time.perf_counter() - begun,
    )


def task_cost(row: tuple[int | None, Task, Best, Best | None]) -> int:
    """What the widths of a search cost."""
    choice = row[3].choice if row[3] is not None and row[3].choice is not None else row[2].choice
    assert choice is not None
    return row[1].cost_of(choice)


def _nothing(objective: str, budget: int | None, found: list[tuple[int | None, Task, Best, Best | None]]) -> str:
    if all(row[2].optimal for row in found):
        return (
            f"no widths in the lists that cost at most {budget} meet all demands; "
            "objective='share' gives what can be met"
        )
    return "time was up before any widths were found that meet all demands; allow more seconds"


def _untested(problem: Problem, task: Task) -> tuple[str, ...]:
    """The widths that change no bound, from the smallest to the largest of their lists."""
    largest = tuple(len(listed) - 1 for listed in task.dims)
    most = task.at(largest).bits
    found = []
    for group, key in enumerate(problem.family.keys):
        less = task.at((*largest[:group], 0, *largest[group + 1 :]))
        if largest[group] and np.array_equal(less.bits, most):
            found.append(key)
    return tuple(found)
