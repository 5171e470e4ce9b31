"""Entanglement measures from Schmidt values: the singular values of a coefficient tensor, matricized by a partition.

With s the Schmidt values, p = s^2 / |s|^2. All entropies are in bits. A zero tensor has no p: its sides do not depend
on each other, and every measure of it is 0. A MethodError if the Schmidt values are no row of finite numbers of 0 or
more.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import MethodError

Values = NDArray[np.float64]


def entropy(schmidt_values: ArrayLike) -> float:
    """Entanglement entropy -sum p log2 p, in bits.

    >>> entropy([1.0, 1.0])
    1.0
    """
    p = _probabilities(schmidt_values)
    return abs(float(p @ np.log2(p)))


def geometric_measure(schmidt_values: ArrayLike) -> float:
    """1 - max p: the squared distance from the nearest product state.

    >>> geometric_measure([1.0, 1.0])
    0.5
    """
    p = _probabilities(schmidt_values)
    return 1.0 - float(p.max()) if len(p) else 0.0


def schmidt_number(schmidt_values: ArrayLike, tolerance: float = 1e-12) -> int:
    """The number of Schmidt values that exceed `tolerance` times the largest one.

    Floats do not decide a rank: in deep networks true Schmidt values are as small as 1e-11 of the largest, and rounding
    errors lie at 1e-16 of it. `oracle.exact_rank` needs no tolerance.

    >>> schmidt_number([3.0, 1.0, 1e-15])
    2
    """
    if not 0 <= tolerance < 1:
        raise MethodError(f"the tolerance of a Schmidt number is {tolerance}; it must be at least 0 and below 1")
    values = _checked(schmidt_values)
    return int(np.count_nonzero(values > tolerance * values.max()))


def renyi(schmidt_values: ArrayLike, order: float) -> float:
    """Rényi entropy log2(sum p^order) / (1 - order), in bits.

    Order 0 is log2 of the number of nonzero Schmidt values, order 1 the entanglement entropy, order inf -log2 max p.

    >>> renyi([1.0, 1.0, 1.0, 1.0], 2)
    2.0
    """
    if not order >= 0:
        raise MethodError(f"the order of a Rényi entropy is {order}; it must be 0 or more")
    p = _probabilities(schmidt_values)
    if abs(order - 1) < 1e-7:  # closer to 1, the rounding error of the quotient exceeds its distance from the entropy
        return entropy(schmidt_values)
    if not len(p):
        return 0.0
    largest = math.log2(p.max())
    if math.isinf(order):
        return abs(largest)
    # p is divided by its largest entry first: for high orders its powers underflow.
    log_sum = order * largest + math.log2(((p / p.max()) ** order).sum())
    return max(0.0, log_sum / (1 - order))


def _probabilities(schmidt_values: ArrayLike) -> Values:
    """The squares of the Schmidt values that are not 0, divided by their sum."""
    values = _checked(schmidt_values)
    if not values.max():
        return np.zeros(0)
    squares = (values / values.max()) ** 2  # scaled first: squares of large values overflow
    p: Values = squares[squares > 0] / squares.sum()
    return p


def _checked(schmidt_values: ArrayLike) -> Values:
    values = np.asarray(schmidt_values)
    if values.ndim != 1 or not len(values) or values.dtype.kind not in "buif":
        raise MethodError(f"Schmidt values are one row of real numbers; given: {values.dtype} of shape {values.shape}")
    values = values.astype(np.float64)
    if not np.isfinite(values).all() or (values < 0).any():
        raise MethodError("Schmidt values are finite and not negative; one of those given is not")
    return values
