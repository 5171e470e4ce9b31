"""The full coefficient tensor, by contraction of the unfolded tensor network.

Two engines that must agree: opt_einsum, where a bond is a label on any number of tensors, and tensornetwork, where
a bond with more than two ends is a copy tensor.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..errors import MethodError, NetworkError, SizeError
from ..network import TensorNetwork
from ..tools.arrays import IntArray
from ..tools.memory import limit_or_default, refuse_above
from .copies import contract_copies
from .fields import Array, Floats
from .weights import Weights

MOST_TERMINALS = 60  # numpy has 64 axes; intermediate tensors have a few more than the result

Operand = tuple[Array, tuple[int, int]]  # a matrix, and the bonds of its rows and columns


def coefficient_tensor(
    network: TensorNetwork, weights: Weights, *, engine: str = "opt_einsum", memory_limit: int | None = None
) -> Array:
    """The tensor A with one axis for each site, then one for the label of an open output.

    `network` is the unfolded circuit of `weights`, which are floats. The axis of a site that no factor reads has
    length 1. Sizes are predicted before anything is allocated, and refused with a SizeError over `memory_limit` bytes.
    """
    if engine not in ENGINES:
        raise MethodError(f"unknown engine {engine!r}; choose from {', '.join(ENGINES)}")
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
    """The matrix of each tensor with its bonds, a unit's factors after those of its children, the output's last.

    A fixed label gets a bond of dimension 1, numbered after all others.
    """
    circuit = weights.circuit
    if len(network.terminals) != len(circuit.terminal_dims) or network.tensor_factor.max() >= len(circuit.factor_child):
        raise NetworkError(
            "the network and the weights belong to different circuits; unfold the circuit of the weights"
        )
    # The output's tensor, factor -1, counts as one of a unit after the root.
    tensor_unit = np.append(circuit.factor_unit, circuit.units)[network.tensor_factor]
    vertex = _bond_vertices(network, circuit.sites, tensor_unit)
    start, held = network.tensor_bonds
    found: list[Operand] = []
    for tensor in np.argsort(tensor_unit, kind="stable").tolist():
        factor = int(network.tensor_factor[tensor])
        bond_of = {int(vertex[bond]): int(bond) for bond in held[start[tensor] : start[tensor + 1]]}
        row = circuit.sites + int(tensor_unit[tensor])
        column = circuit.sites + circuit.root if factor < 0 else int(circuit.factor_child[factor])
        if factor < 0:
            bond_of.setdefault(row, network.bonds)
        matrix = weights.output if factor < 0 else weights.matrices[factor]
        if matrix is None or bond_of.keys() != {row, column}:
            raise NetworkError(f"tensor {tensor} does not hold the bonds of factor {factor}; unfold the circuit again")
        found.append((matrix, (bond_of[row], bond_of[column])))
    return found


def _bond_vertices(network: TensorNetwork, sites: int, tensor_unit: IntArray) -> IntArray:
    """The site or unit whose vector each bond carries; the label counts as one unit more.

    A copy of a unit is held by the matrices of its own factors and by the one that reads it, of a later unit.
    """
    vertex = sites + np.minimum.reduceat(tensor_unit[network.bond_tensor], network.bond_start[:-1])
    site_bond = network.site_bond[:sites]
    vertex[site_bond[site_bond >= 0]] = np.flatnonzero(site_bond >= 0)
    return vertex


def _by_opt_einsum(operands: Sequence[Operand], open_bonds: list[int], limit: int) -> Array:
    import opt_einsum

    terms = [term for operand in operands for term in operand]
    path, info = opt_einsum.contract_path(*terms, open_bonds, optimize="greedy")
    # A pairwise contraction holds two tensors and their result, none above the largest.
    refuse_above(limit, 3 * 8 * int(info.largest_intermediate), "contraction by opt_einsum")
    tensor: Array = opt_einsum.contract(*terms, open_bonds, optimize=path)
    return tensor


ENGINES: dict[str, Callable[[Sequence[Operand], list[int], int], Array]] = {
    "opt_einsum": _by_opt_einsum,
    "tensornetwork": contract_copies,
}
