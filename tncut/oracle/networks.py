"""Tensor networks measured: their tensors drawn or given, contracted to the matrix over a partition.

Rows are indices of the sites of side A, columns those of side B, the last site running fastest. No cut is used.
"""

import itertools
import math

import numpy as np

from ..errors import MethodError
from ..network import TensorNetwork
from ..partition import Partition, Split
from ..tools.arrays import IntArray, product
from ..tools.memory import refuse_above
from ..tools.values import as_integer, check_known
from ..tools.words import shown
from .fields import PRIME, Array, Field, Floats, Modular
from .pairwise import Operand, contract

RANDOM, SHARED, GIVEN = KINDS = ("random", "shared", "given")
COMPLEX_PRIME = 2**31 - 19  # the largest below PRIME; -1 has a square root modulo it


def default_kind(network: TensorNetwork) -> str:
    """Given tensors where there are arrays, shared ones where some are the same, random ones elsewhere."""
    if network.arrays is not None:
        return GIVEN
    return SHARED if network.shares_tensors and network.axes is not None else RANDOM


def exact_field(network: TensorNetwork, kind: str) -> Modular:
    """The integers modulo the prime of all exact ranks; for given complex tensors modulo one that has a root of -1."""
    is_complex = kind == GIVEN and any(array.dtype.kind == "c" for array in network.arrays or ())
    return Modular(COMPLEX_PRIME if is_complex else PRIME)


def draw_tensors(
    network: TensorNetwork, kind: str = RANDOM, *, field: Field, seed: int = 0, memory_limit: int | None = None
) -> tuple[Array, ...]:
    """A tensor for each of the network's, with its axes as `network.axes` says; the same seed gives the same tensors.

    - random: all tensors are independent.
    - shared: one for all tensors that are the same.
    - given: the network's own arrays; modulo a prime, each float is the fraction that it is.

    `field` is Floats() or Modular(). A MethodError if the kind is wrong, or if the network holds no arrays; a SizeError
    if more than `memory_limit` bytes are needed (by default a quarter of the free memory).
    """
    check_known("weights", kind, KINDS, MethodError)
    number = as_integer(seed)
    if number is None or number < 0:
        raise MethodError(f"the seed is {shown(seed)}; it must be an integer of 0 or more")
    if kind == GIVEN:
        return _given(network, field)
    if kind == SHARED and network.axes is None:
        raise MethodError("the order of the axes of this network's tensors is not known, so they can't be the same")
    shapes = [tuple(network.bond_dims[list(bonds)].tolist()) for bonds in network.all_axes]
    entries = sum(map(math.prod, shapes))
    refuse_above(memory_limit, 8 * entries, f"drawing {entries} entries of tensors")
    rng = np.random.default_rng(number)
    known: dict[int, Array] = {}
    tensors = []
    for shape, factor in zip(shapes, network.tensor_factor.tolist(), strict=True):
        if kind == RANDOM or factor not in known:
            known[factor] = field.random(rng, shape)
        tensors.append(known[factor])
    return tuple(tensors)


def network_matrix(
    network: TensorNetwork,
    tensors: tuple[Array, ...],
    partition: Split,
    *,
    field: Field | None = None,
    memory_limit: int | None = None,
) -> Array:
    """[[A]]_{A,B}, (dimension of side A, dimension of side B), of these tensors, contracted; in floats if no `field`.

    A site that no tensor holds is left out. A SizeError if more than `memory_limit` bytes are needed (by default a
    quarter of the free memory).
    """
    split = network.terminals.partition(partition)
    rows, columns = network_side_dims(network, split)
    refuse_above(memory_limit, 2 * 8 * rows * columns, f"the matrix of {len(split)} sites")
    output = [bond for side in _site_bonds(network, split) for bond in side.tolist()]
    operands = _operands(network, tensors)
    return contract(field or Floats(), operands, output, memory_limit=memory_limit).reshape(rows, columns)


