"""The order in which elimination decides the labels of a circuit, and how many states that takes at most.

The output's side comes first. Then units are opened one by one, each after all its readers: a decision on the labels of
each use that reads the unit, and one on how its two versions are crossed. What later decisions depend on is *kept*:

- of a unit, as long as some unit that it reads is not yet open: how many copies its version for side A has, and how its
  versions are crossed;
- of a use that is a sum, as long as some unit that it reads is not yet open: its labels in both versions;
- of a site, from the first to the last decision that may charge it: whether it is charged.

Three orders are made, and the one with the fewest states is followed. The next unit is the one that adds least to the
states, or the one whose first site comes first, or the one whose last site comes last.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ...errors import SizeError
from ...tools.numbers import show_integer
from .condensed import Condensed

RULES = ("growth", "first site", "last site")
MOST_BITS = 32  # no order is followed that may hold more than 2^32 states at once: most are dropped on the way
FAR_TOO_MANY = 3 * MOST_BITS  # where an order is given up before it is complete
MOST_COPIES = 2**53  # floats hold all integers up to here
SITE_BITS, LABEL_BITS = 1.0, 2.0  # a site is charged or not; a use has a label in each of two versions
Kept = tuple[str, int]  # ("unit", unit), ("use", use) or ("site", site)


@dataclass(frozen=True)
class Step:
    """One decision: the labels of a use in both versions of its reader; or, without a use, how a unit is crossed."""

    unit: int  # the unit that is crossed, or the reader
    use: int = -1
    child: int = -1  # the unit that the use reads, or -1 if it reads sites alone
    times: int = 1  # how often it reads that unit
    sites: tuple[int, ...] = ()  # the sites that the decision may charge
    repeated: bool = False  # the labels are those that were chosen with another child
    closes: tuple[Kept, ...] = ()  # what no later decision depends on

    @property
    def touches(self) -> list[Kept]:
        """All that the decision depends on, and all that it changes."""
        found = [("unit", self.unit), *(("site", site) for site in self.sites)]
        found += [("use", self.use)] if self.use >= 0 else []
        return found + ([("unit", self.child)] if self.child >= 0 else [])


class Order:
    """The units of a condensed circuit in an order with few states, and the decisions step by step."""

    def __init__(self, net: Condensed):
        self.net = net
        below = [net.child[first:last].tolist() for first, last in pairwise(net.pair_start.tolist())]
        self.copies = [int(n) for n in net.circuit.multiplicities[net.sites :][net.unit_order].tolist()]
        self.reader: list[int] = net.use_unit.tolist()
        self.sites_of_use = [sorted({child for child in children if child < net.sites}) for children in below]
        self.units_of_use = [[child - net.sites for child in children if child >= net.sites] for children in below]
        self.uses: list[list[int]] = [[] for _ in range(net.units)]
        self.uses_above: list[list[int]] = [[] for _ in range(net.units)]  # those that read the unit
        for use, unit in enumerate(self.reader):
            self.uses[unit].append(use)
            for child in set(self.units_of_use[use]):
                self.uses_above[child].append(use)
        self.reads: list[list[int]] = [[] for _ in range(net.units)]
        for site, unit in zip(net.read_site.tolist(), net.read_unit.tolist(), strict=True):
            self.reads[unit].append(site)
        self.readers = [sorted({self.reader[use] for use in uses}) for uses in self.uses_above]
        self.children = [sorted({c for use in uses for c in self.units_of_use[use]}) for uses in self.uses]

    @cached_property
    def reach(self) -> tuple[list[int], list[int]]:
        """(units,) the first and the last site that each unit depends on."""
        first: list[int] = []
        last: list[int] = []
        for unit in range(self.net.units):
            sites = self.reads[unit] + [site for use in self.uses[unit] for site in self.sites_of_use[use]]
            first.append(min(sites + [first[child] for child in self.children[unit]]))
            last.append(max(sites + [last[child] for child in self.children[unit]]))
        return first, last

    @cached_property
    def state_bits(self) -> list[float]:
        """(units,) log2 of the number of states of each open unit, at most."""
        splits = [2] * self.net.units  # how many numbers of copies the version for side A can have
        for unit in reversed(range(self.net.units - 1)):
            of_uses = (
                min(self.copies[above] + 1, 2 * splits[above] + 2)
                for above in map(self.reader.__getitem__, self.uses_above[unit])
            )
            splits[unit] = min(self.copies[unit] + 1, math.prod(of_uses))
        # A version without copies has one mode. A single copy has two: both charges for it are equal.
        modes = [2 if copies == 1 else 3 for copies in self.copies]
        return [math.log2(2 * m + (s - 2) * m * m) for s, m in zip(splits, modes, strict=True)]

    @cached_property
    def steps(self) -> list[Step]:
        """The decisions after that on the output's side. A SizeError if there may be too many states at once."""
        plans = [self._plan(rule) for rule in RULES]
        width, steps = min(plans, key=lambda plan: plan[0])
        if width > MOST_BITS:
            raise SizeError(
                f"elimination would hold up to 2^{math.ceil(width)} states at once; it is for networks of small width, "
                f"with up to 2^{MOST_BITS}"
            )
        if max(self.copies) > MOST_COPIES:
            raise SizeError(
                f"elimination counts up to 2^53 copies of a unit; here are {show_integer(max(self.copies))}"
            )
        return steps

    def _plan(self, rule: str) -> tuple[float, list[Step]]:
        """log2 of the most states at once, and the decisions; no decisions as soon as there are far too many states."""
        units, bits = self._units(rule)
        if bits > FAR_TOO_MANY:
            return bits, []
        steps = list(self._decisions(units))
        closes: list[list[Kept]] = [[] for _ in steps]
        for kept, number in {kept: number for number, step in enumerate(steps) for kept in step.touches}.items():
            closes[number].append(kept)
        held: dict[Kept, float] = {}
        width = 0.0
        for step, closed in zip(steps, closes, strict=True):
            held |= {kept: self._bits(kept) for kept in step.touches}
            for kept in closed:
                del held[kept]
            width = max(width, sum(held.values()))
        return width, [replace(step, closes=tuple(closed)) for step, closed in zip(steps, closes, strict=True)]

    def _bits(self, kept: Kept) -> float:
        kind, number = kept
        return self.state_bits[number] if kind == "unit" else SITE_BITS if kind == "site" else LABEL_BITS

    def _decisions(self, units: list[int]) -> Iterator[Step]:
        decided = set()
        for unit in units:
            for use in self.uses_above[unit]:
                sites = () if use in decided else tuple(self.sites_of_use[use])
                times = int(self.net.use_count[use]) * self.units_of_use[use].count(unit)
                yield Step(self.reader[use], use, unit, times, sites, use in decided)
                decided.add(use)
            yield Step(unit, sites=tuple(self.reads[unit]))
            for use in self.uses[unit]:
                if not self.units_of_use[use]:
                    yield Step(unit, use, sites=tuple(self.sites_of_use[use]))

    def _units(self, rule: str) -> tuple[list[int], float]:
        """Units by a rule, each after its readers, and log2 of the most states; not all if these are far too many."""
        frontier, most = _Frontier(self), 0.0
        waits_for = [len(readers) for readers in self.readers]
        found: list[int] = []

        def entry(unit: int) -> tuple[float, float, int]:
            growth, first, last = frontier.growth(unit), self.reach[0][unit], self.reach[1][unit]
            if rule == "growth":
                return growth, first, unit
            return first if rule == "first site" else -last, growth, unit

        heap = [entry(self.net.units - 1)]
        while heap and most <= FAR_TOO_MANY:
            taken = heapq.heappop(heap)
            unit = taken[-1]
            if unit in frontier.opened:
                continue
            if entry(unit) > taken:
                heapq.heappush(heap, entry(unit))
                continue
            changed = frontier.open(unit)
            found.append(unit)
            most = max(most, frontier.bits)
            for child in self.children[unit]:
                waits_for[child] -= 1
            for other in {*changed, *self.children[unit]} - frontier.opened:
                if not waits_for[other]:
                    heapq.heappush(heap, entry(other))
        return found, most


