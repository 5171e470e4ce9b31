"""Evaluation in log-space: values of any size, of networks of any depth.

A product of ten thousand factors leaves the range of floats. Networks that compute in log-space have none of that
(similarity networks: Cohen, Shashua 2014; Sharir, Shashua, ICLR 2018). Here a number is a fraction, which has the sign
and the digits, times a power of two: its logarithm is known however large it is, and small integers stay exact.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .fields import Array

ELEMENT = np.dtype([("fraction", np.float64), ("exponent", np.int64)])
LEAST = -(2**62)  # the exponent of zero
CHUNK = 2**21  # products that are held at once


@dataclass(frozen=True)
class WideFloats:
    """Arithmetic on arrays of ELEMENT: fraction * 2^exponent, with the fraction 0 or of a size from 0.5 to 1.

    Every operation has the relative precision of float64. Random elements are standard normal, the same as in Floats.
    """

    def array(self, values: ArrayLike) -> Array:
        """Numbers as fractions and exponents; elements stay as they are."""
        given = np.asarray(values)
        return given if given.dtype == ELEMENT else _elements(given.astype(np.float64))

    def sign(self, x: Array) -> NDArray[np.float64]:
        """-1, 0 or 1."""
        signs: NDArray[np.float64] = np.sign(x["fraction"])
        return signs

    def log(self, x: Array) -> NDArray[np.float64]:
        """The natural logarithm of the absolute value; -inf for 0."""
        with np.errstate(divide="ignore"):
            logs: NDArray[np.float64] = np.log(np.abs(x["fraction"])) + math.log(2) * x["exponent"]
        return logs

    def floats(self, x: Array) -> NDArray[np.float64]:
        """Elements as floats, inf or 0 where those do not hold them."""
        with np.errstate(over="ignore", under="ignore"):
            values: NDArray[np.float64] = np.ldexp(x["fraction"], np.clip(x["exponent"], -5000, 5000))
        return values

    def random(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Independent standard normal numbers."""
        return self.array(rng.standard_normal(shape))

    def add(self, x: Array, y: Array) -> Array:
        """Elementwise sum."""
        return self.sum(np.stack(np.broadcast_arrays(x, y), axis=-1))

    def multiply(self, x: Array, y: Array) -> Array:
        """Elementwise product."""
        return _elements(x["fraction"] * y["fraction"], x["exponent"] + y["exponent"])

    def matmul(self, x: Array, y: Array) -> Array:
        """x (..., k) times y (k, n)."""
        rows = x.reshape(-1, x.shape[-1])
        product = np.empty((len(rows), y.shape[1]), dtype=ELEMENT)
        step = max(1, CHUNK // max(1, y.size))
        for start in range(0, len(rows), step):
            block = rows[start : start + step, None, :]
            product[start : start + step] = self.sum(self.multiply(block, y.T[None]))  # x [k], [k] n -> x n
        return product.reshape(*x.shape[:-1], y.shape[1])

    def sum(self, x: Array) -> Array:
        """The sum over the last axis."""
        largest = x["exponent"].max(axis=-1, initial=LEAST)
        aligned = np.ldexp(x["fraction"], np.maximum(x["exponent"] - largest[..., None], -5000))
        return _elements(aligned.sum(axis=-1), largest)


def _elements(values: NDArray[np.float64], exponents: "NDArray[np.int64] | int" = 0) -> Array:
    """The elements values * 2^exponents in normal form."""
    fraction, exponent = np.frexp(values)
    found = np.empty(np.shape(values), dtype=ELEMENT)
    found["fraction"] = fraction
    found["exponent"] = np.where(fraction == 0, LEAST, exponent + exponents)
    return found
