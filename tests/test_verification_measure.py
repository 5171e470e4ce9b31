"""Measurements of given weights, typical entropies, and measured profiles, against the full tensor and closed forms."""

import json
import math

import numpy as np
import pytest

import tncut
from tests.architectures import RANDOM
from tests.circuits import pooled
from tncut.architectures import ConvAC
from tncut.errors import MethodError, SizeError, SpecError
from tncut.network import build
from tncut.oracle import Floats, Modular, Weights, draw_weights, exact_rank, save_weights, schmidt_values
from tncut.oracle.entanglement import entropy, renyi
from tncut.partition import Partition
from tncut.verification import measure, measure_profile, typical, verify

SMALL = ConvAC.deep(sites=8, site_dim=2, channels=(3, 4, 2), name="small")


@pytest.mark.parametrize("kind", RANDOM)
@pytest.mark.parametrize("seed", range(4))
def test_every_architecture_is_measured_as_its_full_tensor(kind, seed):
    rng = np.random.default_rng(seed)
    architecture = RANDOM[kind](rng)
    partition = Partition(rng.random(len(build(architecture).terminals)) < 0.5)
    found = measure(architecture, partition, seed=seed)
    values = schmidt_values(architecture, partition, seed=seed)
    assert found.entropy_bits == pytest.approx(entropy(values), abs=1e-9)
    assert found.renyi(2) == pytest.approx(renyi(values, 2), abs=1e-9)
    assert found.log2_norm == pytest.approx(math.log2(np.linalg.norm(values)), abs=1e-9)
    assert found.exact.rank == exact_rank(architecture, partition, seed=seed).rank
    assert found.holds


@pytest.mark.parametrize("form", ["object", "arrays", "file", "text"])
def test_weights_come_in_every_form(form, tmp_path):
    weights = draw_weights(SMALL, "uniform", field=Floats(), seed=4)
    file = tmp_path / "w.npz"
    save_weights(weights, file)
    with np.load(file) as content:
        given = {"object": weights, "arrays": dict(content), "file": file, "text": str(file)}[form]
    found = measure(SMALL, "odd-even", weights=given)
    assert (
        found.schmidt_values.tolist() == measure(SMALL, "odd-even", weights="uniform", seed=4).schmidt_values.tolist()
    )
    assert found.weights.startswith("weights of " if form in ("file", "text") else "given weights")
    assert verify(SMALL, "odd-even", weights=given).schmidt_values == pytest.approx(
        np.pad(found.schmidt_values, (0, 16 - len(found.schmidt_values))), abs=1e-12
    )


def test_the_exact_rank_is_that_of_the_weights_themselves():
    """Two equal rows in every matrix: the rank of these weights is far below that of almost all."""
    weights = draw_weights(SMALL, field=Floats(), seed=1)
    flat = tuple(np.ones_like(matrix) @ np.diag(matrix[0]) for matrix in weights.matrices)
    found = measure(SMALL, "odd-even", weights=Weights(weights.circuit, Floats(), flat, weights.output))
    assert found.exact.rank == 1
    assert found.entropy_bits == pytest.approx(0, abs=1e-12)
    assert measure(SMALL, "odd-even", seed=1).exact.rank == found.rank_bound


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ("heavy", MethodError, "choose from random"),
        (3, MethodError, "give a kind to draw"),
        ({}, SpecError, "has no array layer0.sites.3x2"),
        (draw_weights(SMALL, field=Modular()), MethodError, "need weights in floats"),
        (draw_weights(pooled(2, [2], [2]), field=Floats()), SpecError, "2 weight matrices given for 14 factors"),
    ],
)
def test_what_is_no_weights_is_one_line(weights, error, message):
    with pytest.raises(error, match=message) as found:
        measure(SMALL, "odd-even", weights=weights)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("door", [measure, measure_profile, typical, verify])
def test_gates_without_a_coefficient_tensor_are_one_line(door):
    with pytest.raises(MethodError, match=r"says nothing about relu-average gates; .*") as error:
        door(tncut.load("rectifier-average-6"), "odd-even")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("net", "partition", "rank"), [("mps-32", "left-right", 16), ("peps-6x6", "left-right", 64), ("mera-16", "0-3", 16)]
)
def test_tensor_networks_reach_their_bound(net, partition, rank):
    found = measure(tncut.load(net), partition)
    assert found.exact.rank == found.rank_bound == rank
    assert 0 < found.entropy_bits < math.log2(rank)


