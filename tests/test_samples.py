"""The entanglement of data: the explicit tensor is the judge, and data sets whose entanglement is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tncut import MethodError, Partition, Samples, SizeError, data_entanglement

EMBEDDINGS = ("angle", "angle:0.5", "fourier:1", "fourier:2", "gaussian:2", "gaussian:3", "one-hot", "vectors")
LABELS = ("none", "numbers", "signs", "classes", "rows")


def drawn(embedding: str, labels: str, seed: int) -> Samples:
    """A small data set of up to 8 sites whose explicit tensor has up to 2^14 entries."""
    rng = np.random.default_rng(seed)
    dim = {"one-hot": 3, "vectors": 3, "fourier:2": 5, "fourier:1": 3, "gaussian:3": 3}.get(embedding, 2)
    sites = int(rng.integers(2, {2: 9, 3: 7, 5: 5}[dim]))
    count = int(rng.integers(2, 25))
    inputs = rng.random((count, sites))
    if embedding == "one-hot":
        inputs = rng.integers(0, 3, (count, sites))
    elif embedding == "vectors":
        inputs = rng.normal(size=(count, sites, 3))
    values = {
        "none": None,
        "numbers": rng.normal(size=count),
        "signs": rng.choice([-1, 1], count),
        "classes": rng.integers(0, 3, count),
        "rows": rng.normal(size=(count, 2)),
    }
    return Samples.of(inputs, values[labels], embedding=embedding, classes=labels == "classes")


def squares_of_the_explicit_tensor(samples: Samples, split: Partition) -> np.ndarray:
    """Squared singular values of the matricized tensor, every product written out."""
    total = 0.0
    for number, weight in enumerate(samples.weights):
        product = np.array(weight)
        for site in samples.vectors:
            product = np.multiply.outer(product, site[number])
        total = total + product
    axes = [*split.sites_a.tolist(), *split.sites_b.tolist()]
    rows = math.prod(samples.vectors[site].shape[1] for site in split.sites_a.tolist())
    matrix = np.asarray(total).transpose(axes).reshape(rows, -1)
    return np.linalg.svd(matrix, compute_uv=False) ** 2


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(EMBEDDINGS), st.sampled_from(LABELS), st.integers(0, 2**32 - 1))
def test_schmidt_values_are_those_of_the_explicit_tensor(embedding, labels, seed):
    samples = drawn(embedding, labels, seed)
    split = Partition(np.random.default_rng(seed).random(len(samples.vectors)) < 0.5)
    squares = squares_of_the_explicit_tensor(samples, split)
    squares /= squares.sum()
    demand = data_entanglement(samples, partitions=[split])[0]
    found = demand.schmidt_values**2
    size = max(len(squares), len(found))
    padded = [np.pad(values, (0, size - len(values))) for values in (squares, found)]
    np.testing.assert_allclose(*padded, atol=1e-9)
    assert demand.entropy.bits == pytest.approx(tncut.entanglement.entropy(np.sqrt(squares)), abs=1e-9)
    assert demand.renyi2.bits == pytest.approx(tncut.entanglement.renyi(np.sqrt(squares), 2), abs=1e-9)
    for rank in range(4):
        assert demand.distance(rank) ** 2 == pytest.approx(min(squares[rank:].sum(), 1.0), abs=1e-9)


@pytest.mark.parametrize("embedding", ["angle", "one-hot"])
def test_product_data_have_no_entanglement(embedding):
    found = data_entanglement(np.full((20, 6), 2), partitions="dyadic", embedding=embedding)
    assert [demand.entropy.bits for demand in found] == pytest.approx([0.0] * len(found), abs=1e-9)
    assert {demand.rank.bits for demand in found} == {0.0}
    assert found.mean.error == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("clusters", [2, 3, 4, 8])
def test_clusters_that_share_no_value_have_log2_of_their_number(clusters):
    inputs = np.repeat(np.arange(clusters), 32)[:, None] * np.ones(6, dtype=int)
    for split in ("left-right", "odd-even", "0"):
        demand = data_entanglement(inputs, partitions=split, embedding="one-hot")[0]
        assert demand.entropy.bits == pytest.approx(math.log2(clusters), abs=1e-9)
        assert demand.renyi2.bits == pytest.approx(math.log2(clusters), abs=1e-9)
        assert demand.rank.bits == pytest.approx(math.log2(clusters))


def test_independent_halves_have_none_and_a_correlated_pair_has_one_bit_for_each_pair_cut():
    left, right = np.meshgrid(np.arange(4), np.arange(4))
    left, right = left.ravel(), right.ravel()
    inputs = np.stack([left // 2, left % 2, right // 2, right % 2], axis=1)  # all 16 binary words: a product
    paired = np.concatenate([inputs, inputs], axis=1)  # site i and site i + 4 are equal
    bits = [found.entropy.bits for found in data_entanglement(inputs, partitions="all", embedding="one-hot")]
    assert bits == pytest.approx([0.0] * 8, abs=1e-9)
    found = data_entanglement(paired, partitions=["0,4", "0-1,4", "0-3", "0-1,4-5"], embedding="one-hot")
    assert [demand.entropy.bits for demand in found] == pytest.approx([0.0, 1.0, 4.0, 0.0], abs=1e-9)


def test_classes_are_one_more_site():
    inputs = np.repeat([[0, 0, 0], [1, 1, 1]], 10, axis=0)
    samples = Samples.of(inputs, np.repeat(["cat", "dog"], 10), embedding="one-hot", classes=True)
    found = data_entanglement(samples, partitions=["0-2", "y", "0,y"])
    assert [demand.entropy.bits for demand in found] == pytest.approx([1.0, 1.0, 1.0], abs=1e-9)
    constant = Samples.of(np.zeros((20, 3)), np.arange(20) % 2, embedding="one-hot", classes=True)
    assert data_entanglement(constant, partitions="y")[0].entropy.bits == pytest.approx(0.0, abs=1e-9)


def test_a_thousand_sites_neither_underflow_nor_overflow():
    rng = np.random.default_rng(0)
    inputs = 1e-3 * rng.normal(size=(12, 1024, 3)) * 10.0 ** rng.integers(-3, 4, (12, 1, 1))
    inputs[:6] = inputs[0]
    demand = data_entanglement(inputs, partitions="left-right", embedding="vectors")[0]
    assert demand.entropy.bits == pytest.approx(0.0, abs=1e-6)  # the longest vectors outweigh all others
    signs = np.where(rng.random((12, 1024)) < 0.5, 0, 1)
    assert data_entanglement(signs, partitions="left-right", embedding="one-hot")[0].entropy.bits == pytest.approx(
        math.log2(12), abs=1e-9
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_error_bar_is_the_spread_of_new_samples(seed):
    """Entropy of two clusters with shares 0.8 and 0.2, over many data sets, against one data set's error bar."""
    rng = np.random.default_rng(seed)

    def estimate(seed):
        inputs = (rng.random(200) < 0.2)[:, None] * np.ones(4, dtype=int)
        return data_entanglement(inputs, partitions="left-right", embedding="one-hot", seed=seed)[0].entropy

    found = [estimate(seed) for seed in range(40)]
    spread = np.std([estimate.bits for estimate in found])
    assert 0.6 < np.mean([estimate.error for estimate in found]) / spread < 1.5


