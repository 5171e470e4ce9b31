"""Evaluation against the definition of a circuit, written out with Python's integers."""

import numpy as np
import pytest

from tests.circuits import pooled, random_reuse, random_tree
from tncut.errors import MethodError
from tncut.oracle import PRIME, Floats, Modular, draw_weights, evaluate
from tncut.oracle.evaluate import schedule


def by_definition(weights, inputs):
    """One value, entry by entry, in exact integers without a modulus."""
    circuit = weights.circuit
    vectors = [[int(entry) for entry in vector] for vector in inputs[: circuit.sites]]
    for unit in range(circuit.units):
        vector = [1] * int(circuit.unit_dims[unit])
        for factor in range(circuit.factor_start[unit], circuit.factor_start[unit + 1]):
            child = vectors[circuit.factor_child[factor]]
            for row, entries in enumerate(weights.matrices[factor].tolist()):
                vector[row] *= sum(int(w) * x for w, x in zip(entries, child, strict=True))
        vectors.append(vector)
    output = vectors[-1]
    if weights.output is not None:
        output = [sum(int(w) * x for w, x in zip(row, vectors[-1], strict=True)) for row in weights.output.tolist()]
    label = [1] if circuit.open_output is None else inputs[-1].tolist()
    return sum(int(y) * x for y, x in zip(label, output, strict=True))


def circuit_of(seed):
    rng = np.random.default_rng(seed)
    return [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][seed % 3], rng


@pytest.mark.parametrize("seed", range(60))
def test_modular_values_are_those_of_plain_integers(seed):
    circuit, rng = circuit_of(seed)
    for prime in (5, PRIME):
        field = Modular(prime)
        weights = draw_weights(circuit, field=field, seed=seed)
        inputs = [field.random(rng, (int(dim),)) for dim in circuit.terminal_dims]
        assert int(evaluate(weights, inputs)) == by_definition(weights, inputs) % prime


@pytest.mark.parametrize("seed", range(30))
def test_floats_follow_the_same_path_as_integers(seed):
    circuit, rng = circuit_of(seed)
    drawn = draw_weights(circuit, field=Modular(3), seed=seed)
    weights = type(drawn)(
        circuit,
        Floats(),
        tuple(m.astype(float) for m in drawn.matrices),
        drawn.output if drawn.output is None else drawn.output.astype(float),
    )
    inputs = [rng.integers(3, size=dim) for dim in circuit.terminal_dims]
    assert float(evaluate(weights, inputs)) == pytest.approx(by_definition(drawn, inputs), rel=1e-12)


@pytest.mark.parametrize("field", [Floats(), Modular()])
@pytest.mark.parametrize("seed", range(20))
def test_broadcast_inputs_give_the_values_of_each_pair(seed, field):
    circuit, rng = circuit_of(seed)
    weights = draw_weights(circuit, field=field, seed=seed)
    sides = rng.random(len(circuit.terminal_dims)) < 0.5
    vectors = [
        field.random(rng, (4 if side else 3, int(d))) for side, d in zip(sides, circuit.terminal_dims, strict=True)
    ]
    together = evaluate(weights, [v[:, None] if side else v[None] for v, side in zip(vectors, sides, strict=True)])
    for a, b in np.ndindex(4, 3):
        alone = evaluate(weights, [v[a if side else b] for v, side in zip(vectors, sides, strict=True)])
        assert np.broadcast_to(together, (4, 3))[a, b] == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_each_unit_follows_its_children_and_is_dropped_after_its_last_use(seed):
    circuit, _ = circuit_of(seed)
    alive, dropped = set(), set()
    for unit, dead in schedule(circuit):
        children = set(circuit.factor_child[circuit.factors_of(np.array([unit]))].tolist())
        assert {c for c in children if c >= circuit.sites} <= alive
        assert set(dead) <= children
        alive = (alive | {circuit.sites + unit}) - set(dead)
        dropped |= set(dead)
    assert alive == {circuit.sites + circuit.root}
    assert len(dropped) == circuit.units - 1


def test_a_deep_tree_holds_few_vectors_at_once():
    alive = most = 0
    for _, dead in schedule(pooled(2, [2] * 8, [2] * 8)):
        alive += 1
        most = max(most, alive)
        alive -= len(dead)
    assert most <= 10


def test_inputs_that_do_not_fit_the_sites_are_refused():
    weights = draw_weights(pooled(2, [2], [3]), field=Floats())
    with pytest.raises(MethodError, match="1 inputs given for 2 sites"):
        evaluate(weights, [np.ones(2)])
    with pytest.raises(MethodError, match="the input of site 1 has dimension 3; the site has 2"):
        evaluate(weights, [np.ones(2), np.ones(3)])
