"""The full coefficient tensor, by contraction of the unfolded tensor network.

Two engines must agree. For opt_einsum a bond is an index that any number of tensors share. For tensornetwork a bond
with more than two holders is a copy tensor.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..errors import MethodError, NetworkError, SizeError
from ..network import TensorNetwork
from ..tools.arrays import IntArray
from ..tools.memory import limit_or_default, refuse_above
from ..tools.values import check_known
from .copies import contract_copies
from .fields import Array, Floats
from .weights import Weights

MOST_TERMINALS = 60  # numpy has 64 axes; intermediate tensors have a few more than the result

Operand = tuple[Array, tuple[int, int]]  # a matrix, and the bonds of its rows and columns


def coefficient_tensor(
    network: TensorNetwork, weights: Weights, *, engine: str = "opt_einsum", memory_limit: int | None = None
) -> Array:
    """The coefficient tensor, with one axis for each site, then one for the label of an open output.

    `network` is the unfolded circuit of `weights`, which are floats; `engine` is one of ENGINES. The axis of a site
    that no factor reads has length 1. Before anything is allocated, a SizeError if more than `memory_limit` bytes are
    needed (by default a quarter of the free memory) or if there are more than 60 axes. A MethodError if the engine is
    unknown or the weights are no floats, a NetworkError if they belong to another circuit.
    """
    check_known("engine", engine, ENGINES, MethodError)
    if not isinstance(weights.field, Floats):
        raise MethodError("contraction needs weights in floats; integers modulo a prime are for evaluation")
    if len(network.terminals) > MOST_TERMINALS:
        raise SizeError(
            f"the coefficient tensor has {len(network.terminals)} axes, one for each site; at most {MOST_TERMINALS} "
            "can be held; `exact_rank` needs no such tensor"
        )
    limit = limit_or_default(memory_limit)
    carried = network.site_bond[network.site_bond >= 0]
    entries = math.prod(network.bond_dims[carried].tolist())
    refuse_above(limit, 2 * 8 * entries, f"the coefficient tensor of {len(network.terminals)} sites")
    tensor = ENGINES[engine](operands(network, weights), carried.tolist(), limit)
    dims = np.where(network.site_bond < 0, 1, network.bond_dims[network.site_bond])
    return tensor.reshape(dims.tolist())


def operands(network: TensorNetwork, weights: Weights) -> list[Operand]:
    """The matrix of each tensor, with the bonds of its rows and columns.

    The factors of a unit come after those of its children; the output comes last.
    """
    found = tensor_matrices(network, weights)
    return [found[tensor] for tensor in np.argsort(_tensor_units(network, weights), kind="stable").tolist()]


def tensor_matrices(network: TensorNetwork, weights: Weights) -> list[Operand]:
    """The matrix of each tensor, tensor after tensor, with the bonds of its rows and columns.

    A fixed label gets a bond of dimension 1, numbered after all others. A NetworkError if the weights belong to another
    circuit.
    """
    circuit = weights.circuit
    if len(network.terminals) != len(circuit.terminal_dims) or network.tensor_factor.max() >= len(circuit.factor_child):
        raise NetworkError(
            "the network and the weights belong to different circuits; unfold the circuit of the weights"
        )
    tensor_unit = _tensor_units(network, weights)
    vertex = _bond_vertices(network, circuit.sites, tensor_unit).tolist()
    start, held = (array.tolist() for array in network.tensor_bonds)
    found: list[Operand] = []
    for tensor, (factor, unit) in enumerate(zip(network.tensor_factor.tolist(), tensor_unit.tolist(), strict=True)):
        bond_of = {vertex[bond]: bond for bond in held[start[tensor] : start[tensor + 1]]}
        row = circuit.sites + unit
        column = circuit.sites + circuit.root if factor < 0 else int(circuit.factor_child[factor])
        if factor < 0:
            bond_of.setdefault(row, network.bonds)
        matrix = weights.output if factor < 0 else weights.matrices[factor]
        if matrix is None or bond_of.keys() != {row, column}:
            raise NetworkError(f"tensor {tensor} does not hold the bonds of factor {factor}; unfold the circuit again")
        found.append((matrix, (bond_of[row], bond_of[column])))
    return found


def _tensor_units(network: TensorNetwork, weights: Weights) -> IntArray:
    """(tensors,) the unit that each tensor's factor belongs to. The output counts as one more, after the root."""
    circuit = weights.circuit
    # The output's tensor has the factor -1.
    return np.append(circuit.factor_unit, circuit.units)[network.tensor_factor]


def _bond_vertices(network: TensorNetwork, sites: int, tensor_unit: IntArray) -> IntArray:
    """(bonds,) the vertex whose vector each bond carries; the label counts as one more unit.

    The bond of a unit's copy is held by the matrices of the unit's own factors, and by one factor of a later unit. So
    the unit is the earliest of those whose factors hold the bond.
    """
    vertex = sites + np.minimum.reduceat(tensor_unit[network.bond_tensor], network.bond_start[:-1])
    site_bond = network.site_bond[:sites]
    vertex[site_bond[site_bond >= 0]] = np.flatnonzero(site_bond >= 0)
    return vertex


def _by_opt_einsum(operands: Sequence[Operand], open_bonds: list[int], limit: int) -> Array:
    import opt_einsum

    terms = [term for operand in operands for term in operand]
    path, info = opt_einsum.contract_path(*terms, open_bonds, optimize="greedy")
    # A pairwise contraction holds two tensors and their result, none larger than the largest intermediate.
    refuse_above(limit, 3 * 8 * int(info.largest_intermediate), "contraction by opt_einsum")
    tensor: Array = opt_einsum.contract(*terms, open_bonds, optimize=path)
    return tensor


ENGINES: dict[str, Callable[[Sequence[Operand], list[int], int], Array]] = {  # the ways to contract a network
    "opt_einsum": _by_opt_einsum,
    "tensornetwork": contract_copies,
}
