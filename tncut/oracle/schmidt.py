"""Schmidt values of a circuit by evaluation on a basis, of a tensor network by contraction; then singular values."""

import numpy as np
from numpy.typing import NDArray

from ..network import Subject, TensorNetwork, build
from ..partition import Split
from ..tools.memory import limit_or_default, refuse_above
from .fields import Array, Floats
from .matrix import ProbeSizes, matricization, side_dims
from .networks import RANDOM, default_kind, draw_tensors, network_matrix, network_side_dims
from .weights import draw_weights


def schmidt_values(
    architecture: Subject,
    partition: Split,
    *,
    seed: int = 0,
    weights: str | None = None,
    memory_limit: int | None = None,
) -> NDArray[np.float64]:
    """The singular values of [[A]]_{A,B}, the largest first, for one draw of the weights in float64.

    There are as many as the smaller side has dimensions. They are for entropies: floats do not decide a rank. `weights`
    are random if not given; those of a tensor network that holds arrays are given by them. A SizeError if more than
    `memory_limit` bytes are needed (by default a quarter of the free memory).
    """
    built = build(architecture)
    split = built.terminals.partition(partition)
    limit = limit_or_default(memory_limit)
    matrix: Array
    if isinstance(built, TensorNetwork):
        rows, columns = network_side_dims(built, split)
        refuse_above(limit, 3 * 8 * rows * columns, "the full coefficient tensor and its singular values")
        tensors = draw_tensors(built, weights or default_kind(built), field=Floats(), seed=seed, memory_limit=limit)
        matrix = network_matrix(built, tensors, split, memory_limit=limit)
    else:
        rows, columns = side_dims(built, split)
        needed = ProbeSizes(built, split, max(rows, columns)).bytes + 2 * 8 * rows * columns
        refuse_above(limit, needed, "the full coefficient tensor and its singular values")
        drawn = draw_weights(built, weights or RANDOM, field=Floats(), seed=seed, memory_limit=limit)
        matrix = matricization(drawn, split, memory_limit=limit)
    values: NDArray[np.float64] = np.linalg.svd(matrix, compute_uv=False)
    return values
