"""The lower bound on the Schmidt rank of almost all weights."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..circuit import Circuit
from ..mincut import Cut, min_cut
from ..network import unfold
from ..partition import Partition
from .additive import best_part
from .generic import rank_lower
from .upper import MINIMUM_CUT, UpperBound


@dataclass(frozen=True)
class LowerBound:
    """Almost all weights reach at least this rank. `proof`: a word for it; `source`: the whole of it."""

    rank: int
    proof: str = "trivial"
    source: str = "trivial"


def lower_bound(circuit: Circuit, split: Partition, upper: Sequence[UpperBound], *, shared: bool = False) -> LowerBound:
    """The best lower bound that is known, beside these upper ones.

    Theorem T2 or T3 (Levine et al., ICLR 2018; Cui et al. 2016; docs/theory.md), if no unit is re-used and the weights
    are not `shared`; with sums, on a part of the network.
    """
    if min(bound.rank for bound in upper) == 1:
        return LowerBound(1, source="trivial: no tensor but zero has a smaller rank")
    if shared:
        return LowerBound(1)
    cut, where = _minimum_cut(upper), ""
    if circuit.has_sums:
        part = best_part(circuit, split)
        cut, where = None if part is None else min_cut(unfold(part), split), " in a part of the network"
    if cut is None or cut.network.has_duplicates:
        return LowerBound(1)
    lower = rank_lower(cut)
    powers = "all dimensions are" if lower.theorem == "T2" else "dimensions are rounded down to"
    source = f"{powers} powers of {lower.base}{where} (theorem {lower.theorem}, docs/theory.md)"
    return LowerBound(lower.rank, lower.theorem, source)


def _minimum_cut(upper: Sequence[UpperBound]) -> Cut | None:
    cuts = (bound.cut for bound in upper if bound.name == MINIMUM_CUT)
    return next((cut for cut in cuts if isinstance(cut, Cut)), None)
