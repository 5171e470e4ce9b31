"""The weights of 0 and 1 that attain the rank of a pairing, and the proof that they do.

Theorem. Fix an integer p >= 2; a site or unit of dimension d has floor(log_p d) digits. Let a_f and b_f count digits of
sites of A and of B that factor f carries from its child up to its unit, and m_u pairs that meet in unit u, with

    site of A:   sum of a_f over the factors that read it <= its digits;  b_f = 0           (mirrored for B)
    unit u:      sum of a_f + sum of b_f over u's own factors - m_u <= its digits
                 sum of a_g over the uses g of u <= sum of a_f over u's own factors - m_u   (the same for b)

Then almost all unshared weights have rank p^(sum of all m_u) or more. An open output's label is one more site; it pairs
its digits with what is left of the other side at the output. Of each sum one term is used. Units that the output
does not depend on pair nothing.

Proof. Only the first p^c inputs of each site and channels of each unit are used, written in base p. Each item that
arrives in u has a digit of u of its own; the two of a pair that meet there share one. W_f[k, k'] is 1 if, for each item
that f carries, its digit of k equals its digit of k', else 0; terms that are not used are 0. By induction, on inputs x,

    h_u(x)[k] = const * prod over pairs met below u [x_a = x_b] * prod over items in u [k_digit = x_item],

where a pair in u gives both factors: a sum over a digit that is not carried on gives 1 (a single item), [x_a = x_b] (a
pair) or p (nothing), and an indicator that is read several times is its own power, so copies do no harm. The output is
const * prod over all pairs [x_a = x_b]: its rank is p^pairs exactly. No rank of almost all weights is smaller than one
that is attained.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import IntArray
from .plan import Pairing

Matrix = NDArray[np.int64]


def pairing_weights(pairing: Pairing) -> tuple[tuple[Matrix, ...], Matrix | None]:
    """A matrix of 0 and 1 for each factor, and the output's (None without a root map); their rank is p^pairs."""
    circuit, base = pairing.circuit, pairing.base
    dims, child = circuit.vertex_dims.tolist(), circuit.factor_child.tolist()
    carried_a, carried_b, met = pairing.carried_a.tolist(), pairing.carried_b.tolist(), pairing.met.tolist()
    left_a = [list(range(_digits(dim, base))) for dim in dims[: circuit.sites]]  # digits still to be carried on
    left_b = [list(digits) for digits in left_a]
    matrices: list[Matrix] = []
    for unit, dim in enumerate(circuit.unit_dims.tolist()):
        factors = range(circuit.factor_start[unit], circuit.factor_start[unit + 1])
        arrived_a = sum(carried_a[factor] for factor in factors)
        # Pairs have the first digits; then come the other items of A, then those of B.
        digits_a = list(range(arrived_a))
        alone_b = sum(carried_b[factor] for factor in factors) - met[unit]
        digits_b = [*range(met[unit]), *range(arrived_a, arrived_a + alone_b)]
        next_a, next_b = iter(digits_a), iter(digits_b)
        for factor in factors:
            below_a, below_b = left_a[child[factor]], left_b[child[factor]]
            moves = [(next(next_a), below_a.pop(0)) for _ in range(carried_a[factor])]
            moves += [(next(next_b), below_b.pop(0)) for _ in range(carried_b[factor])]
            shape = dim, dims[child[factor]]
            matrices.append(_carrying(shape, moves, base) if pairing.used[factor] else np.zeros(shape, dtype=np.int64))
        left_a.append(digits_a[met[unit] :])
        left_b.append(digits_b[met[unit] :])
    if not circuit.root_map:
        return tuple(matrices), None
    left = left_b[-1] if pairing.partition.sides[-1] else left_a[-1]
    label = [(digit, left[digit]) for digit in range(pairing.met_at_output)]
    return tuple(matrices), _carrying((circuit.open_output or 1, dims[-1]), label, base)


def _carrying(shape: tuple[int, int], moves: Sequence[tuple[int, int]], base: int) -> Matrix:
    """1 where all the given digits of the row equal those of the column, within whole powers of the base."""
    rows, columns = (base ** _digits(dim, base) for dim in shape)
    equal = np.ones((rows, columns), dtype=bool)
    for above, below in moves:
        equal &= _digit(rows, above, base)[:, None] == _digit(columns, below, base)
    matrix = np.zeros(shape, dtype=np.int64)
    matrix[:rows, :columns] = equal
    return matrix


def _digit(numbers: int, digit: int, base: int) -> IntArray:
    values: IntArray = np.arange(numbers) // base**digit % base
    return values


def _digits(dim: int, base: int) -> int:
    count = 0
    while base ** (count + 1) <= dim:
        count += 1
    return count
