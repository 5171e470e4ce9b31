"""Schmidt values and exact ranks by contraction towards a cut, against the full tensor and states in closed form."""

import math

import numpy as np
import pytest

from tests.architectures import RANDOM
from tests.circuits import pooled, random_partition, random_reuse, random_tree
from tncut.circuit import compile
from tncut.errors import MethodError, NetworkError, SizeError
from tncut.formats.spec import KINDS
from tncut.mincut import min_cut
from tncut.network import TensorNetwork, unfold
from tncut.oracle import (
    Floats,
    Modular,
    draw_weights,
    exact_rank,
    matricization,
    modulo,
    rank_across,
    rank_modulo,
    spectrum,
)
from tncut.oracle.entanglement import entropy
from tncut.oracle.sides import pieces

CIRCUITS = sorted(kind for kind, cls in KINDS.items() if hasattr(cls, "circuit") and kind != "linear")


def full_values(weights, partition):
    """The normalised singular values of the full tensor, and log2 of its norm."""
    values = np.linalg.svd(matricization(weights, partition), compute_uv=False)
    norm = np.linalg.norm(values)
    return (values / norm if norm else values), (math.log2(norm) if norm else -math.inf)


def padded(first, second):
    length = max(len(first), len(second))
    return [np.pad(values, (0, length - len(values))) for values in (first, second)]


def random_subject(seed):
    rng = np.random.default_rng(seed)
    circuit = [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3]
    return circuit, random_partition(rng, circuit)


@pytest.mark.parametrize("seed", range(90))
def test_they_are_the_singular_values_of_the_full_tensor(seed):
    circuit, partition = random_subject(seed)
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats(), seed=seed)
    cut = min_cut(network, partition)
    found = spectrum(network, weights, partition, cut.sides)
    values, log2_norm = full_values(weights, partition)
    first, second = padded(found.values, values)
    assert first == pytest.approx(second, abs=1e-12)
    assert found.log2_norm == pytest.approx(log2_norm, abs=1e-9)
    assert found.chi == cut.rank_bound
    assert len(found.values) <= found.chi


