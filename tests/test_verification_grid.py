"""Grid tensors: known ceilings of rectifier networks, and agreement with the coefficient tensor for products."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.circuits import reuses, trees, with_partition
from tncut.architectures import ConvAC, compile
from tncut.circuit import GATES, Circuit
from tncut.errors import CircuitError, MethodError, SizeError
from tncut.network import unfold
from tncut.oracle import Floats, Modular, draw_weights, evaluate, exact_rank, grid_rank
from tncut.partition import Partition

ODD_EVEN = Partition.parse("odd-even", 6)


def shallow(channels: int, gate: str) -> Circuit:
    return replace(compile(ConvAC.shallow(sites=6, site_dim=3, channels=channels)), gate=gate)


@pytest.mark.parametrize("channels", [1, 5, 20])
def test_shallow_nets_that_average_have_rank_two_at_any_width(channels):
    for gate in ("relu-average", "average", "sigmoid-average"):
        assert grid_rank(shallow(channels, gate), ODD_EVEN).rank == 2


@pytest.mark.parametrize("channels", [1, 2, 5, 20])
@pytest.mark.parametrize("seed", range(3))
def test_shallow_rectifier_nets_with_max_stay_below_their_ceiling(channels, seed):
    found = grid_rank(shallow(channels, "relu-max"), ODD_EVEN, seed=seed)
    assert found.arithmetic == "integers"
    assert 1 < found.rank <= channels * 3 * 6 / 2


@settings(max_examples=100)
@given(with_partition(trees() | reuses()))
def test_product_gates_give_the_rank_of_the_coefficient_tensor_where_sites_are_read_once(case):
    circuit, partition = case
    found = grid_rank(circuit, partition)
    if (circuit.multiplicities[: circuit.sites] <= 1).all():
        assert found.rank == exact_rank(circuit, partition).rank


def test_gates_are_activation_and_pooling_by_their_definition():
    circuit = replace(compile(ConvAC.deep(sites=4, site_dim=2, channels=(3, 2))), gate="relu-max")
    rng = np.random.default_rng(0)
    inputs = [rng.integers(-9, 10, (5, 2)) for _ in range(4)]
    weights = draw_weights(circuit, "identity", field=Floats())
    matrices = [np.eye(*matrix.shape) for matrix in weights.matrices]
    pooled = [np.maximum(0, np.maximum(inputs[i] @ matrices[i].T, inputs[i + 1] @ matrices[i + 1].T)) for i in (0, 2)]
    by_hand = np.maximum(0, np.maximum(pooled[0] @ matrices[4].T, pooled[1] @ matrices[5].T)).sum(axis=-1)
    assert evaluate(weights, [x.astype(float) for x in inputs]) == pytest.approx(by_hand)


@pytest.mark.parametrize("gate", [g for g in GATES if g != "product"])
def test_only_products_can_be_unfolded_or_taken_modulo_a_prime(gate):
    circuit = shallow(2, gate)
    with pytest.raises(MethodError, match="ConvAC surrogate"):
        unfold(circuit)
    with pytest.raises(MethodError, match="no order modulo a prime"):
        evaluate(draw_weights(circuit, field=Modular()), [np.ones((1, 3), dtype=np.int64)] * 6)
    assert unfold(circuit.surrogate).tensors == 7
    assert grid_rank(circuit, ODD_EVEN).complete


def test_unknown_gates_and_values_beyond_64_bits_are_refused():
    with pytest.raises(CircuitError, match="unknown gate 'relu'; choose from product"):
        shallow(2, "relu")
    deep = replace(compile(ConvAC.deep(sites=2**12, site_dim=2, channels=(20,) * 12)), gate="relu-max")
    with pytest.raises(SizeError, match="64-bit"):
        grid_rank(deep, Partition.of(2**12, [0]))
