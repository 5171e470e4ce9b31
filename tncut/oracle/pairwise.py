"""Contraction of tensors pair by pair over any field: indices may be shared by any number of tensors, or stay open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..tools.memory import refuse_above, refuse_work_above
from ..tools.progress import told
from .fields import Array, Field

SCRATCH = 6  # arrays of the size of the largest step that exact arithmetic holds at once

ENTRY_BY_ENTRY = 30  # a multiply-add outside of a matrix product takes as long as so many within one

Indices = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Operand:
    """A tensor with an index on each of its axes, all different."""

    array: Array
    indices: Indices

    @classmethod
    def of(cls, array: Array, indices: Sequence[int]) -> "Operand":
        """A tensor that may hold an index twice: only the diagonal of those axes counts."""
        held = list(indices)
        for index in dict.fromkeys(indices):
            while held.count(index) > 1:
                first = held.index(index)
                second = held.index(index, first + 1)
                array = np.diagonal(array, axis1=first, axis2=second)
                held = [other for axis, other in enumerate(held) if axis not in (first, second)] + [index]
        return cls(array, tuple(held))


def contract(
    field: Field,
    operands: Sequence[Operand],
    output: Sequence[int],
    *,
    memory_limit: int | None,
    work_limit: int | None = None,
) -> Array:
    """The tensor with these open indices, in their order; every other index is summed over.

    The order of the pairs is opt_einsum's greedy one. A SizeError before anything is computed if a step needs more than
    `memory_limit` bytes, or all of them more than `work_limit` multiply-adds.
    """
    import opt_einsum

    sizes = {i: n for operand in operands for i, n in zip(operand.indices, operand.array.shape, strict=True)}
    terms = [frozenset(operand.indices) for operand in operands]
    path = [tuple(pair) for pair in opt_einsum.paths.greedy(terms, frozenset(output), sizes)]
    largest, work = _needs(terms, path, frozenset(output), sizes)
    what = f"the contraction of {len(operands)} tensors"
    refuse_above(memory_limit, 8 * SCRATCH * largest, what)
    refuse_work_above(work_limit, work, what)
    left = list(operands)
    for pair in told(path, "contraction", len(path)):
        chosen = [left[place] for place in pair]
        for place in sorted(pair, reverse=True):
            del left[place]
        kept = frozenset(output).union(*(operand.indices for operand in left))
        left.append(_join(field, chosen[0], chosen[1], kept) if len(chosen) == 2 else chosen[0])
    result = _without(field, left[0], frozenset(output))
    return result.array.transpose([result.indices.index(index) for index in output])


def _join(field: Field, left: Operand, right: Operand, kept: frozenset[int]) -> Operand:
    """Two tensors as one: the indices that both hold are summed over unless they are kept."""
    left = _without(field, left, kept.union(right.indices))
    right = _without(field, right, kept.union(left.indices))
    both = set(left.indices) & set(right.indices)
    batch = tuple(index for index in left.indices if index in both and index in kept)
    summed = tuple(index for index in left.indices if index in both and index not in kept)
    rows = tuple(index for index in left.indices if index not in both)
    columns = tuple(index for index in right.indices if index not in both)
    x, y = _grouped(left, batch, rows, summed), _grouped(right, batch, summed, columns)
    sizes = _sizes(left) | _sizes(right)
    indices = (*batch, *rows, *columns)
    return Operand(_products(field, x, y).reshape([sizes[index] for index in indices]), indices)


def _products(field: Field, x: Array, y: Array) -> Array:
    """x (batch, m, [k]) times y (batch, [k], n), for each entry of the batch."""
    batch, inner = x.shape[0], x.shape[2]
    if batch <= inner:
        return np.stack([field.matmul(left, right) for left, right in zip(x, y, strict=True)])
    total = field.multiply(x[:, :, 0, None], y[:, None, 0])
    for k in range(1, inner):
        total = field.add(total, field.multiply(x[:, :, k, None], y[:, None, k]))
    return total


def _grouped(operand: Operand, *groups: Indices) -> Array:
    """The tensor with one axis for each group of its indices."""
    sizes = _sizes(operand)
    order = [operand.indices.index(index) for group in groups for index in group]
    return operand.array.transpose(order).reshape([math.prod(sizes[i] for i in group) for group in groups])


def _without(field: Field, operand: Operand, kept: frozenset[int]) -> Operand:
    """Summed over the indices that are not kept."""
    dropped = tuple(index for index in operand.indices if index not in kept)
    if not dropped:
        return operand
    rest = tuple(index for index in operand.indices if index in kept)
    sizes = _sizes(operand)
    flat = _grouped(operand, rest, dropped)
    return Operand(field.sum(flat).reshape([sizes[index] for index in rest]), rest)


def _sizes(operand: Operand) -> dict[int, int]:
    return dict(zip(operand.indices, operand.array.shape, strict=True))


def _needs(
    terms: Sequence[frozenset[int]], path: Sequence[tuple[int, ...]], output: frozenset[int], sizes: dict[int, int]
) -> tuple[int, int]:
    """The most array entries of two tensors and their result, along a path; and the multiply-adds of all steps."""
    left, largest, work = list(terms), 0, 0
    for pair in path:
        chosen = [left[place] for place in pair]
        for place in sorted(pair, reverse=True):
            del left[place]
        joined = frozenset().union(*chosen)
        result = joined & output.union(*left)
        parts = [*chosen, result]
        largest = max(largest, sum(math.prod(sizes[index] for index in part) for part in parts))
        shared = frozenset.intersection(*chosen)
        batch, inner = (math.prod(sizes[index] for index in part) for part in (shared & result, shared - result))
        work += math.prod(sizes[index] for index in joined) * (ENTRY_BY_ENTRY if batch > inner else 1)
        left.append(result)
    return largest, work