@pytest.mark.parametrize("seed", range(30))
def test_large_joins_by_triangles_give_the_same_values(seed, monkeypatch):
    circuit, partition = random_subject(seed)
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats(), seed=seed)
    sides = min_cut(network, partition).sides
    plain = spectrum(network, weights, partition, sides)
    monkeypatch.setattr(pieces, "LARGE", 0)
    found = spectrum(network, weights, partition, sides)
    first, second = padded(found.values, plain.values)
    assert first == pytest.approx(second, abs=1e-12)
    assert found.log2_norm == pytest.approx(plain.log2_norm, abs=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_the_exact_rank_is_that_of_the_full_tensor(seed):
    circuit, partition = random_subject(seed)
    network, weights = unfold(circuit), draw_weights(circuit, field=Modular(), seed=seed)
    found = rank_across(network, weights, partition, min_cut(network, partition).sides, seed=seed)
    assert (
        found.rank == rank_modulo(matricization(weights, partition)) == exact_rank(circuit, partition, seed=seed).rank
    )
    assert found.complete
    assert (found.method, found.seed) == ("cut", seed)


@pytest.mark.parametrize("kind", CIRCUITS)
@pytest.mark.parametrize("seed", range(6))
def test_every_kind_of_architecture_has_the_values_of_its_full_tensor(kind, seed):
    rng = np.random.default_rng(seed)
    circuit = compile(RANDOM[kind](rng))
    if circuit.has_sums:
        return
    partition = random_partition(rng, circuit)
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats(), seed=seed)
    found = spectrum(network, weights, partition, min_cut(network, partition).sides)
    first, second = padded(found.values, full_values(weights, partition)[0])
    assert first == pytest.approx(second, abs=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_any_sides_of_the_tensors_give_the_same_values_and_the_same_rank(seed):
    """The cut is data that only steers the order: a wrong one costs time, and gives no wrong value."""
    circuit, partition = random_subject(3 * seed)
    network = unfold(circuit)
    weights = draw_weights(circuit, field=Floats(), seed=seed)
    least = min_cut(network, partition).sides
    sides = least ^ (np.random.default_rng(seed).random(network.tensors) < 0.2)
    first, second = padded(spectrum(network, weights, partition, sides).values, full_values(weights, partition)[0])
    assert first == pytest.approx(second, abs=1e-11)
    exact = modulo(weights, Modular())
    ranks = [rank_across(network, exact, partition, other).rank for other in (least, sides)]
    assert ranks[0] == ranks[1]


@pytest.mark.parametrize("power", [-1000, -300, 300, 1000])
def test_products_far_outside_of_floats_keep_their_values(power):
    circuit = pooled(2, [2] * 4, [2, 3, 2, 3])
    network, split = unfold(circuit), "prefix:5"
    weights = draw_weights(circuit, field=Floats(), seed=1)
    scaled = type(weights)(circuit, Floats(), tuple(m * 2.0**power for m in weights.matrices), weights.output)
    sides = min_cut(network, split).sides
    plain, found = spectrum(network, weights, split, sides), spectrum(network, scaled, split, sides)
    assert found.values == pytest.approx(plain.values, abs=1e-14)
    assert found.log2_norm - plain.log2_norm == pytest.approx(power * len(weights.matrices), abs=1e-6)


def norm_of_a_tree(weights):
    """log2 of the norm, from the Gram matrices of the units: G_u is the elementwise product of all W G_child W^T."""
    circuit = weights.circuit
    grams = [np.eye(int(dim)) for dim in circuit.site_dims]
    scale = 0.0
    for unit in range(circuit.units):
        gram = np.ones((int(circuit.unit_dims[unit]),) * 2)
        for pair in range(circuit.factor_start[unit], circuit.factor_start[unit + 1]):
            matrix = weights.matrices[pair]
            gram = gram * (matrix @ grams[circuit.factor_child[pair]] @ matrix.T)
            largest = np.abs(gram).max()
            gram, scale = gram / largest, scale + math.log2(largest)
        grams.append(gram)
    return (math.log2(np.trace(weights.output @ grams[-1] @ weights.output.T)) + scale) / 2


@pytest.mark.parametrize("split", ["prefix:85", "left-right", "0-15,64-79", "prefix:1"])
def test_the_norm_of_a_deep_net_is_that_of_its_gram_matrices(split):
    circuit = pooled(4, [2] * 8, [4] * 8)
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats(), seed=2)
    cut = min_cut(network, split)
    found = spectrum(network, weights, split, cut.sides)
    assert found.log2_norm == pytest.approx(norm_of_a_tree(weights), abs=1e-9)
    assert np.linalg.norm(found.values) == pytest.approx(1, abs=1e-12)
    assert entropy(found.values) <= math.log2(cut.rank_bound) + 1e-12
    exact = draw_weights(circuit, field=Modular(), seed=2)
    assert rank_across(network, exact, split, cut.sides).rank == cut.rank_bound


