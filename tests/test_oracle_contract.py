"""Contraction of the unfolded network against forward evaluation of the circuit: two ways that share no code."""

import subprocess
import sys

import numpy as np
import pytest

from tests.circuits import overlapping, pooled, random_reuse, random_tree, recurrent
from tncut.circuit import Circuit
from tncut.errors import MethodError, NetworkError, SizeError
from tncut.network import unfold
from tncut.oracle import ENGINES, Floats, Modular, coefficient_tensor, draw_weights, matricization
from tncut.partition import Partition


def disagreement(circuit, engine, seed=0):
    """The largest difference of contraction and evaluation, relative to the largest entry."""
    weights = draw_weights(circuit, field=Floats(), seed=seed)
    tensor = coefficient_tensor(unfold(circuit), weights, engine=engine)
    read = np.append(circuit.use_counts[: circuit.sites] > 0, [True] * (circuit.open_output is not None))
    assert tensor.shape == tuple(np.where(read, circuit.terminal_dims, 1))
    values = matricization(weights, Partition(np.ones(len(read), dtype=bool)))
    return np.abs(tensor.ravel() - values.ravel()).max() / (np.abs(values).max() or 1)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(0, 100, 10))
def test_contraction_is_forward_evaluation(seed, engine):
    for number in range(seed, seed + 10):
        rng = np.random.default_rng(number)
        circuit = [random_tree(rng), random_tree(rng, read_again=True), random_reuse(rng)][number % 3]
        assert disagreement(circuit, engine, number) < 1e-10, number


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "circuit",
    [
        pooled(2, [2] * 4, [4] * 4),
        pooled(2, [2] * 3, [3] * 3, open_output=3),
        overlapping(6, 2, 3, 2, 2),
        overlapping(6, 3, 2, 3, 1),
        recurrent(6, 2, [2, 2]),
        Circuit.from_units([2], [(3, [("site", 0)])]),
        Circuit.from_units([2], [(1, [("site", 0)])], root_map=False),
        Circuit.from_units([2, 4, 3], [(3, [("site", 0), ("site", 2), ("site", 2)])], open_output=2),
        Circuit.from_units([2, 4, 3], [(3, [("site", 0), ("site", 2)])], root_map=False, open_output=3),
        Circuit.from_units([1] * 60, [(2, [("site", i) for i in range(60)])]),
    ],
)
def test_families_and_all_kinds_of_output(circuit, engine):
    assert disagreement(circuit, engine) < 1e-10


@pytest.mark.parametrize("engine", ENGINES)
def test_what_would_not_fit_is_refused_before_it_is_contracted(engine):
    tensor_alone = pooled(2, [2] * 5, [2] * 5)
    weights = draw_weights(tensor_alone, field=Floats())
    with pytest.raises(
        SizeError, match=r"tensor of 32 sites needs 68719\.5 MB of memory, over the limit of 1000\.0 MB"
    ):
        coefficient_tensor(unfold(tensor_alone), weights, engine=engine, memory_limit=10**9)
    inside = Circuit.from_units([300, 300, 1], [(300, [("site", 0), ("site", 2)]), (1, [("unit", 0), ("site", 1)])])
    weights = draw_weights(inside, field=Floats())
    with pytest.raises(SizeError, match="contraction by"):
        coefficient_tensor(unfold(inside), weights, engine=engine, memory_limit=16 * 300**2)


@pytest.mark.parametrize("engine", ENGINES)
def test_more_axes_than_numpy_holds_are_refused(engine):
    circuit = pooled(1, [64], [1])
    with pytest.raises(SizeError, match="64 axes, one for each site; at most 60"):
        coefficient_tensor(unfold(circuit), draw_weights(circuit, field=Floats()), engine=engine)


def test_unknown_engines_integers_and_foreign_networks_are_refused():
    circuit, other = pooled(2, [2], [2]), pooled(2, [2, 2], [2, 2])
    with pytest.raises(MethodError, match="choose from opt_einsum, tensornetwork"):
        coefficient_tensor(unfold(circuit), draw_weights(circuit, field=Floats()), engine="numpy")
    with pytest.raises(MethodError, match="floats"):
        coefficient_tensor(unfold(circuit), draw_weights(circuit, field=Modular()))
    with pytest.raises(NetworkError, match="different circuits"):
        coefficient_tensor(unfold(other), draw_weights(circuit, field=Floats()))
    twisted = Circuit.from_units([2, 2], [(2, [("site", 0)]), (2, [("unit", 0), ("site", 1)])])
    relative = Circuit.from_units([2, 2], [(2, [("site", 1)]), (2, [("unit", 0), ("site", 0)])])
    with pytest.raises(NetworkError, match="does not hold the bonds of factor"):
        coefficient_tensor(unfold(twisted), draw_weights(relative, field=Floats()))


def test_the_engines_are_loaded_only_when_they_contract():
    heavy = {"tensornetwork", "opt_einsum", "flint", "scipy"}
    code = f"import sys, tncut.oracle; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
