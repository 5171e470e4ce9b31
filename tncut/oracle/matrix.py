"""The coefficient tensor matricized by a partition, [[A]]_{A,B}, by evaluation alone.

Rows are inputs of side A, columns inputs of side B: all basis vectors of the sites of a side, the last of its sites
running fastest (the label of an open output is the last site), or a number of random probes. A site that no factor
reads carries no dependence and is left out.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from ..partition import Partition, Split
from ..tools.arrays import IntArray, product
from ..tools.memory import refuse_above
from .evaluate import evaluate, peak_entries
from .fields import Array
from .weights import Weights

Templates = Mapping[int, Array]  # dimension -> (dimension, dimension): the vectors of all sites of that dimension

BLOCK_BYTES = 2**22  # of temporary arrays for each block of rows: they stay in the cache


def matricization(weights: Weights, partition: Split, *, memory_limit: int | None = None) -> Array:
    """[[A]]_{A,B}, the dimension of side A x the dimension of side B; refused with a SizeError over the limit."""
    split = weights.circuit.terminals.partition(partition)
    return probe_matrix(weights, split, max(side_dims(weights.circuit, split)), memory_limit=memory_limit)


def probe_matrix(
    weights: Weights,
    partition: Split,
    probes: int,
    *,
    seed: int = 0,
    templates: Templates | None = None,
    memory_limit: int | None = None,
) -> Array:
    """Function values on `probes` inputs of either side; a side of no more dimensions is given its whole basis.

    A probe is a random vector on each site. Where a site is read on several paths the function is not linear in its
    vector, and A is defined by its basis: there a probe is a random basis vector. So each row is a combination of
    rows of [[A]], each column one of its columns, and the rank never exceeds that of [[A]].

    With `templates`, their vectors stand for the basis, and every probe is one of them (see grid_rank.py).
    """
    circuit = weights.circuit
    split = circuit.terminals.partition(partition)
    dims = side_dims(circuit, split)
    if dims[0] < dims[1]:  # blocks are cut from the longer side
        flipped = Partition(~split.sides)
        return probe_matrix(weights, flipped, probes, seed=seed, templates=templates, memory_limit=memory_limit).T
    rows, columns = (min(probes, dim) for dim in dims)
    needed = matrix_bytes(circuit, split, probes)
    refuse_above(memory_limit, needed, f"the matrix of function values, a side of {len(split.sites_a)} sites")
    rng = np.random.default_rng([seed, probes])
    vectors = [np.zeros((1, 1))] * len(split)
    for sites in read_sites(circuit, split):
        for site, vector in zip(sites.tolist(), _inputs(weights, sites, probes, rng, templates), strict=True):
            vectors[site] = vector
    step = _block_rows(circuit, split, columns)
    values = np.empty((rows, columns), dtype=weights.field.array(0).dtype)
    for start in range(0, rows, step):
        batch = [
            vector[start : start + step, None] if side else vector[None]
            for vector, side in zip(vectors, split.sides, strict=True)
        ]
        values[start : start + step] = evaluate(weights, batch)
    return values


def matrix_bytes(circuit: Circuit, partition: Partition, probes: int) -> int:
    """The memory that `probe_matrix` takes: the values, the inputs, and the temporary arrays of one block."""
    if probes < 1:
        raise MethodError(f"the number of probes is {probes}; it must be 1 or more")
    counts = [min(probes, dim) for dim in side_dims(circuit, partition)]
    values = math.prod(counts)
    if values > 2**60:  # no machine: spare the rest, in integers of a million digits
        return 8 * values
    inputs = sum(
        count * int(circuit.terminal_dims[sites].sum())
        for count, sites in zip(counts, read_sites(circuit, partition), strict=True)
    )
    block = _row_bytes(circuit, partition, min(counts)) * min(max(counts), _block_rows(circuit, partition, min(counts)))
    return 8 * (values + 3 * inputs) + block  # inputs: made from integers, taken to floats


def side_dims(circuit: Circuit, partition: Partition) -> tuple[int, int]:
    """The exact dimensions of sides A and B: the products of the dimensions of their sites that are read."""
    side_a, side_b = read_sites(circuit, partition)
    return product(circuit.terminal_dims[side_a]), product(circuit.terminal_dims[side_b])


def read_sites(circuit: Circuit, partition: Partition) -> tuple[IntArray, IntArray]:
    """The sites of sides A and B that some factor reads, and the label."""
    read = path_counts(circuit) > 0
    return np.flatnonzero(partition.sides & read), np.flatnonzero(~partition.sides & read)


def path_counts(circuit: Circuit) -> Array:
    """(terminals,) on how many paths each site, and the label, is read."""
    paths = circuit.multiplicities[: circuit.sites]
    return paths if circuit.open_output is None else np.append(paths, 1)


def _inputs(
    weights: Weights, sites: IntArray, probes: int, rng: np.random.Generator, templates: Templates | None
) -> Iterator[Array]:
    """Inputs of one side, (count, dimension) for each of its sites."""
    circuit, field = weights.circuit, weights.field

    def chosen(digits: IntArray, dim: int) -> Array:
        return field.array(_one_hot(digits, dim)) if templates is None else templates[dim][digits]

    dims, count = circuit.terminal_dims[sites].tolist(), product(circuit.terminal_dims[sites])
    if count <= probes:
        stride = count
        for dim in dims:
            stride //= dim
            yield chosen(np.arange(count) // stride % dim, dim)
        return
    for dim, paths in zip(dims, path_counts(circuit)[sites], strict=True):
        if paths > 1 or templates is not None:
            yield chosen(rng.integers(dim, size=probes), dim)
        else:
            yield field.random(rng, (probes, dim))


def _one_hot(digits: IntArray, dim: int) -> Array:
    vectors = np.zeros((len(digits), dim), dtype=np.int64)
    vectors[np.arange(len(digits)), digits] = 1
    return vectors


def _block_rows(circuit: Circuit, partition: Partition, columns: int) -> int:
    return max(1, BLOCK_BYTES // _row_bytes(circuit, partition, columns))


def _row_bytes(circuit: Circuit, partition: Partition, columns: int) -> int:
    """Temporary memory for one row."""
    return 8 * peak_entries(circuit, [(1, 1 if side else columns) for side in partition.sides])
