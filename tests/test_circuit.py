"""Circuits: what is refused at birth, and what is derived from the arrays."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given

from tests.circuits import arrays_of, overlapping, pooled, random_reuse, random_sums, recurrent, reuses, seeds, trees
from tncut.circuit import SITE, Circuit
from tncut.errors import CircuitError
from tncut.tools.arrays import read_only


def paths_by_recursion(circuit: Circuit) -> list[int]:
    """Paths from the output to each vertex, walked one by one."""
    count = [0] * (circuit.sites + circuit.units)

    def walk(vertex: int) -> None:
        count[vertex] += 1
        if vertex >= circuit.sites:
            unit = vertex - circuit.sites
            for child in circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]].tolist():
                walk(child)

    walk(circuit.sites + circuit.root)
    return count


@given(trees() | reuses())
def test_multiplicities_count_the_paths_from_the_output(circuit):
    assert circuit.multiplicities.tolist() == paths_by_recursion(circuit)
    assert circuit.reuses_units == (circuit.multiplicities[circuit.sites :].max() > 1)


@given(trees() | reuses())
def test_levels_put_children_first_and_hold_every_unit_once(circuit):
    level_of = np.empty(circuit.units, dtype=int)
    for number, level in enumerate(circuit.levels):
        level_of[level] = number
    assert sorted(np.concatenate(circuit.levels).tolist()) == list(range(circuit.units))
    for unit, child in zip(circuit.factor_unit.tolist(), circuit.factor_child.tolist(), strict=True):
        assert child < circuit.sites or level_of[child - circuit.sites] < level_of[unit]


@given(reuses())
def test_the_receptive_field_of_a_unit_joins_those_of_its_children(circuit):
    for unit in range(circuit.units):
        children = circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]]
        joined = set(children[children < circuit.sites].tolist())
        for child in children[children >= circuit.sites] - circuit.sites:
            joined |= set(circuit.receptive_field(int(child)).tolist())
        assert circuit.receptive_field(unit).tolist() == sorted(joined)


@given(seeds())
def test_factors_are_the_pairs_between_those_that_start_one(seed):
    circuit = random_sums(np.random.default_rng(seed))
    factors = factors_one_by_one(circuit)
    pairs = [pair for unit in factors for factor in unit for pair in factor]
    assert pairs == list(range(len(circuit.factor_child)))
    flat = [factor for unit in factors for factor in unit]
    assert circuit.factors == len(flat)
    assert circuit.factor_pairs.tolist() == [factor[0] for factor in flat] + [len(pairs)]
    assert circuit.pair_factor.tolist() == [number for number, factor in enumerate(flat) for _ in factor]
    assert np.diff(circuit.unit_factors).tolist() == [len(unit) for unit in factors]


def factors_one_by_one(circuit: Circuit) -> list[list[list[int]]]:
    """The pairs of each factor of each unit, walked one by one."""
    found: list[list[list[int]]] = [[] for _ in range(circuit.units)]
    for pair, (unit, added) in enumerate(zip(circuit.factor_unit.tolist(), circuit.added.tolist(), strict=True)):
        if added:
            found[unit][-1].append(pair)
        else:
            found[unit].append([pair])
    return found


@given(trees() | reuses())
def test_every_vertex_has_the_layer_of_its_unit(circuit):
    for vertex, layer in enumerate(circuit.vertex_layers.tolist()):
        assert layer == (SITE if vertex < circuit.sites else circuit.unit_layer[vertex - circuit.sites])


@pytest.mark.parametrize("name", arrays_of(random_sums(np.random.default_rng(0))))
def test_nobody_writes_to_a_circuit(name):
    array = arrays_of(random_sums(np.random.default_rng(0)))[name]
    with pytest.raises(ValueError, match="read-only"):
        array[:] = array


def test_a_circuit_shares_no_array_that_can_be_written():
    plain = pooled(2, (2, 2), (3, 3))
    fields = {field.name: getattr(plain, field.name) for field in dataclasses.fields(Circuit)}
    given_dims, behind = plain.site_dims.copy(), plain.factor_child.copy()
    circuit = Circuit(**fields | {"site_dims": given_dims, "factor_child": read_only(behind[:])})
    given_dims[0], behind[0] = 9, 3
    assert circuit.site_dims.tolist() == plain.site_dims.tolist()
    assert circuit.factor_child.tolist() == plain.factor_child.tolist()
    assert Circuit(**fields).factor_child is plain.factor_child


def test_multiplicities_beyond_64_bits_are_exact():
    units = [(2, [("site", 0), ("site", 1)])] + [(2, [("unit", k), ("unit", k), ("unit", k)]) for k in range(50)]
    circuit = Circuit.from_units([2, 2], units)
    assert circuit.multiplicities[:3].tolist() == [3**50, 3**50, 3**50]


def test_recurrent_chains_have_levels_though_their_layers_cross():
    circuit = recurrent(steps=4, site_dim=2, hidden=(2, 2))
    assert sum(len(level) for level in circuit.levels) == circuit.units
    assert circuit.multiplicities[circuit.sites] > 1


def test_positions_count_the_units_of_a_layer():
    circuit = overlapping(sites=5, site_dim=2, channels=2, size=2, depth=2)
    assert circuit.grids == ((5,), (4,), (3,), (1,))
    assert circuit.unit_position.tolist() == [0, 1, 2, 3, 0, 1, 2, 0]


@pytest.mark.parametrize(
    ("site_dims", "units", "options", "message"),
    [
        ([2], [], {}, "at least one unit"),
        ([2], [(2, [])], {}, "unit 0 has no factors"),
        ([2], [(0, [("site", 0)])], {}, "unit 0 has dimension 0"),
        ([2], [(True, [("site", 0)])], {}, "unit 0 has dimension True"),
        ([0], [(2, [("site", 0)])], {}, "site 0 has dimension 0"),
        ([2.5], [(2, [("site", 0)])], {}, "site 0 has dimension 2.5"),
        ([2], [(2, [("site", 1)])], {}, "reads site 1; the sites are 0 to 0"),
        ([2], [(2, [("unit", 0)])], {}, "children must come before"),
        ([2], [(2, [("pixel", 0)])], {}, "a child is"),
        ([2], [(2, [("site", 0)]), (2, [("site", 0)])], {}, "unit 0 is never used"),
        ([2], [(2, [("site", 0)])], {"open_output": 0}, "open_output is 0"),
        ([2], [(2, [("site", 0)])], {"open_output": 3, "root_map": False}, "without a root map"),
        ([2**63], [(2, [("site", 0)])], {}, "from 1 to 2"),
    ],
)
def test_what_is_no_circuit_is_refused_with_its_reason(site_dims, units, options, message):
    with pytest.raises(CircuitError, match=message):
        Circuit.from_units(site_dims, units, **options)


def test_without_root_map_the_fixed_output_is_one_channel():
    circuit = Circuit.from_units([2, 2], [(5, [("site", 0), ("site", 1)])], root_map=False)
    assert circuit.unit_dims.tolist() == [1]


def test_random_circuits_with_reuse_do_reuse():
    assert any(random_reuse(np.random.default_rng(seed)).reuses_units for seed in range(10))
