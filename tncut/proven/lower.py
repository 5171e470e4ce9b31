"""The lower bound on the Schmidt rank of almost all weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..circuit import Circuit
from ..mincut import Cut, min_cut
from ..partition import Partition
from ..tools.words import counted
from .fan import Fan, find_fans, proven_rank
from .generic import RankLower, rank_lower
from .pairing import Pairing, best_pairing
from .prepared import Prepared, PreparedNetwork
from .upper import MINIMUM_CUT, UpperBound

FAN_LIMIT = 1_500  # matrices of a circuit: some 0.2 s


@dataclass(frozen=True, eq=False)
class LowerBound:
    """Almost all weights reach at least this rank. `proof`: a word for it; `source`: the whole of it."""

    rank: int
    proof: str = "trivial"
    source: str = "trivial"
    pairing: Pairing | None = None  # the certificate of theorem T4
    fans: tuple[Fan, ...] = ()  # the certificate of theorem T5

    def to_dict(self) -> dict[str, Any]:
        """The lower end as plain data, integers exact."""
        found = {"rank": self.rank, "proof": self.proof, "source": self.source}
        if self.pairing is not None:
            found |= {"pairs": self.pairing.pairs, "base": self.pairing.base}
        if self.fans:
            found["fans"] = len(self.fans)
        return found


NOTHING_SMALLER = LowerBound(1, source="trivial: no tensor but zero has a smaller rank")


def lower_bound(
    prepared: Prepared | PreparedNetwork, split: Partition, upper: Sequence[UpperBound], *, shared: bool = False
) -> LowerBound:
    """The best lower bound that is known, beside these upper ones; none for `shared` weights, or given tensors."""
    if min(bound.rank for bound in upper) == 1:
        return NOTHING_SMALLER
    if shared:
        return LowerBound(1)
    cuts = (bound.cut for bound in upper if bound.name == MINIMUM_CUT)
    cut = next((cut for cut in cuts if isinstance(cut, Cut)), None)
    return proven_lower(prepared, split, cut, enough=min(bound.rank for bound in upper))


def proven_lower(
    prepared: Prepared | PreparedNetwork, split: Partition, cut: Cut | None = None, *, enough: int | None = None
) -> LowerBound:
    """The lower bound for unshared weights; `cut`: a minimum cut of the unfolded network, if it is known.

    Where no unit is re-used and nothing is added: the minimum cut, with dimensions rounded down to powers of one
    integer (theorems T2 and T3; Levine et al., ICLR 2018; Cui et al. 2016). Elsewhere: the largest pairing (theorem
    T4, docs/theory.md), and where that is not `enough`, fans (theorem T5), if the circuit is small.
    """
    if isinstance(prepared, PreparedNetwork) and not prepared.network.free:
        return LowerBound(1)
    if isinstance(prepared, PreparedNetwork) or prepared.unfolds_to_a_plain_network:
        return by_minimum_cut(rank_lower(cut or min_cut(prepared.network, split)))
    pairing = best_pairing(prepared.circuit, split)
    paired = by_pairs(pairing.pairs, pairing.base, pairing)
    small = len(prepared.circuit.factor_child) <= FAN_LIMIT and not prepared.circuit.has_sums
    return _by_fans(prepared.circuit, split, paired) if small and pairing.rank != enough else paired


def by_minimum_cut(lower: RankLower) -> LowerBound:
    """What theorem T2 or T3 proves."""
    powers = "all dimensions are" if lower.theorem == "T2" else "dimensions are rounded down to"
    source = f"{powers} powers of {lower.base} (theorem {lower.theorem}, docs/theory.md)"
    return LowerBound(lower.rank, lower.theorem, source)


def by_pairs(pairs: int, base: int, pairing: Pairing | None = None) -> LowerBound:
    """What theorem T4 proves by so many pairs."""
    source = f"{counted(pairs, 'pair')} of digits in base {base} meet below the output (theorem T4, docs/theory.md)"
    return LowerBound(base**pairs, "T4", source, pairing)


def _by_fans(circuit: Circuit, split: Partition, other: LowerBound) -> LowerBound:
    """What fans prove, where it is more."""
    fans = find_fans(circuit, split, tries=0)
    rank = proven_rank(circuit, split, fans)
    if rank <= other.rank:
        return other
    source = f"{counted(len(fans), 'fan')} of re-used units (theorem T5, docs/theory.md)"
    return LowerBound(rank, "T5", source, other.pairing, tuple(fans))
