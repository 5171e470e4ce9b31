"""Contraction by the tensornetwork library, with a copy tensor for each bond of more than two ends.

The copies of the units form a tree: it is contracted from the sites up, and a copy tensor of many legs as a chain of
copy tensors of three, so that the factors of a unit are joined one by one. Where two of them read the same sites, the
copy tensors of these sites and of the unit's bond are one copy tensor on the joint index. It is never made dense.
"""

import math
from collections.abc import Sequence

import numpy as np

from ..tools.memory import refuse_above
from .fields import Array

Piece = tuple[Array, tuple[int, ...]]  # a tensor, and the bond on each of its axes


def contract_copies(operands: Sequence[tuple[Array, tuple[int, int]]], open_bonds: list[int], limit: int) -> Array:
    """The tensor of the open bonds; `operands` are matrices with the bonds of their rows and columns.

    The matrices of a unit come after those of its children; all bonds that are not open have been contracted at the
    end, but for one of dimension 1 where the label is fixed.
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
    """A matrix times the tensor of the copy that it reads."""
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
    # The third leg ends in an identity: tensornetwork cannot contract a copy tensor that has an open leg.
    ends = [tn.Node(left_matrix), tn.Node(right_matrix), tn.Node(np.eye(len(left_matrix)))]
    copy = tn.CopyNode(3, len(left_matrix))
    for leg, end in enumerate(ends):
        tn.connect(copy[leg], end[0])
    joint = tn.contract_copy_node(copy).tensor  # [s] x, [s] y, [s] t -> x y t
    dims = {bond: dim for tensor, bonds in (left, right) for bond, dim in zip(bonds, tensor.shape, strict=True)}
    bonds = (*left_rest, *right_rest, *shared)
    return joint.reshape([dims[bond] for bond in bonds]), bonds


def _fuse(piece: Piece, shared: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
    """A tensor as a matrix, shared bonds x the others, and these others."""
    tensor, bonds = piece
    rest = tuple(bond for bond in bonds if bond not in shared)
    tensor = tensor.transpose([bonds.index(bond) for bond in (*shared, *rest)])
    rows = math.prod(tensor.shape[: len(shared)])
    return tensor.reshape(rows, -1), rest


def _largest_step(operands: Sequence[tuple[Array, tuple[int, int]]]) -> int:
    """The most array entries that one step holds: the same steps, on dimensions only."""
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
            # The identity, the result, and the larger of what einsum may make between them.
            largest = max(largest, s * (s + x * y + max(x * y, s * max(x, y))))
        pieces[row] = dims
    return largest
