"""The check of pairings: every rule is broken once, and random changes are judged by the exact rank."""

from dataclasses import replace

import numpy as np
import pytest

from tests.circuits import random_partition, random_reuse, random_sums
from tncut.circuit import Circuit
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven.pairing import Pairing, best_pairing, check_pairing

CHAIN = Circuit.from_units(
    [2, 2, 4],
    [
        (4, [("site", 0), ("site", 2)]),
        (2, [("unit", 0), ("sum", [("site", 1), ("site", 2)])]),
        (2, [("unit", 0), ("unit", 1)]),
    ],
    open_output=2,
)


def chain(**changes) -> Pairing:
    """Site 0 meets site 2 in unit 0, and what is left of site 2 goes up to the label."""
    ints = {"carried_a": [1, 0, 0, 0, 0, 0, 0], "carried_b": [0, 2, 0, 0, 0, 1, 0], "met": [1, 0, 0]}
    flags = {"used": [True] * 3 + [True, False, True, True]}
    values = {key: np.array(value, dtype=np.int64) for key, value in (ints | changes).items() if key in ints}
    used = np.array((flags | changes)["used"])
    plain = {"circuit": CHAIN, "partition": Partition.of(4, {0, 3}), "base": 2, "met_at_output": 1}
    return Pairing(**(plain | {key: changes[key] for key in plain if key in changes}), **values, used=used)


def test_a_valid_pairing_passes():
    assert check_pairing(chain()) is None
    assert chain().rank == 4 <= exact_rank(CHAIN, chain().partition).rank


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"met": [1, 0]}, "one entry"),
        ({"base": 1}, "base is 2"),
        ({"met": [1, -1, 0]}, "negative"),
        ({"carried_a": [1, 0, 0, 0, 1, 0, 0]}, "not used carry nothing"),
        ({"carried_a": [1, 1, 0, 0, 0, 0, 0]}, "sites of A give digits of A only"),
        ({"carried_b": [1, 2, 0, 0, 0, 1, 0]}, "sites of A give digits of A only"),
        ({"carried_a": [2, 0, 0, 0, 0, 0, 0]}, "sites give each digit once"),
        ({"met": [0, 0, 0]}, "a digit for each item"),
        ({"carried_b": [0, 2, 0, 0, 0, 2, 0]}, "a digit for each item"),
        ({"met": [2, 0, 0]}, "carry on only what arrived"),
        ({"met": [1, 0, 1]}, "carry on only what arrived"),
        ({"partition": Partition.of(4, {0})}, "what is left at the output"),
        ({"met_at_output": 2}, "what is left at the output"),
        ({"used": [True] * 7}, "one term"),
        ({"used": [True, True, True, False, False, True, True]}, "one term"),
    ],
)
def test_each_rule_can_be_broken(changes, rule):
    assert rule in str(check_pairing(chain(**changes)))


def test_labels_and_numbers_are_checked():
    wide = replace(CHAIN, unit_dims=np.array([4, 4, 4]))
    many = chain(circuit=wide, carried_a=[0] * 7, carried_b=[0, 2, 0, 0, 0, 2, 0], met=[0, 0, 0], met_at_output=2)
    assert "the label gives each digit once" in str(check_pairing(many))
    halves = replace(chain(), carried_a=chain().carried_a * 0.5)
    assert "whole numbers" in str(check_pairing(halves))


def test_what_the_output_does_not_depend_on_pairs_nothing():
    units = [(2, [("site", 0), ("site", 1)]), (2, [("sum", [("unit", 0), ("site", 0)])])]
    circuit, partition = Circuit.from_units([2, 2], units), Partition.of(2, {0})
    best = best_pairing(circuit, partition)
    assert best.rank == 2
    cut_off = replace(best, used=np.array([True, True, False, True]))
    assert "does not depend on" in str(check_pairing(cut_off))


def corrupted(make, seed):
    """The best pairing of a random circuit, with one number changed by one."""
    rng = np.random.default_rng(seed)
    circuit = make(rng)
    best = best_pairing(circuit, random_partition(rng, circuit))
    name = str(rng.choice(["carried_a", "carried_b", "met"]))
    values = getattr(best, name).copy()
    values[rng.integers(len(values))] += rng.choice([-1, 1])
    return replace(best, **{name: values})


@pytest.mark.parametrize("make", [random_reuse, random_sums])
@pytest.mark.parametrize("seed", range(60))
def test_a_corrupted_plan_is_rejected_or_still_proves_its_rank(make, seed):
    plan = corrupted(make, seed)
    assert check_pairing(plan) is not None or plan.rank <= exact_rank(plan.circuit, plan.partition).rank


@pytest.mark.parametrize("make", [random_reuse, random_sums])
def test_most_corrupted_plans_are_rejected(make):
    assert sum(check_pairing(corrupted(make, seed)) is not None for seed in range(60)) > 40
