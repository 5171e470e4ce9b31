"""The lower bound on the Schmidt rank of almost all weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..mincut import Cut, min_cut
from ..partition import Partition
from .generic import rank_lower
from .pairing import Pairing, best_pairing
from .prepared import Prepared
from .upper import MINIMUM_CUT, UpperBound


@dataclass(frozen=True, eq=False)
class LowerBound:
    """Almost all weights reach at least this rank. `proof`: a word for it; `source`: the whole of it."""

    rank: int
    proof: str = "trivial"
    source: str = "trivial"
    pairing: Pairing | None = None  # the certificate of theorem T4

    def to_dict(self) -> dict[str, Any]:
        """The lower end as plain data, integers exact."""
        found = {"rank": self.rank, "proof": self.proof, "source": self.source}
        if self.pairing is not None:
            found |= {"pairs": self.pairing.pairs, "base": self.pairing.base}
        return found


def lower_bound(
    prepared: Prepared, split: Partition, upper: Sequence[UpperBound], *, shared: bool = False
) -> LowerBound:
    """The best lower bound that is known, beside these upper ones; none for `shared` weights."""
    if min(bound.rank for bound in upper) == 1:
        return LowerBound(1, source="trivial: no tensor but zero has a smaller rank")
    if shared:
        return LowerBound(1)
    cuts = (bound.cut for bound in upper if bound.name == MINIMUM_CUT)
    return proven_lower(prepared, split, next((cut for cut in cuts if isinstance(cut, Cut)), None))


def proven_lower(prepared: Prepared, split: Partition, cut: Cut | None = None) -> LowerBound:
    """The lower bound for unshared weights; `cut`: a minimum cut of the unfolded network, if it is known.

    Where no unit is re-used and nothing is added: the minimum cut, with dimensions rounded down to powers of one
    integer (theorems T2 and T3; Levine et al., ICLR 2018; Cui et al. 2016). Elsewhere: the largest pairing (theorem
    T4, docs/theory.md).
    """
    if prepared.unfolds_to_a_plain_network:
        lower = rank_lower(cut or min_cut(prepared.network or prepared.circuit, split))
        powers = "all dimensions are" if lower.theorem == "T2" else "dimensions are rounded down to"
        source = f"{powers} powers of {lower.base} (theorem {lower.theorem}, docs/theory.md)"
        return LowerBound(lower.rank, lower.theorem, source)
    pairing = best_pairing(prepared.circuit, split)
    pairs = f"{pairing.pairs} {'pair' if pairing.pairs == 1 else 'pairs'} of digits in base {pairing.base}"
    return LowerBound(pairing.rank, "T4", f"{pairs} meet below the output (theorem T4, docs/theory.md)", pairing)