class _Frontier:
    """The states of what is kept while units are opened. Labels of sums are not counted."""

    def __init__(self, order: Order):
        self.order = order
        self.opened: set[int] = set()
        self.bits = 0.0
        self.closed_children = [len(children) for children in order.children]
        self.readers: list[list[int]] = [[] for _ in range(order.net.sites)]
        for unit, sites in enumerate(order.reads):
            for site in sites:
                self.readers[site].append(unit)
        self.closed_readers = [len(readers) for readers in self.readers]

    def growth(self, unit: int) -> float:
        """By how much opening the unit would change log2 of the number of states."""
        order = self.order
        found: float = order.state_bits[unit] if order.children[unit] else 0.0
        found -= sum(order.state_bits[above] for above in order.readers[unit] if self.closed_children[above] == 1)
        for site in order.reads[unit]:
            is_first, is_last = self.closed_readers[site] == len(self.readers[site]), self.closed_readers[site] == 1
            found += SITE_BITS * (is_first - is_last)
        return found

    def open(self, unit: int) -> list[int]:
        """Open the unit; the units whose opening now changes the states by less than before."""
        order = self.order
        self.bits += self.growth(unit)
        self.opened.add(unit)
        found = []
        for above in order.readers[unit]:
            self.closed_children[above] -= 1
            if self.closed_children[above] == 1:
                found += [child for child in order.children[above] if child not in self.opened]
        for site in order.reads[unit]:
            first = self.closed_readers[site] == len(self.readers[site])
            self.closed_readers[site] -= 1
            if first or self.closed_readers[site] == 1:
                found += self.readers[site]
        return found
