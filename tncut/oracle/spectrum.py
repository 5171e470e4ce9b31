"""Schmidt values and exact ranks at any size, by contraction from the sites towards a cut.

The cut is data: a side for every tensor of the network, as `Cut.sides` has it. The result does not depend on it. A
minimum cut keeps what is contracted small; nothing here knows how it was found.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import MethodError, NetworkError
from ..network import TensorNetwork
from ..partition import Split
from ..tools.arrays import BoolArray
from .contract import tensor_matrices
from .elimination import rank_modulo
from .fields import Modular
from .rank import ExactRank
from .sides import Contraction, FloatArithmetic, ModularArithmetic, Tensor
from .weights import Weights

WORK_LIMIT = 10**12  # multiply-adds: some minutes


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The Schmidt values of one tensor over one partition, normalised: their squares add up to 1.

    `log2_norm` is log2 of the norm of the tensor, -inf for the tensor zero, whose values are all 0. `chi` is the
    product of the dimensions of the bonds that were cut. There are at most chi values; further ones are 0.
    """

    values: NDArray[np.float64]  # the largest first
    log2_norm: float
    chi: int

    @classmethod
    def of(cls, values: NDArray[np.float64], *, chi: int, exponent: int = 0) -> "Spectrum":
        """From singular values, times 2^exponent."""
        largest = float(values.max(initial=0.0))
        if not largest:
            return cls(values, -math.inf, chi)
        scaled = values / largest  # first: the squares of large values overflow
        norm = float(np.linalg.norm(scaled))
        return cls(scaled / norm, exponent + math.log2(largest) + math.log2(norm), chi)


def spectrum(
    network: TensorNetwork,
    weights: Weights | Sequence[Tensor],
    partition: Split,
    sides: BoolArray,
    *,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> Spectrum:
    """The Schmidt values of a network of any size, contracted from the sites towards the cut between `sides`.

    `weights` are those of the circuit that the network unfolds, or an array and its bonds for each tensor. `sides` has
    a boolean for each tensor (True: A), such as `Cut.sides`. Each connected part of a side becomes a small factor by QR
    decompositions, so small values are not squared away. Powers of two are kept apart, so nothing overflows. A
    SizeError with chi in it above `memory_limit` bytes (by default a quarter of the free memory), or `work_limit`
    multiply-adds, before anything is computed.
    """
    contraction = _contraction(network, weights, partition, sides)
    contraction.refuse_above(memory_limit, work_limit)
    piece = contraction.matrix(FloatArithmetic())
    values: NDArray[np.float64] = np.linalg.svd(piece.array, compute_uv=False)
    return Spectrum.of(values, chi=contraction.chi, exponent=piece.exponent)


def rank_across(
    network: TensorNetwork,
    weights: Weights | Sequence[Tensor],
    partition: Split,
    sides: BoolArray,
    *,
    field: Modular | None = None,
    seed: int | None = None,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> ExactRank:
    """The exact rank of the same matrix for weights modulo a prime (2^31 - 1 if no `field` is given); see `spectrum`.

    No probes are drawn: the rank is that of these weights, whatever the size of the network. `seed` is only noted, as
    that of the weights.
    """
    if isinstance(weights, Weights) and not isinstance(weights.field, Modular):
        raise MethodError("an exact rank needs weights modulo a prime; `modulo` makes them from floats")
    modular = (
        weights.field if isinstance(weights, Weights) and isinstance(weights.field, Modular) else field or Modular()
    )
    contraction = _contraction(network, weights, partition, sides)
    contraction.refuse_above(memory_limit, work_limit)
    matrix = contraction.matrix(ModularArithmetic(modular)).array
    rank, shape = rank_modulo(matrix, modular.prime), (matrix.shape[0], matrix.shape[1])
    return ExactRank(rank, shape, "cut", True, modular.prime, seed, contraction.work)


def _contraction(
    network: TensorNetwork, weights: Weights | Sequence[Tensor], partition: Split, sides: BoolArray
) -> Contraction:
    tensors = tensor_matrices(network, weights) if isinstance(weights, Weights) else weights
    given = np.asarray(sides)
    if given.dtype != bool or given.shape != (network.tensors,):
        raise NetworkError(
            f"the sides of the tensors are {given.dtype} of shape {given.shape}; "
            f"they must be {network.tensors} booleans"
        )
    if len(tensors) != network.tensors:
        raise NetworkError(f"{len(tensors)} arrays given for {network.tensors} tensors")
    return Contraction(network, tensors, network.terminals.partition(partition), given)
