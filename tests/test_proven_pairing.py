"""Pairings against exact ranks, minimum cuts, all plans of small circuits, and their own 0/1 weights."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import random_mixed, random_residual
from tests.circuits import overlapping, random_partition, random_reuse, random_sums, random_tree, recurrent, seeds
from tests.pairings import most_pairs, valley
from tncut.architectures import ConvAC, Layer, compile
from tncut.circuit import Circuit
from tncut.errors import MethodError, PartitionError
from tncut.formats import load
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import PRIME, Modular, Weights, exact_rank, matricization, rank_modulo
from tncut.partition import Partition
from tncut.proven.additive import additive_bound
from tncut.proven.generic import rank_lower
from tncut.proven.pairing import Pairing, best_pairing, check_pairing, pairing_weights

FAMILIES = {
    "re-use": random_reuse,
    "large dimensions": lambda rng: random_reuse(rng, sites=int(rng.integers(2, 4)), most_dim=9),
    "trees": random_tree,
    "sites read again": lambda rng: random_tree(rng, read_again=True),
    "sums": random_sums,
    "residual": lambda rng: compile(random_residual(rng)),
    "mixed": lambda rng: compile(random_mixed(rng)),
}


def drawn(family: str, seed: int) -> tuple[Circuit, Partition]:
    rng = np.random.default_rng(seed)
    circuit = FAMILIES[family](rng)
    return circuit, random_partition(rng, circuit)


def measured(pairing: Pairing) -> int:
    """The exact rank of the 0/1 weights."""
    field, (matrices, output) = Modular(PRIME), pairing_weights(pairing)
    fields = [None if matrix is None else field.array(matrix) for matrix in (*matrices, output)]
    weights = Weights(pairing.circuit, field, tuple(fields[:-1]), fields[-1])
    return rank_modulo(matricization(weights, pairing.partition))


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=40)
@given(seed=seeds())
def test_the_rank_lies_between_the_pairing_and_the_cut(family, seed):
    circuit, partition = drawn(family, seed)
    pairing = best_pairing(circuit, partition)
    upper = additive_bound(circuit, partition)
    assert check_pairing(pairing) is None
    assert pairing.rank <= exact_rank(circuit, partition, seed=seed).rank <= upper


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=50)
@given(seed=seeds())
def test_the_weights_of_a_pairing_attain_its_rank_exactly(family, seed):
    pairing = best_pairing(*drawn(family, seed))
    assert measured(pairing) == pairing.rank


@pytest.mark.parametrize("read_again", [False, True])
@settings(max_examples=150)
@given(seed=seeds())
def test_on_trees_it_is_the_cut_of_the_rounded_dimensions(read_again, seed):
    rng = np.random.default_rng(seed)
    circuit = random_tree(rng, most_dim=9, read_again=read_again)
    partition = random_partition(rng, circuit)
    assert best_pairing(circuit, partition).rank == rank_lower(min_cut(unfold(circuit), partition)).rank


@pytest.mark.parametrize("family", ["re-use", "sums"])
@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_small_circuit_has_more_pairs(family, seed):
    circuit, partition = drawn(family, seed)
    bases = range(2, 1 + max(2, *circuit.vertex_dims.tolist(), circuit.open_output or 1))
    assert best_pairing(circuit, partition).rank == max(
        base ** round(most_pairs(circuit, partition, base)) for base in bases
    )


@pytest.mark.parametrize(
    ("circuit", "partition", "bits"),
    [
        (compile(load("overlap-16")), "odd-even", 16),
        (compile(load("overlap-2d-4x4")), "odd-even", 8),
        (compile(load("mixed-16")), Partition.of(16, {0, 2, 4, 6, 8, 9, 12, 13}), 8),
        (compile(load("residual-8")), "odd-even", 4),
        (recurrent(6, 3, [2, 2]), Partition.of(6, {0, 1, 2}), 2),
        (overlapping(12, 2, 2, 2, 3), "odd-even", 6),
        (overlapping(12, 2, 2, 2, 3), "left-right", 3),
    ],
)
def test_known_circuits(circuit, partition, bits):
    assert math.log2(best_pairing(circuit, partition).rank) == bits


def test_a_layer_of_overlapping_windows_is_tight_on_interleaved_partitions():
    layers = [Layer(channels=8, window=3, stride=1, padding="same")] * 4
    circuit = compile(ConvAC(sites=(32, 32), site_dim=4, layers=[*layers, Layer(channels=8, window="all")]))
    for partition in ("checkerboard", "random:seed=1"):
        assert best_pairing(circuit, partition).pairs == 1024
    assert best_pairing(circuit, "left-right").pairs == 387


def test_half_pairs_are_not_paired():
    circuit, partition = valley()
    assert most_pairs(circuit, partition, 2, integers=False) == pytest.approx(1.5)
    assert best_pairing(circuit, partition).rank == 2
    assert exact_rank(circuit, partition).rank == 4
    wider = replace(circuit, site_dims=circuit.site_dims**2, unit_dims=circuit.unit_dims**2)
    assert best_pairing(wider, partition).rank == 8


def test_a_path_that_has_come_down_may_not_go_up_again():
    units = [(4, [("site", 2)]), (4, [("site", 0), ("unit", 0)]), (4, [("unit", 0), ("site", 1)])]
    circuit = Circuit.from_units([4, 4, 4], [*units, (1, [("unit", 1), ("unit", 2)])])
    partition = Partition.of(3, {0})
    assert best_pairing(circuit, partition).rank == 4
    assert best_pairing(circuit, Partition.of(3, {0, 2})).rank == 4


@pytest.mark.parametrize("root_map", [False, True])
@pytest.mark.parametrize("label_on_a", [False, True])
def test_the_label_is_one_more_site(root_map, label_on_a):
    circuit = Circuit.from_units([2, 2], [(4, [("site", 0), ("site", 1)])], root_map=root_map, open_output=4)
    alone = best_pairing(circuit, Partition(np.array([not label_on_a, not label_on_a, label_on_a])))
    assert (alone.rank, alone.met_at_output, measured(alone)) == (4, 2, 4)
    split = best_pairing(circuit, Partition(np.array([True, False, label_on_a])))
    assert split.rank == measured(split) == 2


def test_without_a_map_and_a_label_the_output_is_one_channel():
    circuit = Circuit.from_units([3, 3], [(5, [("site", 0), ("site", 1)])], root_map=False)
    assert best_pairing(circuit, Partition.of(2, {0})).rank == 1


def test_what_nothing_reads_and_what_has_one_value_pairs_nothing():
    circuit = Circuit.from_units([4, 4, 1], [(4, [("site", 0), ("site", 0), ("site", 2)])])
    for side_a in ({0}, {1}, {2}, set()):
        assert best_pairing(circuit, Partition.of(3, side_a)).rank == 1


def test_bases_other_than_two_are_tried():
    circuit = Circuit.from_units([9, 9], [(9, [("site", 0), ("site", 1)])])
    assert (best_pairing(circuit, Partition.of(2, {0})).base, best_pairing(circuit, Partition.of(2, {0})).rank) == (
        3,
        9,
    )
    circuit = Circuit.from_units([7, 7], [(7, [("site", 0)]), (7, [("site", 1), ("unit", 0)])])
    assert best_pairing(circuit, Partition.of(2, {0})).rank == 7


def test_what_it_does_not_serve_is_refused():
    circuit = Circuit.from_units([2, 2], [(2, [("site", 0), ("site", 1)])], open_output=2)
    with pytest.raises(PartitionError, match="has 2 sides; the network needs 3"):
        best_pairing(circuit, Partition.of(2, {0}))
    with pytest.raises(MethodError, match="max gates"):
        best_pairing(replace(circuit, gate="max"), Partition.of(3, {0}))
