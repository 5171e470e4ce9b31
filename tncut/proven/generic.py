"""A proven lower end for the generic rank of networks without duplicates, by rounding dimensions down.

With all dimensions powers of one integer p, unshared weights and no unit re-used, the minimum cut is the rank
for almost all weights: each bond is a bundle of wires of dimension p, and an integral maximum flow routes them
(T2: Levine et al., ICLR 2018; Cui et al. 2016 for plain networks). A network contains every network of smaller
dimensions, so rounding all dimensions down to powers of any p gives a lower end (T3).
"""

from dataclasses import dataclass

from ..errors import MethodError
from ..mincut import Cut
from ..mincut.capacities import Capacities
from ..mincut.cut import cut_bonds
from ..mincut.methods import cut_sides
from ..tools.arrays import IntArray
from .pairing.digits import bases


@dataclass(frozen=True)
class RankLower:
    """Almost all unshared weights reach at least this rank; `theorem` is T2 (the bound itself) or T3."""

    rank: int
    theorem: str
    base: int  # the integer p to whose powers the dimensions were rounded


def rank_lower(cut: Cut) -> RankLower:
    """The largest rank that T2 or T3 proves for almost all unshared weights; 1 at least."""
    network = cut.network
    if network.has_duplicates:
        raise MethodError("T2 and T3 need a network in which no unit is re-used; this one has duplicates")
    exact = Capacities.of(network.bond_dims)
    if exact.exact:
        return RankLower(cut.rank_bound, "T2", exact.generators[0] if exact.generators else 2)
    # The cut at hand, rounded, is one of the cuts that a base has to choose from: it caps what that base can prove.
    caps = {base: _value(exact.rounded_down(base), cut.bonds) for base in bases(exact.distinct)}
    best = RankLower(1, "T3", 2)
    for base in sorted(caps, key=lambda p: (-caps[p], p)):
        if caps[base] <= best.rank:
            break
        rounded = exact.rounded_down(base)
        sides, _ = cut_sides(network, rounded, cut.partition.sides, method=_exact_method(cut))
        rank = _value(rounded, cut_bonds(network, cut.partition.sides, sides))
        if rank > best.rank:
            best = RankLower(rank, "T3", base)
    return best


def _exact_method(cut: Cut) -> str:
    return "flow" if cut.network.forest is None else "tree"


def _value(rounded: Capacities, bonds: IntArray) -> int:
    """The product over some bonds of dimensions rounded down to powers of one base."""
    value: int = rounded.generators[0] ** int(rounded.exponent_sum(bonds)[0])
    return value
