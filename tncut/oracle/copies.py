"""Contraction by the tensornetwork library, with a copy tensor for each bond of more than two holders.

The copies of the units form a tree, which is contracted from the sites up. The factors of a unit are joined one after
another: a copy tensor with many indices is a chain of copy tensors with three. If two factors read the same sites, the
copy tensors of these sites and of the unit's bond are taken as one copy tensor on their joint index. It is never made
dense.
"""

import math
from collections.abc import Sequence

import numpy as np

from ..tools.memory import refuse_above
from .fields import Array

Piece = tuple[Array, tuple[int, ...]]  # a tensor, and the bond on each of its axes


def contract_copies(operands: Sequence[tuple[Array, tuple[int, int]]], open_bonds: list[int], limit: int) -> Array:
    """The tensor with an axis for each open bond, in their order.

    `operands` are matrices with the bonds of their rows and columns; those of a unit come after those of its children.
    If the label is fixed, the result has a first axis of length 1 for it. A SizeError over `limit` bytes.
    """
    refuse_above(limit, 8 * _largest_step(operands), "contraction by tensornetwork")
    pieces: dict[int, Piece] = {}
    for matrix, (row, column) in operands:
        piece: Piece = (matrix, (row, column))
        if column in pieces:
            piece = _apply(piece, pieces.pop(column))
        pieces[row] = _join(pieces[row], piece) if row in pieces else piece
    ((tensor, bonds),) = pieces.values()
    order = [bonds.index(bond) for bond in open_bonds]
    rest = [axis for axis, bond in enumerate(bonds) if bond not in open_bonds]
    return tensor.transpose(*rest, *order)


def _apply(matrix: Piece, below: Piece) -> Piece:
    """A matrix times the tensor of the unit's copy that it reads."""
    import tensornetwork as tn

    (row, column), bonds = matrix[1], below[1]
    weight, node = tn.Node(matrix[0]), tn.Node(below[0])
    rest = [axis for axis, bond in enumerate(bonds) if bond != column]
    kept = [weight[0], *(node[axis] for axis in rest)]
    tn.connect(weight[1], node[bonds.index(column)])
    result = tn.contract_between(weight, node, output_edge_order=kept)  # row [column], .. [column] .. -> row ..
    return result.tensor, (row, *(bonds[axis] for axis in rest))


def _join(left: Piece, right: Piece) -> Piece:
    """Two tensors multiplied elementwise on the bonds that both hold: one copy tensor on their joint index."""
    import tensornetwork as tn

    shared = tuple(bond for bond in left[1] if bond in right[1])
    left_matrix, left_rest = _fuse(left, shared)
    right_matrix, right_rest = _fuse(right, shared)
    # The third index ends in an identity: tensornetwork contracts no copy tensor with an open index.
    ends = [tn.Node(left_matrix), tn.Node(right_matrix), tn.Node(np.eye(len(left_matrix)))]
    copy = tn.CopyNode(3, len(left_matrix))
    for leg, end in enumerate(ends):
        tn.connect(copy[leg], end[0])
    joint = tn.contract_copy_node(copy).tensor  # [s] x, [s] y, [s] t -> x y t
    dims = {bond: dim for tensor, bonds in (left, right) for bond, dim in zip(bonds, tensor.shape, strict=True)}
    bonds = (*left_rest, *right_rest, *shared)
    return joint.reshape([dims[bond] for bond in bonds]), bonds


def _fuse(piece: Piece, shared: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
    """A tensor as a matrix whose rows are the shared bonds and whose columns are the other bonds; and these others."""
    tensor, bonds = piece
    rest = tuple(bond for bond in bonds if bond not in shared)
    tensor = tensor.transpose([bonds.index(bond) for bond in (*shared, *rest)])
    rows = math.prod(tensor.shape[: len(shared)])
    return tensor.reshape(rows, -1), rest


def _largest_step(operands: Sequence[tuple[Array, tuple[int, int]]]) -> int:
    """The most array entries that one step holds, found by the same steps on dimensions alone."""
    pieces: dict[int, dict[int, int]] = {}
    largest = 0
    for matrix, (row, column) in operands:
        dims = dict(zip((row, column), matrix.shape, strict=True))
        if column in pieces:
            below = pieces.pop(column)
            dims = {row: dims[row]} | {bond: dim for bond, dim in below.items() if bond != column}
            largest = max(largest, math.prod(below.values()) + math.prod(dims.values()))
        if row in pieces:
            left, right = pieces[row], dims
            dims = left | right
            s = math.prod(left[bond] for bond in left.keys() & right.keys())
            x, y = math.prod(left.values()) // s, math.prod(right.values()) // s
            # The identity, the result, and the largest array that einsum may make in between.
            largest = max(largest, s * (s + x * y + max(x * y, s * max(x, y))))
        pieces[row] = dims
    return largest
