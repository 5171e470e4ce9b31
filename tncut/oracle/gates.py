"""What joins the factors of a unit: the product, or an activation followed by pooling.

With an activation s and a pooling P, the vector of a unit is P(s(W_1 h_1), s(W_2 h_2), ...): a generalised tensor
product (Cohen, Shashua, ICML 2016). Averages are computed as sums, since a positive factor changes no rank.
"""

from collections.abc import Callable, Iterable
from functools import reduce

import numpy as np

from ..errors import MethodError
from .fields import Array, Field, Modular
from .wide_floats import WideFloats

Join = Callable[[Array, Array], Array]


def join(gate: str, field: Field, factors: Iterable[Array]) -> Array:
    """The vector of a unit from its factors, by a gate of circuit.GATES; a MethodError if the field has none such."""
    if gate == "product":
        return reduce(field.multiply, factors)
    if isinstance(field, Modular | WideFloats):
        raise MethodError(f"{gate} gates compare numbers; there is no order modulo a prime, or in log-space")
    activation, pooling = gate.split("-") if "-" in gate else ("linear", gate)
    return reduce(POOLINGS[pooling], map(ACTIVATIONS[activation], factors))


def _relu(x: Array) -> Array:
    rectified: Array = np.maximum(x, 0)
    return rectified


def _sigmoid(x: Array) -> Array:
    squashed: Array = 0.5 + 0.5 * np.tanh(0.5 * x)  # 1 / (1 + exp(-x)), without overflow
    return squashed


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {"linear": np.positive, "relu": _relu, "sigmoid": _sigmoid}
POOLINGS: dict[str, Join] = {"max": np.maximum, "average": np.add}