def test_results_are_plain_data_and_text():
    found = measure(SMALL, "odd-even")
    data = json.loads(json.dumps(found.to_dict()))
    assert data["measured"]["entropy_bits"] == found.entropy_bits
    assert data["measured"]["exact_rank"]["rank"] == 16
    assert f"entropy {found.entropy_bits:.9f} bits" in str(found)
    assert "bound, proven for all weights" in str(found)
    assert repr(found).startswith("<Measurement: small, odd-even: ")
    assert measure(SMALL, "odd-even", exact=False).to_dict()["measured"]["exact_rank"] is None


def test_a_net_of_1024_sites_is_measured_and_verified():
    net = ConvAC.deep(sites=1024, site_dim=2, channels=(4,) * 10)
    found = measure(net, "prefix:85")
    assert found.method == "cut"
    assert found.exact.rank == found.rank_bound == 128
    assert 0 < found.entropy_bits < math.log2(found.rank_bound)
    checked = verify(net, "prefix:85", contract=True)
    assert checked.exact.method == "cut"
    assert checked.report.tight
    assert checked.holds
    assert checked.schmidt_values == pytest.approx(found.schmidt_values, abs=1e-12)


def test_what_does_not_fit_is_refused_with_chi_and_the_bound_of_the_partition():
    net = ConvAC.deep(sites=64, site_dim=4, channels=(4,) * 6)
    with pytest.raises(
        SizeError, match=r"chi = 2\^64 needs about 10\^\d+ MB .* rank bound of this partition, .* 2\^64"
    ):
        measure(net, "odd-even")
    residual = tncut.load("residual-8")
    with pytest.raises(SizeError, match="no minimum cut to contract towards, since vectors are added"):
        measure(residual, "odd-even", memory_limit=10**4)
    with pytest.raises(SizeError, match=r"over the limit of 0\.0 MB"):
        measure(SMALL, "odd-even", memory_limit=100)


def test_typical_entropies_are_those_of_each_draw():
    (found,) = typical(SMALL, "odd-even", weights="orthogonal", draws=4, seed=7, shared=True)
    alone = [
        measure(SMALL, "odd-even", weights="orthogonal", seed=seed, shared=True, exact=False).entropy_bits
        for seed in range(7, 11)
    ]
    assert found.entropies.tolist() == alone
    assert found.seeds == (7, 8, 9, 10)
    assert (found.mean, found.deviation) == pytest.approx((np.mean(alone), np.std(alone, ddof=1)))
    assert "measured in 4 draws of shared orthogonal weights" in str(found)
    assert f"<= {4} bits, proven" in str(found)
    assert json.loads(json.dumps(found.to_dict()))["measured"]["mean_bits"] == found.mean
    single = typical(SMALL, "left-right", draws=1)[0]
    assert single.deviation == 0
    assert "in 1 draw of random weights" in str(single)
    assert [item.partition.name for item in typical(SMALL, ["odd-even", "left-right"], draws=1)] == [
        "odd-even",
        "left-right",
    ]


@pytest.mark.parametrize("options", [{"draws": 0}, {"seed": -1}, {"weights": 3}, {"weights": "heavy"}])
def test_draws_that_cannot_be_are_one_line(options):
    with pytest.raises(MethodError) as error:
        typical(SMALL, "odd-even", **options)
    assert "\n" not in str(error.value)


def test_ghz_states_have_no_spread():
    (found,) = typical(ConvAC.shallow(sites=40, site_dim=3, channels=3), "odd-even", weights="identity", draws=3)
    assert found.entropies == pytest.approx(math.log2(3))
    assert found.deviation == pytest.approx(0, abs=1e-12)


def test_measured_profiles_have_the_entropy_of_each_region():
    found = measure_profile(SMALL, "all", seed=2)
    for point in found.points[1::17]:
        assert point.entropy_bits == measure(SMALL, point.partition, seed=2, exact=False).entropy_bits
        assert point.entropy_bits <= point.bits + 1e-9
    assert found.weights == "random weights, seed 2"
    plain = tncut.profile(SMALL, "all")
    assert [(p.partition, p.rank_bound) for p in plain.points] == [(p.partition, p.rank_bound) for p in found.points]
    assert "entropy_bits" not in plain.to_dict()["points"][0]
    assert found.to_dict()["points"][0]["entropy_bits"] == found.points[0].entropy_bits
    assert "measured" in str(found)
    assert "measured" not in str(plain)


def test_where_schmidt_values_do_not_fit_the_rank_is_measured_and_the_reason_told():
    found = verify(tncut.load("deep-64"), "odd-even", work_limit=10**7)
    assert found.schmidt_values is None
    assert "chi = 2^64" in found.unmeasured
    assert found.unmeasured in str(found)
    assert found.exact.rank == min(found.exact.shape)
    assert not found.exact.complete
