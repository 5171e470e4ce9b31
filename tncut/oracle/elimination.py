"""The rank of a matrix of integers modulo a prime, by elimination in panels."""

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MethodError
from ..tools.arrays import IntArray
from .fields import PRIME, Array, Modular

PANEL = 128  # columns eliminated at a time


def rank_modulo(matrix: ArrayLike, prime: int = PRIME) -> int:
    """The exact rank of an integer matrix modulo a prime below 2^31.

    Panels of 128 columns are eliminated at a time, so that nearly all work is matrix products. A MethodError if the
    matrix does not consist of integers, or the prime is none.
    """
    field, given = Modular(prime), np.asarray(matrix)
    if given.ndim != 2 or given.dtype.kind not in "buiO":
        raise MethodError(f"a rank needs a matrix of integers; given: {given.dtype} of shape {given.shape}")
    return len(row_basis(field.array(given), field))


def row_basis(matrix: Array, field: Modular) -> IntArray:
    """Rows of a matrix of elements of the field that span all the others: their numbers, in order."""
    rest, numbers = matrix, np.arange(len(matrix))
    found = [numbers[:0]]
    while rest.any():
        basis, others, combination = _row_basis(rest[:, :PANEL], field)
        shadow = field.matmul(combination, rest[basis, PANEL:])
        rest = field.reduce(rest[others, PANEL:] - shadow)
        found.append(numbers[basis])
        numbers = numbers[others]
    return np.sort(np.concatenate(found))


def _row_basis(panel: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """Rows that span a panel, its other rows, and panel[others] as a combination of panel[basis].

    The left half gives some of these rows. What is left of the right half, once it is reduced by them, gives the rest.
    """
    if panel.shape[1] == 1:
        return _pivot(panel[:, 0], field)
    half = panel.shape[1] // 2
    first, rest, left = _row_basis(panel[:, :half], field)
    remainder = field.reduce(panel[rest, half:] - field.matmul(left, panel[first, half:]))
    second, others, right = _row_basis(remainder, field)
    left = field.reduce(left[others] - field.matmul(right, left[second]))
    return np.append(first, rest[second]), rest[others], np.hstack([left, right])


def _pivot(column: Array, field: Modular) -> tuple[IntArray, IntArray, Array]:
    """`_row_basis` of one column: its first nonzero entry, if there is one."""
    basis = np.flatnonzero(column)[:1]
    others = np.delete(np.arange(len(column)), basis)
    inverse = np.array([pow(int(entry), -1, field.prime) for entry in column[basis]], dtype=np.int64)
    return basis, others, field.multiply(column[others, None], inverse)