def test_too_few_samples_are_warned_of():
    rng = np.random.default_rng(0)
    noise = data_entanglement(rng.integers(0, 2, (64, 40)), partitions="left-right", embedding="one-hot")[0]
    assert "64 samples show 6.00 bits at most" in noise.warning
    growing = rng.integers(0, 2, (500, 6))
    few = data_entanglement(growing, rng.choice([-1.0, 1.0], 500), partitions="0-2", embedding="one-hot")[0]
    many = data_entanglement(np.zeros((500, 6)), partitions="0-2", embedding="one-hot")[0]
    assert many.warning is None
    assert few.entropy.bits > 1  # labels that say nothing leave noise alone
    uniform = data_entanglement(rng.random((800, 1024)), partitions="left-right")[0]
    assert "noise of the samples" in uniform.warning
    assert uniform.may_fall
    assert not uniform.may_rise
    assert "no error bar" in data_entanglement([[0, 1], [1, 0]], partitions="0")[0].warning
    assert "cancel" in data_entanglement(np.zeros((4, 2)), [1, -1, 1, -1], partitions="0")[0].warning


@pytest.mark.parametrize("seed", range(20))
def test_a_tensor_of_small_rank_is_no_nearer_than_the_entropy_allows(seed):
    """The necessary half of docs/data.md: S(D) <= log2 R + T log2(d - 1) + h(T)."""
    rng = np.random.default_rng(seed)
    dim, rank = int(rng.integers(3, 9)), int(rng.integers(1, 3))
    data = rng.normal(size=(dim, 12)) * 10.0 ** -rng.uniform(0, 2, (dim, 1))
    left, values, right = np.linalg.svd(data, full_matrices=False)
    near = (left[:, :rank] * values[:rank]) @ right[:rank] + 0.1 * rng.normal() * np.outer(left[:, 0], right[0])
    overlap = (data * near).sum() / np.linalg.norm(data) / np.linalg.norm(near)
    distance = math.sqrt(1 - overlap**2)
    if distance <= 1 - 1 / dim:
        mixed = -distance * math.log2(distance) - (1 - distance) * math.log2(1 - distance)
        assert tncut.entanglement.entropy(values) <= math.log2(rank) + distance * math.log2(dim - 1) + mixed


