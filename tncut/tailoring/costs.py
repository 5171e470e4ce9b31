"""What widths cost: a polynomial, as tables over the choices of the widths that occur together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from ..errors import SizeError
from ..tools.arrays import FloatArray, IntArray
from .template import Monomial

TOO_MUCH = 2**50  # parameters, or multiply-adds
MOST_ENTRIES = 2**20  # of all tables


@dataclass(frozen=True, eq=False)
class Costs:
    """The parameters, or the multiply-adds, of every choice of widths; exact."""

    monomials: Counter[Monomial]
    widths: tuple[IntArray, ...]  # the list of each free width

    def of(self, widths: Sequence[int]) -> int:
        """The cost of a choice."""
        return sum(times * prod(int(widths[g]) for g in groups) for groups, times in self.monomials.items())

    @property
    def smallest(self) -> int:
        return self.of([int(listed[0]) for listed in self.widths])

    @cached_property
    def tables(self) -> dict[tuple[int, ...], IntArray]:
        """By the widths that occur together: the cost of each of their choices, what is too much as TOO_MUCH."""
        found: dict[tuple[int, ...], FloatArray] = {}
        for groups, times in self.monomials.items():
            own = tuple(sorted(set(groups)))
            shape = tuple(len(self.widths[g]) for g in own)
            if prod(shape) > MOST_ENTRIES:
                raise SizeError(f"{prod(shape)} choices of widths that share a tensor; the limit is {MOST_ENTRIES}")
            table = np.full(shape, float(times))
            for g in groups:
                table *= (
                    self.widths[g].astype(np.float64).reshape([-1 if g == own[axis] else 1 for axis in range(len(own))])
                )
            found[own] = found.get(own, np.zeros(shape)) + table
        # Floats hold all integers up to here.
        return {own: np.minimum(table, TOO_MUCH).astype(np.int64) for own, table in found.items()}
