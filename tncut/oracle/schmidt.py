"""Schmidt values of a circuit, by evaluation on a basis and a singular value decomposition."""

import numpy as np
from numpy.typing import NDArray

from ..circuit import Architecture, Circuit, compile
from ..partition import Split
from ..tools.memory import limit_or_default, refuse_above
from .fields import Floats
from .matrix import ProbeSizes, matricization, side_dims
from .weights import draw_weights


def schmidt_values(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    seed: int = 0,
    weights: str = "random",
    memory_limit: int | None = None,
) -> NDArray[np.float64]:
    """The singular values of [[A]]_{A,B}, the largest first, for one draw of the weights in float64.

    There are as many as the smaller side has dimensions. They are for entropies: floats do not decide a rank. A
    SizeError if more than `memory_limit` bytes are needed (by default a quarter of the free memory).
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    limit = limit_or_default(memory_limit)
    rows, columns = side_dims(circuit, split)
    needed = ProbeSizes(circuit, split, max(rows, columns)).bytes + 2 * 8 * rows * columns
    refuse_above(limit, needed, "the full coefficient tensor and its singular values")
    drawn = draw_weights(circuit, weights, field=Floats(), seed=seed, memory_limit=limit)
    matrix = matricization(drawn, split, memory_limit=limit)
    values: NDArray[np.float64] = np.linalg.svd(matrix, compute_uv=False)
    return values
