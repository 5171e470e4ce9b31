"""Ensembles of random matrices, from which the weights of a network are drawn."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..fields import Array, Field

Shape = tuple[int, int]


def _uniform(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    return rng.uniform(-1, 1, shape)


def _non_negative(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    return rng.random(shape)


def _he(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    return rng.standard_normal(shape) * math.sqrt(2 / shape[1])


def _orthogonal(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Orthonormal columns, or rows if there are fewer, uniform among all such matrices (Mezzadri 2007)."""
    rows, columns = shape
    basis, triangle = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
    basis = basis * np.where(np.diag(triangle) < 0, -1.0, 1.0)
    return basis if rows >= columns else basis.T


def _random(field: Field, rng: np.random.Generator, shape: Shape) -> Array:
    return field.random(rng, shape)


def _from_floats(draw: Callable[[np.random.Generator, Shape], NDArray[np.float64]]) -> "Draw":
    """A draw of floats as elements of any field."""
    return lambda field, rng, shape: field.array(draw(rng, shape))


Draw = Callable[[Field, np.random.Generator, Shape], Array]
ENSEMBLES: dict[str, Draw] = {
    "random": _random,
    "orthogonal": _from_floats(_orthogonal),
    "uniform": _from_floats(_uniform),
    "non-negative": _from_floats(_non_negative),
    "he": _from_floats(_he),
}
