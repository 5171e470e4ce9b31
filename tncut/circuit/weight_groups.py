"""How the weights of a circuit lie in a file: one array for all matrices of a layer that read the same layer.

The array of a group has the shape (matrices, rows, columns), its matrices in the order in which the circuit lists them:
unit after unit, and the factors of a unit one after another. Matrices of unequal shapes are groups of their own.
"""

from dataclasses import dataclass

import numpy as np

from ..tools.arrays import IntArray, read_only
from .circuit import SITE, Circuit

OUTPUT = "output"


@dataclass(frozen=True, eq=False)
class WeightGroup:
    """The matrix-child pairs whose matrices lie in one array, and its shape; the output has no pairs."""

    name: str  # layer1.layer0.8x4: of layer 1, reading layer 0, 8 rows and 4 columns; sites for layer -1; output
    shape: tuple[int, ...]
    pairs: IntArray

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(map(str, self.shape))})"


def weight_groups(circuit: Circuit) -> tuple[WeightGroup, ...]:
    """The arrays of all weights, layer after layer; the output comes last, (labels, channels of the root)."""
    rows = circuit.unit_dims[circuit.factor_unit]
    columns = circuit.vertex_dims[circuit.factor_child]
    layer, below = circuit.unit_layer[circuit.factor_unit], circuit.vertex_layers[circuit.factor_child]
    keys, group = np.unique(np.stack((layer, below, rows, columns)), axis=1, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    pairs = np.split(order, np.cumsum(np.bincount(group.ravel()))[:-1])
    found = [
        WeightGroup(
            f"layer{above}.{'sites' if read == SITE else f'layer{read}'}.{height}x{width}",
            (len(of), height, width),
            read_only(of),
        )
        for (above, read, height, width), of in zip(keys.T.tolist(), pairs, strict=True)
    ]
    if circuit.root_map:
        shape = circuit.open_output or 1, int(circuit.unit_dims[circuit.root])
        found.append(WeightGroup(OUTPUT, shape, read_only(np.zeros(0, dtype=np.int64))))
    return tuple(found)
