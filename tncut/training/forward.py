"""The function of a circuit in JAX or numpy, for any number of sites without over- or underflow.

With product gates each vector is kept as v 2^e: v has its largest entry between 1 and 2, and e is an integer for each
unit and sample. These are the log-space vectors of SimNets (Cohen, Sharir, Shashua, CVPR 2016) with signs, and with one
scale for all channels: scaling by powers of two rounds nothing, and entries of 0 have derivatives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..circuit import Circuit
from ..tools.arrays import IntArray
from .stages import Reading, Stage, Stages

Arrays = Mapping[str, Any]  # a name of a weight group -> its distinct matrices
LEAST = -(2**28)  # an exponent below all others
# Of the floats with so many bytes: the integer type of equal size, the digits of the fraction, the exponent of 1.
LAYOUTS = {4: (np.int32, 23, 127), 8: (np.int64, 52, 1023)}


@dataclass(frozen=True, eq=False)
class Forward:
    """A circuit as a function of weights and inputs; `rows` says which matrix of a group each place has."""

    circuit: Circuit
    stages: Stages
    rows: Mapping[str, IntArray]
    xp: Any  # jax.numpy, or numpy

    def __call__(self, weights: Arrays, inputs: Sequence[Any]) -> tuple[Any, Any]:
        """The outputs (samples, labels) divided by 2^e, and e (samples,); `inputs`: (sites, samples, dim) by block."""
        integer = LAYOUTS[inputs[0].dtype.itemsize][0]
        blocks = [(array, self.xp.zeros(array.shape[:2], dtype=integer)) for array in inputs]
        for stage in self.stages.stages:
            blocks.append(self._unit_vectors(stage, weights, blocks))
        vectors, exponents = blocks[-1]
        outputs = vectors[0]
        if "output" in weights:
            outputs = outputs @ weights["output"].T  # samples [r], labels [r] -> samples labels
        return outputs, exponents[0]

    def _unit_vectors(self, stage: Stage, weights: Arrays, blocks: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
        read = [self._sum([self._mapped(reading, weights, blocks) for reading in kind]) for kind in stage.kinds]
        factors = read[0][0] if len(read) == 1 else self.xp.concatenate([vectors for vectors, _ in read], axis=1)
        exponents = read[0][1] if len(read) == 1 else self.xp.concatenate([scale for _, scale in read], axis=1)
        if self.circuit.gate == "product":
            return _product(self.xp, factors, exponents)
        return _pooled(self.xp, self.circuit.gate, factors), exponents[:, 0]

    def _mapped(self, reading: Reading, weights: Arrays, blocks: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
        """(units, factors, samples, channels) each vector that is read, mapped by its matrix."""
        vectors, exponents = blocks[reading.block]
        matrices, rows = weights[reading.group], self.rows[reading.group][reading.matrices]
        scale = _taken(exponents, reading.vectors)
        if (rows == rows[0, 0]).all():
            mapped = self.xp.einsum("nbc,rc->nbr", vectors, matrices[int(rows[0, 0])])
            return _taken(mapped, reading.vectors), scale
        read = _taken(vectors, reading.vectors)
        if (rows == rows[0]).all():
            return self.xp.einsum("njbc,jrc->njbr", read, _taken(matrices, rows[0])), scale
        return self.xp.einsum("njbc,njrc->njbr", read, _taken(matrices, rows)), scale

    def _sum(self, terms: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
        """The sum of terms v 2^e, at the largest of their scales."""
        if len(terms) == 1:
            return terms[0]
        xp = self.xp
        # The scale of a vector of zeros says nothing, and must not be the largest.
        scales = [xp.where((vectors != 0).any(axis=-1), scale, LEAST) for vectors, scale in terms]
        largest = xp.stack(scales).max(axis=0)
        total = sum(
            vectors * _power(scale - largest, vectors.dtype)[..., None]
            for (vectors, _), scale in zip(terms, scales, strict=True)
        )
        return total, largest


def _taken(array: Any, places: IntArray) -> Any:
    """Rows of an array in the shape of their places; without a copy if these are all rows in their order."""
    if np.array_equal(places.ravel(), np.arange(len(array))):
        return array.reshape(*places.shape, *array.shape[1:])
    return array[places]


def _product(xp: Any, factors: Any, exponents: Any) -> tuple[Any, Any]:
    """The product over the factors (units, factors, ...) in pairs, normalised after each multiplication."""
    exponents = exponents.sum(axis=1)
    vectors, scale = _normalised(xp, factors)
    exponents += scale.sum(axis=1)
    while (count := vectors.shape[1]) > 1:
        even = count - count % 2
        products, scale = _normalised(xp, vectors[:, 0:even:2] * vectors[:, 1:even:2])
        exponents += scale.sum(axis=1)
        vectors = products if even == count else xp.concatenate([products, vectors[:, even:]], axis=1)
    return vectors[:, 0], exponents


def _normalised(xp: Any, vectors: Any) -> tuple[Any, Any]:
    """Vectors with their largest entries between 1 and 2, and the exponents that they had."""
    integer, digits, bias = LAYOUTS[vectors.dtype.itemsize]
    exponents = (xp.abs(vectors).max(axis=-1).view(integer) >> digits) - bias
    exponents = xp.where(exponents > -bias, exponents, 0)  # a vector of zeros stays what it is
    return vectors * _power(-exponents, vectors.dtype)[..., None], exponents


def _power(exponents: Any, dtype: Any) -> Any:
    """2^exponent, by its bits; 0 below the smallest normal number."""
    integer, digits, bias = LAYOUTS[dtype.itemsize]
    return ((exponents + bias).clip(0) << digits).astype(integer).view(dtype)


def _pooled(xp: Any, gate: str, factors: Any) -> Any:
    """An activation of the factors, pooled over them; averages as sums, as the oracle has them."""
    activation, pooling = gate.split("-") if "-" in gate else ("linear", gate)
    if activation == "relu":
        factors = xp.maximum(factors, 0)
    elif activation == "sigmoid":
        factors = 0.5 + 0.5 * xp.tanh(0.5 * factors)
    return factors.max(axis=1) if pooling == "max" else factors.sum(axis=1)
