"""Evaluation in log-space against exact integers and floats."""

import math
import sys

import numpy as np
import pytest

from tests.circuits import random_reuse, random_tree
from tncut.architectures import ConvAC, Layer
from tncut.errors import MethodError
from tncut.oracle import Floats, Weights, WideFloats, draw_weights, evaluate
from tncut.tools.numbers import exact_text

FIELD = WideFloats()


def integer_log(value):
    """The sign and the natural logarithm of an integer of any size."""
    size = abs(value)
    shift = max(0, size.bit_length() - 100)
    return (value > 0) - (value < 0), math.log(size >> shift) + shift * math.log(2) if size else -math.inf


def integer_net(circuit, rng, most=9):
    """Weights and inputs of small integers, as logarithms, and the exact value."""
    matrices = [
        rng.choice([-1, 1], shape) * rng.integers(1, most + 1, shape)
        for shape in zip(circuit.unit_dims[circuit.factor_unit], circuit.vertex_dims[circuit.factor_child], strict=True)
    ]
    output = rng.integers(-most, most + 1, (circuit.open_output or 1, int(circuit.unit_dims[-1])))
    signs = rng.choice([-1, 1], len(circuit.terminal_dims))
    inputs = [sign * np.eye(int(dim), dtype=int)[0] for sign, dim in zip(signs, circuit.terminal_dims, strict=True)]
    vectors = [[int(entry) for entry in vector] for vector in inputs[: circuit.sites]]
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()
    for unit in range(circuit.units):
        vector = [1] * int(circuit.unit_dims[unit])
        for pair in range(start[unit], start[unit + 1]):
            rows = matrices[pair].tolist()
            vector = [
                entry * sum(w * x for w, x in zip(row, vectors[child[pair]], strict=True))
                for entry, row in zip(vector, rows, strict=True)
            ]
        vectors.append(vector)
    last = vectors[-1]
    if circuit.root_map:
        last = [sum(w * x for w, x in zip(row, last, strict=True)) for row in output.tolist()]
    label = [1] if circuit.open_output is None else inputs[-1].tolist()
    exact = sum(int(y) * x for y, x in zip(label, last, strict=True))
    weights = Weights(
        circuit, FIELD, tuple(map(FIELD.array, matrices)), FIELD.array(output) if circuit.root_map else None
    )
    return weights, [FIELD.array(vector) for vector in inputs], exact


@pytest.mark.parametrize("seed", range(60))
def test_values_are_those_of_exact_integers(seed):
    rng = np.random.default_rng(seed)
    circuit = [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3]
    weights, inputs, exact = integer_net(circuit, rng)
    found = evaluate(weights, inputs)
    sign, log = integer_log(exact)
    assert FIELD.sign(found) == sign
    assert FIELD.log(found) == pytest.approx(log, abs=1e-9)


@pytest.mark.parametrize("window", [10, "all"])
def test_ten_thousand_sites_leave_no_range(window):
    layers = [Layer(channels=3, window=10) for _ in range(4)] if window == 10 else [Layer(channels=3, window="all")]
    circuit = ConvAC(sites=10_000, site_dim=3, layers=layers).circuit()
    weights, inputs, exact = integer_net(circuit, np.random.default_rng(1))
    found = evaluate(weights, inputs)
    sign, log = integer_log(exact)
    assert FIELD.sign(found) == sign
    assert FIELD.log(found) == pytest.approx(log, abs=1e-9)
    assert log > math.log(sys.float_info.max) * 10
    assert len(exact_text(abs(exact))) > 4300


@pytest.mark.parametrize("seed", range(20))
def test_batches_have_the_values_of_floats(seed):
    rng = np.random.default_rng(seed)
    circuit = random_tree(rng) if seed % 2 else random_reuse(rng)
    plain, logs = (draw_weights(circuit, field=field, seed=seed) for field in (Floats(), FIELD))
    inputs = [
        rng.standard_normal((3, 1, int(d)) if rng.random() < 0.5 else (1, 4, int(d))) for d in circuit.terminal_dims
    ]
    found = FIELD.floats(evaluate(logs, [FIELD.array(vector) for vector in inputs]))
    assert found == pytest.approx(evaluate(plain, inputs), rel=1e-9, abs=1e-12)


def test_zeros_and_sums_that_cancel():
    x = FIELD.array([[0.0, 0.0], [2.0, -2.0], [3.0, 0.0]])
    assert FIELD.floats(FIELD.sum(x)).tolist() == pytest.approx([0, 0, 3])
    assert FIELD.floats(FIELD.add(x[0], x[1])).tolist() == pytest.approx([2, -2])
    assert FIELD.floats(FIELD.multiply(x[0], x[1])).tolist() == [0, 0]
    small, large = FIELD.array([2.0**-1000, 2.0**1000])
    for _ in range(3):
        small, large = FIELD.multiply(small, small), FIELD.multiply(large, large)
    ends = np.array([small, large])
    assert FIELD.log(FIELD.matmul(ends[None], ends[::-1, None])).item() == pytest.approx(math.log(2))
    assert FIELD.floats(ends).tolist() == [0.0, math.inf]
    assert FIELD.floats(FIELD.add(large, small)) == math.inf
    assert FIELD.log(FIELD.array(0.0)) == -math.inf


def test_gates_that_compare_are_refused():
    net = ConvAC(sites=2, site_dim=2, layers=[Layer(channels=2, window="all")], gate="relu-max")
    weights = draw_weights(net, field=FIELD)
    with pytest.raises(MethodError, match="no order"):
        evaluate(weights, [FIELD.array([1.0, 2.0])] * 2)
