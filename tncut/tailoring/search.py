"""The loop: the program proposes widths, the cuts that they violate answer, until no widths can be better.

Exact integers decide. A choice counts as found by its exact ranks and its exact cost. The program is asked for what is
better than that by one at least; units are rounded so that it never misses any. A choice that was looked at and is no
better is shut out together with all that have no larger dimensions where its binding cut is charged.
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..tools.arrays import FloatArray, IntArray
from .charges import SCALE, CutForm, Units
from .costs import Costs
from .evaluate import Evaluated, Evaluator
from .program import Program

NEAR = 1e-6  # bits; ranks that are closer are compared as integers
AT_ONCE = 64  # cuts that are added in one round
IN_MEANS = 1024

Choice = tuple[int, ...]
Watch = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be chosen: the lists of widths, the dimensions they set, and what is counted."""

    dims: tuple[IntArray, ...]  # of each choice, for each free width; they rise
    costs: Costs
    budget: int | None
    evaluator: Evaluator
    units: Units
    partitions: int
    deadline: float | None = None  # on the clock of time.monotonic
    watch: Watch | None = None
    forms: dict[tuple[int, CutForm], None] = field(default_factory=dict)  # all cuts that are known, by partition
    seen: dict[Choice, Evaluated] = field(default_factory=dict)

    def dims_of(self, choice: Choice) -> IntArray:
        return np.array([int(listed[place]) for listed, place in zip(self.dims, choice, strict=True)], dtype=np.int64)

    def cost_of(self, choice: Choice) -> int:
        return self.costs.of([int(listed[place]) for listed, place in zip(self.costs.widths, choice, strict=True)])

    def affords(self, choice: Choice) -> bool:
        return self.budget is None or self.cost_of(choice) <= self.budget

    def at(self, choice: Choice) -> Evaluated:
        if choice not in self.seen:
            self.seen[choice] = self.evaluator.at(self.dims_of(choice))
        return self.seen[choice]

    @property
    def extremes(self) -> list[Choice]:
        """The smallest widths, the largest, and equal ones between."""
        longest = max(map(len, self.dims))
        places = sorted({round(part * (longest - 1) / 7) for part in range(8)})
        return list(dict.fromkeys(tuple(min(place, len(listed) - 1) for listed in self.dims) for place in places))

    @property
    def most(self) -> int:
        """Units that no network exceeds."""
        largest = tuple(len(listed) - 1 for listed in self.dims)
        return math.ceil((float(self.at(largest).bits.max()) + 1) / self.units.bits)


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


class Objective:
    """How choices are compared: their exact value, what would be better, and the partition that binds.

    This one is the smallest rank over the partitions, as an integer.
    """

    rank: int  # of the best

    name = "smallest"

    def __init__(self, task: Task, asked: Sequence[float] | FloatArray):
        self.task, self.given = task, np.asarray(asked, dtype=np.float64)
        self.best: Choice | None = None

    @property
    def asked(self) -> list[int]:
        """What the program is told of each partition."""
        return [0] * self.task.partitions

    def offer(self, choice: Choice) -> tuple[int, int]:
        """Take a choice if it is better; the partition that binds, and its exact rank."""
        place, rank = smallest_rank(self.task.at(choice))
        if self.best is None or rank > self.rank:
            self.best, self.rank = choice, rank
        return place, rank

    @property
    def value(self) -> float:
        return math.log2(self.rank) if self.best is not None else -math.inf

    @property
    def least(self) -> int | None:
        """What the program must reach to be better than the best."""
        return None if self.best is None else self.task.units.needed(self.rank + 1)

    def in_bits(self, bound: float) -> float:
        """A bound of the program's, in the measure of the objective."""
        return bound * self.task.units.bits

    def violations(self, found: Evaluated, reached: Sequence[int]) -> list[int]:
        """The partitions whose bounds are below what the program believes in, the worst first."""
        return below(found.bits, reached[0] * self.task.units.bits)

    def shuts_out(self, rank: int) -> bool:
        """Whether a choice with this rank over its binding partition, and all below it, are no better than the best."""
        return True


class Share(Objective):
    """The largest share of all demands that is met: to 2^-20 of it."""

    name = "share"
    share: float  # of the best

    @property
    def asked(self) -> list[int]:
        return [max(math.floor(bits / self.task.units.bits), 0) for bits in self.given]

    def offer(self, choice: Choice) -> tuple[int, int]:
        found = self.task.at(choice)
        ratios = found.bits / self.given
        place = int(ratios.argmin())
        share = min(float(ratios[place]), 1.0)
        if self.best is None or share > self.share:
            self.best, self.share = choice, share
        return place, found.ranks([place])[0]

    @property
    def value(self) -> float:
        return self.share if self.best is not None else -math.inf

    @property
    def least(self) -> int | None:
        return None if self.best is None else math.floor(self.share * SCALE) + 1

    def in_bits(self, bound: float) -> float:
        return bound / SCALE

    def violations(self, found: Evaluated, reached: Sequence[int]) -> list[int]:
        return below(found.bits / self.given, reached[0] / SCALE)


