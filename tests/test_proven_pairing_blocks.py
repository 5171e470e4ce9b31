"""Pairings over many partitions side by side: those of one partition, and never above the exact rank."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

import tncut
from tests.circuits import random_reuse, reuses, seeds, sums
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven.pairing.blocks import PairCounts
from tncut.proven.pairing.digits import floor_log


@settings(max_examples=60)
@given(reuses(), seeds())
def test_a_flow_that_is_a_pairing_has_as_many_pairs_as_any(circuit, seed):
    counts = PairCounts.of(circuit)
    terminals = np.random.default_rng(seed).random((len(circuit.terminals), 8)) < 0.5
    if counts is not None:
        for sides, pairs in zip(terminals.T, counts.counts(terminals).tolist(), strict=True):
            found = tncut.best_pairing(circuit, Partition(sides))
            if found.base == counts.base and pairs >= 0:
                assert pairs == found.pairs
            assert pairs <= counts.most
            assert pairs < 0 or counts.base**pairs <= exact_rank(circuit, Partition(sides)).rank


def test_most_flows_are_pairings():
    rng = np.random.default_rng(0)
    found = [PairCounts.of(random_reuse(rng)) for _ in range(100)]
    known = [counts for counts in found if counts is not None]
    valid = [counts.counts(rng.random((len(counts.circuit.terminals), 5)) < 0.5) >= 0 for counts in known]
    assert len(known) > 30
    assert np.concatenate(valid).mean() > 0.8


@settings(max_examples=20)
@given(sums())
def test_there_are_none_where_vectors_are_added(circuit):
    assert PairCounts.of(circuit) is None


def test_there_are_none_where_the_sites_are_no_powers_of_one_integer():
    net = tncut.ConvAC(sites=4, site_dim=[2, 3, 2, 2], layers=[tncut.Layer(channels=2, window="all")])
    assert PairCounts.of(tncut.compile(net)) is None


@settings(max_examples=40)
@given(reuses(), seeds())
def test_no_pairing_has_more_pairs_than_separating_vertices_hold(circuit, seed):
    rng = np.random.default_rng(seed)
    counts = PairCounts(circuit, 2)
    terminals = rng.random((len(circuit.terminals), 4)) < 0.5
    passed = counts.separating(terminals)
    labels = np.array([circuit.open_output or 1])
    # They separate, whatever the dimensions: others have other flows, and no more pairs than these vertices then hold.
    wider = replace(circuit, unit_dims=np.append(rng.integers(1, 9, circuit.units - 1), circuit.unit_dims[-1]))
    for other in (circuit, wider):
        held = np.append(PairCounts(other, 2).held, floor_log(labels, 2))
        pairs = PairCounts(other, 2).counts(terminals)
        assert (pairs <= held @ passed).all()
