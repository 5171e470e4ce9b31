"""Both ends for circuits with sums: against the minimum cut, the exact rank, and all parts one by one."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings

from tests.circuits import random_partition, reuses, seeds, sums, trees, with_partition
from tncut.architectures import ConvAC
from tncut.circuit import Child, Circuit, Sum
from tncut.errors import MethodError, SizeError
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven.additive import additive_bound
from tncut.proven.generic import rank_lower
from tncut.proven.pairing import best_pairing


@settings(max_examples=300)
@given(with_partition(trees()))
def test_on_trees_it_is_the_minimum_cut(case):
    circuit, partition = case
    assert additive_bound(circuit, partition) == min_cut(unfold(circuit), partition).rank_bound


@settings(max_examples=300)
@given(with_partition(sums() | reuses()))
def test_the_rank_never_exceeds_it_with_sums_and_re_use(case):
    circuit, partition = case
    assert exact_rank(circuit, partition).rank <= additive_bound(circuit, partition)


def test_ranks_of_a_sum_add():
    units = [(3, [("site", 0), ("site", 1)]), (2, [("site", 0), ("site", 1)])]
    circuit = Circuit.from_units([9, 9], [*units, (1, [("sum", [("unit", 0), ("unit", 1)])])], root_map=False)
    split = Partition.of(2, {0})
    assert additive_bound(circuit, split) == exact_rank(circuit, split).rank == 5


def alternatives(rng: np.random.Generator) -> Circuit:
    """A tree over disjoint sites in which some factors choose between two units over the same vertices."""
    sites = int(rng.integers(3, 7))
    units: list[tuple[int, list[Child | Sum]]] = []
    ready: list[Child | Sum] = [("site", int(i)) for i in rng.permutation(sites)]
    while len(ready) > 1:
        rng.shuffle(ready)
        taken, ready = ready[:2], ready[2:]
        copies = 2 if all(kind == "site" for kind, _ in taken) and rng.random() < 0.6 else 1
        units += [(int(rng.integers(1, 5)), taken) for _ in range(copies)]
        made: list[Child] = [("unit", len(units) - 1 - copy) for copy in range(copies)]
        ready.append(("sum", made) if copies > 1 else made[0])
    return Circuit.from_units(rng.integers(1, 5, sites).tolist(), [*units, (int(rng.integers(1, 5)), ready)])


def parts(circuit: Circuit) -> Iterator[Circuit]:
    """All circuits with one child of each sum."""
    children = circuit.factor_child.tolist()

    def factors(unit: int) -> list[list[int]]:
        found: list[list[int]] = []
        for pair in circuit.factors_of(np.array([unit])).tolist():
            found[-1:] = [[*found[-1], children[pair]]] if circuit.added[pair] else [*found[-1:], [children[pair]]]
        return found

    def below(vertex: int) -> Iterator[tuple]:
        if vertex < circuit.sites:
            yield vertex
        else:
            choices = [
                [part for child in factor for part in below(child)] for factor in factors(vertex - circuit.sites)
            ]
            for chosen in itertools.product(*choices):
                yield (int(circuit.unit_dims[vertex - circuit.sites]), *chosen)

    for tree in below(circuit.sites + circuit.root):
        units: list[tuple[int, list[Child]]] = []

        def build(node: int | tuple, units: list[tuple[int, list[Child]]] = units) -> Child:
            if isinstance(node, int):
                return ("site", node)
            units.append((node[0], [build(child) for child in node[1:]]))
            return ("unit", len(units) - 1)

        build(tree)
        yield Circuit.from_units(circuit.site_dims.tolist(), units)


def cuts_of_parts(seed: int) -> tuple[Circuit, Partition, list[int]]:
    """A circuit with alternatives, a partition, and the minimum cut of every part."""
    rng = np.random.default_rng(seed)
    circuit = alternatives(rng)
    partition = random_partition(rng, circuit)
    return circuit, partition, [min_cut(unfold(part), partition).rank_bound for part in parts(circuit)]


@settings(max_examples=100)
@given(seeds())
def test_no_part_proves_more_than_the_best_pairing(seed):
    rng = np.random.default_rng(seed)
    circuit = alternatives(rng)
    partition = random_partition(rng, circuit)
    proven = [rank_lower(min_cut(unfold(part), partition)).rank for part in parts(circuit)]
    assert best_pairing(circuit, partition).rank == max(proven)


def test_parts_of_circuits_with_alternatives_do_differ():
    assert sum(len(set(cuts_of_parts(seed)[2])) > 1 for seed in range(50)) > 2


def test_what_it_does_not_serve_is_refused():
    gated = ConvAC(sites=4, site_dim=2, layers=ConvAC.shallow(sites=4, site_dim=2, channels=2).layers, gate="max")
    with pytest.raises(MethodError, match="max gates"):
        additive_bound(gated.circuit(), Partition.of(4, {0}))
    large = ConvAC.deep(sites=2**15, site_dim=2, channels=[2] * 15).circuit()
    with pytest.raises(SizeError, match="over the limit"):
        additive_bound(large, Partition.of(2**15, {0}))
