"""The coefficient tensor matricized by a partition, [[A]]_{A,B}, by evaluation alone.

Rows are inputs of side A, columns inputs of side B: either all basis vectors of the sites of a side, in the order in
which the last site runs fastest, or a number of random probes. The label of an open output is the last site. A site
that no factor reads is left out, since nothing depends on it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from ..partition import Partition, Split
from ..tools.arrays import IntArray, product
from ..tools.memory import refuse_above
from ..tools.progress import told
from ..tools.values import as_integer
from ..tools.words import shown
from .evaluate import evaluate, multiply_adds, peak_entries
from .fields import Array
from .weights import Weights

Templates = Mapping[int, Array]  # dimension -> (dimension, dimension): the vectors of all sites of that dimension

BLOCK_BYTES = 2**22  # of the temporary arrays of a block of rows: they stay in the cache


def matricization(weights: Weights, partition: Split, *, memory_limit: int | None = None) -> Array:
    """[[A]]_{A,B}, (dimension of side A, dimension of side B), in the weights' field.

    A SizeError if more than `memory_limit` bytes are needed (by default a quarter of the free memory).
    """
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
    vector, and A is defined by its basis: there a probe is a basis vector. The basis vectors of these sites are drawn
    without replacement: no combination comes again before all others have come. So each row is a combination of rows of
    [[A]], each column one of its columns, and the rank never exceeds that of [[A]].

    With `templates`, their vectors stand for the basis, and every probe is one of them (see grid_rank.py). A SizeError
    if more than `memory_limit` bytes are needed.
    """
    circuit = weights.circuit
    split = circuit.terminals.partition(partition)
    sizes = ProbeSizes(circuit, split, probes)
    if not sizes.rows_are_a:
        flipped = Partition(~split.sides)
        return probe_matrix(weights, flipped, probes, seed=seed, templates=templates, memory_limit=memory_limit).T
    refuse_above(memory_limit, sizes.bytes, f"the matrix of function values, a side of {len(split.sites_a)} sites")
    rng = np.random.default_rng([seed, probes])
    vectors = [np.zeros((1, 1))] * len(split)
    for sites in read_sites(circuit, split):
        for site, vector in zip(sites.tolist(), _inputs(weights, sites, probes, rng, templates), strict=True):
            vectors[site] = vector
    rows, step = sizes.shape[0], sizes.block_rows
    values = np.empty(sizes.shape, dtype=weights.field.array(0).dtype)
    for start in told(range(0, rows, step), "function values, block", -(-rows // step)):
        batch = [
            vector[start : start + step, None] if side else vector[None]
            for vector, side in zip(vectors, split.sides, strict=True)
        ]
        values[start : start + step] = evaluate(weights, batch)
    return values


@dataclass(frozen=True, eq=False)
class ProbeSizes:
    """What a matrix of function values takes, known before it is computed: memory, and multiply-adds.

    A MethodError if the number of probes is no integer of 1 or more.
    """

    circuit: Circuit
    partition: Partition
    probes: int

    def __post_init__(self) -> None:
        probes = as_integer(self.probes)
        if probes is None or probes < 1:
            raise MethodError(f"the number of probes is {shown(self.probes)}; it must be an integer of 1 or more")

    @cached_property
    def dims(self) -> tuple[int, int]:
        """The dimensions of sides A and B."""
        return side_dims(self.circuit, self.partition)

    @property
    def shape(self) -> tuple[int, int]:
        """The inputs of side A, and those of side B."""
        on_a, on_b = (min(self.probes, dim) for dim in self.dims)
        return on_a, on_b

    @property
    def rows_are_a(self) -> bool:
        """Whether blocks of inputs of side A are evaluated, those of the longer side, with all inputs of side B."""
        return self.dims[0] >= self.dims[1]

    @cached_property
    def _row_bytes(self) -> int:
        """The temporary memory for one row of a block."""
        return 8 * peak_entries(self.circuit, self._batches(1))

    def _batches(self, rows: int) -> list[tuple[int, int]]:
        """The leading axes of the inputs of a block."""
        columns = min(self.shape)
        return [(rows, 1) if side == self.rows_are_a else (1, columns) for side in self.partition.sides]

    @property
    def block_rows(self) -> int:
        """How many rows are evaluated at once."""
        return min(max(self.shape), max(1, BLOCK_BYTES // self._row_bytes))

    @property
    def bytes(self) -> int:
        """The memory of the values, of the inputs, and of the temporary arrays of one block."""
        values = math.prod(self.shape)
        if values > 2**60:  # no machine has so much: spare the rest, in integers of a million digits
            return 8 * values
        inputs = sum(
            count * int(self.circuit.terminal_dims[sites].sum())
            for count, sites in zip(self.shape, read_sites(self.circuit, self.partition), strict=True)
        )
        # An input is there as integers, as an element of the field, and as a temporary array between the two.
        return 8 * (values + 3 * inputs) + self.block_rows * self._row_bytes

    @property
    def work(self) -> int:
        """The multiply-adds of the evaluation. What depends on the columns alone is computed again for each block."""
        blocks = -(-max(self.shape) // self.block_rows)
        return blocks * multiply_adds(self.circuit, self._batches(self.block_rows))


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
    dims = circuit.terminal_dims[sites]
    on_basis = path_counts(circuit)[sites] > 1
    if product(dims) <= probes or templates is not None:
        on_basis[:] = True
    indices = _basis_indices(dims[on_basis].tolist(), min(probes, product(dims)), rng)
    for dim, chosen in zip(dims.tolist(), on_basis, strict=True):
        if not chosen:
            yield field.random(rng, (probes, dim))
        elif templates is None:
            yield field.array(_one_hot(next(indices), dim))
        else:
            yield templates[dim][next(indices)]


def _basis_indices(dims: list[int], count: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """(count,) for each site the indices of its basis vectors in `count` combinations, drawn without replacement.

    Where there are fewer combinations each comes as often as any other, or once more. If there are exactly as many as
    asked for, they are in their order, the last site running fastest.
    """
    combinations = math.prod(dims)
    if combinations >= 2**62:  # so many that a repetition among drawn ones is all but excluded
        for dim in dims:
            yield rng.integers(dim, size=count)
        return
    rounds, rest = divmod(count, combinations)
    numbers = rng.choice(combinations, rest, replace=False) if rest else np.zeros(0, dtype=np.int64)
    if rounds:
        numbers = np.append(np.tile(np.arange(combinations), rounds), numbers)
    stride = combinations
    for dim in dims:
        stride //= dim
        yield numbers // stride % dim


def _one_hot(indices: IntArray, dim: int) -> Array:
    vectors = np.zeros((len(indices), dim), dtype=np.int64)
    vectors[np.arange(len(indices)), indices] = 1
    return vectors
