"""An upper end for circuits with sums, by one recursion from the sites up: products multiply ranks, sums add them.

For a unit with the vector h of r channels and a partition (A, B) of the sites, let a be the rank of h as a matrix
with rows (channel, inputs of A) and columns (inputs of B), and b the same with the channel among the columns. For a
site of A, of dimension M: a = 1, b = M; for one of B the other way round. With all matrices W arbitrary:

    one channel of a map    rank((W h)_k) <= min(a(h), b(h)): the map acts on the rows, or on the columns
    a map to q channels     a(W h) <= min(a(h), q b(h)): on the rows, or q channels one under the other
    a sum                   the ranks of its terms are added
    a product of factors    a(g_1 * ... * g_k) <= a(g_1) ... a(g_k): write each g_j as a sum of a(g_j) terms
                            p(channel, x_A) q(x_B), and multiply out
                            ... <= q c_1 ... c_k, with c_j what bounds any one channel of g_j
    any h                   a(h) <= the dimension of the sites of B below it, and <= q times that of the sites of A

and the same for b, with A and B exchanged. Nowhere is a vector assumed to be read once, so this holds for circuits that
re-use units. On a tree without sums it is the minimum cut: a(g_1) ... a(g_k) keeps the unit's bond on side A, and
q c_1 ... c_k cuts it.
"""

import math
from dataclasses import dataclass
from itertools import chain, pairwise

from ..circuit import Circuit
from ..errors import SizeError
from ..partition import Partition

FIELD_LIMIT = 2**28  # units times sites: the bits of all receptive fields together


Ranks = tuple[int, int]  # (a, b)


@dataclass(frozen=True)
class Unit:
    """One unit: its factors, and the sites that it depends on."""

    channels: int
    factors: tuple[tuple[int, ...], ...]  # the matrix-child pairs of each factor: one, or those of a sum
    dim_a: int  # the product of the dimensions of the sites of side A below it
    dim_b: int


def additive_bound(circuit: Circuit, partition: Partition) -> int:
    """An upper bound on the Schmidt rank for all weights, of a circuit with or without sums and re-use (see above)."""
    child = circuit.factor_child.tolist()
    ranks = [
        (1, dim) if side else (dim, 1)
        for dim, side in zip(circuit.site_dims.tolist(), partition.sides.tolist(), strict=False)
    ]
    for unit in _units_of(circuit, partition):
        ranks.append(_ranks(unit, [[ranks[child[pair]] for pair in factor] for factor in unit.factors]))
    return _at_output(circuit, partition, *ranks[-1])


def can_add_ranks(circuit: Circuit) -> bool:
    """Whether all receptive fields together fit the limit of `additive_bound`."""
    return circuit.units * circuit.sites <= FIELD_LIMIT


def _ranks(unit: Unit, factors: list[list[Ranks]]) -> Ranks:
    """The ranks of a unit's vector from those of the children, factor by factor."""
    q = unit.channels
    single = q * math.prod(sum(min(a, b) for a, b in factor) for factor in factors)
    on_a = math.prod(sum(min(a, q * b) for a, b in factor) for factor in factors)
    on_b = math.prod(sum(min(b, q * a) for a, b in factor) for factor in factors)
    return min(on_a, single, unit.dim_b, q * unit.dim_a), min(on_b, single, unit.dim_a, q * unit.dim_b)


def _units_of(circuit: Circuit, partition: Partition) -> list[Unit]:
    """All units, children before parents.

    A MethodError for gates other than the product, a SizeError if all receptive fields together are too large.
    """
    circuit.require_products("the sum of ranks")
    if not can_add_ranks(circuit):
        raise SizeError(
            f"{circuit.units} units over {circuit.sites} sites are over the limit of {FIELD_LIMIT} for their product; "
            "the symmetric cut has no such limit"
        )
    child = circuit.factor_child.tolist()
    factors = [tuple(range(begin, end)) for begin, end in pairwise(circuit.factor_pairs.tolist())]
    fields = [1 << site for site in range(circuit.sites)]
    dims = circuit.site_dims.tolist()
    side_a = sum(fields[site] for site in partition.sites_a.tolist() if site < circuit.sites)
    known: dict[int, int] = {}

    def product(field: int) -> int:
        if field not in known:
            known[field] = math.prod(dim for site, dim in enumerate(dims) if field >> site & 1)
        return known[field]

    found, unit_factors = [], circuit.unit_factors.tolist()
    for unit, channels in enumerate(circuit.unit_dims.tolist()):
        own, field = tuple(factors[unit_factors[unit] : unit_factors[unit + 1]]), 0
        for pair in chain.from_iterable(own):
            field |= fields[child[pair]]
        fields.append(field)
        found.append(Unit(channels, own, product(field & side_a), product(field & ~side_a)))
    return found


def _at_output(circuit: Circuit, partition: Partition, on_a: int, on_b: int) -> int:
    """The rank of the output, from the root's ranks with the channel on side A and on side B."""
    if circuit.open_output is None:
        return min(on_a, on_b)
    kept, moved = (on_a, on_b) if partition.sides[-1] else (on_b, on_a)
    return min(kept, circuit.open_output * moved)
