"""Elimination: the cheapest of all labellings, with proof."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

import tncut
from tests.circuits import (
    overlapping,
    random_partition,
    random_reuse,
    random_sums,
    recurrent,
    reuses,
    seeds,
    sums,
    with_partition,
)
from tncut.circuit import Circuit
from tncut.errors import MethodError, SizeError
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import symmetric_cut
from tncut.proven.pairing import best_pairing
from tncut.proven.pairing.blocks import PairCounts
from tncut.proven.symmetric import Charges, Labelling, Search, Task, elimination

MOST_CHOICES = 12  # of a brute force


def smallest_of_all(search: Search, partition: Partition) -> int | None:
    """The cost of the cheapest labelling, from all of them side by side; None if they are too many."""
    net = search.condensed
    readers = np.unique(net.read_unit)
    choices = 2 * net.uses + 2 * len(readers) + 1
    if choices > MOST_CHOICES:
        return None
    columns = 2**choices
    task = Task(net, np.repeat(partition.sides[:, None], columns, axis=1))
    sides = (np.arange(columns) >> np.arange(choices)[:, None]) % 2 == 1
    crossed = np.zeros((2, net.units, columns), dtype=bool)
    crossed[:, readers] = sides[2 * net.uses : -1].reshape(2, len(readers), columns)
    output = sides[-1] if task.output_is_free else task.terminals[-1]
    charges = Charges.of(
        task, Labelling(sides[: 2 * net.uses].reshape(2, net.uses, columns), crossed, output), exact=True
    )
    return min(charges.bound(int(index)) for index in np.flatnonzero(charges.bits < charges.bits.min() + 1e-9)[:4])


@pytest.mark.parametrize("seed", range(150))
def test_no_labelling_of_all_costs_less(seed):
    rng = np.random.default_rng(seed)
    search = Search(random_sums(rng) if seed % 2 else random_reuse(rng))
    partition = random_partition(rng, search.circuit)
    smallest = smallest_of_all(search, partition)
    if smallest is not None:
        found = search.cheapest(partition.sides[:, None], method="elimination")
        assert Charges.of(found.task, found.labelling, exact=True).bound() == smallest
        # The same without any labelling to start from.
        where, labelling = search.elimination.cheaper(found.task, np.array([10**60], dtype=object))
        assert Charges.of(found.task.only(where), labelling, exact=True).bound() == smallest


@settings(max_examples=40)
@given(with_partition(reuses() | sums()))
def test_it_lies_between_the_exact_rank_and_what_the_search_finds(case):
    circuit, partition = case
    found = symmetric_cut(circuit, partition, method="elimination").rank_bound
    assert best_pairing(circuit, partition).rank <= found
    assert exact_rank(circuit, partition).rank <= found <= symmetric_cut(circuit, partition).rank_bound


@pytest.mark.parametrize("seed", range(12))
def test_nets_on_a_line_cost_no_more_than_by_search_nor_than_unfolded(seed):
    rng = np.random.default_rng(seed)
    dims = rng.integers(2, 5, 2).tolist()
    circuit = recurrent(7, dims[0], [dims[1]] * 2) if seed % 2 else overlapping(8, *dims, 2 + seed % 3 // 2, 2)
    partition = random_partition(rng, circuit)
    found = symmetric_cut(circuit, partition, method="elimination").rank_bound
    assert best_pairing(circuit, partition).rank <= found <= symmetric_cut(circuit, partition).rank_bound
    assert found <= min_cut(unfold(circuit), partition).rank_bound


@settings(max_examples=15)
@given(reuses() | sums(), seeds())
def test_many_partitions_side_by_side_have_the_cuts_of_each(circuit, seed):
    search = Search(circuit)
    terminals = np.random.default_rng(seed).random((len(circuit.terminals), 6)) < 0.5
    found = search.cheapest(terminals, method="elimination").bits
    alone = [search.cheapest(terminals[:, [at]], method="elimination").bits[0] for at in range(6)]
    assert found == pytest.approx(alone, abs=1e-9)


def test_a_block_with_too_many_states_is_halved_and_a_single_partition_is_refused(monkeypatch):
    search = Search(overlapping(7, 4, 3, 2, 2))
    terminals = np.random.default_rng(0).random((7, 12)) < 0.5
    unknown = np.array([10**60] * 12, dtype=object)
    task = Task(search.condensed, terminals)
    where, whole = search.elimination.cheaper(task, unknown)
    order = np.argsort(where)
    monkeypatch.setattr(elimination, "MOST_ROWS", 5_000)
    halved, parts = search.elimination.cheaper(task, unknown)
    assert sorted(where.tolist()) == sorted(halved.tolist()) == list(range(12))
    bits = Charges.of(task.only(where), whole).bits[order]
    assert Charges.of(task.only(halved), parts).bits[np.argsort(halved)] == pytest.approx(bits, abs=1e-9)
    monkeypatch.setattr(elimination, "MOST_ROWS", 50)
    with pytest.raises(SizeError, match="elimination stops at 50 states; this partition needs more"):
        search.elimination.cheaper(task, unknown)


@settings(max_examples=40)
@given(with_partition(reuses()))
def test_pairings_without_paths_that_turn_upward_are_below_the_exact_rank(case):
    circuit, partition = case
    pairs = PairCounts(circuit, 2).least(partition.sides[:, None])[0]
    assert 2**pairs <= exact_rank(circuit, partition).rank


def test_a_report_says_that_nothing_costs_less():
    net = tncut.Recurrent(steps=8, site_dim=3, hidden=[3, 3])
    report = tncut.bound(net, "left-right", method="elimination")
    assert report.rank_bound == tncut.bound(net, "left-right").rank_bound
    assert report.symmetric is not None
    assert report.symmetric.method == "elimination"
    assert "none costs less, by a dynamic program over all labellings with their copies counted" in str(report)


def test_where_it_does_not_apply_it_is_refused_in_a_line():
    reused = overlapping(6, 2, 2, 2, 2)
    with pytest.raises(MethodError, match="for circuits that re-use units or add vectors"):
        tncut.bound(tncut.load("deep-16"), "left-right", method="elimination")
    with pytest.raises(MethodError, match="for circuits that re-use units or add vectors"):
        tncut.bound(tncut.load("peps-6x6"), "left-right", method="elimination")
    with pytest.raises(MethodError, match="for site mode 'basis'"):
        symmetric_cut(reused, Partition.of(6, [0]), method="elimination", site_mode="function")
    with pytest.raises(MethodError, match="method 'all'; choose from auto, tree, flow, networkx, elimination"):
        tncut.bound(reused, "left-right", method="all")
    layers = [tncut.Layer(channels=4, window=3, stride=1)] * 3
    grid = tncut.ConvAC(sites=(8, 8), site_dim=4, layers=[*layers, tncut.Layer(channels=4, window="all")])
    with pytest.raises(SizeError, match=r"elimination would hold up to 2\^\d+ states at once"):
        tncut.bound(grid, "left-right", method="elimination")


def test_few_states_of_many_copies_are_counted_exactly():
    units = [(2, [("site", 0), ("site", 1)])] + [(2, [("unit", k)] * 16) for k in range(14)]
    partition = Partition.of(2, [0])
    short = Circuit.from_units([2**40, 2**40], units[:9])
    assert symmetric_cut(short, partition, method="elimination").rank_bound == 16**8 + 1
    with pytest.raises(SizeError, match=r"counts up to 2\^53 copies"):
        symmetric_cut(Circuit.from_units([2**40, 2**40], units), partition, method="elimination")


@pytest.mark.parametrize("open_output", [None, 3])
def test_outputs_of_every_kind(open_output):
    circuit = replace(overlapping(5, 3, 2, 2, 2), open_output=open_output)
    partition = random_partition(np.random.default_rng(1), circuit)
    found = symmetric_cut(circuit, partition, method="elimination").rank_bound
    assert exact_rank(circuit, partition).rank <= found <= symmetric_cut(circuit, partition).rank_bound
