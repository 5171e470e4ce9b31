"""Flows, splits, trees, programs and terms: against each other, and against all plans of small circuits."""

import numpy as np
import pytest

from tests.circuits import random_partition, random_reuse, random_sums, random_tree
from tests.pairings import choices, most_pairs, valley
from tests.test_proven_additive import alternatives
from tncut.architectures import ConvAC, Layer, compile
from tncut.circuit import Circuit
from tncut.partition import Partition
from tncut.proven.pairing.digits import Digits, bases, floor_log
from tncut.proven.pairing.flow import joint_flow, shortest_flow, split_flow
from tncut.proven.pairing.program import INTEGER_LIMIT, programmed_terms, programmed_up
from tncut.proven.pairing.search import best_flow
from tncut.proven.pairing.terms import candidate_terms
from tncut.proven.pairing.tree import is_tree, tree_flow


def drawn(make, seed: int, base: int = 2) -> Digits:
    rng = np.random.default_rng(seed)
    circuit = make(rng)
    return Digits.of(circuit, random_partition(rng, circuit), base)


def convolutions(size: int, depth: int, channels: int, site_dim: int, padding: str) -> Circuit:
    layers = [Layer(channels=channels, window=3, stride=1, padding=padding)] * depth
    last = Layer(channels=channels, window="all")
    return compile(ConvAC(sites=(size, size), site_dim=site_dim, layers=[*layers, last]))


@pytest.mark.parametrize("seed", range(80))
def test_every_split_is_a_pairing_and_none_exceeds_the_joint_flow(seed):
    digits = drawn(random_reuse, seed)
    held = digits.held[digits.circuit.sites :]
    up = np.random.default_rng(seed).integers(held + 1)
    flow = split_flow(digits, up, held - up)
    assert flow.valid
    assert (flow.up + flow.down <= held).all()
    assert flow.pairs == flow.met.sum() + flow.at_output <= best_flow(digits).pairs <= joint_flow(digits).pairs


@pytest.mark.parametrize("seed", range(60))
def test_the_linear_program_is_integral_on_ordinary_circuits(seed):
    digits = drawn(random_reuse, seed)
    if not is_tree(digits):
        most = most_pairs(digits.circuit, digits.partition, 2)
        assert programmed_up(digits, integers=False)[1] == programmed_up(digits, integers=True)[1] == most
        assert best_flow(digits).pairs == most


def test_the_linear_program_is_not_always_integral():
    circuit, partition = valley()
    digits = Digits.of(circuit, partition, 2)
    assert most_pairs(circuit, partition, 2, integers=False) == pytest.approx(1.5)
    assert most_pairs(circuit, partition, 2) == best_flow(digits).pairs == 1
    assert joint_flow(digits).pairs == 2


@pytest.mark.parametrize("read_again", [False, True])
@pytest.mark.parametrize("seed", range(120))
def test_on_trees_the_joint_flow_settles_and_pairing_at_once_is_best(read_again, seed):
    digits = drawn(lambda rng: random_tree(rng, most_dim=9, read_again=read_again), seed)
    joint = joint_flow(digits)
    assert joint.settled.valid
    if is_tree(digits):
        assert tree_flow(digits).valid
        assert tree_flow(digits).pairs == joint.pairs


@pytest.mark.parametrize("seed", range(40))
def test_the_shortest_paths_are_as_many(seed):
    digits = drawn(random_reuse, seed)
    everywhere = np.ones(len(digits.held), dtype=bool)
    joint, short = joint_flow(digits).settled, shortest_flow(digits, everywhere).settled
    assert short.pairs == joint.pairs
    assert short.up.sum() + short.down.sum() <= joint.up.sum() + joint.down.sum()


@pytest.mark.parametrize(
    ("size", "depth", "channels", "site_dim", "padding", "pairs"),
    [
        (16, 3, 8, 4, "valid", 139),
        (16, 3, 16, 4, "valid", 164),
        (16, 2, 16, 2, "valid", 68),
        (32, 4, 8, 4, "same", 387),
    ],
)
def test_overlapping_windows_reach_the_joint_flow(size, depth, channels, site_dim, padding, pairs):
    circuit = convolutions(size, depth, channels, site_dim, padding)
    digits = Digits.of(circuit, Partition.parse("left-right", (size, size)), 2)
    assert best_flow(digits).pairs == joint_flow(digits).pairs == pairs


def test_without_programs_little_is_lost(monkeypatch):
    monkeypatch.setattr("tncut.proven.pairing.search.REAL_LIMIT", 0)
    for channels, site_dim, padding in (
        (4, 2, "valid"),
        (8, 4, "valid"),
        (16, 4, "valid"),
        (4, 2, "same"),
        (8, 4, "same"),
    ):
        digits = Digits.of(convolutions(16, 3, channels, site_dim, padding), Partition.parse("left-right", (16, 16)), 2)
        assert best_flow(digits).pairs >= 0.95 * joint_flow(digits).pairs


def test_nothing_is_searched_for_beyond_a_rank_out_of_reach():
    digits = Digits.of(convolutions(4, 1, 4, 4, "same"), Partition.parse("odd-even", 16), 2)
    joint = joint_flow(digits)
    assert best_flow(digits, beyond=2**joint.pairs).pairs == 0
    assert best_flow(digits, beyond=2**joint.pairs - 1).pairs == joint.pairs


@pytest.mark.parametrize("seed", range(12))
def test_the_integer_program_chooses_the_best_terms(seed):
    digits = drawn(random_sums, seed)
    assert len(digits.used) <= INTEGER_LIMIT
    terms = programmed_terms(digits)
    assert set(np.flatnonzero(terms)) in list(choices(digits.circuit))
    assert best_flow(digits.with_terms(terms)).pairs == most_pairs(digits.circuit, digits.partition, 2)


@pytest.mark.parametrize("seed", range(60))
def test_where_the_terms_leave_a_tree_the_first_candidate_is_the_best(seed):
    digits = drawn(alternatives, seed)
    terms = next(candidate_terms(digits))
    assert is_tree(digits.with_terms(terms))
    assert best_flow(digits.with_terms(terms)).pairs == most_pairs(digits.circuit, digits.partition, 2)


@pytest.mark.parametrize("seed", range(8))
def test_the_bases_cover_all_others(seed):
    dims = np.random.default_rng(seed).integers(1, 200, 4)
    for base in range(2, 200):
        power = base ** floor_log(dims, base)
        covered = (other ** floor_log(dims, other) for other in bases(dims.tolist()))
        assert not power.max() > 1 or any((better >= power).all() for better in covered)


def test_digits_of_one_side_stay_where_they_can_arrive():
    units = [(4, [("site", 0)]), (1, [("site", 1)]), (4, [("unit", 0), ("unit", 1)])]
    digits = Digits.of(Circuit.from_units([4, 4], units), Partition.of(2, {0}), 2)
    assert digits.has_a.tolist() == [True, False, True, False, True]
    assert digits.has_b.tolist() == [False, True, False, False, False]
    assert digits.most == 2
