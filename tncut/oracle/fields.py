"""The arithmetic that circuits are evaluated in: floats, integers modulo a prime, or plain integers.

The code that evaluates is the same for all of them. It asks its field to add and to multiply.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import MethodError

Array = NDArray[Any]

PRIME = 2**31 - 1  # of all exact ranks; the weights alone depend on the seed
CHUNK = 64  # so many products below 2^31 * 2^16 add up to less than 2^53, where float64 is exact


class Field(Protocol):
    """Arithmetic on arrays. Every operation returns elements in normal form."""

    def array(self, values: ArrayLike) -> Array:
        """Integers as elements of the field."""

    def random(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Independent random elements."""

    def add(self, x: Array, y: Array) -> Array:
        """Elementwise sum."""

    def multiply(self, x: Array, y: Array) -> Array:
        """Elementwise product."""

    def matmul(self, x: Array, y: Array) -> Array:
        """x (..., k) times y (k, n)."""

    def sum(self, x: Array) -> Array:
        """The sum over the last axis."""


class _Plain:
    """numpy's own arithmetic, for elements that need no reduction."""

    def add(self, x: Array, y: Array) -> Array:
        """Elementwise sum."""
        return x + y

    def multiply(self, x: Array, y: Array) -> Array:
        """Elementwise product."""
        return x * y

    def matmul(self, x: Array, y: Array) -> Array:
        """x (..., k) times y (k, n)."""
        product = _rows(x) @ y  # x [k], [k] n -> x n
        return product.reshape(*x.shape[:-1], y.shape[1])

    def sum(self, x: Array) -> Array:
        """The sum over the last axis."""
        total: Array = x.sum(axis=-1)
        return total


@dataclass(frozen=True)
class Floats(_Plain):
    """Arithmetic in float64. Random elements are standard normal."""

    def array(self, values: ArrayLike) -> Array:
        """Numbers as float64."""
        return np.asarray(values, dtype=np.float64)

    def random(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Independent standard normal numbers."""
        return rng.standard_normal(shape)


@dataclass(frozen=True)
class Integers(_Plain):
    """Arithmetic in int64, not reduced. Random elements are uniform in -most .. most. The caller excludes overflow."""

    most: int

    def array(self, values: ArrayLike) -> Array:
        """Integers as int64; a MethodError for numbers with fractions."""
        given = np.asarray(values)
        if given.dtype.kind == "f" and (given % 1).any():
            raise MethodError("these weights are no integers, which the gates of this circuit are measured in")
        return given.astype(np.int64)

    def random(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Independent integers, uniform in -most .. most."""
        return rng.integers(-self.most, self.most, size=shape, endpoint=True)


@dataclass(frozen=True)
class Modular:
    """Arithmetic modulo a prime below 2^31. Elements are 0 .. prime - 1 in int64; random ones are uniform.

    A MethodError if the number is no prime below 2^31.
    """

    prime: int = PRIME

    def __post_init__(self) -> None:
        if not 2 <= self.prime < 2**31 or not (self.prime % np.arange(2, math.isqrt(self.prime) + 1)).all():
            raise MethodError(f"{self.prime} is no prime below 2^31; the default is 2^31 - 1")

    def array(self, values: ArrayLike) -> Array:
        """Integers modulo the prime. Floats, too: each is an integer times a power of two, so nothing is rounded.

        A MethodError for numbers that are not finite, and for floats modulo 2.
        """
        given = np.asarray(values)
        return self._exact_floats(given) if given.dtype.kind == "f" else (given % self.prime).astype(np.int64)

    def _exact_floats(self, values: Array) -> Array:
        if self.prime == 2 or not np.isfinite(values).all():
            raise MethodError("only finite floats are elements modulo a prime, and modulo 2 no fraction is")
        mantissa, exponent = np.frexp(values.astype(np.float64))
        powers, which = np.unique(exponent - 53, return_inverse=True)
        scale = np.array([pow(2, power, self.prime) for power in powers.tolist()], dtype=np.int64)
        return self.multiply((mantissa * 2.0**53).astype(np.int64) % self.prime, scale[which].reshape(values.shape))

    def reduce(self, x: Array) -> Array:
        """Integers of int64 in normal form, 0 .. prime - 1."""
        reduced: Array = x - x // self.prime * self.prime  # faster than %, which numpy does not vectorise
        return reduced

    def random(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Independent elements, uniform in 0 .. prime - 1."""
        return rng.integers(self.prime, size=shape)

    def add(self, x: Array, y: Array) -> Array:
        """Elementwise sum."""
        return self.reduce(x + y)

    def multiply(self, x: Array, y: Array) -> Array:
        """Elementwise product."""
        return self.reduce(x * y)

    def matmul(self, x: Array, y: Array) -> Array:
        """x (..., k) times y (k, n), exact, by products of float64 matrices.

        y is split in halves of 16 bits, and sums are taken over 64 products at a time, so that no rounding occurs.
        """
        rows = _rows(x)
        product = np.zeros((len(rows), y.shape[1]), dtype=np.int64)
        for start in range(0, len(y), CHUNK):
            part = rows[:, start : start + CHUNK].astype(np.float64)
            high, low = np.divmod(y[start : start + CHUNK], 2**16)
            product += self.reduce(_exact(part, high)) << 16
            product += _exact(part, low)
            product = self.reduce(product)
        return product.reshape(*x.shape[:-1], y.shape[1])

    def sum(self, x: Array) -> Array:
        """The sum over the last axis."""
        return self.reduce(x.sum(axis=-1))


def _exact(x: NDArray[np.float64], y: Array) -> Array:
    """The product of matrices of integers whose entries, and whose result's, float64 holds exactly."""
    product: Array = (x @ np.asarray(y, dtype=np.float64)).astype(np.int64)  # x [k], [k] n -> x n
    return product


def _rows(x: Array) -> Array:
    """All leading axes as one: BLAS multiplies one large matrix faster than many small ones."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
