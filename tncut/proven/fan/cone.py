"""One fan over all units that see both sides: each of them owns sites of either side, and adds a rank of its own.

Put the units in an order for each side. A unit owns the sites that it sees and no unit after it sees. So the first
unit's source comes last of all strands, and its stage is the latest: the conditions of a fan hold.
"""

import heapq
import random
from math import comb, log2, prod

from .fan import Fan, Stage, Strand
from .task import Task


def cone_fan(task: Task, room: list[int], channels: int, *, seed: int = 0, tries: int = 200) -> Fan | None:
    """A fan on the units with room for `channels`: the best start by whole layers, then units tried one by one."""
    cone, rng = Cone(task, room, channels), random.Random(seed)
    both = cone.both_sides()
    layer = task.circuit.unit_layer.tolist()
    layers = sorted({layer[v - task.sites] for v in both})
    starts = [{v for v in both if layer[v - task.sites] in some} for some in _subsets(layers)]
    built = [cone.built(start, rng) for start in starts]
    best, fan, groups = max(built, key=lambda found: found[0], default=(0.0, None, set[int]()))
    for _ in range(tries if both else 0):
        trial = groups ^ set(rng.sample(both, rng.choice((1, 1, 2, 3)) if len(both) > 3 else 1))
        bits, found, kept = cone.built(trial, rng)
        if bits >= best:
            best, fan, groups = bits, found, kept
    return fan


def _subsets(layers: list[int]) -> list[set[int]]:
    """Some sets of layers to start with: all of them where there are few."""
    if len(layers) > 4:
        top = layers[-1]
        return [{layer} | extra for layer in layers for extra in (set[int](), {top})] + [
            set(layers[k:]) for k in range(len(layers))
        ]
    return [{layer for k, layer in enumerate(layers) if mask >> k & 1} for mask in range(1, 2 ** len(layers))]


