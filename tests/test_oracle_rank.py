"""Exact ranks against flint, and against the values of the literature."""

import flint
import numpy as np
import pytest

from tests.circuits import overlapping, pooled, random_partition, random_reuse, random_tree, recurrent
from tncut.errors import MethodError, PartitionError, SizeError
from tncut.oracle import PRIME, Modular, exact_rank, rank_modulo
from tncut.partition import Partition


def flint_rank(matrix, prime):
    return flint.nmod_mat(*matrix.shape, [int(entry) for entry in matrix.ravel()], prime).rank()


@pytest.mark.parametrize("prime", [2, 3, 101, PRIME])
@pytest.mark.parametrize("seed", range(15))
def test_rank_modulo_agrees_with_flint(seed, prime):
    rng, field = np.random.default_rng(seed), Modular(prime)
    rows, columns = rng.integers(1, 300, 2)
    rank = int(rng.integers(0, min(rows, columns) + 1))
    matrix = field.matmul(field.random(rng, (rows, rank)), field.random(rng, (rank, columns)))
    matrix[:, rng.random(columns) < 0.3] = 0
    matrix[rng.random(rows) < 0.3] = 0
    assert rank_modulo(matrix, prime) == flint_rank(matrix, prime)


@pytest.mark.parametrize("seed", range(10))
def test_sparse_and_echelon_matrices_agree_with_flint(seed):
    rng = np.random.default_rng(seed)
    matrix = np.triu(rng.integers(PRIME, size=(150, 260)) * (rng.random((150, 260)) < 0.02), int(rng.integers(-5, 140)))
    assert rank_modulo(matrix) == flint_rank(matrix, PRIME)
    assert rank_modulo(matrix.T) == flint_rank(matrix, PRIME)


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        (np.zeros((0, 0), int), 0),
        (np.zeros((0, 5), int), 0),
        (np.zeros((5, 0), int), 0),
        (np.zeros((200, 300), int), 0),
        ([[0, 0, 3]], 1),
        ([[0], [0], [3]], 1),
        ([[PRIME, 2 * PRIME]], 0),
        ([[-1, 1], [1, -1]], 1),
        ([[2**70, 1], [1, 2**70]], 2),
        (np.eye(257, dtype=int)[::-1], 257),
        (np.ones((130, 130), bool), 1),
    ],
)
def test_small_and_degenerate_matrices(matrix, rank):
    assert rank_modulo(matrix) == rank


def test_the_rank_depends_on_the_prime():
    assert [rank_modulo([[1, 2], [3, 1]], prime) for prime in (5, 7)] == [1, 2]


def test_what_is_no_integer_matrix_is_refused():
    for matrix in ([1, 2], [[1.0]], [[[1]]]):
        with pytest.raises(MethodError, match="matrix of integers"):
            rank_modulo(matrix)
    with pytest.raises(MethodError, match="no prime"):
        rank_modulo([[1]], 10)


REFERENCE = [
    (pooled(2, [6], [5]), Partition.of(6, {0, 1, 2}), "random", 5),
    (pooled(2, [6], [5]), Partition.of(6, {0, 1, 2}), "shared", 4),
    (pooled(2, [6], [5]), Partition.of(6, {0, 1}), "random", 4),
    (pooled(2, [6], [5]), Partition.of(6, {0, 1}), "shared", 3),
    (pooled(4, [4], [3]), "left-right", "random", 3),
    (pooled(2, [2, 2], [4, 4]), "left-right", "random", 4),
    (pooled(2, [2, 2], [4, 4]), "left-right", "shared", 3),
    (pooled(2, [2, 2], [4, 4]), "odd-even", "random", 4),
    (pooled(2, [2, 2], [3, 4]), "left-right", "random", 3),
    (pooled(2, [2] * 3, [2, 4, 16]), "left-right", "random", 4),
    (pooled(2, [2] * 3, [2, 4, 16]), "odd-even", "random", 16),
    (pooled(2, [2] * 3, [16, 2, 2]), "left-right", "random", 2),
    (pooled(2, [2] * 3, [16, 2, 2]), "odd-even", "random", 16),
    (pooled(2, [2] * 4, [2] * 4), "odd-even", "random", 256),
    (pooled(2, [2] * 4, [2] * 4), "alternating:2", "random", 16),
    (pooled(2, [2] * 4, [2] * 4), "alternating:4", "random", 4),
    (pooled(2, [4, 4], [2, 2]), "odd-even", "random", 16),
    (pooled(2, [4, 4], [2, 2]), "left-right", "random", 2),
    (pooled(2, [3, 3], [3, 2]), Partition.of(9, {0, 1, 3, 4}), "random", 7),
    (pooled(3, [3, 2], [5, 2]), Partition.of(6, {0, 1, 3}), "random", 14),
    (recurrent(4, 2, [3]), "left-right", "random", 3),
    (recurrent(6, 3, [10]), "left-right", "random", 10),
    (recurrent(6, 3, [2]), "odd-even", "random", 8),
    (recurrent(6, 3, [2, 2]), "left-right", "random", 8),
    *((overlapping(12, 2, 2, 2, depth), "left-right", "random", 2 ** (depth + 1)) for depth in range(6)),
    (pooled(2, [2] * 3, [2] * 3), "odd-even", "witness", 16),
    (pooled(2, [2] * 3, [2] * 3), "left-right", "witness", 1),
    *((pooled(3, [4], [3]), Partition.of(4, side), "identity", 3) for side in ({0}, {1, 3}, {0, 1, 2})),
]


