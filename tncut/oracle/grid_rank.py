"""Grid tensors: a network's values on template vectors, for gates that are not multilinear.

With gates other than the product there is no coefficient tensor, and the minimum cut says nothing. What can be measured
is the *grid tensor*: the function values when every site is given one of M template vectors (Cohen, Shashua, ICML
2016). With product gates and independent templates it has the rank of the coefficient tensor.
"""

from dataclasses import dataclass

import numpy as np

from ..circuit import Architecture, Circuit, compile
from ..errors import SizeError
from ..partition import Split
from ..tools.memory import limit_or_default, refuse_above
from .elimination import rank_modulo
from .fields import PRIME, Field, Floats, Integers, Modular
from .matrix import probe_matrix, side_dims
from .rank import ELIMINATION, MOST_PROBES
from .weights import draw_weights

LARGEST_WEIGHT = 99  # of random integer weights, if the values of the circuit then fit 64-bit integers
FLOAT_TOLERANCE = 1e-10  # of the largest singular value


@dataclass(frozen=True)
class GridRank:
    """The rank of the grid tensor's matricization for one draw of weights and templates: a measurement.

    `arithmetic` is "modulo a prime", "integers" (exact values, their rank modulo a prime) or "floats" (the number of
    singular values above 1e-10 of the largest). `complete` is False if not all inputs were taken, so that the rank may
    be larger.
    """

    rank: int
    shape: tuple[int, int]  # of the matrix whose rank was taken
    gate: str
    arithmetic: str
    complete: bool
    seed: int


def grid_rank(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    seed: int = 0,
    weights: str = "random",
    memory_limit: int | None = None,
) -> GridRank:
    """The rank of [[grid tensor]]_{A,B}, with M random templates for each site of dimension M.

    Product gates are evaluated modulo a prime, ReLU, max and average gates in exact integers, sigmoids in floats. Up to
    2048 inputs of either side are taken: all of them, or different ones drawn at random. A SizeError if more than
    `memory_limit` bytes are needed (by default a quarter of the free memory), or if the values fit no 64-bit integers.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    limit = limit_or_default(memory_limit)
    arithmetic, field = _arithmetic(circuit)
    dims = side_dims(circuit, split)
    rows, columns = (min(MOST_PROBES, dim) for dim in dims)
    refuse_above(limit, ELIMINATION * 8 * rows * columns, f"the rank of a grid of {rows} x {columns} values")
    drawn = draw_weights(circuit, weights, field=field, seed=seed, memory_limit=limit)
    rng = np.random.default_rng([seed, 1])
    templates = {dim: field.random(rng, (dim, dim)) for dim in np.unique(circuit.terminal_dims).tolist()}
    values = probe_matrix(drawn, split, MOST_PROBES, seed=seed, templates=templates, memory_limit=limit)
    if arithmetic == "floats":
        schmidt = np.linalg.svd(values, compute_uv=False)
        rank = int((schmidt > FLOAT_TOLERANCE * schmidt.max()).sum())
    else:
        rank = rank_modulo(values)
    return GridRank(rank, values.shape, circuit.gate, arithmetic, max(dims) <= MOST_PROBES or rank == min(dims), seed)


def _arithmetic(circuit: Circuit) -> tuple[str, Field]:
    """The arithmetic in which the circuit's gates are exact, or floats if there is none; its name, and its field."""
    if circuit.gate == "product":
        return "modulo a prime", Modular(PRIME)
    if circuit.gate.startswith("sigmoid"):
        return "floats", Floats()
    for most in range(LARGEST_WEIGHT, 2, -1):
        if _largest_value(circuit, most) < 2**62:
            return "integers", Integers(most)
    raise SizeError("the values of this circuit do not fit 64-bit integers, even with weights from -3 to 3")


def _largest_value(circuit: Circuit, most: int) -> int:
    """A bound on all values of the circuit whose weights and templates have entries within -most .. most."""
    dims, child = circuit.vertex_dims.tolist(), circuit.factor_child.tolist()
    bound = [most] * circuit.sites
    for first, end in zip(circuit.factor_start.tolist(), circuit.factor_start[1:].tolist(), strict=False):
        bound.append(sum(most * dims[c] * bound[c] for c in child[first:end]))
    readout = most * dims[-1] if circuit.root_map else 1
    return max(bound) * readout * most * (circuit.open_output or 1)
