"""Exponents over coprime generators: exact products, exact comparisons."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tncut.mincut.capacities import Capacities, coprime_base

DIMS = st.lists(st.integers(1, 600), min_size=1, max_size=12)


@given(DIMS)
def test_generators_are_coprime_and_make_up_every_dimension(dims):
    capacities = Capacities.of(np.array(dims))
    generators = capacities.generators
    assert all(math.gcd(a, b) == 1 for i, a in enumerate(generators) for b in generators[:i])
    for dim, row in zip(dims, capacities.exponents.tolist(), strict=True):
        assert dim == math.prod(g**e for g, e in zip(generators, row, strict=True))


@given(st.integers(2, 9), st.lists(st.integers(1, 5), min_size=1))
def test_powers_of_one_integer_have_one_generator(base, exponents):
    assert len(coprime_base([base**e for e in exponents])) == 1


@given(DIMS, st.data())
def test_signs_are_those_of_the_integer_products(dims, data):
    capacities = Capacities.of(np.array(dims))
    width = len(capacities.generators)
    rows = np.array([data.draw(st.lists(st.integers(-9, 9), min_size=width, max_size=width)) for _ in range(4)])
    expected = []
    for row in rows.reshape(4, width).tolist():
        above = math.prod(g**e for g, e in zip(capacities.generators, row, strict=True) if e > 0)
        below = math.prod(g**-e for g, e in zip(capacities.generators, row, strict=True) if e < 0)
        expected.append((above > below) - (above < below))
    assert capacities.signs(rows.reshape(4, width).astype(np.int64)).tolist() == expected


def test_signs_see_what_floats_do_not():
    x = 2**40
    dims = np.array([x - 1, x + 1, x])
    capacities = Capacities.of(dims)
    exponents = capacities.exponents
    assert capacities.signs((exponents[0] + exponents[1] - 2 * exponents[2])[None]).tolist() == [-1]
    assert np.log2(float(x - 1)) + np.log2(float(x + 1)) == 2 * np.log2(float(x))


@given(st.integers(2, 2**61), st.sampled_from([1, 10, 50, 200]))
def test_scaled_logarithms_lie_within_two_below(dim, bits):
    scaled = int(Capacities.of(np.array([dim])).scaled(bits)[0])
    assert (
        2**scaled <= dim ** (2**bits) < 2 ** (scaled + 2)
        if bits == 1
        else abs(scaled / 2.0**bits - math.log2(dim)) <= 2.0**-bits * 2 + 1e-12
    )


@given(DIMS, st.integers(2, 30))
def test_rounding_down_gives_the_largest_power_below(dims, base):
    exponents = Capacities.of(np.array(dims)).rounded_down(base).exponents[:, 0].tolist()
    assert all(base**e <= dim < base ** (e + 1) for dim, e in zip(dims, exponents, strict=True))