def test_states_in_closed_form_at_1024_sites():
    deep, shallow = pooled(2, [2] * 10, [2] * 10), pooled(3, [1024], [3])

    def bits(circuit, split, kind):
        network = unfold(circuit)
        weights = draw_weights(circuit, kind, field=Floats())
        return entropy(spectrum(network, weights, split, min_cut(network, split).sides).values)

    assert bits(shallow, "odd-even", "identity") == pytest.approx(math.log2(3), abs=1e-12)
    assert bits(shallow, "prefix:700", "identity") == pytest.approx(math.log2(3), abs=1e-12)
    for few in ("0,2,4,6,8,10,12,14,16", "1,3-4,100", "prefix:5"):
        split = deep.terminals.partition(few)
        pairs = sum(split.sides[2 * k] != split.sides[2 * k + 1] for k in range(512))
        assert bits(deep, few, "witness") == pytest.approx(pairs, abs=1e-12)
    assert bits(deep, "left-right", "witness") == pytest.approx(0, abs=1e-12)
    product = pooled(2, [2] * 10, [1] * 10)
    assert bits(product, "odd-even", "random") == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_network_by_hand_takes_an_array_for_each_tensor(seed):
    """A ring of four tensors with a site each; bonds of dimension 2, sites of dimension 3."""
    rng = np.random.default_rng(seed)
    bonds = [(2, [0, 1]), (2, [1, 2]), (2, [2, 3]), (2, [0, 3]), *((3, [tensor]) for tensor in range(4))]
    network = TensorNetwork.from_bonds(bonds, sites=[4, 5, 6, 7])
    axes = [(0, 3, 4), (0, 1, 5), (1, 2, 6), (2, 3, 7)]
    arrays = [rng.standard_normal((2, 2, 3)) + 1j * rng.standard_normal((2, 2, 3)) for _ in axes]
    tensor = np.einsum("adw,abx,bcy,cdz->wxyz", *arrays)
    for split, order in (("0-1", (0, 1, 2, 3)), ("0,2", (0, 2, 1, 3)), ("3", (3, 0, 1, 2))):
        expected = np.linalg.svd(tensor.transpose(order).reshape(3 if split == "3" else 9, -1), compute_uv=False)
        found = spectrum(network, list(zip(arrays, axes, strict=True)), split, min_cut(network, split).sides)
        first, second = padded(found.values, expected / np.linalg.norm(expected))
        assert first == pytest.approx(second, abs=1e-12)
        assert found.log2_norm == pytest.approx(math.log2(np.linalg.norm(expected)), abs=1e-9)


def test_the_tensor_zero_has_no_entanglement():
    circuit = pooled(2, [2, 2], [2, 2])
    weights = draw_weights(circuit, field=Floats())
    zero = type(weights)(circuit, Floats(), tuple(0 * matrix for matrix in weights.matrices), weights.output)
    found = spectrum(unfold(circuit), zero, "left-right", np.array([True] * 3 + [False] * 4))
    assert not found.values.any()
    assert found.log2_norm == -math.inf
    assert entropy(found.values) == 0


def test_what_does_not_fit_is_refused_with_chi_before_it_is_computed():
    circuit = pooled(2, [2] * 12, [2] * 12)
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats())
    sides = min_cut(network, "odd-even").sides
    with pytest.raises(SizeError, match=r"4096 sites towards a cut of chi = 2\^2048 needs about 10\^\d+ MB of memory"):
        spectrum(network, weights, "odd-even", sides)
    small = min_cut(network, "prefix:1365")
    with pytest.raises(SizeError, match=r"chi = 64 needs .* multiply-adds, over the limit of 1.0e\+03"):
        spectrum(network, weights, "prefix:1365", small.sides, work_limit=1000)
    with pytest.raises(SizeError, match=r"chi = 64 needs .* MB of memory, over the limit of 0.1 MB"):
        spectrum(network, weights, "prefix:1365", small.sides, memory_limit=10**5)


def test_what_does_not_fit_the_network_is_one_line():
    circuit = pooled(2, [2], [2])
    network, weights = unfold(circuit), draw_weights(circuit, field=Floats())
    with pytest.raises(NetworkError, match="they must be 3 booleans"):
        spectrum(network, weights, "left-right", np.array([True]))
    with pytest.raises(NetworkError, match="1 arrays given for 3 tensors"):
        spectrum(network, [(np.eye(2), (0, 2))], "left-right", np.array([True, False, False]))
    with pytest.raises(MethodError, match="weights modulo a prime"):
        rank_across(network, weights, "left-right", np.array([True, False, False]))
