"""Evaluation of a circuit on product inputs, straight from its definition: no network, no cut.

The one recursion serves floats and exact integers, and inputs in batches of any shape. Inputs that broadcast,
(S, 1, dim) for the sites of side A and (1, S, dim) for those of side B, give the S x S matrix of function values
with all that depends on one side only computed once.
"""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from .fields import Array
from .gates import join
from .weights import Weights

SCRATCH = 6  # temporary arrays, as large as its operand or its result, that one matrix product needs


def evaluate(weights: Weights, inputs: Sequence[Array]) -> Array:
    """The output h(x_1 .. x_N), batch by batch; with an open output, its product with a vector on the labels.

    `inputs` has one array (..., dimension) for each site, and one for the label of an open output; their leading
    axes broadcast to those of the result. What is given for a site that no factor reads is ignored.
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


def _factors(circuit: Circuit, unit: int) -> list[list[int]]:
    """The matrix-child pairs of a unit, those that are added to each other together."""
    found: list[list[int]] = []
    for pair in range(circuit.factor_start[unit], circuit.factor_start[unit + 1]):
        if circuit.added[pair]:
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


def schedule(circuit: Circuit) -> list[tuple[int, list[int]]]:
    """Units in the order of evaluation, each with the vertices of units that are read for the last time.

    Each unit follows its children closely (depth first), so that few vectors are alive at once.
    """
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()

    def units_read(unit: int) -> set[int]:
        return {c - circuit.sites for c in child[start[unit] : start[unit + 1]] if c >= circuit.sites}

    order: list[int] = []
    done: set[int] = set()
    stack = [circuit.root]
    while stack:
        waiting = [] if stack[-1] in done else sorted(units_read(stack[-1]) - done, reverse=True)
        stack.extend(waiting)
        if not waiting and (unit := stack.pop()) not in done:
            done.add(unit)
            order.append(unit)
    read_later: set[int] = set()
    last_uses = []
    for unit in reversed(order):
        last_uses.append([circuit.sites + u for u in units_read(unit) - read_later])
        read_later |= units_read(unit)
    return list(zip(order, reversed(last_uses), strict=True))


def peak_entries(circuit: Circuit, batches: Sequence[tuple[int, ...]]) -> int:
    """The most array entries that `evaluate` holds at once, for inputs with these leading axes (all of one length)."""
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
