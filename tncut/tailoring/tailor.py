"""The widths that serve given partitions best within a budget, with proof."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import SupportsFloat

from ..errors import MethodError
from ..network import Subject
from ..partition import Splits
from ..tools.values import integer
from .goal import Goal
from .request import Request
from .result import Tailored, tailored
from .shapes import Shapes
from .solve import solved
from .widths import Widths


def tailor(
    architecture: Subject,
    partitions: Splits,
    *,
    budget: int | None = None,
    cost: str = "parameters",
    widths: Widths | None = None,
    shapes: Shapes | None = None,
    objective: str = "smallest",
    demands: float | Sequence[SupportsFloat] | None = None,
    weights: Sequence[float] | None = None,
    guarantee: str | None = None,
    seconds: float | None = None,
) -> Tailored:
    """The widths that serve the given partitions best, among all that cost no more than the budget; proven optimal.

    `cost`: parameters (unshared), or multiply_adds of one evaluation. `widths`: what each free width is chosen from: a
    list of integers, "powers:2", "powers:2:512", "multiples:8:512"; or a table from paths in the specification, such as
    {"layers.0.channels": [4, 8], "layers.*.channels": "powers:2"}, where a star ties widths and all others stay fixed.
    By default every layer is free, with powers of the integer that the sites' dimensions are powers of. `shapes`: what
    else is chosen, by path: {"layers.0.geometry": ["square", "mirror"]}, or any key of the specification but widths;
    every combination is an architecture of its own. With widths={} they alone are chosen, and no budget is needed.

    `objective`: smallest (of the bounds over the partitions), mean (with `weights`), share (the largest share of all
    `demands`, in bits, that is met everywhere), or cost (the least that meets all demands; a budget is not needed). Of
    equally good widths the cheapest are taken, but for a mean. Demands may be what `data_entanglement` returns.

    `guarantee`: lower counts the rank that almost all unshared weights reach: dimensions are rounded down to powers of
    one integer (theorems T2 and T3; T4 where units are re-used, docs/theory.md); the default where it applies. upper
    counts the rank bound, for all weights. `best_possible` of the result is proven for all widths in the lists, in the
    measure that is counted; of re-used units the bounds are those of the labellings found. `seconds`: stop then, with
    the best so far and its gap, as an interruption does.

    Errors: MethodError for a budget that is too small, or demands that no widths meet; SpecError for widths that do not
    exist.

    >>> from tncut.architectures import ConvAC
    >>> net = ConvAC.deep(sites=16, site_dim=4, channels=(1, 1, 1, 1))
    >>> tailor(net, "left-right", budget=2000).rank
    16
    """
    fixed = isinstance(widths, Mapping) and not widths
    goal = Goal.of(objective, budget, demands, weights, priced=not fixed)
    begun = time.perf_counter()
    request = Request(architecture, partitions, widths, shapes, cost, guarantee, seconds)
    goal, tasks = request.tasks(goal)
    return tailored(solved(tasks, goal), goal, request.name, time.perf_counter() - begun)


def frontier(
    architecture: Subject,
    partitions: Splits,
    *,
    budgets: Sequence[int],
    cost: str = "parameters",
    widths: Widths | None = None,
    shapes: Shapes | None = None,
    guarantee: str | None = None,
    seconds: float | None = None,
) -> list[Tailored]:
    """The smallest bound over the partitions against the cost: the best widths for each of the budgets, as `tailor`.

    Cuts that are found for one budget are bounds for all. `seconds` are for all budgets together.
    """
    limits = sorted({integer(f"budgets[{place}]", budget, MethodError) for place, budget in enumerate(budgets)})
    if not limits:
        raise MethodError("no budget is given; give for example budgets=[1000, 10000]")
    request = Request(architecture, partitions, widths, shapes, cost, guarantee, seconds)
    request.tasks(Goal.of("smallest", limits[0]))  # refuses a budget that is too small
    _, tasks = request.tasks(Goal.of("smallest", limits[-1]))
    points: list[Tailored] = []
    for limit in limits:
        begun, goal = time.perf_counter(), Goal.of("smallest", limit)
        known = [(problem, replace(task, budget=limit)) for problem, task in tasks if problem.costs.smallest <= limit]
        points.append(tailored(solved(known, goal), goal, request.name, time.perf_counter() - begun))
    return points
