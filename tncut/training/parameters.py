"""The trained parameters of a circuit: drawn, taken from weights, and turned into weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..circuit import Circuit, WeightGroup, weight_groups
from ..errors import MethodError, SpecError
from ..oracle import Weights, weights_from
from ..tools.arrays import IntArray

LEAST = 1e-30  # of a positive weight


@dataclass(frozen=True, eq=False)
class Parameters:
    """What is trained of a circuit: for each weight group an array of its distinct matrices, or of their logarithms."""

    circuit: Circuit
    sharing: str
    kind: str  # positive: the logarithms; signed: the weights
    start: str = "uniform"

    @cached_property
    def groups(self) -> tuple[WeightGroup, ...]:
        return weight_groups(self.circuit)

    @cached_property
    def rows(self) -> dict[str, IntArray]:
        """Which of its distinct matrices each pair of a group has."""
        first = self.circuit.factor_start[self.circuit.factor_unit]
        found = {}
        for group in self.groups:
            if len(group.pairs):
                each = {
                    "none": np.arange(len(group.pairs)),
                    "offset": group.pairs - first[group.pairs],
                    "layer": np.zeros(len(group.pairs), dtype=np.int64),
                }
                _, found[group.name] = np.unique(each[self.sharing], return_inverse=True)
        return found

    def shape(self, group: WeightGroup) -> tuple[int, ...]:
        """The shape of the array of a group."""
        return (int(self.rows[group.name].max()) + 1, *group.shape[1:]) if len(group.pairs) else group.shape

    @property
    def count(self) -> int:
        """The number of parameters."""
        return sum(int(np.prod(self.shape(group))) for group in self.groups)

    def drawn(self, seed: int) -> dict[str, Any]:
        """Where a training begins, in float32.

        uniform: logarithms between -1 and 1, or weights between 0 and 1. gaussian: variance 2 / columns (He et al.
        2015), divided by the number of factors where they are added.
        """
        rng = np.random.default_rng(seed)
        return {group.name: self._draw(rng, group).astype(np.float32) for group in self.groups}

    def _draw(self, rng: np.random.Generator, group: WeightGroup) -> Any:
        shape = self.shape(group)
        if self.kind == "positive":
            return rng.uniform(-1, 1, shape)
        if self.start == "uniform":
            return rng.random(shape)
        units = len(np.unique(self.circuit.factor_unit[group.pairs])) or 1
        factors = len(group.pairs) / units if self.circuit.gate.endswith("average") and len(group.pairs) else 1
        return rng.standard_normal(shape) * np.sqrt(2 / shape[-1]) / factors

    def of_weights(self, weights: Weights) -> dict[str, Any]:
        """The parameters of given weights; a SpecError if these are shared otherwise, or have another sign."""
        found = {}
        for group in self.groups:
            given = np.stack([weights.matrices[pair] for pair in group.pairs]) if len(group.pairs) else weights.output
            values = np.asarray(given, dtype=np.float64)
            if len(group.pairs):
                _, first = np.unique(self.rows[group.name], return_index=True)
                if not np.array_equal(values[first][self.rows[group.name]], values):
                    raise SpecError(f"the weights {group.name} are not shared as sharing {self.sharing} asks for")
                values = values[first]
            if self.kind == "positive":
                if (values < 0).any():
                    raise SpecError(f"the weights {group.name} have a negative entry; weights signed trains such")
                values = np.log(np.maximum(values, LEAST))
            found[group.name] = values.astype(np.float32)
        return found

    def to_weights(self, parameters: Mapping[str, Any]) -> Weights:
        """The weights that parameters stand for, as all measurements read them."""
        arrays: dict[str, Any] = {}
        for group in self.groups:
            values = np.asarray(parameters[group.name], dtype=np.float64)
            if not np.isfinite(values).all():
                raise MethodError(f"the weights {group.name} are not finite")
            if self.kind == "positive":
                values = np.exp(values)
            if len(group.pairs):
                values = values if len(values) == 1 else values[self.rows[group.name]]
            arrays[group.name] = values
        return weights_from(arrays, self.circuit)
