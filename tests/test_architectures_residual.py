"""Residual ConvACs, against their definition, and gates."""

import numpy as np
import pytest

from tncut.architectures import ConvAC, Layer, compile
from tncut.errors import SpecError
from tncut.oracle import Modular, draw_weights, evaluate, exact_rank
from tncut.proven import bound

SAME = {"channels": 2, "window": 2, "stride": 1, "padding": "circular"}
ALL = Layer(channels=3, window="all")


def test_a_residual_layer_adds_what_it_reads():
    circuit = compile(ConvAC(sites=2, site_dim=2, layers=[Layer(**SAME, skip=True), ALL]))
    field = Modular(101)
    weights = draw_weights(circuit, field=field, seed=4)
    x = [field.random(np.random.default_rng(place), (2,)) for place in range(2)]
    u = [matrix.astype(object) for matrix in weights.matrices]
    products = [(u[0] @ x[0]) * (u[1] @ x[1]), (u[2] @ x[1]) * (u[3] @ x[0])]
    sums = [u[4] @ products[0] + u[5] @ x[0], u[6] @ products[1] + u[7] @ x[1]]
    expected = weights.output.astype(object) @ ((u[8] @ sums[0]) * (u[9] @ sums[1]))
    assert int(evaluate(weights, x)) == int(expected[0]) % 101


def test_sums_are_a_layer_of_their_own():
    circuit = compile(ConvAC(sites=4, site_dim=2, layers=[Layer(**SAME), Layer(**SAME, skip=True), ALL]))
    assert circuit.unit_layer.tolist() == [0] * 4 + [1] * 4 + [2] * 4 + [3]
    assert circuit.grids == ((4,),) * 4 + ((1,),)
    summing = circuit.factor_child[circuit.factors_of(np.arange(8, 12))].reshape(4, 2) - 4
    assert summing.tolist() == [[4, 0], [5, 1], [6, 2], [7, 3]]
    assert circuit.added.sum() == 4


def test_what_is_only_added_is_kept_and_what_nothing_reads_left_out():
    wide = Layer(channels=2, window=2, stride=3)
    circuit = compile(ConvAC(sites=6, site_dim=2, layers=[Layer(**SAME, skip=True), wide, ALL]))
    assert circuit.unit_position.tolist() == [0, 1, 3, 4] * 2 + [0, 1, 0]


def test_a_residual_network_has_the_rank_of_its_bound():
    network = ConvAC(sites=4, site_dim=2, layers=[Layer(**SAME, skip=True), ALL])
    report = bound(network, "left-right")
    assert exact_rank(compile(network), "left-right").rank <= report.rank_bound
    plain = bound(ConvAC(sites=4, site_dim=2, layers=[Layer(**SAME), ALL]), "left-right")
    assert plain.rank_bound <= report.rank_bound


def test_the_gate_is_the_circuits():
    gated = ConvAC(sites=4, site_dim=2, layers=[ALL], gate="relu-max")
    assert (compile(gated).gate, compile(gated).surrogate.gate) == ("relu-max", "product")


@pytest.mark.parametrize(
    ("site_dim", "layers", "message"),
    [
        (2, [Layer(channels=2, window=2, skip=True)], "layer 0: skip adds input and output, but the grid goes from 4"),
        (3, [Layer(**SAME, skip=True)], "2 channels follow on 3; they must be equal"),
        ([2, 3, 2, 2], [Layer(**SAME, skip=True)], "2 channels follow on 2, 3"),
        (2, [Layer(channels=4, window=1), Layer(**SAME, skip=True)], "layer 1: skip adds .* 2 channels follow on 4"),
    ],
)
def test_layers_that_cannot_be_residual_are_refused(site_dim, layers, message):
    with pytest.raises(SpecError, match=message):
        compile(ConvAC(sites=4, site_dim=site_dim, layers=[*layers, ALL]))
