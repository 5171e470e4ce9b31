"""Spectra by random vectors: within their stated errors of all eigenvalues, on data of many kinds of spectra."""

import numpy as np
import pytest

from tncut import Samples, SizeError, data_entanglement
from tncut.samples import measuring
from tncut.samples.gram import gram, packed_pairs

RNG = np.random.default_rng(0)
COUNT, SITES = 240, 24
CLUSTER = RNG.integers(0, 5, COUNT)
INPUTS = {
    "noise": RNG.normal(size=(COUNT, SITES)),
    "strong noise": 4 * RNG.normal(size=(COUNT, SITES)),
    "weak noise": RNG.random((COUNT, SITES)),
    "paths": RNG.normal(size=(COUNT, SITES)).cumsum(axis=1),
    "three factors": RNG.normal(size=(COUNT, 3)) @ RNG.normal(size=(3, SITES)),
    "pairs": np.repeat(4 * RNG.normal(size=(COUNT // 2, SITES)), 2, axis=0),
    "clusters": 5.88 * RNG.integers(0, 2, (5, SITES))[CLUSTER],
    "eighty points": np.repeat(4 * RNG.normal(size=(80, SITES)), 3, axis=0),
    "one point": np.ones((COUNT, SITES)),
}
SIGNS = RNG.choice([-1, 1], COUNT)
SPLITS = ["left-right", "odd-even"]


@pytest.mark.parametrize("labels", [None, SIGNS], ids=["alone", "signs"])
@pytest.mark.parametrize("kind", INPUTS)
def test_random_vectors_agree_with_all_eigenvalues_within_their_error(kind, labels):
    samples = Samples.of(INPUTS[kind], labels)
    exact = data_entanglement(samples, partitions=SPLITS)
    found = data_entanglement(samples, partitions=SPLITS, exact=0)
    for one, other in zip(exact, found, strict=True):
        assert (one.estimated, other.estimated) == (False, True)
        for measure, least in (("entropy", 2e-3), ("renyi2", 1e-3), ("rank", 3e-2)):
            true, estimate = getattr(one, measure), getattr(other, measure)
            assert abs(estimate.bits - true.bits) <= 5 * estimate.numerical + least, measure
            assert estimate.numerical <= estimate.error
            assert true.numerical == 0
        assert other.entropy.numerical < 0.05
        assert other.renyi2.numerical < 0.05
        assert (other.schmidt_values**2).sum() == pytest.approx(1.0)
        for rank in (1, 4, 16):
            assert other.distance(rank) == pytest.approx(one.distance(rank), abs=0.01)


def test_what_cancels_is_warned_of_here_too():
    inputs = np.repeat(INPUTS["noise"][:120], 2, axis=0)
    found = data_entanglement(inputs, np.tile([1.0, -1.0], 120), partitions="left-right", exact=0)[0]
    assert "cancel" in found.warning
    assert found.entropy.bits == 0


def test_labels_that_are_0_and_samples_without_a_factor_are_no_harm(monkeypatch):
    weights = np.where(np.arange(COUNT) % 3, 1.0, 0.0)
    samples = Samples.of(INPUTS["paths"], weights)
    exact, found = (data_entanglement(samples, partitions="left-right", exact=limit)[0] for limit in (COUNT, 0))
    assert found.entropy.bits == pytest.approx(exact.entropy.bits, abs=5 * found.entropy.numerical + 1e-3)
    monkeypatch.setattr(measuring, "JITTER", -1e-3)  # the first diagonal fails, and the larger one is taken
    again = data_entanglement(samples, partitions="left-right", exact=0)[0]
    assert again.entropy.bits == pytest.approx(exact.entropy.bits, abs=5 * again.entropy.numerical + 1e-3)


@pytest.mark.parametrize("embedding", ["angle", "one-hot", "fourier:2"])
def test_packed_pairs_are_the_gram_matrices_of_both_sides(embedding):
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (300, 21)) if embedding == "one-hot" else rng.random((300, 21))
    samples = Samples.of(inputs, rng.integers(0, 2, 300), embedding=embedding, classes=True)
    sides = rng.random((4, 22)) < 0.5
    sides[0] = True
    for row, pair in zip(sides, packed_pairs(samples, sides), strict=True):
        of_a, of_b = (gram([samples.vectors[site] for site in np.flatnonzero(side)], 300) for side in (row, ~row))
        np.testing.assert_allclose(np.tril(pair), np.tril(of_a), atol=1e-12)
        np.testing.assert_allclose(np.triu(pair, 1), np.triu(of_b, 1), atol=1e-12)


def test_a_small_side_needs_no_random_vectors():
    found = data_entanglement(INPUTS["paths"], partitions=["0-3", "left-right"], exact=0)
    assert [demand.estimated for demand in found] == [False, True]
    assert "1 of 2 partitions by random vectors" in str(found)
    assert [demand.to_dict()["method"] for demand in found] == ["eigenvalues", "random vectors"]


def test_gram_matrices_that_do_not_fit_are_refused():
    with pytest.raises(SizeError, match="the Gram matrices of 200000 samples needs 640000"):
        data_entanglement(np.zeros((200_000, 24)), partitions="left-right")


def test_each_partition_is_told_of():
    lines = []
    data_entanglement(INPUTS["paths"], partitions=SPLITS, watch=lines.append)
    assert [line[:6] for line in lines] == ["1 of 2", "2 of 2"]