@pytest.mark.parametrize(("circuit", "partition", "weights", "rank"), REFERENCE)
def test_ranks_of_the_literature(circuit, partition, weights, rank):
    found = exact_rank(circuit, partition, weights=weights, seed=3)
    assert (found.rank, found.method, found.complete, found.prime, found.seed) == (rank, "full tensor", True, PRIME, 3)


def test_probes_measure_what_is_too_large_for_the_full_tensor():
    found = exact_rank(pooled(2, [2] * 8, [2] * 8), "alternating:32")
    assert (found.rank, found.shape, found.method, found.complete) == (16, (64, 64), "probes", True)
    small_side = exact_rank(pooled(2, [2] * 5, [9] * 5), Partition.of(32, {0, 3}))
    assert (small_side.rank, small_side.shape, small_side.method, small_side.complete) == (4, (4, 64), "probes", True)


@pytest.mark.parametrize("seed", range(30))
def test_the_full_tensor_and_enough_probes_have_equal_rank(seed):
    rng = np.random.default_rng(seed)
    circuit = [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3]
    partition = random_partition(rng, circuit)
    full = exact_rank(circuit, partition, seed=seed)
    assert full.complete
    for probes in (1, 3, 9, 20):
        probed = exact_rank(circuit, partition, seed=seed, probes=probes)
        assert probed.rank <= full.rank
        assert max(probed.shape) <= probes
        if probed.complete:
            assert probed.rank == full.rank


def test_too_few_probes_are_a_lower_bound_and_say_so():
    circuit, partition = pooled(2, [2] * 4, [2] * 4), "odd-even"
    for probes, rank, complete in ((64, 64, False), (255, 255, False), (256, 256, True)):
        found = exact_rank(circuit, partition, probes=probes)
        assert (found.rank, found.complete) == (rank, complete)


def test_probes_of_copied_sites_exclude_no_larger_rank():
    """Rows of the tensor sampled one by one may miss what the rest would add."""
    found = exact_rank(overlapping(14, 2, 2, 2, 2), "left-right", probes=100)
    assert (found.rank, found.complete) == (8, False)


def test_a_small_memory_limit_turns_to_probes_and_then_refuses():
    circuit, partition = pooled(2, [20], [7]), "left-right"
    assert exact_rank(circuit, partition, memory_limit=10**7).method == "probes"
    few = exact_rank(circuit, partition, memory_limit=10**5)
    assert few.shape == (8, 8)
    assert (few.rank, few.complete) == (7, True)
    with pytest.raises(SizeError, match=r"2 probes.*over the limit of"):
        exact_rank(circuit, partition, memory_limit=10**2)


def test_probes_double_only_within_the_work_limit():
    circuit = pooled(2, [2] * 6, [2] * 6)
    work = {probes: exact_rank(circuit, "odd-even", probes=probes).work for probes in (64, 128, 256)}
    assert work[64] < work[128] < work[256]
    assert exact_rank(circuit, "odd-even", work_limit=work[128]).shape == (128, 128)
    with pytest.raises(SizeError, match=r"2 probes .* needs .*e\+\d+ multiply-adds, over the limit of 1\.0e\+02"):
        exact_rank(circuit, "odd-even", work_limit=100)
    with pytest.raises(SizeError, match=r"rank by 256 probes .* \(work_limit\)"):
        exact_rank(circuit, "odd-even", probes=256, work_limit=work[128])


def test_what_would_take_days_is_refused_at_once():
    circuit = overlapping(400, 2, 20000, 9, 3)
    with pytest.raises(SizeError, match="multiply-adds, over the limit"):
        exact_rank(circuit, "odd-even", memory_limit=10**14)


def test_impossible_probes_and_partitions_are_refused():
    circuit = pooled(2, [2], [2])
    with pytest.raises(MethodError, match="the number of probes is 0"):
        exact_rank(circuit, "odd-even", probes=0)
    with pytest.raises(PartitionError, match="3 sides"):
        exact_rank(circuit, Partition.of(3, {0}))
