"""Schmidt values of states known in closed form, and against those of the contracted tensor."""

import math

import numpy as np
import pytest

from tests.circuits import pooled, random_partition, random_reuse, random_tree
from tncut.errors import SizeError
from tncut.network import unfold
from tncut.oracle import Floats, coefficient_tensor, draw_weights, schmidt_values
from tncut.oracle.entanglement import entropy, geometric_measure, renyi, schmidt_number
from tncut.partition import Partition


@pytest.mark.parametrize(("dim", "sites"), [(2, 3), (3, 4), (5, 2)])
def test_identity_weights_on_a_shallow_network_are_the_ghz_state(dim, sites):
    values = schmidt_values(pooled(dim, [sites], [dim]), Partition.of(sites, {0}), weights="identity")
    assert schmidt_number(values) == dim
    assert entropy(values) == pytest.approx(math.log2(dim), abs=1e-9)
    assert geometric_measure(values) == pytest.approx(1 - 1 / dim, abs=1e-9)


def test_the_witness_network_has_four_entangled_pairs():
    circuit = pooled(2, [2] * 3, [2] * 3)
    crossing = schmidt_values(circuit, "odd-even", weights="witness")
    assert entropy(crossing) == pytest.approx(4, abs=1e-9)
    assert renyi(crossing, 2) == pytest.approx(4, abs=1e-9)
    assert geometric_measure(crossing) == pytest.approx(15 / 16, abs=1e-9)
    assert entropy(schmidt_values(circuit, "left-right", weights="witness")) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(15))
def test_they_are_the_singular_values_of_the_contracted_tensor(seed):
    rng = np.random.default_rng(seed)
    circuit = [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3]
    partition = random_partition(rng, circuit)
    tensor = coefficient_tensor(unfold(circuit), draw_weights(circuit, field=Floats(), seed=seed))
    rows = int(np.prod(circuit.terminal_dims[partition.sites_a]))
    matrix = tensor.transpose(*partition.sites_a, *partition.sites_b).reshape(rows, -1)
    values = schmidt_values(circuit, partition, seed=seed)
    assert values == pytest.approx(np.linalg.svd(matrix, compute_uv=False), rel=1e-9, abs=1e-9 * values[0])
    assert (np.diff(values) <= 0).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(SizeError, match=r"singular values needs .* MB of memory, over the limit of 1"):
        schmidt_values(pooled(2, [20], [2]), "left-right", memory_limit=10**6)
