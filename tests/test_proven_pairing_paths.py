"""Pairs as paths: as many as are proven, from side to side, and through no factor more often than it carries."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.circuits import random_partition, random_reuse, random_sums, random_tree, seeds
from tncut.circuit import Circuit
from tncut.partition import Partition
from tncut.proven.pairing import Pairing, Path, best_pairing, check_pairing, paths

FAMILIES = {
    "re-use": random_reuse,
    "large dimensions": lambda rng: random_reuse(rng, sites=int(rng.integers(2, 4)), most_dim=9),
    "trees": random_tree,
    "sums": random_sums,
}


def drawn(family: str, seed: int) -> Pairing:
    rng = np.random.default_rng(seed)
    circuit = FAMILIES[family](rng)
    return best_pairing(circuit, random_partition(rng, circuit))


def climbs(circuit: Circuit, way: tuple[int, ...]) -> bool:
    """Whether each factor reads the unit of the one before it, and the first one reads a site."""
    above = [circuit.sites + int(circuit.factor_unit[factor]) for factor in way]
    read = [int(circuit.factor_child[factor]) for factor in way]
    return read[0] < circuit.sites and read[1:] == above[:-1]


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60)
@given(seed=seeds())
def test_there_is_a_path_for_each_pair_and_it_meets_where_the_pairing_says(family, seed):
    pairing = drawn(family, seed)
    met = [path.unit for path in paths(pairing)]
    assert len(met) == pairing.pairs
    assert met.count(None) == pairing.met_at_output
    assert [met.count(unit) for unit in range(pairing.circuit.units)] == pairing.met.tolist()


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60)
@given(seed=seeds())
def test_a_path_goes_up_from_a_site_of_a_and_down_to_a_site_of_b(family, seed):
    pairing = drawn(family, seed)
    circuit, sides = pairing.circuit, pairing.partition.sides
    for path in paths(pairing):
        top = circuit.root if path.unit is None else path.unit
        for way, side in (path.up, True), (path.down[::-1], False):
            if way:
                assert climbs(circuit, way)
                assert circuit.factor_unit[way[-1]] == top
                assert sides[circuit.factor_child[way[0]]] == side
            else:
                assert path.unit is None
                assert sides[-1] == side


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60)
@given(seed=seeds())
def test_the_paths_alone_are_a_valid_pairing_that_carries_no_more(family, seed):
    """So digits that never meet are all that is left out, and no site or unit holds more digits than it has."""
    pairing = drawn(family, seed)
    factors = len(pairing.circuit.factor_child)
    up = [factor for path in paths(pairing) for factor in path.up]
    down = [factor for path in paths(pairing) for factor in path.down]
    carried_a, carried_b = np.bincount(up, minlength=factors), np.bincount(down, minlength=factors)
    assert (carried_a <= pairing.carried_a).all()
    assert (carried_b <= pairing.carried_b).all()
    alone = replace(pairing, carried_a=carried_a.astype(np.int64), carried_b=carried_b.astype(np.int64))
    assert check_pairing(alone) is None


def test_a_digit_that_is_carried_but_never_meets_has_no_path():
    circuit = Circuit.from_units([4, 2], [(8, [("site", 0), ("site", 1)])])
    numbers = {"carried_a": [2, 0], "carried_b": [0, 1], "met": [1]}
    arrays = {key: np.array(value) for key, value in numbers.items()}
    pairing = Pairing(circuit, Partition.of(2, {0}), 2, **arrays, met_at_output=0, used=np.array([True, True]))
    assert check_pairing(pairing) is None
    assert paths(pairing) == [Path((0,), 0, (1,))]
