"""What both ends for circuits with sums need: each unit's factors, and the dimensions of the sites below it."""

import math
from dataclasses import dataclass
from itertools import chain, pairwise

from ...circuit import Circuit
from ...errors import SizeError
from ...partition import Partition

FIELD_LIMIT = 2**28  # units times sites: the bits of all receptive fields together


@dataclass(frozen=True)
class Unit:
    """One unit: its factors, and the sites that it depends on."""

    channels: int
    factors: tuple[tuple[int, ...], ...]  # the matrix-child pairs of each factor: one, or those of a sum
    dim_a: int  # the product of the dimensions of the sites of side A below it
    dim_b: int


def units_of(circuit: Circuit, partition: Partition) -> list[Unit]:
    """All units, children before parents.

    A MethodError for gates other than the product, a SizeError if all receptive fields together are too large.
    """
    circuit.require_products("the sum of ranks")
    if circuit.units * circuit.sites > FIELD_LIMIT:
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


def at_output(circuit: Circuit, partition: Partition, on_a: int, on_b: int) -> int:
    """The rank of the output, from the root's ranks with the channel on side A and on side B."""
    if circuit.open_output is None:
        return min(on_a, on_b)
    kept, moved = (on_a, on_b) if partition.sides[-1] else (on_b, on_a)
    return min(kept, circuit.open_output * moved)
