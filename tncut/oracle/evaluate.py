"""Evaluation of a circuit on product inputs, straight from its definition: no network, no cut.

One recursion serves floats and exact integers, and batches of any shape. Inputs may broadcast: with (S, 1, dim) for the
sites of side A and (1, S, dim) for those of side B the result is the S x S matrix of function values, and what depends
on one side alone is computed once for each of its inputs.
"""

import math
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from .fields import Array
from .gates import join
from .weights import Weights

SCRATCH = 6  # temporary arrays of one matrix product, each as large as its operand or its result


def evaluate(weights: Weights, inputs: Sequence[Array]) -> Array:
    """The output h(x_1 .. x_N) on a batch of inputs; an open output is contracted with a vector on the labels.

    `inputs` has one array (..., dimension) for each site, and one for the label of an open output. Their leading axes
    broadcast to those of the result. The input of a site that no factor reads is ignored. A MethodError if a number of
    inputs or a dimension is wrong, or if the gate does not exist in the weights' field.
    """
    circuit, field = weights.circuit, weights.field
    _check_inputs(circuit, inputs)
    child = circuit.factor_child.tolist()
    vectors: dict[int, Array] = dict(enumerate(inputs[: circuit.sites]))
    for unit, dead in schedule(circuit):
        factors = (
            reduce(field.add, (field.matmul(vectors[child[pair]], weights.matrices[pair].T) for pair in pairs))
            for pairs in _factors(circuit, unit)
        )
        vectors[circuit.sites + unit] = join(circuit.gate, field, factors)
        for vertex in dead:
            del vectors[vertex]
    label = field.array([1]) if circuit.open_output is None else inputs[-1]
    readout = label if weights.output is None else field.matmul(label, weights.output)
    return field.sum(field.multiply(vectors[circuit.sites + circuit.root], readout))


def _factors(circuit: Circuit, unit: int) -> list[range]:
    """The factors of a unit, each as its matrix-child pairs: one, or those of a sum."""
    first, last = circuit.unit_factors[unit], circuit.unit_factors[unit + 1]
    return [range(begin, end) for begin, end in pairwise(circuit.factor_pairs[first : last + 1].tolist())]


def schedule(circuit: Circuit) -> list[tuple[int, list[int]]]:
    """Units in the order of evaluation, each with the units' vertices that no later unit reads.

    Each unit comes soon after its children (depth first), so that few vectors are held at once.
    """
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()

    def units_read(unit: int) -> set[int]:
        return {c - circuit.sites for c in child[start[unit] : start[unit + 1]] if c >= circuit.sites}

    order: list[int] = []
    done: set[int] = set()
    stack = [circuit.root]
    while stack:
        unit = stack[-1]
        missing = [] if unit in done else sorted(units_read(unit) - done, reverse=True)
        stack.extend(missing)
        if not missing:
            stack.pop()
            if unit not in done:
                done.add(unit)
                order.append(unit)
    read_later: set[int] = set()
    last_uses = []
    for unit in reversed(order):
        last_uses.append([circuit.sites + u for u in units_read(unit) - read_later])
        read_later |= units_read(unit)
    return list(zip(order, reversed(last_uses), strict=True))


def peak_entries(circuit: Circuit, batches: Sequence[tuple[int, ...]]) -> int:
    """The most array entries that `evaluate` holds at once.

    `batches`: the leading axes of each input, equally many for all of them.
    """
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()
    dims = circuit.vertex_dims.tolist()
    batch = dict(enumerate(batches[: circuit.sites]))
    size: dict[int, int] = {}
    alive = peak = 0
    for unit, dead in schedule(circuit):
        vertex, children = circuit.sites + unit, set(child[start[unit] : start[unit + 1]])
        batch[vertex] = tuple(max(axis) for axis in zip(*(batch[c] for c in children), strict=True))
        size[vertex] = math.prod(batch[vertex]) * dims[vertex]
        largest = max(size[vertex], *(math.prod(batch[c]) * dims[c] for c in children))
        alive += size[vertex]
        peak = max(peak, alive + SCRATCH * largest)
        alive -= sum(size[v] for v in dead)
    return peak


def multiply_adds(circuit: Circuit, batches: Sequence[tuple[int, ...]]) -> int:
    """The most multiply-adds that `evaluate` needs, those of the output's matrix left out; `batches` as above."""
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()
    dims = circuit.vertex_dims.tolist()
    batch = list(batches[: circuit.sites])
    sizes: list[int] = [math.prod(axes) for axes in batch]
    total: int = 0
    for unit in range(circuit.units):
        children = child[start[unit] : start[unit + 1]]
        batch.append(tuple(max(axis) for axis in zip(*(batch[c] for c in children), strict=True)))
        sizes.append(math.prod(batch[-1]))
        channels = dims[circuit.sites + unit]
        total += channels * (sum(sizes[c] * dims[c] for c in children) + sizes[-1] * (len(children) - 1))
    total += sizes[-1] * dims[-1]
    return total


def _check_inputs(circuit: Circuit, inputs: Sequence[Array]) -> None:
    dims = circuit.terminal_dims.tolist()
    if len(inputs) != len(dims):
        raise MethodError(
            f"{len(inputs)} inputs given for {len(dims)} sites (the label of an open output counts as one)"
        )
    read = np.append(circuit.use_counts[: circuit.sites] > 0, True)
    for site, (array, dim) in enumerate(zip(inputs, dims, strict=True)):
        if read[site] and array.shape[-1] != dim:
            raise MethodError(f"the input of site {site} has dimension {array.shape[-1]}; the site has {dim}")
