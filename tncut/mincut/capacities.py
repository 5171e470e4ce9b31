"""Bond dimensions as capacities: they add where dimensions multiply, and they compare exactly.

Every dimension is a product of powers of a few *generators*, pairwise coprime integers above 1. So a product of
dimensions is a vector of exponents, and two products are equal if and only if their vectors are. If all dimensions are
powers of one integer there is one generator, and the exponents themselves are the capacities.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Context, Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tools.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Capacities:
    """The dimension of bond b is prod_k generators[k] ** exponents[b, k]."""

    distinct: tuple[int, ...]  # the distinct dimensions
    which: IntArray  # (bonds,) the dimension of each
    generators: tuple[int, ...]
    table: IntArray  # (distinct dimensions, generators)

    @classmethod
    def of(cls, dims: IntArray) -> "Capacities":
        """The capacities of bonds with these dimensions."""
        values, which = np.unique(dims, return_inverse=True)
        distinct = tuple(values.tolist())
        generators = coprime_base(distinct)
        table = np.array([[_exponent(dim, g) for g in generators] for dim in distinct], dtype=np.int64)
        return cls(distinct, which, generators, table.reshape(len(distinct), len(generators)))

    def rounded_down(self, base: int) -> "Capacities":
        """Every dimension rounded down to a power of `base`."""
        table = np.array([[_floor_log(dim, base)] for dim in self.distinct], dtype=np.int64)
        return replace(self, generators=(base,), table=table)

    def exponent_sum(self, bonds: IntArray) -> IntArray:
        """(generators,) the exponents of the product of the dimensions of these bonds."""
        total: IntArray = np.bincount(self.which[bonds], minlength=len(self.distinct)) @ self.table
        return total

    @cached_property
    def exponents(self) -> IntArray:
        """(bonds, generators) the exponents of each dimension."""
        exponents: IntArray = self.table[self.which]
        return exponents

    @property
    def exact(self) -> bool:
        """Whether all dimensions are powers of one integer, so that their exponents are exact capacities."""
        return len(self.generators) <= 1

    def signs(self, values: IntArray) -> NDArray[np.int64]:
        """(rows,) the exact signs of sum_k values[:, k] log generators[k], from (rows, generators) exponents.

        Floats decide where the sum is larger than its rounding error. Integer products decide elsewhere.
        """
        if self.exact:
            only: IntArray = np.sign(values.sum(axis=1))
            return only
        logs = np.log2(np.array([float(g) for g in self.generators]))
        total = values @ logs
        error = (np.abs(values) @ logs) * (len(logs) + 4) * 2.0**-52
        unsure = np.abs(total) <= error
        signs = np.where(unsure, 0, np.sign(total)).astype(np.int64)
        close = np.flatnonzero(unsure & values.any(axis=1))
        if len(close):
            distinct, which = np.unique(values[close], axis=0, return_inverse=True)
            signs[close] = np.array([self._integer_sign(row) for row in distinct.tolist()])[which.ravel()]
        return signs

    def _integer_sign(self, row: list[int]) -> int:
        above: int = math.prod(g**e for g, e in zip(self.generators, row, strict=True) if e > 0)
        below: int = math.prod(g**-e for g, e in zip(self.generators, row, strict=True) if e < 0)
        return (above > below) - (above < below)

    @property
    def widest_scale(self) -> int:
        """The largest number of bits by which `scaled` capacities of all bonds together stay below 2^62."""
        total = float(np.log2(np.array(self.distinct, dtype=np.float64))[self.which].sum())
        return 61 - math.ceil(math.log2(total + 1))

    def scaled(self, bits: int) -> NDArray[Any]:
        """(bonds,) integers c with c <= 2^bits log2(dimension) < c + 2e, e the sum of the dimension's exponents."""
        logs = [_scaled_log2(g, bits) for g in self.generators]
        rows = [sum(e * log for e, log in zip(row, logs, strict=True)) for row in self.table.tolist()]
        fits = max(rows, default=0) < 2**63
        return np.array(rows, dtype=np.int64 if fits else object)[self.which]


def coprime_base(numbers: Iterable[int]) -> tuple[int, ...]:
    """Pairwise coprime integers above 1 such that every given number is a product of their powers.

    They are found by greatest common divisors, without factoring.

    >>> coprime_base([6, 12])
    (2, 3)
    >>> coprime_base([6, 36])
    (6,)
    """
    base: list[int] = []
    todo = [n for n in numbers if n > 1]
    while todo:
        number = todo.pop()
        for index, other in enumerate(base):
            common = math.gcd(number, other)
            if common > 1:
                del base[index]
                todo += [n for n in {number // common, other // common, common} if n > 1]
                break
        else:
            base.append(number)
    return tuple(sorted(base))


def _exponent(number: int, generator: int) -> int:
    """How often the generator divides the number."""
    exponent = 0
    while number % generator == 0:
        number //= generator
        exponent += 1
    return exponent


def _floor_log(number: int, base: int) -> int:
    """The largest exponent with base^exponent <= number."""
    exponent, power = 0, base
    while power <= number:
        exponent, power = exponent + 1, power * base
    return exponent


def _scaled_log2(number: int, bits: int) -> int:
    """An integer c with c <= 2^bits log2(number) < c + 2."""
    # With so many digits the error of the logarithm is far below the 1e-6 that is subtracted before rounding down.
    context = Context(prec=math.ceil(bits * math.log10(2)) + 30)
    log2 = context.divide(context.ln(Decimal(number)), context.ln(Decimal(2)))
    value = context.subtract(context.multiply(log2, Decimal(2**bits)), Decimal("1e-6"))
    return int(value.to_integral_value(rounding=ROUND_FLOOR, context=context))
