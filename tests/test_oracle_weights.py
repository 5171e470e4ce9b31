"""Weights: kinds, seeds, and what they build."""

import numpy as np
import pytest

from tests.circuits import pooled, random_reuse, random_tree
from tncut.architectures import Recurrent
from tncut.circuit import Circuit
from tncut.errors import MethodError, SizeError, SpecError
from tncut.oracle import PRIME, Floats, Modular, Weights, draw_weights, modulo
from tncut.oracle.weights import KINDS

FIELDS = (Floats(), Modular())


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_weights(kind, field):
    circuit = pooled(3, [2, 2], [3, 3], open_output=2)
    first, second, other = (draw_weights(circuit, kind, field=field, seed=seed) for seed in (4, 4, 5))
    pairs = zip((*first.matrices, first.output), (*second.matrices, second.output), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert np.array_equal(first.matrices[0], other.matrices[0]) == (kind in ("identity", "witness"))


@pytest.mark.parametrize("seed", range(20))
def test_there_is_one_matrix_for_each_factor_in_the_shape_of_its_ends(seed):
    rng = np.random.default_rng(seed)
    for circuit in (random_tree(rng), random_reuse(rng)):
        for kind in ("random", "identity", "witness"):
            weights = draw_weights(circuit, kind, field=Modular(), seed=seed)
            for matrix, unit, child in zip(weights.matrices, circuit.factor_unit, circuit.factor_child, strict=True):
                assert matrix.shape == (circuit.unit_dims[unit], circuit.vertex_dims[child])
                assert ((matrix >= 0) & (matrix < PRIME)).all()
            if circuit.root_map:
                assert weights.output.shape == (circuit.open_output or 1, circuit.unit_dims[-1])
            else:
                assert weights.output is None


def test_shared_weights_are_one_matrix_for_each_layer():
    weights = draw_weights(pooled(3, [2, 2, 2], [4, 2, 5]), "shared", field=Floats())
    by_layer = [weights.matrices[:8], weights.matrices[8:12], weights.matrices[12:]]
    assert all(matrix is layer[0] for layer in by_layer for matrix in layer)
    assert [layer[0].shape for layer in by_layer] == [(4, 3), (2, 4), (5, 2)]


@pytest.mark.parametrize("kind", ["random", "orthogonal", "uniform", "non-negative", "he"])
def test_any_ensemble_can_be_shared(kind):
    circuit = pooled(3, [2, 2], [4, 2])
    shared = draw_weights(circuit, kind, field=Floats(), seed=3, shared=True)
    assert len({id(matrix) for matrix in shared.matrices}) == 2
    unshared = draw_weights(circuit, kind, field=Floats(), seed=3)
    assert len({matrix.tobytes() for matrix in unshared.matrices}) == len(unshared.matrices)
    assert np.array_equal(shared.matrices[0], unshared.matrices[0])


def test_each_ensemble_is_what_its_name_says():
    circuit = Circuit.from_units([60, 20], [(40, [("site", 0), ("site", 1)])], open_output=30)

    def drawn(kind):
        weights = draw_weights(circuit, kind, field=Floats(), seed=1)
        return [*weights.matrices, weights.output]

    for matrix in drawn("orthogonal"):
        gram = matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
        assert gram == pytest.approx(np.eye(min(matrix.shape)), abs=1e-12)
    for kind, mean, deviation in (("random", 0, 1), ("uniform", 0, 3**-0.5), ("non-negative", 0.5, 12**-0.5)):
        for matrix in drawn(kind):
            assert matrix.mean() == pytest.approx(mean, abs=5 * deviation / matrix.size**0.5)
            assert matrix.std() == pytest.approx(deviation, rel=0.1)
    assert all((matrix >= 0).all() for matrix in drawn("non-negative"))
    assert all((np.abs(matrix) <= 1).all() for matrix in drawn("uniform"))
    for plain, he in zip(drawn("random"), drawn("he"), strict=True):
        assert he == pytest.approx(plain * (2 / plain.shape[1]) ** 0.5)


@pytest.mark.parametrize("prime", [3, 101, PRIME])
def test_floats_modulo_a_prime_are_the_fractions_that_they_stand_for(prime):
    values = np.array([[0.0, 1.0, -1.0, 0.5], [0.1, -3e-200, 1e200, 2.0**-1074]])
    expected = [
        [numerator * pow(denominator, -1, prime) % prime for numerator, denominator in map(float.as_integer_ratio, row)]
        for row in values.tolist()
    ]
    assert Modular(prime).array(values).tolist() == expected
    with pytest.raises(MethodError, match="only finite floats"):
        Modular(prime).array([np.inf])


def test_weights_modulo_a_prime_stay_shared():
    weights = draw_weights(pooled(3, [2, 2], [3, 3]), "orthogonal", field=Floats(), shared=True)
    exact = modulo(weights, Modular())
    assert len({id(matrix) for matrix in exact.matrices}) == 2
    assert np.array_equal(exact.matrices[0], Modular().array(weights.matrices[0]))


def test_recurrent_nets_share_one_matrix_for_inputs_and_one_for_memory_over_time():
    circuit = Recurrent(steps=4, site_dim=3, hidden=[3]).circuit()
    weights = draw_weights(circuit, "shared", field=Floats())
    of_inputs = [weights.matrices[f] for f in np.flatnonzero(circuit.factor_child < 4)]
    of_memory = [weights.matrices[f] for f in np.flatnonzero(circuit.factor_child >= 4)]
    assert len({id(matrix) for matrix in of_inputs}) == len({id(matrix) for matrix in of_memory}) == 1
    assert not np.array_equal(of_inputs[0], of_memory[0])


@pytest.mark.parametrize(
    "circuit",
    [
        Circuit.from_units([2, 3], [(2, [("site", 0), ("site", 1)])]),
        Circuit.from_units([2, 2], [(2, [("site", 0)]), (3, [("site", 1)]), (1, [("unit", 0), ("unit", 1)])]),
    ],
)
def test_layers_of_unequal_matrices_cannot_share(circuit):
    with pytest.raises(SpecError, match="cannot share its weights"):
        draw_weights(circuit, "shared", field=Floats())


def test_weights_that_do_not_fit_their_circuit_are_refused():
    circuit = pooled(2, [2], [3])
    good = draw_weights(circuit, field=Floats())
    with pytest.raises(SpecError, match="1 weight matrices given for 2 factors"):
        Weights(circuit, Floats(), good.matrices[:1], good.output)
    with pytest.raises(SpecError, match=r"factor 1 have shape \(2, 3\); it must be \(3, 2\)"):
        Weights(circuit, Floats(), (good.matrices[0], good.matrices[1].T), good.output)
    with pytest.raises(SpecError, match="output weights have shape None"):
        Weights(circuit, Floats(), good.matrices, None)


def test_unknown_kinds_and_oversized_weights_are_refused():
    with pytest.raises(MethodError, match=r"choose from random, shared, orthogonal, .*, identity, witness"):
        draw_weights(pooled(2, [2], [3]), "gaussian", field=Floats())
    huge = Circuit.from_units([2**40], [(2**40, [("site", 0)])])
    with pytest.raises(SizeError, match="MB"):
        draw_weights(huge, field=Floats())
