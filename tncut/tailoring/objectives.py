"""How choices are compared: by exact integers where ranks or costs decide, and what would be better than the best."""

import math
from collections.abc import Sequence

import numpy as np

from ..tools.arrays import FloatArray
from .charges import SCALE
from .evaluate import Evaluated
from .task import Choice, Task

NEAR = 1e-6  # bits; ranks that are closer are compared as integers
AT_ONCE = 64  # partitions that are looked at in one round
IN_MEANS = 1024


class Objective:
    """How choices are compared: their exact value, what would be better, and the partition that binds.

    This one is the smallest rank over the partitions, as an integer.
    """

    rank: int  # of the best

    name = "smallest"

    def __init__(self, task: Task, asked: Sequence[float] | FloatArray | None):
        self.task, self.given = task, np.asarray([] if asked is None else asked, dtype=np.float64)
        self.best: Choice | None = None

    @property
    def ceiling(self) -> float:
        """What no choice has a better value than: that of the largest widths."""
        return float(self.task.largest.bits.min())

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
    def ceiling(self) -> float:
        return min(float((self.task.largest.bits / self.given).min()), 1.0)

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

    def __init__(self, task: Task, asked: Sequence[float] | FloatArray | None):
        super().__init__(task, asked)
        whole = self.given if (self.given == np.rint(self.given)).all() else self.given / self.given.max() * SCALE
        self.weights = np.rint(whole).astype(np.int64)

    @property
    def ceiling(self) -> float:
        return float(self.task.largest.bits @ self.given / self.given.sum())

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
    def ceiling(self) -> float:
        """What no choice costs less than."""
        return self.task.costs.smallest

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
