"""Entanglement measures against states whose entanglement is known in closed form."""

import itertools
import math

import numpy as np
import pytest

from tncut.errors import MethodError
from tncut.oracle.entanglement import entropy, geometric_measure, renyi, schmidt_number

MEASURES = (entropy, geometric_measure, schmidt_number, lambda values: renyi(values, 2))


@pytest.mark.parametrize("rank", [1, 2, 3, 16, 1000])
@pytest.mark.parametrize("scale", [1.0, 1e-200, 1e200])
def test_a_maximally_entangled_state_has_log2_of_its_rank_in_every_entropy(rank, scale):
    values = np.full(rank, scale)
    for order in (0, 0.5, 1, 2, 7, 1e6, math.inf):
        assert renyi(values, order) == pytest.approx(math.log2(rank), abs=1e-9)
    assert entropy(values) == pytest.approx(math.log2(rank), abs=1e-9)
    assert geometric_measure(values) == pytest.approx(1 - 1 / rank, abs=1e-12)
    assert schmidt_number(values) == rank


def test_a_product_state_has_no_entanglement_and_no_negative_zero():
    for measure in (
        entropy,
        geometric_measure,
        lambda values: renyi(values, 3),
        lambda values: renyi(values, math.inf),
    ):
        assert math.copysign(1, measure([5.0, 0.0])) == 1
        assert measure([5.0, 0.0]) == 0
    assert schmidt_number([5.0, 0.0]) == 1


def test_two_unequal_values_follow_the_binary_entropy():
    p = 0.3
    values = np.sqrt([p, 1 - p])
    assert entropy(values) == pytest.approx(-p * math.log2(p) - (1 - p) * math.log2(1 - p), abs=1e-12)
    assert renyi(values, 2) == pytest.approx(-math.log2(p**2 + (1 - p) ** 2), abs=1e-12)
    assert renyi(values, 0) == 1
    assert renyi(values, math.inf) == pytest.approx(-math.log2(1 - p), abs=1e-12)
    assert geometric_measure(values) == pytest.approx(p, abs=1e-12)


def test_renyi_entropies_fall_with_their_order_and_pass_through_the_entropy():
    values = np.random.default_rng(0).random(20)
    orders = [0, 0.3, 0.9, 1 - 1e-6, 1 - 1e-9, 1, 1 + 1e-9, 1 + 1e-6, 1.5, 2, 50, 1e4, math.inf]
    entropies = [renyi(values, order) for order in orders]
    assert all(a >= b - 1e-8 for a, b in itertools.pairwise(entropies))
    assert entropies[3:8] == pytest.approx([entropy(values)] * 5, abs=1e-5)


def test_the_order_and_the_norm_of_the_values_do_not_matter():
    values = np.random.default_rng(1).random(9)
    for measure in MEASURES:
        assert measure(7 * values[::-1]) == pytest.approx(measure(values), abs=1e-12)


def test_a_zero_tensor_carries_no_dependence():
    assert [measure(np.zeros(3)) for measure in MEASURES] == [0, 0, 0, 0]


@pytest.mark.parametrize("tolerance", [0.0, 1e-12, 0.5])
def test_the_schmidt_number_counts_values_above_the_tolerance(tolerance):
    values = [2.0, 1.1, 1e-6, 1e-14, 0.0]
    assert schmidt_number(values, tolerance) == {0.0: 4, 1e-12: 3, 0.5: 2}[tolerance]


@pytest.mark.parametrize("values", [[], [[1.0]], [1.0, -1.0], [math.nan], [math.inf], [1j], ["a"]])
def test_what_are_no_schmidt_values_is_refused(values):
    for measure in MEASURES:
        with pytest.raises(MethodError, match="Schmidt values are"):
            measure(values)


def test_impossible_orders_and_tolerances_are_refused():
    for order in (-1, math.nan):
        with pytest.raises(MethodError, match="order"):
            renyi([1.0], order)
    for tolerance in (-1, 1, math.nan):
        with pytest.raises(MethodError, match="tolerance"):
            schmidt_number([1.0], tolerance)