@pytest.mark.parametrize("seed", range(5))
def test_entropies_bound_the_tails_that_a_tree_leaves_out(seed):
    """The step of the sufficient half: what lies beyond rank R is at most S / log2(R + 1)."""
    p = np.sort(np.random.default_rng(seed).dirichlet(np.full(20, 0.3)))[::-1]
    for rank in range(1, 20):
        assert p[rank:].sum() <= tncut.entanglement.entropy(np.sqrt(p)) / math.log2(rank + 1)


@pytest.mark.parametrize(("name", "sites", "classes"), [("wine", 13, 3), ("breast_cancer", 30, 2)])
def test_tables_of_scikit_learn(name, sites, classes):
    """Real features depend on each other and on the class; classes in random order do not."""
    datasets = pytest.importorskip("sklearn.datasets")
    table = getattr(datasets, f"load_{name}")()
    samples = Samples.of(table.data, table.target, embedding="angle:0.2", scale="standard", classes=True)
    assert (samples.site_dims, len(samples.vectors)) == ((2,) * sites, sites + 1)
    split = Partition.of(sites + 1, {0, 1, sites})
    found = data_entanglement(samples, partitions=["y", split])
    squares = squares_of_the_reduced_tensor(samples, split)
    assert found[1].entropy.bits == pytest.approx(tncut.entanglement.entropy(np.sqrt(squares)), abs=1e-9)
    assert 0 < found[0].entropy.bits <= math.log2(classes)
    shuffled = np.random.default_rng(0).permutation(table.target)
    free = Samples.of(table.data, shuffled, embedding="angle:0.2", scale="standard", classes=True)
    bits = data_entanglement(free, partitions=["y"])[0].entropy
    assert found[0].entropy.bits - bits.bits > 2 * (found[0].entropy.error + bits.error)


def squares_of_the_reduced_tensor(samples: Samples, split: Partition) -> np.ndarray:
    """Squared Schmidt values by the reduced density matrix of side A, sites of side B by their inner products."""
    side = samples.weights[:, None]
    for site in split.sites_a.tolist():
        side = np.einsum("ma,mb->mab", side, samples.vectors[site]).reshape(len(samples), -1)
    gram = np.ones((len(samples), len(samples)))
    for site in split.sites_b.tolist():
        gram *= samples.vectors[site] @ samples.vectors[site].T
    values = np.clip(np.linalg.eigvalsh(side.T @ gram @ side)[::-1], 0, None)
    return values / values.sum()


