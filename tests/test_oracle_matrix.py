"""The matricization by evaluation: its layout, its probes, its memory and its work."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from tests.circuits import overlapping, pooled, random_partition, random_reuse, random_sums, random_tree
from tncut.circuit import Circuit
from tncut.errors import PartitionError, SizeError
from tncut.oracle import Floats, Modular, draw_weights, evaluate, matricization, probe_matrix, rank_modulo
from tncut.oracle import matrix as matrix_module
from tncut.oracle.matrix import ProbeSizes
from tncut.partition import Partition


def circuit_of(seed):
    rng = np.random.default_rng(seed)
    return [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3], rng


@pytest.mark.parametrize("seed", range(30))
def test_each_entry_is_the_value_on_basis_vectors(seed):
    circuit, rng = circuit_of(seed)
    weights, partition = draw_weights(circuit, field=Modular(), seed=seed), random_partition(rng, circuit)
    matrix = matricization(weights, partition)
    dims = circuit.terminal_dims
    shapes = [dims[sites].tolist() for sites in (partition.sites_a, partition.sites_b)]
    assert matrix.shape == tuple(int(np.prod(shape)) for shape in shapes)
    for _ in range(5):
        row, column = (int(rng.integers(length)) for length in matrix.shape)
        digits = np.zeros(len(dims), dtype=int)
        digits[partition.sites_a] = np.unravel_index(row, shapes[0]) if shapes[0] else []
        digits[partition.sites_b] = np.unravel_index(column, shapes[1]) if shapes[1] else []
        basis = [np.eye(dim, dtype=np.int64)[digit] for dim, digit in zip(dims, digits, strict=True)]
        assert matrix[row, column] == evaluate(weights, basis)


@pytest.mark.parametrize("seed", range(12))
def test_blocks_of_one_row_give_the_same_matrix(seed, monkeypatch):
    circuit, rng = circuit_of(seed)
    weights, partition = draw_weights(circuit, field=Modular(), seed=seed), random_partition(rng, circuit)
    whole = matricization(weights, partition)
    monkeypatch.setattr(matrix_module, "BLOCK_BYTES", 1)
    assert np.array_equal(matricization(weights, partition), whole)


@pytest.mark.parametrize("seed", range(40))
def test_probes_never_exceed_the_rank_and_reach_it_where_each_site_is_read_once(seed):
    circuit, rng = circuit_of(seed)
    weights, partition = draw_weights(circuit, field=Modular(), seed=seed), random_partition(rng, circuit)
    rank = rank_modulo(matricization(weights, partition))
    for probes in (1, 2, 5, 11):
        probed = rank_modulo(probe_matrix(weights, partition, probes, seed=seed))
        assert probed <= min(rank, probes)
        if seed % 3 == 0:
            assert probed == min(rank, probes)


def read_twice(sites, channels):
    """Binary sites that one unit reads twice each."""
    return Circuit.from_units([2] * sites, [(channels, [("site", i) for i in range(sites)] * 2)])


@pytest.mark.parametrize(("sites", "probes"), [(5, 31), (6, 48), (7, 100)])
def test_basis_inputs_are_drawn_without_replacement(sites, probes):
    weights = draw_weights(read_twice(2 * sites, 2**sites), field=Modular(), seed=1)
    matrix = probe_matrix(weights, range(sites), probes, seed=1)
    assert matrix.shape == (probes, probes)
    assert rank_modulo(matrix) == probes


def test_2048_basis_inputs_of_4096_are_all_different():
    weights = draw_weights(read_twice(13, 3), field=Modular(), seed=1)
    matrix = probe_matrix(weights, range(12), 2048, seed=1)
    assert matrix.shape == (2048, 2)
    assert len(np.unique(matrix, axis=0)) == 2048


def test_basis_inputs_come_equally_often_beside_free_vectors():
    """Side A: a site of dimension 3 that is read twice, and a site read once. Each input of the first has rank 5."""
    units = [(5, [("site", 1), ("site", 3)]), (3, [("site", 0), ("site", 2)]), (3, [("site", 0), ("site", 2)])]
    circuit = Circuit.from_units([3, 64, 9, 64], [*units, (1, [("unit", 0), ("unit", 1), ("unit", 2)])])
    weights = draw_weights(circuit, field=Modular(), seed=2)
    assert rank_modulo(matricization(weights, {0, 1})) == 15
    assert [rank_modulo(probe_matrix(weights, {0, 1}, 15, seed=seed)) for seed in range(20)] == [15] * 20


class Counting(Modular):
    """Arithmetic that counts its multiply-adds."""

    counted = 0

    def matmul(self, x, y):
        Counting.counted += x.size * y.shape[1]
        return super().matmul(x, y)

    def multiply(self, x, y):
        Counting.counted += np.broadcast(x, y).size
        return super().multiply(x, y)

    def add(self, x, y):
        Counting.counted += np.broadcast(x, y).size
        return super().add(x, y)


@pytest.mark.parametrize("block_bytes", [2**22, 2**12])
@pytest.mark.parametrize("seed", range(20))
def test_the_work_done_is_at_most_what_was_predicted_and_more_than_half(seed, block_bytes, monkeypatch):
    monkeypatch.setattr(matrix_module, "BLOCK_BYTES", block_bytes)
    rng = np.random.default_rng(seed)
    circuit = replace(random_sums(rng) if seed % 2 else random_reuse(rng), open_output=None, root_map=True)
    split = random_partition(rng, circuit)
    sizes = ProbeSizes(circuit, split, 30)
    Counting.counted = 0
    weights = draw_weights(circuit, field=Counting(), seed=seed)
    probe_matrix(weights, split, 30)
    readouts = -(-max(sizes.shape) // sizes.block_rows) * int(circuit.unit_dims[-1])
    assert Counting.counted <= sizes.work + readouts <= 2 * Counting.counted


def test_sites_that_no_factor_reads_are_left_out():
    read = Circuit.from_units([2, 3], [(4, [("site", 0), ("site", 1)])], open_output=2)
    more = Circuit.from_units([5, 2, 3, 5], [(4, [("site", 1), ("site", 2)])], open_output=2)
    a = matricization(draw_weights(read, field=Modular()), Partition.of(3, {0, 2}))
    b = matricization(draw_weights(more, field=Modular()), Partition.of(5, {0, 1, 4}))
    assert a.shape == (4, 3)
    assert np.array_equal(a, b)


def test_an_empty_side_is_one_row():
    weights = draw_weights(pooled(2, [2], [3]), field=Floats())
    assert matricization(weights, Partition.of(2, [])).shape == (1, 4)


@pytest.mark.parametrize("field", [Floats(), Modular()])
@pytest.mark.parametrize(
    ("circuit", "partition", "probes"),
    [
        (pooled(2, [2] * 6, [2] * 6), "odd-even", 150),
        (pooled(2, [2] * 4, [30, 20, 10, 5]), Partition.of(16, {0, 1, 2}), 2000),
        (pooled(4, [8], [7]), Partition.of(8, {0}), 10**4),
        (overlapping(12, 3, 4, 3, 4), "odd-even", 200),
    ],
)
def test_the_memory_taken_is_at_most_what_was_predicted(circuit, partition, probes, field):
    weights, split = draw_weights(circuit, field=field), circuit.terminals.partition(partition)
    tracemalloc.start()
    try:
        probe_matrix(weights, split, probes)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= ProbeSizes(circuit, split, probes).bytes + 3 * 10**5  # Python's own objects, and what ufuncs buffer


def test_what_does_not_fit_is_refused_before_it_starts():
    weights = draw_weights(pooled(2, [2] * 12, [1] * 12), field=Floats())
    with pytest.raises(SizeError, match=r"about 10\^1227 MB of memory, over the limit of"):
        matricization(weights, "odd-even")
    with pytest.raises(SizeError, match=r"over the limit of 0\.1 MB"):
        matricization(draw_weights(pooled(2, [14], [2]), field=Floats()), "odd-even", memory_limit=10**5)


def test_a_partition_of_other_sites_is_refused():
    weights = draw_weights(pooled(2, [2], [3], open_output=2), field=Floats())
    with pytest.raises(PartitionError, match="has 2 sides; the network needs 3"):
        matricization(weights, Partition.of(2, {0}))
