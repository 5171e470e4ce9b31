"""One architecture and one partition: what is proven about the Schmidt rank, and where the cut runs."""

import math
from dataclasses import dataclass
from typing import Any

from ..circuit import Circuit
from ..errors import MethodError, SizeError
from ..mincut import Cut
from ..network import unfolded_size
from ..partition import Partition
from ..tools.numbers import show_integer, show_upper
from .shares import LayerShare, layer_shares
from .symmetric import SymmetricCut

NAMES_LIMIT = 256
BOUNDS = {
    "trivial": "all sites of one side",
    "duplicated": "minimum cut",
    "symmetric": "symmetric cut",
    "additive": "ranks added at sums",
    "shared": "symmetric powers of shared maps",
}


@dataclass(frozen=True, eq=False)
class Report:
    """The interval [rank_lower, rank_bound] that holds the Schmidt rank of almost all weights, with its proofs.

    `rank_bound` is proven for all weights (for all shared ones, if its source is `shared`). `rank_lower` is reached
    by almost all weights; `lower_source` says why. `tight`: True if both ends meet, None if it is open whether they do.
    """

    name: str
    circuit: Circuit
    partition: Partition
    trivial: int  # the product of the dimensions of all sites of one side
    cut: Cut | None  # of the unfolded network; None: there is none, or it is too large
    symmetric: SymmetricCut | None  # of the circuit itself; None: no unit is re-used, so the other is as small
    additive: int | None  # by adding the ranks of what is added; None: nothing is
    sharing: int | None  # the closed form for shared weights; None: they are not shared, or it does not apply
    rank_lower: int
    lower_source: str
    shared: bool
    surrogate: bool  # the gates are not products, and the bound is that of the network with products
    seconds: float

    @property
    def bounds(self) -> dict[str, int]:
        """Every upper end that was computed."""
        found = {"trivial": self.trivial}
        if self.cut is not None:
            found["duplicated"] = self.cut.rank_bound
        if self.symmetric is not None:
            found["symmetric"] = self.symmetric.rank_bound
        if self.additive is not None:
            found["additive"] = self.additive
        if self.sharing is not None:
            found["shared"] = self.sharing
        return found

    @property
    def rank_bound(self) -> int:
        """The smallest proven upper end of the Schmidt rank."""
        return min(self.bounds.values())

    @property
    def bound_source(self) -> str:
        """Which of the bounds gave it; the simplest, if several do."""
        return min(self.bounds, key=self.bounds.__getitem__)

    @property
    def holds_for(self) -> str:
        """The weights for which the bound is proven."""
        return "all shared weights" if self.bound_source == "shared" else "all weights"

    @property
    def best(self) -> Cut | SymmetricCut:
        """The cut with the smaller bound."""
        cuts = [cut for cut in (self.cut, self.symmetric) if cut is not None]
        return min(cuts, key=lambda cut: cut.rank_bound)

    @property
    def unfolded_cut(self) -> Cut:
        """The minimum cut of the unfolded network; refused if there is none."""
        if self.circuit.has_sums:
            raise MethodError("a circuit with sums of several children is no tensor network: it can't be unfolded")
        if self.cut is None:
            raise SizeError(f"the unfolded network has {unfolded_size(self.circuit).tensors} tensors: too many to show")
        return self.cut

    @property
    def entropy_bound(self) -> float:
        """The most entanglement entropy over this partition, in bits."""
        return math.log2(self.rank_bound)

    @property
    def tight(self) -> bool | None:
        return True if self.rank_lower == self.rank_bound else None

    @property
    def reason(self) -> str:
        """Why the bound is tight, or why that is open."""
        if self.tight:
            return f"the lower end meets it ({self.lower_source})"
        if self.shared:
            return "the weights are shared, so T2 and T3 do not apply"
        if self.circuit.has_sums:
            return "vectors are added, so T2 and T3 apply to parts of the network only"
        if self.circuit.reuses_units:
            return "units are re-used, so T2 and T3 do not apply"
        return "the dimensions are not all powers of one integer, so T2 does not apply"

    @property
    def layers(self) -> list[LayerShare]:
        """The layers that the best cut runs through, from the sites up."""
        return layer_shares(self.best)

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact; the names of the bonds that the best cut cuts, up to 256."""
        size = unfolded_size(self.circuit)
        best = self.best
        names = best.names if isinstance(best, Cut) and len(best.bonds) <= NAMES_LIMIT else None
        return {
            "name": self.name,
            "partition": self.partition.name,
            "sites_a": len(self.partition.sites_a),
            "sites_b": len(self.partition.sites_b),
            "rank_bound": self.rank_bound,
            "bound_source": self.bound_source,
            "bounds": self.bounds,
            "entropy_bound_bits": self.entropy_bound,
            "rank_lower": self.rank_lower,
            "lower_source": self.lower_source,
            "tight": self.tight,
            "reason": self.reason,
            "shared_weights": self.shared,
            "convac_surrogate": self.surrogate,
            "layers": [share.to_dict() for share in self.layers],
            "cut_bonds": names,
            "method": self.best.method,
            "certificate": self.best.certificate,
            "unfolded_tensors": size.tensors,
            "unfolded_bonds": size.bonds,
            "seconds": self.seconds,
        }

    def _repr_html_(self) -> str:
        """The figures, the layers' shares as bars, the cut and the sites, as notebooks show them."""
        from ..draw.notebook import report_html

        return report_html(self)

    def __str__(self) -> str:
        part, size = self.partition, unfolded_size(self.circuit)
        reuse = ", units re-used and so duplicated" if self.circuit.reuses_units else ", no unit re-used"
        unfolded = f"{size.tensors} tensors, {size.bonds} bonds when unfolded"
        others = [f"{BOUNDS[kind]} {show_integer(value)}" for kind, value in self.bounds.items() if kind != "trivial"]
        kind = "shared" if self.shared else "unshared"
        lines = [
            f"{self.name or 'circuit'}, partition {part.name or '(none)'}: "
            f"{len(part.sites_a)} sites | {len(part.sites_b)} sites",
            f"rank       <= {show_integer(self.rank_bound)}  "
            f"bound, proven for {self.holds_for}: {BOUNDS[self.bound_source]}",
            f"rank       >= {show_integer(self.rank_lower)}  proven for almost all {kind} weights: {self.lower_source}",
            f"entropy    <= {show_upper(self.entropy_bound)} bits  bound, proven for {self.holds_for}",
            f"tight      {'yes' if self.tight else 'open'}: {self.reason}",
            *([f"bounds     {', '.join(others)}"] if len(others) > 1 else []),
            *(f"cut        {share}" for share in self.layers),
            f"network    {'with sums, no tensor network' if self.circuit.has_sums else unfolded + reuse}",
            f"method     {self.best.method}: {self.best.certificate}",
        ]
        if self.surrogate:
            lines.insert(1, "surrogate  the ConvAC surrogate is bounded: the network itself has no product gates")
        return "\n".join(lines)
