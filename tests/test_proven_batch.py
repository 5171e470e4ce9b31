"""Bounds over many partitions: the same as one by one, whatever the form of the partitions and the way they are run."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.circuits import random_reuse, random_sums, random_tree
from tncut.errors import MethodError, PartitionError
from tncut.proven.layer_shares import layer_shares

MAKERS = [random_tree, lambda rng: random_tree(rng, read_again=True), random_reuse, random_sums]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(MAKERS))
def test_many_bounds_equal_the_bounds_of_reports(seed, make):
    rng = np.random.default_rng(seed)
    circuit = make(rng)
    sides = rng.random((2, len(circuit.terminal_dims))) < 0.5
    sides = np.concatenate((sides, sides[:1]))
    found = tncut.bounds(circuit, sides)
    expected = [tncut.bound(circuit, tncut.Partition(row)).rank_bound for row in sides]
    assert found.ranks == list(found) == [found[place] for place in range(len(found))] == expected
    assert found.bits == pytest.approx([math.log2(rank) for rank in expected], abs=1e-9)
    assert np.array_equal(found.sides, sides)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(MAKERS), st.booleans())
def test_both_ends_of_many_and_their_sources_are_those_of_reports(seed, make, as_network):
    rng = np.random.default_rng(seed)
    subject = make(rng)
    if as_network and not (subject.has_sums or subject.reuses_units):
        subject = tncut.unfold(subject)
    found = tncut.bounds(subject, rng.random((5, len(subject.terminals))) < 0.5)
    for place, (upper, lower, cut) in enumerate(
        zip(found.upper_bounds, found.lower_bounds, found.cut_ranks, strict=True)
    ):
        report = tncut.bound(subject, found.partition(place))
        assert (upper.name, upper.rank) == (report.best.name, report.rank_bound)
        assert (lower.source, lower.proof, lower.rank) == (report.lower.source, report.lower.proof, report.rank_lower)
        assert cut == (report.symmetric or report.unfolded_cut).rank_bound
    assert [bound.rank for bound in found.lower_bounds_at([3, 1])] == [found.lower[3], found.lower[1]]
    for row, lower, rank in zip(found.rows(), found.lower, found.ranks, strict=True):
        assert (row["rank_lower"], row["rank_bound"]) == (lower, rank)
        assert (row["tight"] is True) == (lower == rank)


def test_workers_find_the_same_lower_ends():
    net = tncut.load("overlap-1d-12")
    splits = ["odd-even", "left-right", "random:6", "odd-even"]
    assert tncut.bounds(net, splits, workers=2).lower == tncut.bounds(net, splits).lower


def test_every_form_of_the_partitions_gives_the_same():
    net = tncut.ConvAC.deep(sites=16, site_dim=3, channels=(4, 6, 8, 10))
    sides = np.random.default_rng(0).random((40, 16)) < 0.5
    expected = tncut.bounds(net, sides).ranks
    assert tncut.bounds(net, np.packbits(sides, axis=1)).ranks == expected
    assert tncut.bounds(net, [tncut.Partition(row) for row in sides]).ranks == expected
    assert tncut.bounds(net, [set(np.flatnonzero(row).tolist()) for row in sides]).ranks == expected
    blocks = tncut.bounds(net, iter([sides[:7], np.packbits(sides[7:], axis=1)]))
    assert [rank for block in blocks for rank in block] == expected
    assert tncut.bounds(net, np.asfortranarray(sides)).ranks == expected


@pytest.mark.parametrize("name", ["overlap-1d-12", "deep-16"])
def test_neither_block_nor_workers_change_a_result(name):
    circuit = tncut.compile(tncut.load(name))
    sides = np.random.default_rng(1).random((30, circuit.sites)) < 0.5
    one = tncut.bounds(circuit, sides)
    for options in ({"workers": 2}, {"block": 1}, {"block": 7, "workers": 2}):
        other = tncut.bounds(circuit, sides, **options)
        assert np.array_equal(other.bits, one.bits)
        assert other.ranks == one.ranks


@pytest.mark.parametrize("name", ["overlap-1d-12", "gap-9", "deep-16"])
def test_no_partitions_have_no_bounds(name):
    circuit = tncut.compile(tncut.load(name))
    for workers in (1, 2):
        found = tncut.bounds(circuit, np.zeros((0, circuit.sites), dtype=bool), workers=workers, details=True)
        assert (len(found), found.ranks, found.lower, found.bits.tolist()) == (0, [], [], [])


def test_all_partitions_of_a_small_network_by_name():
    net = tncut.load("gap-9")
    found = tncut.bounds(net, "all")
    assert len(found) == 2**8
    for place in range(0, 256, 17):
        assert found[place] == tncut.bound(net, found.partition(place)).rank_bound


@pytest.mark.parametrize("name", ["tree-8", "wide-base-16", "overlap-1d-12", "residual-8"])
def test_details_keep_the_cuts(name):
    net = tncut.load(name)
    found = tncut.bounds(net, "random:8", details=True)
    for place in range(len(found)):
        cut, alone = found.cut(place), tncut.bound(net, found.partition(place)).best_cut
        assert (type(cut), cut.rank_bound) == (type(alone), found[place])
        assert sum(share.bits for share in layer_shares(cut, tncut.compile(net))) == pytest.approx(cut.entropy_bound)
    with pytest.raises(MethodError, match="details=True"):
        tncut.bounds(net, "odd-even").cut(0)


@pytest.mark.parametrize("name", ["deep-16", "gap-9", "overlap-1d-12", "residual-8", "recurrent-8"])
def test_lower_ends_of_many_are_those_of_reports(name):
    net = tncut.load(name)
    found = tncut.bounds(net, ["odd-even", "left-right", "random:3"])
    assert found.lower == [tncut.bound(net, found.partition(index)).rank_lower for index in range(5)]
    assert all(lower <= upper for lower, upper in zip(found.lower, found.ranks, strict=True))


def test_a_buffer_that_is_filled_again_changes_no_bounds():
    net = tncut.load("deep-16")
    buffer = np.zeros((2, 2), dtype=np.uint8)

    def blocks():
        for number in (0b10101010, 0):
            buffer[:] = number
            yield buffer

    found = list(tncut.bounds(net, blocks()))
    assert [block.ranks for block in found] == [[65536, 65536], [1, 1]]
    assert [2**bits for bits in found[0].bits] == found[0].ranks


def test_memory_is_bounded_by_the_blocks_of_an_iterator():
    net = tncut.load("deep-16")
    blocks = (np.full((5, 2), number, dtype=np.uint8) for number in range(4))
    found = tncut.bounds(net, blocks)
    assert len(next(found)) == 5
    assert len(list(blocks)) == 3  # nothing was taken ahead


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (
            np.zeros((3, 15), dtype=bool),
            r"booleans of shape \(batch, 16\) or packed bytes of shape \(batch, 2\); given: bool",
        ),
        (np.zeros((3, 16)), "given: float64 of shape"),
        (np.zeros(16, dtype=bool), r"given: bool of shape \(16,\)"),
        ([tncut.Partition.of(4, {1})], "the partition has 4 sides; the network needs 16"),
        ("sideways", "unknown partition 'sideways'"),
        ([0, 1], "type int is no partition; give its name, its sites of side A, or booleans"),
        (b"ab", "type bytes is no batch of partitions"),
    ],
)
def test_sides_that_do_not_fit_are_refused(sides, message):
    with pytest.raises(PartitionError, match=message):
        tncut.bounds(tncut.load("deep-16"), sides)


def test_what_has_no_such_bound_is_refused():
    with pytest.raises(MethodError, match="relu-average"):
        tncut.bounds(tncut.load("rectifier-average-6"), "odd-even")
    with pytest.raises(MethodError, match="workers must be an integer of 1 or more; given: 0"):
        tncut.bounds(tncut.load("deep-16"), "odd-even", workers=0)
    with pytest.raises(IndexError, match="no bound 1"):
        _ = tncut.bounds(tncut.load("deep-16"), "odd-even")[1]
