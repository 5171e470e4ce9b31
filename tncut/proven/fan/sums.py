"""How many exponents the stages of a fan reach: the distinct sums of one choice from each stage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import comb

Exponents = tuple[int, ...]  # how many copies sit on each channel

MOST_SUMS = 20_000  # more are counted by formula only
MOST_WORK = 100_000


@dataclass(frozen=True)
class Choices:
    """What one stage offers: one vector of exponents for each of its indices."""

    indices: int
    copies: Sequence[int]  # of each exit
    steps: Sequence[tuple[int, ...]] | None  # of each exit; None: the largest exponents
    order: tuple[int, ...]

    @cached_property
    def degree(self) -> int:
        return sum(self.copies)

    @property
    def size(self) -> int:
        """At least the number of distinct vectors."""
        if self.steps is not None:
            return min(self.indices, 1 + sum(len(set(each)) for each in self.steps))
        return min(self.indices, comb(len(self.order) + self.degree - 1, self.degree))

    @property
    def full(self) -> bool:
        """Whether every vector of this degree is offered."""
        return self.steps is None and self.indices >= comb(len(self.order) + self.degree - 1, self.degree)

    @property
    def cornered(self) -> bool:
        """Whether every corner is offered: all copies on any one channel."""
        channels = len(self.order)
        if self.steps is None:
            return self.full
        corners = all(
            max((each[k - 1] for each in self.steps), default=0) < min(each[k] for each in self.steps)
            for k in range(1, channels - 1)
        )
        first = min((each[0] for each in self.steps if each), default=1) > 0
        last = max((each[-1] for each in self.steps if each), default=0) < self.indices
        return corners and first and last

    def vectors(self) -> set[Exponents]:
        """All vectors offered, one by one."""
        if self.steps is None:
            return {self._in_order(v) for v in islice(largest(len(self.order), self.degree), self.indices)}
        turns = sorted({0, *(turn for each in self.steps for turn in each)})
        return {self._at(index) for index in turns if 0 <= index < self.indices}

    def _at(self, index: int) -> Exponents:
        found = [0] * len(self.order)
        for each, copies in zip(self.steps or (), self.copies, strict=True):
            found[sum(turn <= index for turn in each)] += copies
        return self._in_order(tuple(found))

    def _in_order(self, vector: Exponents) -> Exponents:
        named = dict(zip(self.order, vector, strict=True))
        return tuple(named[channel] for channel in range(len(vector)))


def largest(channels: int, degree: int) -> Iterator[Exponents]:
    """All vectors of natural numbers with this sum, the lexicographically largest first.

    >>> list(largest(2, 2))
    [(2, 0), (1, 1), (0, 2)]
    """
    vector = [degree, *[0] * (channels - 1)]
    while True:
        yield tuple(vector)
        place = next((k for k in range(channels - 2, -1, -1) if vector[k]), None)
        if place is None:
            return
        last, vector[-1] = vector[-1], 0
        vector[place] -= 1
        vector[place + 1] = last + 1


def distinct_sums(channels: int, stages: Sequence[Choices]) -> int:
    """At least the number of distinct sums of one vector from each stage; exact where they are few.

    >>> distinct_sums(2, [Choices(2, [1], [(1,)], (0, 1)), Choices(2, [2], [(1,)], (0, 1))])
    4
    """
    if len(stages) == 1 and stages[0].steps is None:
        return stages[0].size
    ones = sum(stage.degree for stage in stages if stage.full)
    by_formula = _all_sums(channels, ones, sorted(s.degree for s in stages if s.cornered and not s.full))
    degree = sum(stage.degree for stage in stages)
    if by_formula == comb(channels + degree - 1, degree):
        return by_formula
    return max(by_formula, _counted(stages))


def _all_sums(channels: int, degree: int, parts: Sequence[int]) -> int:
    """All vectors of a degree, plus corners of degrees n_1 <= n_2 <= ..., reach all vectors of the degrees' sum.

    Each n_i needs degree + n_1 + ... + n_i > channels * (n_i - 1): then the largest entry of a vector of that
    degree is n_i at least. Parts that are too large for that are held at one channel.
    """
    for part in parts:
        if degree + part > channels * (part - 1):
            degree += part
    return comb(channels + degree - 1, degree)


def _counted(stages: Sequence[Choices]) -> int:
    """The sums one by one; stages that make it too much work are held at one index."""
    found: set[Exponents] = set()
    for stage in sorted(stages, key=lambda stage: stage.size):
        if stage.size > MOST_SUMS or len(found) * stage.size > MOST_WORK:
            break
        vectors = stage.vectors()
        if not found:
            found = vectors
            continue
        sums = {tuple(map(int.__add__, x, y)) for x in found for y in vectors}
        if len(sums) > MOST_SUMS:
            return len(sums)
        found = sums
    return max(len(found), 1)