class Cone:
    """What every unit can see, and how the units that see both sides share the sites."""

    def __init__(self, task: Task, room: list[int], channels: int):
        self.task, self.room, self.channels = task, room, channels
        self.sees: list[int] = []  # bit sets of sites
        for vertex, free in enumerate(room):
            if vertex < task.sites:
                self.sees.append(1 << vertex if free > 1 else 0)
                continue
            every = 0
            if free >= channels:
                for factor in task.factors(vertex):
                    every |= self.sees[task.child[factor]]
            self.sees.append(every)
        self.side = [sum(1 << s for s in range(task.sites) if task.side_a[s] == side) for side in (False, True)]
        self.bits = [0.0 if v < task.sites else log2(self.most(task.copies[v])) for v in range(len(room))]

    def most(self, copies: int) -> int:
        return comb(self.channels + copies - 1, copies)

    def built(self, groups: set[int], rng: random.Random) -> tuple[float, Fan | None, set[int]]:
        """The fan in which these units have exits, its bits, and the units that own something."""
        some = sorted(groups)
        owned_a: dict[int, list[int]] = {}
        owned_b: dict[int, list[int]] = {}
        for _ in range(4):
            owned_a = self.peel(some, True, {v: self._need(v, owned_b) for v in some}, rng)
            some = [v for v in some if owned_a[v]]
            owned_b = self.peel(some, False, {v: self._need(v, owned_a) for v in some}, rng)
            if all(owned_b.values()):
                break
            some = [v for v in some if owned_b[v]]
        owned_a = {v: sites for v, sites in owned_a.items() if owned_b.get(v)}
        return self.fan(owned_a, owned_b)

    def _need(self, v: int, owned: dict[int, list[int]]) -> float:
        """The bits that a unit can use, given what it owns of the other side."""
        return min(self.bits[v], self.site_bits(owned[v])) if v in owned else self.bits[v]

    def both_sides(self) -> list[int]:
        return [v for v in range(self.task.sites, len(self.room)) if all(self.sees[v] & side for side in self.side)]

    def site_bits(self, sites: list[int]) -> float:
        return sum(log2(self.room[site]) for site in sites)

    def peel(self, groups: list[int], side: bool, need: dict[int, float], rng: random.Random) -> dict[int, list[int]]:
        """The sites of one side that each unit owns: those that no unit after it sees. First unit first."""
        seen_by: dict[int, set[int]] = {}
        for v in groups:
            for site in _elements(self.sees[v] & self.side[side]):
                seen_by.setdefault(site, set()).add(v)
        alone: dict[int, list[int]] = {v: [] for v in groups}
        for site, units in seen_by.items():
            if len(units) == 1:
                alone[next(iter(units))].append(site)
        owned: dict[int, list[int]] = {}
        left = dict.fromkeys(groups)
        noise = {v: rng.random() * 0.01 for v in groups}

        def score(v: int) -> float:
            bits = self.site_bits(alone[v])
            return min(bits, need[v]) - need[v] - max(0.0, bits - need[v]) + noise[v]

        while left:
            able = [v for v in left if alone[v]]
            v = max(able, key=score) if able else self._given_up(seen_by, set(left))
            del left[v]
            owned[v] = alone.pop(v)
            for site in _elements(self.sees[v] & self.side[side]):
                units = seen_by[site]
                units.discard(v)
                if len(units) == 1:
                    alone[next(iter(units))].append(site)
        return owned

    def _given_up(self, seen_by: dict[int, set[int]], left: set[int]) -> int:
        """Where every site is seen twice: of the units that see the least seen one, the one that sees least."""
        fewest = min((units for units in seen_by.values() if units), key=len, default=left)
        return min(fewest, key=lambda v: (self.sees[v].bit_count(), v))

    def fan(self, owned_a: dict[int, list[int]], owned_b: dict[int, list[int]]) -> tuple[float, Fan | None, set[int]]:
        """The fan in which each unit sees what it owns, by paths that cost few exits."""
        left = {v: self.task.copies[v] for v in owned_a}
        goal: dict[int, float] = {}
        inputs: dict[int, int] = {}
        for v in owned_a:
            goal[v] = min(self.bits[v], self.site_bits(owned_a[v]), self.site_bits(owned_b[v]))
        carried: set[int] = set()
        sides = {}
        for v in sorted(owned_a):
            sides[v] = [self._chosen(owned[v], goal[v]) for owned in (owned_a, owned_b)]
            for sites in sides[v]:
                inputs.update(sites)
                for site in sites:
                    self._carry(v, site, carried, left, goal)
        exits: set[int] = set()
        strands, used, bits = [], set[int](), 0.0
        times = {v: -place for place, v in enumerate(owned_b)}
        for v in reversed(owned_a):
            uses = [f for f in self.task.uses[v] if f not in carried]
            if uses:
                exits |= set(uses)
                strands.append(Strand(sides[v][0], (Stage(sides[v][1], times[v]),)))
                used.add(v)
                bits += log2(min(*(prod(part.values()) for part in sides[v]), self.most(left[v])))
        return bits, Fan(self.channels, tuple(strands), frozenset(carried), frozenset(exits)) if strands else None, used

    def _chosen(self, sites: list[int], goal: float) -> dict[int, int]:
        """Sites with enough inputs for a goal in bits."""
        chosen: dict[int, int] = {}
        for site in sites:
            if log2(prod(chosen.values())) < goal - 1e-9:
                chosen[site] = self.room[site]
        return chosen

    def _carry(self, top: int, site: int, carried: set[int], left: dict[int, int], goal: dict[int, float]) -> None:
        """The cheapest path from a site up to a unit."""
        task = self.task
        queue: list[tuple[float, int, list[int]]] = [(0.0, top, [])]
        done: set[int] = set()
        while queue:
            cost, vertex, path = heapq.heappop(queue)
            if vertex == site:
                break
            if vertex in done or vertex < task.sites:
                continue
            done.add(vertex)
            for f in task.factors(vertex):
                child = task.child[f]
                if self.sees[child] >> site & 1:
                    heapq.heappush(queue, (cost + self._loss(f, child, carried, left, goal), child, [*path, f]))
        for f in path:
            if f not in carried:
                carried.add(f)
                if task.child[f] in left:
                    left[task.child[f]] -= task.copies[task.unit[f]]

    def _loss(self, f: int, child: int, carried: set[int], left: dict[int, int], goal: dict[int, float]) -> float:
        """What carrying a factor costs: the bits that its child's exits lose."""
        if f in carried:
            return 0.0
        if child not in left:
            return 0.001
        before, after = (
            min(goal[child], log2(self.most(max(n, 0))))
            for n in (left[child], left[child] - self.task.copies[self.task.unit[f]])
        )
        return 0.002 + before - after


def _elements(bits: int) -> list[int]:
    """The places of the ones of a bit set."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found