def network_probes(
    network: TensorNetwork,
    tensors: tuple[Array, ...],
    split: Partition,
    probes: int,
    *,
    field: Field,
    seed: int = 0,
    memory_limit: int | None = None,
    work_limit: int | None = None,
) -> Array:
    """Function values on so many random inputs of either side, a vector for each site: (probes, probes)."""
    rng = np.random.default_rng([seed, probes])
    operands = _operands(network, tensors)
    output = []
    for side, bonds in enumerate(_site_bonds(network, split)):
        batch = network.bonds + side
        for bond in bonds.tolist():
            vector = Operand(field.random(rng, (probes, int(network.bond_dims[bond]))), (batch, bond))
            holders = [place for place, operand in enumerate(operands) if bond in operand.indices]
            if len(holders) == 1:  # joined at once: the greedy order would first multiply the vectors of many sites
                vector = _applied(field, operands.pop(holders[0]), vector, memory_limit)
            operands.append(vector)
        if not len(bonds):
            operands.append(Operand(field.array(np.ones(probes, dtype=int)), (batch,)))
        output.append(batch)
    return contract(field, operands, output, memory_limit=memory_limit, work_limit=work_limit)


def _applied(field: Field, tensor: Operand, vectors: Operand, memory_limit: int | None) -> Operand:
    """A tensor with vectors (batch, bond) put in for one of its bonds."""
    batch, bond = vectors.indices
    left = tuple(dict.fromkeys((*(index for index in tensor.indices if index != bond), batch)))
    return Operand(contract(field, [tensor, vectors], left, memory_limit=memory_limit), left)


def contract_by_opt_einsum(network: TensorNetwork, tensors: tuple[Array, ...], split: Partition) -> Array:
    """The same matrix in floats, by opt_einsum: an answer to hold against."""
    import opt_einsum

    terms = [term for pair in zip(tensors, network.all_axes, strict=True) for term in pair]
    output = [bond for side in _site_bonds(network, split) for bond in side.tolist()]
    tensor: Array = np.asarray(opt_einsum.contract(*terms, output, optimize="greedy"))
    return tensor.reshape(network_side_dims(network, split))


def network_side_dims(network: TensorNetwork, split: Partition) -> tuple[int, int]:
    """The exact dimensions of sides A and B: the products of the dimensions of their sites that are held."""
    side_a, side_b = (product(network.bond_dims[bonds]) for bonds in _site_bonds(network, split))
    return side_a, side_b


def _site_bonds(network: TensorNetwork, split: Partition) -> tuple[IntArray, IntArray]:
    return network.read_bonds(split.sides), network.read_bonds(~split.sides)


def _operands(network: TensorNetwork, tensors: tuple[Array, ...]) -> list[Operand]:
    return [Operand.of(array, bonds) for array, bonds in zip(tensors, network.all_axes, strict=True)]


def _given(network: TensorNetwork, field: Field) -> tuple[Array, ...]:
    if network.arrays is None:
        raise MethodError("the network holds no arrays: its tensors are random or shared")
    if isinstance(field, Modular):
        return tuple(residues(array, field) for array in network.arrays)
    return network.arrays


def residues(array: Array, field: Modular) -> Array:
    """Floats as the fractions that they are, modulo the prime; the imaginary unit is a root of -1."""
    real = field.array(np.real(array))
    if array.dtype.kind != "c":
        return real
    candidates = (pow(base, (field.prime - 1) // 4, field.prime) for base in itertools.count(2))
    root = next(number for number in candidates if number**2 % field.prime == field.prime - 1)
    return field.add(real, field.multiply(field.array(np.imag(array)), field.array(root)))


def tensors_with_bonds(network: TensorNetwork, tensors: tuple[Array, ...]) -> list[tuple[Array, tuple[int, ...]]]:
    """Each tensor with the bond of each of its axes; a bond that is on two axes of one tensor is its diagonal."""
    return [(operand.array, operand.indices) for operand in _operands(network, tensors)]
