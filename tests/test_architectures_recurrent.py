"""Recurrent circuits, against their definition step by step and the values of the literature."""

import numpy as np
import pytest

from tests.circuits import recurrent
from tncut.architectures import Recurrent, compile
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import Modular, draw_weights, evaluate, exact_rank
from tncut.partition import Partition
from tncut.proven import symmetric_cut


@pytest.mark.parametrize(("steps", "hidden"), [(1, [3]), (5, [2]), (1, [2, 3]), (4, [3, 2]), (3, [2, 4, 3])])
def test_the_circuit_computes_the_recurrence(steps, hidden):
    circuit = compile(Recurrent(steps=steps, site_dim=2, hidden=hidden))
    field = Modular(101)
    weights = draw_weights(circuit, field=field, seed=1)
    inputs = [field.random(np.random.default_rng(2), (2,)) for _ in range(steps)]
    matrix = iter(weights.matrices)
    below = inputs
    for _ in hidden:
        states = [field.matmul(below[0][None], next(matrix).T)[0]]
        for read in below[1:]:
            now, then = (field.matmul(v[None], next(matrix).T)[0] for v in (read, states[-1]))
            states.append(field.multiply(now, then))
        below = states
    assert evaluate(weights, inputs) == field.matmul(below[-1][None], weights.output.T)[0, 0]


def test_the_shape_is_that_of_the_family_by_hand():
    circuit, by_hand = compile(Recurrent(steps=4, site_dim=2, hidden=[3, 5])), recurrent(4, 2, [3, 5])
    assert sorted(circuit.multiplicities.tolist()) == sorted(by_hand.multiplicities.tolist())
    assert circuit.unit_dims.tolist() == [3] * 4 + [5] * 4
    assert circuit.unit_layer.tolist() == [0] * 4 + [1] * 4
    assert circuit.unit_position.tolist() == [0, 1, 2, 3] * 2
    assert circuit.grids == ((4,),) * 3


@pytest.mark.parametrize(
    ("steps", "site_dim", "hidden", "partition", "rank"),
    [
        (4, 2, [3], "left-right", 3),
        (6, 3, [10], "left-right", 10),
        (6, 3, [2], "odd-even", 8),
    ],
)
def test_one_layer_has_the_ranks_of_the_literature(steps, site_dim, hidden, partition, rank):
    circuit = compile(Recurrent(steps=steps, site_dim=site_dim, hidden=hidden))
    assert min_cut(unfold(circuit), partition).rank_bound == rank
    assert exact_rank(circuit, partition).rank == rank


def test_two_layers_have_less_rank_than_the_duplicated_cut():
    circuit = compile(Recurrent(steps=6, site_dim=3, hidden=[2, 2]))
    assert min_cut(unfold(circuit), "left-right").rank_bound == 16
    assert symmetric_cut(circuit, "left-right").rank_bound == 8
    assert exact_rank(circuit, "left-right").rank == 8


def test_an_open_output_and_the_sites_dimensions():
    circuit = compile(Recurrent(steps=3, site_dim=[2, 3, 4], hidden=[2], open_output=5))
    assert circuit.terminal_dims.tolist() == [2, 3, 4, 5]
    assert exact_rank(circuit, Partition.of(4, {3})).rank == 2


def test_long_sequences_are_quick_to_build():
    assert compile(Recurrent(steps=10**6, site_dim=2, hidden=[2, 2])).units == 2 * 10**6
