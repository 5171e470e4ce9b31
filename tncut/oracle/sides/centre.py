"""The matrix between both sides of a cut: its singular values are the Schmidt values, its rank is the Schmidt rank.

A bond is cut if both sides hold it. With k running over the values of all cut bonds together, chi of them,

    [[A]]_{A,B} = sum_k  F_A[x_A, k] F_B[x_B, k]

and each side F = Q R, with an isometry Q and at most chi rows in R. What is left is R_A R_B^T, at most chi x chi.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import SizeError
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray
from ...tools.memory import limit_or_default, refuse_above
from ...tools.numbers import show_integer
from ..fields import Array
from .pieces import Arithmetic, Piece, join, matrix_of
from .plan import Plan, Shape, SidePlan, plan_side

COPIES = 6  # of the matrix, that its singular values or its rank take

Tensor = tuple[Array, tuple[int, ...]]  # an array, and the bond of each of its axes


@dataclass(frozen=True, eq=False)
class Contraction:
    """The contraction of a network from its sites towards a cut: what it takes, and then the matrix that is left.

    `tensors`: the array and the bonds of each tensor; a bond numbered from network.bonds on is summed. `sides`: the
    side of each tensor (True: A).
    """

    network: TensorNetwork
    tensors: Sequence[Tensor]
    partition: Partition
    sides: BoolArray

    @cached_property
    def dims(self) -> dict[int, int]:
        """The dimension of each bond that is larger than 1; the others carry nothing."""
        found = {bond: dim for array, bonds in self.tensors for bond, dim in zip(bonds, array.shape, strict=True)}
        found |= {bond: int(self.network.bond_dims[bond]) for side in self._terminals for bond in side}
        return {bond: dim for bond, dim in found.items() if dim > 1}

    @cached_property
    def cut(self) -> tuple[int, ...]:
        """The bonds that both sides hold, a site counting for its own side."""
        return tuple(sorted(self._held(True).keys() & self._held(False).keys() & self.dims.keys()))

    @property
    def chi(self) -> int:
        """The product of the dimensions of the cut bonds."""
        return math.prod(self.dims[bond] for bond in self.cut)

    @cached_property
    def plans(self) -> tuple[SidePlan, SidePlan]:
        """The joins of sides A and B."""
        plan_a, plan_b = (plan_side(self._shapes(side), self.dims, frozenset(self.cut)) for side in (True, False))
        return plan_a, plan_b

    @cached_property
    def entries(self) -> int:
        """The most array entries that are held at once."""
        plan_a, plan_b = self.plans
        rows_a, rows_b = plan_a.last.result.rows, plan_b.last.result.rows
        factors = 2 * (rows_a + rows_b) * self.chi
        return max(plan_a.entries, rows_a * self.chi + plan_b.entries, factors + COPIES * rows_a * rows_b)

    @cached_property
    def work(self) -> int:
        """The multiply-adds of both sides, and at most those of the singular values."""
        plan_a, plan_b = self.plans
        rows_a, rows_b = plan_a.last.result.rows, plan_b.last.result.rows
        return plan_a.work + plan_b.work + rows_a * rows_b * (self.chi + 4 * min(rows_a, rows_b))

    def refuse_above(self, memory_limit: int | None, work_limit: int) -> None:
        """A SizeError if it needs more memory, or more multiply-adds."""
        limit = limit_or_default(memory_limit)
        sites = len(self.network.terminals)
        what = f"the contraction of {sites} sites towards a cut of chi = {show_integer(self.chi)}"
        itemsize = max((array.itemsize for array, _ in self.tensors), default=8)
        # A piece of one side has at least chi entries: where that alone is too much, no order is looked for.
        refuse_above(limit, itemsize * self.chi, what)
        refuse_above(limit, itemsize * self.entries, what)
        if self.work > work_limit:
            raise SizeError(f"{what} needs {self.work:.1e} multiply-adds, over the limit of {work_limit:.1e}")

    def matrix(self, arithmetic: Arithmetic) -> Piece:
        """The matrix R_A R_B^T, up to its power of two; nothing is checked."""
        side_a, side_b = (
            _contract(self._pieces(side, arithmetic), plan, arithmetic)
            for side, plan in zip((True, False), self.plans, strict=True)
        )
        left, right = matrix_of(side_a, self.cut), matrix_of(side_b, self.cut)
        centre = arithmetic.matmul(left[None], right.T[None])[0]
        return Piece(centre, (), side_a.exponent + side_b.exponent)

    @cached_property
    def _terminals(self) -> tuple[list[int], list[int]]:
        """The bonds of the sites of sides A and B that are read."""
        sides = self.partition.sides
        return self.network.read_bonds(sides).tolist(), self.network.read_bonds(~sides).tolist()

    def _held(self, side: bool) -> dict[int, int]:
        """How many tensors and sites of a side hold each bond."""
        counts: dict[int, int] = {}
        for (_, bonds), on_a in zip(self.tensors, self.sides.tolist(), strict=True):
            for bond in bonds if on_a == side else ():
                counts[bond] = counts.get(bond, 0) + 1
        for bond in self._terminals[0 if side else 1]:
            counts[bond] = counts.get(bond, 0) + 1
        return counts

    def _bonds_kept(self, side: bool) -> set[int]:
        """The bonds of a side that are cut, or held more than once: those that its pieces are joined by."""
        shared = {bond for bond, count in self._held(side).items() if count > 1}
        return (shared | set(self.cut)) & self.dims.keys()

    def _shapes(self, side: bool) -> list[Shape]:
        """The shapes of `_pieces`."""
        kept = self._bonds_kept(side)
        tensors = zip(self.tensors, self.sides.tolist(), strict=True)
        shapes = [Shape(1, frozenset(bonds) & kept) for (_, bonds), on_a in tensors if on_a == side]
        terminals = [bond for bond in self._terminals[0 if side else 1] if bond in self.dims]
        return shapes + [Shape(self.dims[bond], frozenset({bond})) for bond in terminals] or [Shape(1, frozenset())]

    def _pieces(self, side: bool, arithmetic: Arithmetic) -> list[Piece]:
        """The tensors of a side, and an identity for each of its sites."""
        kept = self._bonds_kept(side)
        some = self.tensors[0][0].dtype if self.tensors else np.dtype(np.int64)
        tensors = zip(self.tensors, self.sides.tolist(), strict=True)
        pieces = [_piece(tensor, kept, arithmetic) for tensor, on_a in tensors if on_a == side]
        terminals = [bond for bond in self._terminals[0 if side else 1] if bond in self.dims]
        pieces += [Piece(np.eye(self.dims[bond], dtype=some), (bond,)) for bond in terminals]
        return pieces or [Piece(np.ones(1, dtype=some), ())]


def _piece(tensor: Tensor, kept: set[int], arithmetic: Arithmetic) -> Piece:
    """A tensor as a piece of one row, summed over the bonds that nothing else holds."""
    array, bonds = tensor
    alone = tuple(axis for axis, bond in enumerate(bonds) if bond not in kept)
    piece = Piece(arithmetic.sum(array, alone)[None], tuple(bond for bond in bonds if bond in kept))
    return arithmetic.scaled(piece)


def _contract(pieces: Sequence[Piece], plan: SidePlan, arithmetic: Arithmetic) -> Piece:
    parts = [_joined([pieces[n] for n in numbers], part, arithmetic) for numbers, part in plan.parts]
    return _joined(parts, plan.last, arithmetic)


def _joined(pieces: Sequence[Piece], plan: Plan, arithmetic: Arithmetic) -> Piece:
    held = dict(enumerate(pieces))
    for number, step in enumerate(plan.joins, start=len(pieces)):
        held[number] = join(held.pop(step.left), held.pop(step.right), step.summed, arithmetic)
    ((_, piece),) = held.items()
    return piece