class Mean(Objective):
    """The weighted mean of the bits over the partitions: to some 2^-16 of a bit where units are rounded."""

    name = "mean"
    mean: float  # of the best

    def __init__(self, task: Task, asked: Sequence[float] | FloatArray):
        super().__init__(task, asked)
        whole = self.given if (self.given == np.rint(self.given)).all() else self.given / self.given.max() * SCALE
        self.weights = np.rint(whole).astype(np.int64)

    @property
    def asked(self) -> list[int]:
        return self.weights.tolist()  # type: ignore[no-any-return]

    def offer(self, choice: Choice) -> tuple[int, int]:
        bits = self.task.at(choice).bits
        mean = float(bits @ self.given / self.given.sum())
        if self.best is None or mean > self.mean:
            self.best, self.mean = choice, mean
        return -1, 0

    @property
    def value(self) -> float:
        return self.mean if self.best is not None else -math.inf

    @property
    def least(self) -> int | None:
        if self.best is None:
            return None
        total = int(self.weights.sum())
        units = self.task.at(self.best).bits / self.task.units.bits
        if self.task.units.base is not None:
            return int(np.rint(units).astype(np.int64) @ self.weights) + 1
        return math.floor(float(units @ self.weights)) + 4 * (len(self.task.dims) + 1) * total

    def in_bits(self, bound: float) -> float:
        return bound * self.task.units.bits / float(self.weights.sum())

    def violations(self, found: Evaluated, reached: Sequence[int]) -> list[int]:
        over = np.array(reached) * self.task.units.bits - found.bits
        order = np.argsort(-over * self.weights, kind="stable")[:IN_MEANS]
        return [int(place) for place in order if over[place] > NEAR]


class LeastCost(Objective):
    """The least cost at which every partition has the rank that is asked of it."""

    name = "cost"
    cost: int  # of the best

    def __init__(self, task: Task, ranks: Sequence[int]):
        super().__init__(task, [math.log2(rank) for rank in ranks])
        self.ranks = list(ranks)

    @property
    def asked(self) -> list[int]:
        known = {rank: self.task.units.needed(rank) for rank in set(self.ranks)}
        return [known[rank] for rank in self.ranks]

    def offer(self, choice: Choice) -> tuple[int, int]:
        found = self.task.at(choice)
        lacking = self.given - found.bits
        close = np.flatnonzero(np.abs(lacking) <= NEAR).tolist()
        exact = dict(zip(close, found.ranks(close), strict=True))
        short = [place for place, rank in exact.items() if rank < self.ranks[place]]
        place = int(lacking.argmax())
        if lacking[place] > NEAR or short:
            self.failed = True
            place = place if lacking[place] > NEAR else short[0]
            return place, found.ranks([place])[0]
        self.failed = False
        cost = self.task.cost_of(choice)
        if self.best is None or cost < self.cost:
            self.best, self.cost = choice, cost
        return -1, 0

    @property
    def value(self) -> float:
        return self.cost if self.best is not None else math.inf

    @property
    def least(self) -> int | None:
        return None if self.best is None else self.cost - 1

    def in_bits(self, bound: float) -> float:
        return bound

    def violations(self, found: Evaluated, reached: Sequence[int]) -> list[int]:
        lacking = self.given - found.bits
        return [place for place in np.argsort(-lacking, kind="stable")[:AT_ONCE].tolist() if lacking[place] > -NEAR]

    def shuts_out(self, rank: int) -> bool:
        return self.failed


def smallest_rank(found: Evaluated) -> tuple[int, int]:
    """The partition with the smallest rank, and that rank, by exact integers."""
    close = np.flatnonzero(found.bits <= found.bits.min() + NEAR)[:AT_ONCE].tolist()
    ranks = found.ranks(close)
    rank = min(ranks)
    return close[ranks.index(rank)], rank


def below(bits: FloatArray, level: float) -> list[int]:
    """Places of the smallest values below a level."""
    order = np.argsort(bits, kind="stable")[:AT_ONCE]
    return [int(place) for place in order if bits[place] < level + NEAR]


def search(task: Task, objective: Objective, starts: Iterable[Choice] = ()) -> Best:
    """The best choice, or the best so far when time is up or the search is interrupted."""
    program = Program(task.costs, task.budget, objective.name, objective.asked, task.most)
    loop = _Loop(task, objective, program)
    try:
        loop.begin([*starts, *task.extremes])
        while not loop.step():
            pass
    except KeyboardInterrupt:
        if objective.best is None:
            raise
    return loop.result


class _Loop:
    def __init__(self, task: Task, objective: Objective, program: Program):
        self.task, self.objective, self.program = task, objective, program
        self.rounds, self.optimal = 0, False
        self.bound = 0.0 if objective.name == "cost" else math.inf
        self.asked: int | None = None
        self.added: set[tuple[int, CutForm]] = set()

    def begin(self, choices: Iterable[Choice]) -> None:
        for place, form in list(self.task.forms):
            self.add(place, form)
        for choice in dict.fromkeys(choices):
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
        if task.watch is not None:
            task.watch(f"round {self.rounds}: {objective.value:.6g} found, {self.limit:.6g} possible")
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