def test_a_permutation_of_sites_moves_the_partitions_with_it():
    rng = np.random.default_rng(0)
    samples, order = Samples.of(rng.random((30, 6))), rng.permutation(6)
    split = Partition.of(6, {0, 2, 3})
    moved = data_entanglement(samples.ordered(order), partitions=[Partition(split.sides[order])])[0]
    direct = data_entanglement(samples, partitions=[split])[0]
    assert moved.entropy.bits == pytest.approx(direct.entropy.bits, abs=1e-9)


NAN = np.array([[0.0, 1.0], [np.nan, 2.0]])
BAD = {
    "not a number": (lambda: Samples.of(NAN), r"^inputs\[1, 0\] is nan; all must be finite"),
    "infinite": (lambda: Samples.of(np.where(np.isnan(NAN), np.inf, NAN)), r"^inputs\[1, 0\] is inf"),
    "ragged": (lambda: Samples.of([[0.0, 1.0], [2.0]]), "ragged"),
    "text": (lambda: Samples.of([["a", "b"]] * 3), "must be real numbers"),
    "one sample": (lambda: Samples.of(np.zeros((1, 4))), "^there is 1 sample"),
    "no sites": (lambda: Samples.of(np.zeros((4, 0))), "there is no value"),
    "no site axis": (lambda: Samples.of(np.zeros(4)), r"shape \(4,\)"),
    "labels of wrong length": (lambda: Samples.of(np.zeros((4, 2)), [1.0]), "^there are 1 labels for 4 samples"),
    "labels not finite": (lambda: Samples.of(np.zeros((2, 2)), [1.0, np.nan]), r"^labels\[1\] is nan"),
    "labels of three axes": (lambda: Samples.of(np.zeros((2, 2)), np.zeros((2, 2, 2))), "labels have shape"),
    "all labels 0": (lambda: Samples.of(np.zeros((2, 2)), [0.0, 0.0]), "every sample has weight 0"),
    "classes of floats": (lambda: Samples.of(np.zeros((2, 2)), [0.5, 1.5], classes=True), "integers or texts"),
    "classes of nothing": (lambda: Samples.of(np.zeros((2, 2)), classes=True), "no labels"),
    "constant column": (lambda: Samples.of([[1.0, 2.0], [1.0, 3.0]], scale="standard"), "^site 0 is 1 in all samples"),
    "constant data": (lambda: Samples.of(np.ones((3, 2)), scale="range"), "no range"),
    "no such scale": (lambda: Samples.of(np.zeros((3, 2)), scale="log"), "unknown scale"),
    "no such embedding": (lambda: Samples.of(np.zeros((3, 2)), embedding="sine"), "unknown embedding 'sine'"),
    "no embedding": (lambda: Samples.of(np.zeros((3, 2)), embedding=None), "unknown embedding None"),
    "not discrete": (lambda: Samples.of([[0.5, 1]] * 2, embedding="one-hot"), "^sample 0, site 0 is 0.5"),
    "out of range": (lambda: Samples.of([[0.5, 7]] * 2, embedding="gaussian:3"), "^sample 0, site 1 is 7"),
    "one centre": (lambda: Samples.of([[0.5, 1]] * 2, embedding="gaussian:1"), "two centres or more"),
    "no frequency": (lambda: Samples.of([[0.5, 1]] * 2, embedding="fourier:0"), "must be 1 to"),
    "a wrong order": (lambda: Samples.of(np.zeros((3, 2))).ordered([0, 0]), "each of the sites 0 to 1 once"),
    "two embeddings": (
        lambda: data_entanglement(Samples.of(np.zeros((3, 2))), embedding="one-hot"),
        "Samples have their labels and their embedding",
    ),
    "no partition": (lambda: data_entanglement(np.zeros((3, 2)), partitions=[]), "no partition is given"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_are_one_line(case):
    call, message = BAD[case]
    with pytest.raises(MethodError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_a_million_samples_are_refused_with_their_size():
    with pytest.raises(SizeError, match=r"the Gram matrices of 1000000 samples needs \d+.* MB of memory"):
        data_entanglement(np.zeros((10**6, 2)), partitions="0")
