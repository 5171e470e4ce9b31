"""Cuts as functions of the widths: every cut, and every labelling, that was ever found is a bound for all widths.

Its cost is a product with one factor for each charge: r^n for n cut bonds, or C(r + n - 1, n) for n copies of a vector.
Solvers of integer programs want sums of integers, so a cost becomes a number of *units*: exponents of one base where
all dimensions are its powers, which is exact; else logarithms scaled by 2^20 and rounded up.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal
from functools import cache

import numpy as np

from ..proven.symmetric.labelling import log2_symmetric
from ..tools.arrays import IntArray
from .template import FIXED

SCALE = 2**20
MOST_COPIES = 2**20  # up to here charges are taken as integers
SLACK = 1e-3  # of a unit; far above the rounding of floats


@dataclass(frozen=True)
class Charge:
    """So many versions of units that follow one free width, each with n copies: or FIXED, with a dimension."""

    group: int
    dim: int  # of what is FIXED; else what is added to the dimension that the width sets
    copies: int
    symmetric: bool
    times: int

    def rank(self, dims: Sequence[int]) -> int:
        """What they cost together at these dimensions, one for each free width."""
        r, n = self.dim + (0 if self.group == FIXED else int(dims[self.group])), self.copies
        return int((math.comb(r + n - 1, n) if self.symmetric else r**n) ** self.times)


@dataclass(frozen=True)
class CutForm:
    """The cost of one cut, as a function of the dimensions that the free widths set."""

    charges: tuple[Charge, ...]

    def rank(self, dims: Sequence[int]) -> int:
        """The exact cost at these dimensions: a bound on the Schmidt rank."""
        return math.prod(charge.rank(dims) for charge in self.charges)

    @property
    def groups(self) -> frozenset[int]:
        """The free widths that it charges."""
        return frozenset(charge.group for charge in self.charges if charge.group != FIXED)


@dataclass(frozen=True)
class Units:
    """How ranks become numbers that add up: exponents of `base`, or scaled logarithms if that is None."""

    base: int | None

    @property
    def bits(self) -> float:
        """One unit, in bits."""
        return 1 / SCALE if self.base is None else math.log2(self.base)

    def above(self, rank: int, times: int = 1) -> int:
        """At least the units of a rank, or of its power."""
        if self.base is None:
            log = SCALE * times * math.log2(rank)
            return math.ceil(log - SLACK) if rank & (rank - 1) == 0 else math.ceil(log + SLACK)
        units, power = 0, 1
        while power < rank:
            units, power = units + 1, power * self.base
        return units * times

    def needed(self, rank: int) -> int:
        """Every network that has this rank has at least so many units."""
        return self.above(rank) if self.base is not None else math.ceil(SCALE * math.log2(rank) - SLACK)

    def table(self, form: CutForm, dims: Sequence[IntArray]) -> tuple[dict[int, IntArray], int]:
        """At least the units of a cut: those of every choice of each free width, and the fixed ones."""
        rows: dict[int, IntArray] = {}
        fixed = 0
        for charge in form.charges:
            if charge.group == FIXED:
                fixed += _units(self, charge.dim, charge)
            else:
                given = (dims[charge.group] + charge.dim).tolist()
                units = np.array([_units(self, dim, charge) for dim in given], dtype=np.int64)
                rows[charge.group] = rows.get(charge.group, 0) + units
        return rows, fixed


@cache
def _units(units: Units, dim: int, charge: Charge) -> int:
    """At least the units of a charge where its vectors have this dimension."""
    single = replace(charge, group=FIXED, dim=dim, times=1)
    if dim == 1:
        return 0
    if charge.copies <= MOST_COPIES:
        return units.above(single.rank(()), charge.times)
    assert units.base is None, "only labellings have many copies"
    bits = charge.copies * math.log2(dim)
    if charge.symmetric:
        bits = float(log2_symmetric(np.array([dim]), np.array([float(charge.copies)]))[0])
    return math.ceil(SCALE * charge.times * bits * (1 + 1e-9)) + 1


def power_base(dims: Iterable[int]) -> int | None:
    """The smallest integer that all dimensions are powers of; None if there is none.

    >>> power_base([4, 8, 1]), power_base([4, 6]), power_base([9, 81]), power_base([1])
    (2, None, 3, 2)
    """
    given = sorted({int(dim) for dim in dims} - {1})
    if not given:
        return 2
    least = given[0]
    roots = (round(least ** (1 / k)) for k in range(least.bit_length(), 0, -1))
    return next((root for root in roots if root > 1 and all(_is_power(dim, root) for dim in given)), None)


def _is_power(dim: int, base: int) -> bool:
    while dim % base == 0:
        dim //= base
    return dim == 1


def least_rank(bits: float) -> int:
    """The smallest rank that has at least so many bits, exactly.

    >>> least_rank(3.0), least_rank(3.1)
    (8, 9)
    """
    whole = math.floor(bits)
    if whole == bits:
        return 1 << whole
    context = Context(prec=60 + whole)
    power = context.power(Decimal(2), Decimal(bits))
    return int(power.to_integral_value(rounding=ROUND_CEILING, context=context))
