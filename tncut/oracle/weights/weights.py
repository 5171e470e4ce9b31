"""Weights of a circuit: random ones, and those that build a known state."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...circuit import Architecture, Circuit, compile
from ...errors import MethodError, SpecError
from ...tools.memory import refuse_above
from ...tools.values import as_integer, check_known
from ...tools.words import shown
from ..fields import Array, Field, Modular
from .ensembles import ENSEMBLES, Shape


@dataclass(frozen=True, eq=False)
class Weights:
    """One matrix for each matrix-child pair of a circuit, and one for the output, over one field.

    `matrices` have the shapes (channels of the unit, dimension of the child), in the order of circuit.factor_child.
    `output` has the shape (labels, channels of the root), with one label if the output is not open; it is None without
    a root map. A SpecError if a shape is wrong.
    """

    circuit: Circuit
    field: Field
    matrices: tuple[Array, ...]
    output: Array | None

    def __post_init__(self) -> None:
        shapes = _shapes(self.circuit)
        if len(self.matrices) != len(shapes):
            raise SpecError(f"{len(self.matrices)} weight matrices given for {len(shapes)} factors")
        for factor, (matrix, shape) in enumerate(zip(self.matrices, shapes, strict=True)):
            if matrix.shape != shape:
                raise SpecError(f"the weights of factor {factor} have shape {matrix.shape}; it must be {shape}")
        output_shape = None if self.output is None else self.output.shape
        if output_shape != _output_shape(self.circuit):
            raise SpecError(f"the output weights have shape {output_shape}; it must be {_output_shape(self.circuit)}")


def draw_weights(
    architecture: Architecture | Circuit,
    kind: str = "random",
    *,
    field: Field,
    seed: int = 0,
    shared: bool = False,
    memory_limit: int | None = None,
) -> Weights:
    """Weights of one kind; the same seed gives the same weights.

    Ensembles, with a matrix for each factor, or, if `shared`, one for all factors of a layer that read the same layer:

    - random: Gaussian, standard normal; modulo a prime, uniform.
    - orthogonal: orthonormal rows, or orthonormal columns if there are more rows.
    - uniform: between -1 and 1.
    - non-negative: between 0 and 1.
    - he: Gaussian of variance 2 / columns (He et al. 2015).
    - shared: random and shared.

    And weights that build a known state:

    - identity: ones on the diagonals, an output of ones. A shallow network with as many channels as the sites have
      dimensions is then the GHZ state.
    - witness: the network of the network-capacity theorem (Cohen, Sharir, Shashua, COLT 2016). Layer 0 entangles pairs
      of sites; all pairs are multiplied above.

    `field` is Floats() or Modular(), where a float is the fraction that it stands for. A MethodError if the kind or the
    seed is wrong, a SpecError if a layer cannot share its weights, a SizeError if more than `memory_limit` bytes are
    needed (by default a quarter of the free memory).
    """
    circuit = compile(architecture)
    check_known("weights", kind, KINDS, MethodError)
    entries = sum(rows * columns for rows, columns in _shapes(circuit))
    refuse_above(memory_limit, 8 * entries, f"drawing {entries} weights")
    number = as_integer(seed)
    if number is None or number < 0:
        raise MethodError(f"the seed is {shown(seed)}; it must be an integer of 0 or more")
    rng = np.random.default_rng(number)
    if kind in STATES:
        return STATES[kind](circuit, field)
    draw = ENSEMBLES["random" if kind == SHARED else kind]
    return (_shared if shared or kind == SHARED else _unshared)(circuit, field, lambda shape: draw(field, rng, shape))


def _unshared(circuit: Circuit, field: Field, draw: Callable[[Shape], Array]) -> Weights:
    return Weights(circuit, field, tuple(draw(shape) for shape in _shapes(circuit)), _output(circuit, draw))


def _shared(circuit: Circuit, field: Field, draw: Callable[[Shape], Array]) -> Weights:
    """One matrix for all factors of a layer that read the same layer, at whatever window, position and offset.

    So a recurrent net has one matrix for its inputs and one for its memory, whatever the step. The shapes must be
    equal.
    """
    known: dict[tuple[int, int], Array] = {}
    matrices = []
    below = circuit.vertex_layers[circuit.factor_child].tolist()
    for layer, read, shape in zip(_factor_layers(circuit), below, _shapes(circuit), strict=True):
        if (layer, read) not in known:
            known[layer, read] = draw(shape)
        if known[layer, read].shape != shape:
            raise SpecError(
                f"layer {layer} cannot share its weights: its matrices are {known[layer, read].shape} and {shape}; "
                "all its units and all their children must have equal dimensions"
            )
        matrices.append(known[layer, read])
    return Weights(circuit, field, tuple(matrices), _output(circuit, draw))


def _identity(circuit: Circuit, field: Field) -> Weights:
    matrices = tuple(field.array(np.eye(*shape, dtype=int)) for shape in _shapes(circuit))
    return Weights(circuit, field, matrices, _output(circuit, lambda shape: field.array(np.ones(shape, dtype=int))))


def _witness(circuit: Circuit, field: Field) -> Weights:
    """Layer 0: identities. Layer 1: its first channel adds up all channels below. Above: the first channel alone."""
    matrices = []
    for layer, shape in zip(_factor_layers(circuit), _shapes(circuit), strict=True):
        matrix = np.eye(*shape, dtype=int) if layer == 0 else _first_entry(shape)
        if layer == 1:
            matrix[0] = 1
        matrices.append(field.array(matrix))
    return Weights(circuit, field, tuple(matrices), _output(circuit, lambda shape: field.array(_first_entry(shape))))


SHARED = "shared"
STATES: dict[str, Callable[[Circuit, Field], Weights]] = {"identity": _identity, "witness": _witness}
KINDS = ("random", SHARED, *(name for name in ENSEMBLES if name != "random"), *STATES)


def modulo(weights: Weights, field: Modular) -> Weights:
    """The same weights modulo a prime. A float is an integer over a power of two, so nothing is rounded."""
    known = {id(matrix): field.array(matrix) for matrix in weights.matrices}
    matrices = tuple(known[id(matrix)] for matrix in weights.matrices)
    return Weights(weights.circuit, field, matrices, None if weights.output is None else field.array(weights.output))


def _shapes(circuit: Circuit) -> list[Shape]:
    rows = circuit.unit_dims[circuit.factor_unit].tolist()
    return list(zip(rows, circuit.vertex_dims[circuit.factor_child].tolist(), strict=True))


def _output_shape(circuit: Circuit) -> Shape | None:
    return (circuit.open_output or 1, int(circuit.unit_dims[circuit.root])) if circuit.root_map else None


def _output(circuit: Circuit, draw: Callable[[Shape], Array]) -> Array | None:
    shape = _output_shape(circuit)
    return None if shape is None else draw(shape)


def _factor_layers(circuit: Circuit) -> list[int]:
    layers: list[int] = circuit.unit_layer[circuit.factor_unit].tolist()
    return layers


def _first_entry(shape: Shape) -> Array:
    matrix = np.zeros(shape, dtype=int)
    matrix[0, 0] = 1
    return matrix
