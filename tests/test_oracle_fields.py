"""Arithmetic modulo a prime against Python's integers."""

import numpy as np
import pytest

from tncut.errors import MethodError
from tncut.oracle import PRIME, Modular

PRIMES = (2, 7, 65537, PRIME)


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("inner", [0, 1, 63, 64, 65, 300])
def test_modular_products_are_those_of_python_integers(prime, inner):
    rng, field = np.random.default_rng(inner), Modular(prime)
    x, y = field.random(rng, (2, 3, inner)), field.random(rng, (inner, 4))
    exact = (x.astype(object) @ y.astype(object)) % prime
    assert field.matmul(x, y).tolist() == exact.tolist()
    assert field.sum(x).tolist() == (x.astype(object).sum(axis=-1) % prime).tolist()
    assert field.multiply(x, x).tolist() == (x.astype(object) ** 2 % prime).tolist()


@pytest.mark.parametrize("inner", [1, 64, 65, 1000])
def test_the_largest_residues_do_not_overflow(inner):
    x = np.full((2, inner), PRIME - 1)
    assert Modular().matmul(x, x.T).tolist() == [[inner] * 2] * 2


def test_integers_of_any_sign_and_size_become_residues():
    assert Modular(7).array([-1, 2**63, 7]).tolist() == [6, 2**63 % 7, 0]


@pytest.mark.parametrize("number", [-7, 0, 1, 4, 2**31, 46337**2, 2**61 - 1])
def test_a_modulus_that_is_no_prime_below_2_to_the_31_is_refused(number):
    with pytest.raises(MethodError, match="no prime"):
        Modular(number)
