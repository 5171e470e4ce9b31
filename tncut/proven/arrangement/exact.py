"""The best tree and the best order of few sites, by a program over all subsets of them."""

import math
from collections.abc import Callable, Iterable

from .costs import Known, in_bits
from .trees import Node, caterpillar


def exact_tree(known: Known) -> Node:
    """Two passes over all subsets: the least largest cost, then the least total among the trees that have it."""
    every = range(1, known.all)
    levels, level = _levels(known, every)
    width: list[float] = [math.inf] * (known.all + 1)
    for chosen in every:
        width[chosen] = max(level[chosen], min((max(width[a], width[b]) for a, b in _splits(chosen)), default=-1))
    best = min(max(width[a], width[b]) for a, b in _splits(known.all))
    bits = [in_bits(value) for value in levels]
    total: list[float] = [math.inf] * (known.all + 1)
    choice: dict[int, tuple[int, int]] = {}
    for chosen in (*every, known.all):
        own = 0.0 if chosen == known.all else bits[level[chosen]] if level[chosen] <= best else math.inf
        if own == math.inf:
            continue
        if chosen & (chosen - 1) == 0:
            total[chosen] = own
            continue
        split = min(_splits(chosen), key=lambda pair: total[pair[0]] + total[pair[1]])
        total[chosen], choice[chosen] = own + total[split[0]] + total[split[1]], split

    def node(chosen: int) -> Node:
        if chosen not in choice:
            return chosen.bit_length() - 1
        left, right = sorted(choice[chosen], key=lambda part: part & -part)
        return node(left), node(right)

    return node(known.all)


def exact_order(known: Known) -> Node:
    """The same over beginnings: a set, without its last site, is a beginning, too."""
    every = range(1, known.all)
    levels, level = _levels(known, every)
    bits = [in_bits(value) for value in levels]
    value: list[tuple[float, float]] = [(-1.0, 0.0)] * (known.all + 1)
    last = [0] * (known.all + 1)
    for chosen in (*every, known.all):
        found = [(value[chosen & ~(1 << site)], site) for site in range(known.sites) if chosen >> site & 1]
        (largest, total), site = min(found, key=lambda item: (item[0], -item[1]))
        last[chosen] = site
        own = -1 if chosen == known.all else level[chosen]
        value[chosen] = (max(largest, own), total + (bits[own] if own >= 0 else 0.0))
    order, rest = [], known.all
    while rest:
        order.append(last[rest])
        rest &= ~(1 << last[rest])
    return caterpillar(order if order[0] < order[-1] else order[::-1])


def _levels(known: Known, every: range) -> tuple[list[int | float], list[int]]:
    """The distinct costs, rising, and which of them each set has; the empty set's is not asked for."""
    costs = known.ask(every)
    levels = sorted(set(costs))
    index = {cost: number for number, cost in enumerate(levels)}
    return levels, [-1, *(index[cost] for cost in costs), -1]


def _splits(chosen: int) -> Iterable[tuple[int, int]]:
    """The splits of a set in two parts, each once."""
    low = chosen & -chosen
    rest = chosen ^ low
    part = rest
    while part:
        yield chosen ^ part, part
        part = (part - 1) & rest


EXACT: dict[str, Callable[[Known], Node]] = {"tree": exact_tree, "order": exact_order}
