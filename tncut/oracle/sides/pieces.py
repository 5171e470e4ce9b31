"""Pieces of one side of a cut: what is contracted already, as a map from the sites it holds to its bonds.

A piece is an array (rows, dimension of each bond). Its rows are the sites below it, up to an isometry: where there are
more rows than the bonds can tell apart, they are replaced by fewer with the same products (a QR decomposition, or a
basis of rows modulo a prime). So no piece has more rows than columns, and no small Schmidt value is squared away.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..elimination import row_basis
from ..fields import Array, Modular

BLOCK = 3  # rows are joined in blocks of so many times the columns
LARGE = 2**20  # entries of a join whose triangles are worth some more steps


@dataclass(frozen=True, eq=False)
class Piece:
    """An array times 2^exponent, its first axis the rows, the others the bonds."""

    array: Array
    bonds: tuple[int, ...]
    exponent: int = 0

    @property
    def rows(self) -> int:
        return len(self.array)


class Arithmetic(Protocol):
    """What joining needs of numbers: floats, or integers modulo a prime."""

    @property
    def keeps_triangles(self) -> bool:
        """Whether fewer rows are a triangle."""

    def multiply(self, x: Array, y: Array) -> Array:
        """Elementwise product."""

    def matmul(self, x: Array, y: Array) -> Array:
        """x (batch, m, k) times y (batch, k, n)."""

    def sum(self, x: Array, axes: tuple[int, ...]) -> Array:
        """The sum over some axes."""

    def fewer_rows(self, matrix: Array) -> Array:
        """At most as many rows as columns: the matrix up to an isometry (or an injective map) from the left."""

    def spans(self, matrix: Array) -> bool:
        """Whether no further row can change the matrix."""

    def scaled(self, piece: Piece) -> Piece:
        """The same piece with entries of size 1, where numbers can grow too large."""


class FloatArithmetic:
    """Real or complex floats: isometries by QR, sizes kept in the exponents."""

    keeps_triangles = True

    def multiply(self, x: Array, y: Array) -> Array:
        product: Array = x * y
        return product

    def matmul(self, x: Array, y: Array) -> Array:
        product: Array = x @ y
        return product

    def sum(self, x: Array, axes: tuple[int, ...]) -> Array:
        total: Array = x.sum(axis=axes)
        return total

    def fewer_rows(self, matrix: Array) -> Array:
        if len(matrix) <= matrix.shape[1]:
            return matrix
        return _triangle(matrix)

    def spans(self, matrix: Array) -> bool:
        return False

    def scaled(self, piece: Piece) -> Piece:
        largest = float(np.abs(piece.array).max(initial=0.0))
        if largest == 0.0:
            return Piece(piece.array, piece.bonds)
        power = math.frexp(largest)[1]
        # In two steps: 2^-power itself may overflow.
        array = piece.array * 2.0 ** -(power // 2) * 2.0 ** -(power - power // 2)
        return Piece(array, piece.bonds, piece.exponent + power)


@dataclass(frozen=True)
class ModularArithmetic:
    """Integers modulo a prime: some rows that span the others."""

    field: Modular
    keeps_triangles: bool = False

    def multiply(self, x: Array, y: Array) -> Array:
        return self.field.multiply(x, y)

    def matmul(self, x: Array, y: Array) -> Array:
        return np.stack([self.field.matmul(left, right) for left, right in zip(x, y, strict=True)])

    def sum(self, x: Array, axes: tuple[int, ...]) -> Array:
        return self.field.reduce(x.sum(axis=axes))

    def fewer_rows(self, matrix: Array) -> Array:
        if len(matrix) < matrix.shape[1]:
            return matrix
        return matrix[row_basis(matrix, self.field)]

    def spans(self, matrix: Array) -> bool:
        """A basis of all columns is one of all rows that could follow."""
        rows, columns = matrix.shape
        return bool(rows == columns)

    def scaled(self, piece: Piece) -> Piece:
        return piece


def join(left: Piece, right: Piece, summed: Iterable[int], arithmetic: Arithmetic) -> Piece:
    """Two pieces as one: equal on the bonds that both hold, with a sum over the bonds `summed`."""
    over = tuple(summed)
    kept = tuple(bond for bond in left.bonds if bond in right.bonds and bond not in over)
    left_rest = tuple(bond for bond in left.bonds if bond not in right.bonds)
    right_rest = tuple(bond for bond in right.bonds if bond not in left.bonds)
    dims = _dims(left) | _dims(right)
    columns = math.prod(dims[bond] for bond in (*kept, *left_rest, *right_rest))
    if left.rows < right.rows:
        left, right, left_rest, right_rest = right, left, right_rest, left_rest
    second = _matrices(right, kept, over, right_rest).swapaxes(1, 2)  # (kept, summed, rows and rest)
    bonds = (*kept, *left_rest, *right_rest)
    exponent = left.exponent + right.exponent
    if not over and not right_rest and arithmetic.keeps_triangles and left.rows * right.rows * columns > LARGE:
        rows = _branch_joined(matrix_of(left, bonds), matrix_of(right, kept))
        return arithmetic.scaled(Piece(rows.reshape(len(rows), *(dims[bond] for bond in bonds)), bonds, exponent))
    found: Array | None = None
    for block in _blocks(left, right.rows, columns):
        first = _matrices(block, kept, over, left_rest)
        product = arithmetic.matmul(first, second) if over else arithmetic.multiply(first, second)
        shape = [dims[bond] for bond in kept], [dims[bond] for bond in left_rest], [dims[bond] for bond in right_rest]
        product = product.reshape(math.prod(shape[0]), block.rows, math.prod(shape[1]), right.rows, math.prod(shape[2]))
        product = product.transpose(1, 3, 0, 2, 4).reshape(block.rows * right.rows, columns)
        found = arithmetic.fewer_rows(product if found is None else np.concatenate((found, product)))
        if arithmetic.spans(found):
            break
    assert found is not None
    array = found.reshape(len(found), *(dims[bond] for bond in bonds))
    return arithmetic.scaled(Piece(array, bonds, exponent))


def _branch_joined(left: Array, right: Array) -> Array:
    """The triangle of a join in which the right piece has no bonds but those that both hold, which come first.

    Once the right piece is a triangle, its row i is zero on the first i values of these bonds, and so are the rows that
    it gives. The first rows of the triangle found so far are then done, and the columns of the rest become fewer.
    """
    triangle = _triangle(right)
    values, rest = right.shape[1], left.shape[1] // right.shape[1]
    pieces = left.reshape(len(left), values, rest)
    found = np.zeros((0, values * rest), dtype=left.dtype)
    start = 0
    while start < len(triangle):
        width = (values - start) * rest
        end = start + max(1, BLOCK * width // len(left))
        block = triangle[start:end, None, start:, None] * pieces[None, :, start:, :]
        done = min(start * rest, len(found))
        lower = _triangle(np.concatenate((found[done:, start * rest :], block.reshape(-1, width))))
        found = np.concatenate((found[:done], np.pad(lower, ((0, 0), (start * rest, 0)))))
        start = end
    return found


def _triangle(matrix: Array) -> Array:
    """R of a QR decomposition."""
    return np.asarray(np.linalg.qr(matrix, mode="r"))


def block_rows(rows: int, other_rows: int, columns: int) -> int:
    """How many of the rows of the longer piece are joined at once with all rows of the other."""
    return min(rows, max(1, BLOCK * columns // other_rows))


def matrix_of(piece: Piece, bonds: Sequence[int]) -> Array:
    """(rows, columns) with the bonds in this order."""
    return piece.array.transpose(0, *(1 + piece.bonds.index(bond) for bond in bonds)).reshape(piece.rows, -1)


def _blocks(piece: Piece, other_rows: int, columns: int) -> Iterator[Piece]:
    step = block_rows(piece.rows, other_rows, columns)
    for start in range(0, piece.rows, step):
        yield Piece(piece.array[start : start + step], piece.bonds, piece.exponent)


def _dims(piece: Piece) -> dict[int, int]:
    return dict(zip(piece.bonds, piece.array.shape[1:], strict=True))


def _matrices(piece: Piece, kept: tuple[int, ...], over: tuple[int, ...], rest: tuple[int, ...]) -> Array:
    """(kept, rows and rest, summed)."""
    dims = _dims(piece)
    order = [*(1 + piece.bonds.index(bond) for bond in kept), 0]
    order += [1 + piece.bonds.index(bond) for bond in (*rest, *over)]
    sizes = [math.prod(dims[bond] for bond in kept), -1, math.prod(dims[bond] for bond in over)]
    sizes[1] = piece.array.size // (sizes[0] * sizes[2])
    return piece.array.transpose(order).reshape(sizes)
