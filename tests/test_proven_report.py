"""Reports: the interval, its sources, and the reference values of the literature."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.circuits import random_reuse, recurrent, reuses, trees, with_partition
from tncut.architectures import ConvAC, Layer
from tncut.architectures.summary import show
from tncut.circuit import Circuit
from tncut.errors import MethodError, PartitionError, SizeError
from tncut.network import unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import Report, bound
from tncut.proven.upper import ADDED_RANKS, ALL_SITES, MINIMUM_CUT, SHARED_MAPS, SYMMETRIC_CUT
from tncut.tools.numbers import show_integer, show_upper
from tncut.verification import verify


def ranks(report: Report) -> dict[str, int]:
    return {upper.name: upper.rank for upper in report.upper}


def deep(sites: int, site_dim: int, channels: tuple[int, ...], window: int = 2) -> ConvAC:
    return ConvAC.deep(sites=sites, site_dim=site_dim, channels=channels, window=window)


def overlap(depth: int) -> ConvAC:
    layers = [Layer(channels=2, window=2, stride=1)] * depth + [Layer(channels=2, window="all")]
    return ConvAC(sites=12, site_dim=2, layers=layers)


def uneven(site_dim: int, channels: tuple[int, int]) -> ConvAC:
    layers = [Layer(channels=channels[0], window=3), Layer(channels=channels[1], window=2)]
    return ConvAC(sites=6, site_dim=site_dim, layers=layers)


def shallow(sites: int, site_dim: int, channels: int) -> ConvAC:
    return ConvAC.shallow(sites=sites, site_dim=site_dim, channels=channels)


# architecture, partition, rank bound, exact rank, lower end (None: the bound)
REFERENCE = [
    (shallow(6, 2, 5), "0-2", 5, 5, 4),
    (shallow(6, 2, 5), "0-1", 4, 4, None),
    (shallow(4, 4, 3), "left-right", 3, 3, None),
    (deep(4, 2, (4, 4)), "left-right", 4, 4, None),
    (deep(4, 2, (4, 4)), "odd-even", 4, 4, None),
    (deep(4, 2, (3, 4)), "left-right", 3, 3, 2),
    (deep(8, 2, (2, 4, 16)), "left-right", 4, 4, None),
    (deep(8, 2, (2, 4, 16)), "odd-even", 16, 16, None),
    (deep(8, 2, (16, 2, 2)), "left-right", 2, 2, None),
    (deep(8, 2, (16, 2, 2)), "odd-even", 16, 16, None),
    (deep(16, 2, (2, 2, 2, 2)), "odd-even", 256, 256, None),
    (deep(16, 2, (2, 2, 2, 2)), "alternating:2", 16, 16, None),
    (deep(16, 2, (2, 2, 2, 2)), "alternating:4", 4, 4, None),
    (deep(16, 2, (2, 2), window=4), "odd-even", 16, 16, None),
    (deep(16, 2, (2, 2), window=4), "left-right", 2, 2, None),
    (deep(9, 2, (3, 2), window=3), "0-1,3-4", 8, 7, 4),
    (uneven(3, (5, 2)), "0-1,3", 15, 14, 9),
    *((overlap(depth), "left-right", 2 ** (depth + 1), 2 ** (depth + 1), None) for depth in range(6)),
]


@pytest.mark.parametrize(("architecture", "partition", "rank_bound", "rank", "lower"), REFERENCE)
def test_reference_values_of_the_theory(architecture, partition, rank_bound, rank, lower):
    report = bound(architecture, partition)
    assert report.rank_bound == rank_bound
    assert report.rank_lower == (rank_bound if lower is None else lower)
    assert report.tight is (True if lower is None else None)
    measured = exact_rank(report.circuit, report.partition)
    assert measured.complete
    assert measured.rank == rank


@pytest.mark.parametrize(
    ("architecture", "partition", "rank"),
    [(shallow(6, 2, 5), "0-2", 4), (shallow(6, 2, 5), "0-1", 3), (deep(4, 2, (4, 4)), "left-right", 3)],
)
def test_reference_values_of_shared_weights(architecture, partition, rank):
    checked = verify(architecture, partition, weights="shared")
    assert checked.exact.rank == rank == checked.report.rank_bound < checked.report.cut.rank_bound
    assert checked.report.best.name == SHARED_MAPS
    assert checked.report.tight is True
    assert "all shared weights" in str(checked.report)


@pytest.mark.parametrize(
    ("architecture", "partition", "weights", "rank", "entropy", "geometric"),
    [
        (deep(8, 2, (2, 2, 2)), "odd-even", "witness", 16, 4.0, 15 / 16),
        (deep(8, 2, (2, 2, 2)), "left-right", "witness", 1, 0.0, 0.0),
        (shallow(6, 3, 3), "left-right", "identity", 3, math.log2(3), 2 / 3),
        (shallow(6, 3, 3), "0,4", "identity", 3, math.log2(3), 2 / 3),
    ],
)
def test_reference_states_are_verified(architecture, partition, weights, rank, entropy, geometric):
    checked = verify(architecture, partition, weights=weights)
    assert checked.exact.rank == rank
    assert checked.contraction.entropy_bits == pytest.approx(entropy, abs=1e-9)
    assert checked.contraction.geometric_measure == pytest.approx(geometric, abs=1e-9)
    assert max(checked.contraction.disagreement.values()) < 1e-12
    assert checked.holds


@settings(max_examples=20)
@given(st.tuples(*[st.integers(1, 11)] * 4), st.integers(1, 5))
def test_left_right_of_deep_nets_is_the_published_minimum(r, site_dim):
    # The halves' units meet in the last product; below each, the number of units doubles with every layer.
    terms = [r[3], r[2], r[1] ** 2, r[0] ** 4, site_dim**8]
    assert bound(deep(16, site_dim, r), "left-right").rank_bound == min(terms)
    assert bound(deep(16, site_dim, r), "odd-even").rank_bound <= min(r[0], site_dim) ** 8


@settings(max_examples=100)
@given(with_partition(trees() | trees(read_again=True) | reuses()))
def test_the_interval_holds_the_rank_and_is_the_rank_where_it_is_tight(case):
    circuit, partition = case
    report = bound(circuit, partition)
    rank = exact_rank(circuit, partition).rank
    assert report.rank_lower <= rank <= report.rank_bound == min(upper.rank for upper in report.upper)
    assert report.tight is (True if report.rank_lower == report.rank_bound else None)
    assert sum(share.bits for share in report.layers) == pytest.approx(report.best_cut.entropy_bound)


@pytest.mark.parametrize(
    ("name", "partition", "rank", "proof"),
    [
        ("overlap-16", "odd-even", 2**16, "T4"),
        ("overlap-16", "left-right", 2**9, "T5"),
        ("overlap-1d-12", "left-right", 2**4, "T5"),
        ("overlap-2d-4x4", "odd-even", 2**8, "T4"),
        ("recurrent-deep-6", "left-right", 8, "T5"),
        ("recurrent-deep-6", "odd-even", 18, "T5"),
        ("residual-8", "odd-even", 2**4, "T4"),
    ],
)
def test_nets_of_the_gallery_that_re_use_units_are_tight(name, partition, rank, proof):
    report = bound(tncut.load(name), partition)
    assert (report.rank_lower, report.rank_bound, report.lower.proof) == (rank, rank, proof)


@pytest.mark.parametrize("partition", ["left-right", "odd-even", *(f"random:seed={seed}" for seed in range(3))])
@pytest.mark.parametrize(
    ("net", "gap"),
    [
        (tncut.load("overlap-1d-12"), 1),
        (tncut.load("overlap-2d-4x4"), 1),
        (tncut.load("residual-8"), 2),
        (tncut.Recurrent(steps=6, site_dim=3, hidden=[2, 2]), 3),
        (tncut.Recurrent(steps=6, site_dim=3, hidden=[2, 2, 2]), 4),
    ],
    ids=["overlap-1d", "overlap-2d", "residual", "recurrent of depth 2", "recurrent of depth 3"],
)
def test_nets_that_re_use_units_have_an_interval_that_holds_the_rank(net, gap, partition):
    report = bound(net, partition)
    rank = exact_rank(net, partition).rank
    assert report.rank_lower <= rank <= report.rank_bound
    assert report.rank_bound <= gap * report.rank_lower


def test_pairings_prove_the_lower_end_where_units_are_reused_and_nothing_does_where_weights_are_shared():
    circuit = recurrent(steps=6, site_dim=3, hidden=(2, 2))
    report = bound(circuit, "left-right")
    assert ranks(report) == {ALL_SITES: 27, SYMMETRIC_CUT: 8}
    assert ranks(bound(circuit, "left-right", method="flow")) == {ALL_SITES: 27, MINIMUM_CUT: 16, SYMMETRIC_CUT: 8}
    assert (report.rank_bound, report.rank_lower, report.tight) == (8, 4, None)
    assert (report.lower.proof, report.pairing.pairs, report.pairing.base) == ("T4", 2, 2)
    assert (report.best.name, report.best_cut) == (SYMMETRIC_CUT, report.symmetric)
    assert "re-used" in report.reason
    assert "bounds     minimum cut 16, symmetric cut 8" in str(bound(circuit, "left-right", method="flow"))
    shared = bound(deep(8, 2, (2, 2, 2)), "odd-even", shared=True)
    assert (shared.rank_lower, shared.tight) == (1, None)
    assert "shared" in shared.reason


def test_verification_raises_the_lower_end_to_the_exact_rank():
    checked = verify(recurrent(steps=6, site_dim=3, hidden=(2, 2)), "left-right")
    assert (checked.report.rank_lower, checked.report.rank_bound, checked.report.tight) == (8, 8, True)
    assert "exact rank of random weights" in checked.report.lower.source
    assert "prime 2147483647, seed 0" in checked.report.lower.source


def test_an_empty_side_is_said_to_have_rank_one():
    report = bound(deep(4, 2, (2, 2)), "prefix:0")
    assert (report.rank_bound, report.tight) == (1, True)
    assert "(none)" in str(bound(deep(4, 2, (2, 2)), set()))
    assert verify(deep(4, 2, (2, 2)), "prefix:4").exact.rank == 1


def test_partitions_are_given_as_text_sites_or_partition():
    net = deep(4, 2, (2, 2))
    assert bound(net, "0-1").partition == bound(net, {0, 1}).partition == bound(net, Partition.of(4, [0, 1])).partition
    open_net = ConvAC(sites=4, site_dim=2, layers=[Layer(channels=3, window="all")], open_output=5)
    assert bound(open_net, "0-3").rank_bound == 3
    assert bound(open_net, {4}).rank_bound == 3
    with pytest.raises(PartitionError, match=r"4 sides; the network needs 5 \(4 sites and the label\)"):
        bound(open_net, Partition.of(4, [0]))
    with pytest.raises(PartitionError, match="3 sides; the network needs 4"):
        bound(net, Partition.of(3, [0]))


def test_what_is_too_large_to_unfold_is_answered_by_the_symmetric_cut():
    circuit = recurrent(steps=300, site_dim=2, hidden=(2, 2, 2))
    report = bound(circuit, "left-right")
    assert report.cut is None
    assert report.best.name == SYMMETRIC_CUT
    assert report.rank_bound < 2**22 < ranks(report)[ALL_SITES] == 2**150
    json.dumps(report.to_dict())
    with pytest.raises(SizeError, match="too many to show"):
        _ = report.unfolded_cut


def test_sums_are_bounded_and_verified_but_not_unfolded():
    first, second = (("unit", 0), ("unit", 1)), (("unit", 2), ("unit", 3))
    pairs = [(2, [("site", i), ("site", j)]) for i, j in ((0, 1), (2, 3), (0, 2), (1, 3))]
    circuit = Circuit.from_units([2] * 4, [*pairs, (4, first), (4, second), (4, [("sum", [("unit", 4), ("unit", 5)])])])
    checked = verify(circuit, "0-1")
    assert checked.report.cut is None
    assert checked.exact.rank <= checked.report.rank_bound <= ranks(checked.report)[ALL_SITES] == 4
    assert ranks(checked.report).keys() == {ALL_SITES, SYMMETRIC_CUT, ADDED_RANKS}
    assert checked.contraction.disagreement == {}
    assert "with sums" in str(checked)


def test_gates_without_products_are_bounded_only_as_a_surrogate():
    circuit = replace(deep(4, 2, (2, 2)).circuit(), gate="relu-max")
    with pytest.raises(MethodError, match="relu-max gates; surrogate=True"):
        bound(circuit, "odd-even")
    report = bound(circuit, "odd-even", surrogate=True)
    assert report.to_dict()["convac_surrogate"] is True
    assert "ConvAC surrogate" in str(report)
    assert report.rank_bound == bound(deep(4, 2, (2, 2)), "odd-even").rank_bound


def test_schmidt_values_over_the_limit_are_refused_before_they_are_built():
    assert "MB" in verify(deep(16, 4, (8, 8, 8, 8)), "odd-even", memory_limit=2**20).unmeasured


def test_reports_are_plain_data_with_exact_integers():
    report = bound(deep(512, 2, (2,) * 9), "odd-even")
    table = json.loads(json.dumps(report.to_dict()))
    assert table["rank_bound"] == 2**256
    assert table["cut_bonds"] == report.cut.names
    assert "2^256" in str(report)
    assert json.loads(json.dumps(verify(deep(4, 2, (2, 2)), "odd-even").to_dict()))["measured"]["bound_holds"] is True


def test_integers_are_shown_exactly_or_said_to_be_rounded():
    assert show_integer(123_456) == "123456"
    assert show_integer(2**70) == "2^70"
    assert show_integer(2**70 + 1) == "about 2^70.00"


@settings(max_examples=30)
@given(reuses())
def test_summaries_count_what_unfolding_makes(circuit):
    summary, network = show(circuit), unfold(circuit)
    assert (summary.tensors, summary.bonds) == (network.tensors, network.bonds)
    assert summary.reuses_units == network.has_duplicates
    assert sum(layer.units for layer in summary.layers) == circuit.units
    lines = [line for line in str(summary).splitlines() if not line.startswith("array")]
    assert len(lines) == 6 + circuit.layers
    json.dumps(summary.to_dict())


def test_random_reuse_reports_print():
    assert "rank       <=" in str(bound(random_reuse(np.random.default_rng(0)), {0}))


def test_shares_are_those_of_the_smaller_cut():
    rng = np.random.default_rng(31443)
    report = bound(random_reuse(rng), Partition.of(4, [1]))
    assert ranks(report) == {ALL_SITES: 4, SYMMETRIC_CUT: 3}
    assert report.cut.rank_bound == 4
    assert sum(share.bits for share in report.layers) == pytest.approx(math.log2(3))


def test_entropy_bounds_are_shown_rounded_up():
    for rank in [*range(2, 3000), 3**40, 2**40 + 1, 10**30]:
        bits = math.log2(rank)
        assert bits <= float(show_upper(bits)) <= bits * (1 + 1e-5)


def test_a_batch_of_bounds_is_one_line():
    assert repr(tncut.bounds(tncut.load("deep-16"), "canonical")) == "<Bounds: 4 partitions of 16 sites, 3 to 16 bits>"


def test_steps_in_between_take_architectures_circuits_and_partitions_in_every_form():
    net = tncut.load("deep-16")
    circuit = tncut.compile(net)
    expected = bound(net, "0-3,8").rank_bound
    for partition in ("0-3,8", {0, 1, 2, 3, 8}, Partition.parse("0-3,8", 16), [i < 4 or i == 8 for i in range(16)]):
        assert tncut.min_cut(tncut.unfold(circuit), partition).rank_bound == expected
        for subject in (net, circuit):
            assert tncut.min_cut(subject, partition).rank_bound == expected
            assert tncut.symmetric_cut(subject, partition).rank_bound == expected
            assert tncut.oracle.exact_rank(subject, partition).rank == expected


def test_many_partitions_are_reported_one_after_another():
    net = tncut.load("gap-9")
    found = list(tncut.reports(net, ["odd-even", {0, 1, 3, 4}, "canonical"]))
    assert [report.partition.name for report in found] == [
        "odd-even",
        "0-1,3-4",
        "alternating:1",
        "alternating:2",
        "alternating:4",
    ]
    assert [report.rank_bound for report in found] == [bound(net, report.partition).rank_bound for report in found]


def test_a_name_of_many_partitions_has_no_one_report():
    with pytest.raises(PartitionError, match="names 5 partitions where one is needed; random:seed=5"):
        bound(tncut.load("deep-16"), "random:5")


def test_reports_and_verifications_are_one_short_line():
    checked = verify(tncut.load("gap-9"), {0, 1, 3, 4}, contract=False)
    assert repr(checked) == "<Verification: exact rank 7 of random weights, bound 8 holds>"
    assert repr(checked.report) == "<Report: gap-9, 0-1,3-4: 7 <= rank <= 8, open>"
