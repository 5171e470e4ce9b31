"""One architecture and one partition: what is proven about the Schmidt rank, and where the cut runs."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..circuit import Circuit
from ..errors import MethodError, SizeError
from ..mincut import Cut, min_cut
from ..network import TensorNetwork, UnfoldedSize, unfold, unfolded_size
from ..partition import Partition
from ..tools.numbers import show_integer, show_upper
from ..tools.words import brief
from .layer_shares import LayerShare, layer_shares
from .lower import FAN_LIMIT, LowerBound
from .pairing import Pairing, best_pairing
from .symmetric import SymmetricCut
from .upper import MINIMUM_CUT, SYMMETRIC_CUT, UpperBound

NAMES_LIMIT = 256
DUPLICATE_LIMIT = 2**22  # tensors of an unfolded network beyond which no cut of it is computed
NO_POWERS = "not all dimensions are powers of one integer, as theorem T2 (docs/theory.md) needs"


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """The interval [rank_lower, rank_bound] that holds the Schmidt rank of almost all weights, with its proofs.

    `upper`: every upper bound, each proven for the weights that it names. `lower`: reached by almost all weights.
    """

    name: str
    subject: Circuit | TensorNetwork  # what is bounded
    partition: Partition
    upper: tuple[UpperBound, ...]
    lower: LowerBound
    shared: bool
    surrogate: bool  # the gates are not products, and the bound is that of the network with products
    seconds: float

    @property
    def circuit(self) -> Circuit:
        """The circuit that is bounded; a MethodError if a tensor network was given."""
        if isinstance(self.subject, TensorNetwork):
            raise MethodError("a tensor network has no circuit, and so no pairs; its cut alone can be drawn")
        return self.subject

    @property
    def notes(self) -> tuple[str, ...]:
        """What was replaced or dropped of the model that the circuit stands for; nothing for a tensor network."""
        return self.subject.notes if isinstance(self.subject, Circuit) else ()

    @property
    def best(self) -> UpperBound:
        """The smallest upper bound; the simplest, if several are as small."""
        return min(self.upper, key=lambda bound: bound.rank)

    @property
    def rank_bound(self) -> int:
        """The smallest proven upper end of the Schmidt rank, exact."""
        return self.best.rank

    @property
    def rank_lower(self) -> int:
        """The Schmidt rank that almost all weights reach at least, exact."""
        return self.lower.rank

    @property
    def entropy_bound(self) -> float:
        """The most entanglement entropy over this partition, in bits."""
        return math.log2(self.rank_bound)

    @property
    def tight(self) -> bool | None:
        """True if both ends meet; None if it is open whether the bound is reached."""
        return True if self.rank_lower == self.rank_bound else None

    @cached_property
    def best_cut(self) -> Cut | SymmetricCut:
        """The cut with the smallest bound."""
        cuts = [bound.cut for bound in self.upper if bound.cut is not None]
        return min(cuts, key=lambda cut: cut.rank_bound)

    @cached_property
    def cut(self) -> Cut | None:
        """The minimum cut of the unfolded network; None if there is none, or if that network is too large.

        Where units are re-used it is no bound of this report, since the symmetric cut is as small; it is computed when
        it is asked for.
        """
        found = self._cut_named(MINIMUM_CUT)
        if isinstance(found, Cut):
            return found
        fits = not self.circuit.has_sums and unfolded_size(self.circuit).tensors <= DUPLICATE_LIMIT
        return min_cut(unfold(self.circuit), self.partition) if fits else None

    @property
    def symmetric(self) -> SymmetricCut | None:
        """The symmetric cut of the circuit itself; None if no unit is re-used, so that the minimum cut is as small."""
        found = self._cut_named(SYMMETRIC_CUT)
        return found if isinstance(found, SymmetricCut) else None

    def _cut_named(self, name: str) -> Cut | SymmetricCut | None:
        return next((bound.cut for bound in self.upper if bound.name == name), None)

    @property
    def unfolded_cut(self) -> Cut:
        """The minimum cut of the unfolded network; a MethodError or a SizeError says why there is none."""
        if isinstance(self.subject, Circuit) and self.subject.has_sums:
            raise MethodError("a circuit with sums of several children is no tensor network: it can't be unfolded")
        if self.cut is None:
            raise SizeError(f"the unfolded network has {unfolded_size(self.circuit).tensors} tensors: too many to show")
        return self.cut

    @cached_property
    def pairing(self) -> Pairing | None:
        """The largest pairing found (theorem T4), a certificate; None where the lower end is 1, or weights are shared.

        Where no unit is re-used it is found when it is asked for, and proves what theorems T2 and T3 prove. A tensor
        network has none.
        """
        known = self.lower.pairing is not None or self.shared or self.rank_lower == 1
        if known or isinstance(self.subject, TensorNetwork):
            return self.lower.pairing
        return best_pairing(self.subject, self.partition)

    @property
    def reason(self) -> str:
        """Why the bound is tight, or why that is open."""
        if not (self.partition.sides.any() and not self.partition.sides.all()):
            return "one side is empty, and so nothing is parted"
        if self.tight:
            return "the lower end meets it"
        if self.shared:
            return "the weights are shared, and lower ends are proven for unshared ones"
        if isinstance(self.subject, TensorNetwork):
            return _reason_of_network(self.subject)
        if self.subject.has_sums:
            return "vectors are added, and more than pairings (theorem T4, docs/theory.md) is not proven"
        if len(self.subject.factor_child) > FAN_LIMIT and self.subject.reuses_units:
            return "units are re-used; pairings (T4, docs/theory.md) prove no more, and fans (T5) were not looked for"
        if self.subject.reuses_units:
            return "units are re-used, and more than theorems T4 and T5 (docs/theory.md) say is not proven"
        return NO_POWERS

    @property
    def layers(self) -> list[LayerShare]:
        """The layers that the best cut runs through, from the sites up."""
        return layer_shares(self.best_cut, self.subject)

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact; the names of the bonds that the best cut cuts, up to 256."""
        size, cut = _size(self.subject), self.best_cut
        names = cut.names if isinstance(cut, Cut) and len(cut.bonds) <= NAMES_LIMIT else None
        return {
            "name": self.name,
            "partition": self.partition.name,
            "sites_a": len(self.partition.sites_a),
            "sites_b": len(self.partition.sites_b),
            "rank_bound": self.rank_bound,
            "rank_lower": self.rank_lower,
            "entropy_bound_bits": self.entropy_bound,
            "tight": self.tight,
            "reason": self.reason,
            "upper": [{"name": b.name, "rank": b.rank, "holds_for": b.holds_for} for b in self.upper],
            "lower": self.lower.to_dict(),
            "shared_weights": self.shared,
            "convac_surrogate": self.surrogate or bool(self.notes),
            "notes": list(self.notes),
            "layers": [share.to_dict() for share in self.layers],
            "cut_bonds": names,
            "method": cut.method,
            "certificate": cut.certificate,
            "unfolded_tensors": size.tensors,
            "unfolded_bonds": size.bonds,
            "seconds": self.seconds,
        }

    def __repr__(self) -> str:
        tight = "tight" if self.tight else "open"
        interval = f"{show_integer(self.rank_lower)} <= rank <= {show_integer(self.rank_bound)}"
        return (
            f"<Report: {brief(self.name or 'circuit')}, {brief(self.partition.name or '(none)')}: {interval}, {tight}>"
        )

    def _repr_html_(self) -> str:
        """The figures, the layers' shares as bars, the cut and the sites, as notebooks show them."""
        from ..draw.notebook import report_html

        return report_html(self)

    def __str__(self) -> str:
        best = self.best
        lines = [
            heading(self.name, self.partition),
            *self._surrogate_lines(),
            f"rank       <= {show_integer(best.rank)}  bound, proven for {best.holds_for}: {best.name}",
            f"rank       >= {show_integer(self.rank_lower)}  proven for {self._lower_holds_for}: {self.lower.source}",
            f"entropy    <= {show_upper(self.entropy_bound)} bits  bound, proven for {best.holds_for}",
            f"tight      {'yes' if self.tight else 'open'}: {self.reason}",
            *self._other_bounds_line(),
            *(f"cut        {share}" for share in self.layers),
            f"network    {self._network()}",
            f"method     {self.best_cut.method}: {self.best_cut.certificate}",
        ]
        return "\n".join(lines)

    def _surrogate_lines(self) -> list[str]:
        line = "the ConvAC surrogate is bounded: the network itself has no product gates"
        notes = [line] if self.surrogate or self.notes else []
        return [f"surrogate  {note}" for note in (*notes, *self.notes)]

    def _other_bounds_line(self) -> list[str]:
        """All bounds but the trivial one, if there are several."""
        others = [f"{bound.name} {show_integer(bound.rank)}" for bound in self.upper[1:]]
        return [f"bounds     {', '.join(others)}"] if len(others) > 1 else []

    @property
    def _lower_holds_for(self) -> str:
        """The weights for which the lower end is proven."""
        if isinstance(self.subject, TensorNetwork) and not (self.subject.free or self.subject.shares_tensors):
            return "these tensors"
        shared = self.shared or (isinstance(self.subject, TensorNetwork) and self.subject.shares_tensors)
        return f"almost all {'shared' if shared else 'unshared'} weights"

    def _network(self) -> str:
        size = _size(self.subject)
        if isinstance(self.subject, TensorNetwork):
            return f"{size.tensors} tensors, {size.bonds} bonds, {_kind(self.subject)}"
        if self.subject.has_sums:
            return "with sums, no tensor network"
        reuse = "units re-used and so duplicated" if self.subject.reuses_units else "no unit re-used"
        return f"{size.tensors} tensors, {size.bonds} bonds when unfolded, {reuse}"


def _size(subject: Circuit | TensorNetwork) -> UnfoldedSize:
    """The tensors and bonds of the network that is cut."""
    if isinstance(subject, TensorNetwork):
        return UnfoldedSize(subject.tensors, subject.bonds)
    return unfolded_size(subject)


def _kind(network: TensorNetwork) -> str:
    """What is known of the tensors of a network."""
    if network.free:
        return "each tensor free"
    if network.arrays is not None:
        return "tensors given as arrays"
    return "some tensors the same" if network.shares_tensors else "tensors not free"


def _reason_of_network(network: TensorNetwork) -> str:
    """Why it is open whether the bound of a tensor network is reached."""
    return NO_POWERS if network.free else f"{_kind(network)}, and lower ends are proven for free tensors"


def heading(name: str, partition: Partition) -> str:
    """The heading of what is said of an architecture over a partition."""
    sides = f"{len(partition.sites_a)} sites | {len(partition.sites_b)} sites"
    return f"{name or 'circuit'}, partition {partition.name or '(none)'}: {sides}"
