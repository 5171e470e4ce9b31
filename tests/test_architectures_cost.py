"""Counts of weights and of work, against weights that are drawn and multiplications that are made."""

import operator
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import NETWORK_KINDS, RANDOM
from tests.circuits import overlapping, pooled, random_reuse, random_sums, seeds
from tncut.architectures import ConvAC, Layer, Linear, Recurrent, compile
from tncut.architectures.cost import count_cost
from tncut.architectures.summary import show
from tncut.circuit import Circuit
from tncut.errors import SpecError
from tncut.formats.spec import KINDS
from tncut.oracle import Floats, draw_weights


class Counted:
    """A number that counts the multiplications of its kind."""

    made = 0

    def __mul__(self, other: "Counted") -> "Counted":
        Counted.made += 1
        return self

    def __add__(self, other: "Counted") -> "Counted":
        return self


def numbers(*shape: int) -> np.ndarray:
    return np.array([Counted() for _ in range(int(np.prod(shape)))], dtype=object).reshape(shape)


def multiplications(circuit: Circuit) -> int:
    """Evaluate the definition with numbers that count; how many products are made."""
    Counted.made = 0
    vectors = [numbers(dim) for dim in circuit.site_dims]
    for unit, (first, end) in enumerate(pairwise(circuit.factor_start.tolist())):
        factors = []
        for pair in range(first, end):
            child = vectors[circuit.factor_child[pair]]
            term = numbers(int(circuit.unit_dims[unit]), len(child)) @ child
            if circuit.added[pair]:
                factors[-1] = factors[-1] + term
            else:
                factors.append(term)
        vectors.append(reduce(operator.mul, factors))
    if circuit.root_map:
        _ = numbers(circuit.open_output or 1, len(vectors[-1])) @ vectors[-1]
    return Counted.made


def entries(circuit: Circuit, kind: str) -> int:
    """The entries of the distinct matrices that the oracle draws."""
    weights = draw_weights(circuit, kind, field=Floats())
    drawn = {id(matrix): matrix.size for matrix in weights.matrices}
    return sum(drawn.values()) + (0 if weights.output is None else weights.output.size)


CIRCUITS = {"re-use": random_reuse, "sums": random_sums}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - set(NETWORK_KINDS) | CIRCUITS.keys()))
@settings(max_examples=25)
@given(seed=seeds())
def test_counts_are_those_of_drawn_weights_and_of_an_evaluation(kind, seed):
    circuit = compile((RANDOM | CIRCUITS)[kind](np.random.default_rng(seed)))
    cost = count_cost(circuit)
    assert cost.parameters == entries(circuit, "random")
    assert cost.multiply_adds == multiplications(circuit)
    try:
        assert cost.shared_parameters == entries(circuit, "shared")
    except SpecError:
        assert cost.shared_parameters <= cost.parameters


@pytest.mark.parametrize(
    ("circuit", "shared"),
    [
        (pooled(3, [2, 2, 2], [4, 2, 5]), 4 * 3 + 2 * 4 + 5 * 2 + 5),
        (overlapping(8, 2, 3, 2, 2), 3 * 2 + 3 * 3 + 3 * 3 + 3),
        (Recurrent(steps=9, site_dim=3, hidden=[4, 5]), 4 * 3 + 4 * 4 + 5 * 4 + 5 * 5 + 5),
        (Linear(widths=[8, 2, 5]), 2 * 8 + 5 * 2),
    ],
)
def test_shared_weights_do_not_grow_with_the_sites(circuit, shared):
    assert count_cost(circuit).shared_parameters == shared == entries(compile(circuit), "shared")


def test_sites_of_other_dimensions_have_a_shared_matrix_of_their_own():
    net = ConvAC(sites=4, site_dim=(2, 3, 2, 3), layers=[Layer(channels=5, window="all")])
    assert count_cost(net).shared_parameters == 5 * 2 + 5 * 3 + 5


def test_gates_cost_as_much_as_products():
    layers = [Layer(channels=3, window="all")]
    net = ConvAC(sites=6, site_dim=2, layers=layers)
    assert count_cost(net) == count_cost(ConvAC(sites=6, site_dim=2, layers=layers, gate="relu-max"))


def test_a_million_sites_are_counted_exactly():
    levels = 20
    cost = count_cost(ConvAC.deep(sites=2**levels, site_dim=2, channels=(4,) * levels))
    matrices = 4 * 2 * 2**levels + 4 * 4 * (2**levels - 2)
    assert cost.parameters == matrices + 4
    assert cost.shared_parameters == 4 * 2 + 4 * 4 * (levels - 1) + 4
    assert cost.multiply_adds == matrices + 4 + 4 * (2**levels - 1)


def test_counts_beyond_machine_integers_are_exact():
    wide = Circuit.from_units([2**61 + 1], [(2**61 - 1, [("site", 0)] * 3)])
    assert count_cost(wide).to_dict() == {
        "parameters": 3 * (2**122 - 1) + 2**61 - 1,
        "shared_parameters": 2**122 - 1 + 2**61 - 1,
        "multiply_adds": 3 * (2**122 - 1) + 3 * (2**61 - 1),
    }


def test_a_summary_shows_the_counts():
    net = ConvAC.deep(sites=4, site_dim=2, channels=(3, 5))
    cost, summary = count_cost(net), show(net)
    assert (summary.weights, summary.shared_weights, summary.multiply_adds) == tuple(cost.to_dict().values())
    assert "weights   59 entries unshared, 26 shared\nwork      70 multiply-adds" in str(summary)
