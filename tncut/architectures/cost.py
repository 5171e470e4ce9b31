"""What an architecture costs: its weights, and the work of evaluating it; all counts are exact."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..circuit import Circuit
from ..network import Subject, TensorNetwork, build
from ..tools.arrays import product


@dataclass(frozen=True)
class Cost:
    """The counts of one architecture.

    parameters: the entries of all matrices, one for each matrix-child pair of a circuit, and of the output's map.
    shared_parameters: the entries if weights are shared, as the oracle draws them: all units of a layer, at all places
    of their windows, read the same layer through one matrix (a 1 x 1 convolution before the product), and a recurrent
    net has the same matrices at all steps. Where dimensions differ within a layer, there is one for each shape.
    multiply_adds: what one evaluation takes, for all labels of an open output, if every unit is computed once. A matrix
    takes one for each entry, the sum of several maps among them; a product of n vectors of dimension r takes (n - 1) r,
    and so does any other gate. The representation f(x_i) is given. It is the same for shared weights. None for a tensor
    network, where it depends on the order of contraction; its parameters are the entries of its tensors, and the shared
    ones count tensors that are the same once.
    """

    parameters: int
    shared_parameters: int
    multiply_adds: int | None

    def to_dict(self) -> dict[str, Any]:
        """All counts as plain data."""
        return dict(vars(self))


def count_cost(architecture: Subject) -> Cost:
    """The weights and the multiply-adds of an architecture, as exact integers; nothing is unfolded.

    >>> from tncut.architectures import ConvAC
    >>> count_cost(ConvAC.deep(sites=4, site_dim=2, channels=(3, 5)))
    Cost(parameters=59, shared_parameters=26, multiply_adds=70)
    """
    built = build(architecture)
    if isinstance(built, TensorNetwork):
        return Cost(*count_entries(built), multiply_adds=None)
    return Cost(*count_weights(built), count_multiply_adds(built))


def count_weights(circuit: Circuit) -> tuple[int, int]:
    """The entries of all matrices of a circuit; and those of its distinct matrices, if weights are shared."""
    output = int(circuit.unit_dims[-1]) * (circuit.open_output or 1) if circuit.root_map else 0
    shapes = _matrices(circuit)
    unshared = sum(rows * columns * count for rows, columns, count in shapes)
    return output + unshared, output + sum(rows * columns for rows, columns, _ in shapes)


def count_multiply_adds(circuit: Circuit) -> int:
    """The multiply-adds of one evaluation of a circuit."""
    return count_weights(circuit)[0] + _joined(circuit)


def count_entries(network: TensorNetwork) -> tuple[int, int]:
    """The entries of all tensors of a network; and those of its distinct tensors."""
    entries = [product(network.bond_dims[list(bonds)]) for bonds in network.all_axes]
    _, first = np.unique(network.tensor_factor, return_index=True)
    return sum(entries), sum(entries[tensor] for tensor in first.tolist())


def _matrices(circuit: Circuit) -> list[list[int]]:
    """Rows, columns and number of the matrices with which a layer reads another one, for each such pair and shape."""
    unit, child = circuit.factor_unit, circuit.factor_child
    layers = (circuit.unit_layer[unit], circuit.vertex_layers[child])
    keys = np.stack((circuit.unit_dims[unit], circuit.vertex_dims[child], *layers))
    ordered = keys[:, np.lexsort(keys)]
    first = np.flatnonzero(np.append(True, (np.diff(ordered) != 0).any(axis=0)))
    counts = np.diff(first, append=keys.shape[1])
    return np.stack((*ordered[:2, first], counts), axis=1).tolist()  # type: ignore[no-any-return]


def _joined(circuit: Circuit) -> int:
    """The channels of all factors but the first of each unit: so many products join them."""
    dims, which = np.unique(circuit.unit_dims, return_inverse=True)
    further = np.zeros(len(dims), dtype=np.int64)
    np.add.at(further, which, np.diff(circuit.unit_factors) - 1)
    return sum(dim * count for dim, count in zip(dims.tolist(), further.tolist(), strict=True))
