"""Numbers that a page can hold."""

import numpy as np

from ...errors import SizeError
from ...tools.arrays import FloatArray, IntArray

DIM_LIMIT = 2**53 - 1  # the largest integer that a page's numbers hold exactly


def check_dims(dims: IntArray) -> None:
    """A SizeError for a dimension that is too large for a page."""
    if dims.max(initial=1) > DIM_LIMIT:
        raise SizeError(f"a bond has dimension {dims.max()}; a page computes with up to 2^53 - 1")


def rounded(values: FloatArray) -> list[float]:
    """All of them in one list, with three decimals."""
    return [int(x) if x == int(x) else x for x in np.round(values, 3).ravel().tolist()]
