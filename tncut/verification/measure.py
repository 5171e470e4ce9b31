"""The entanglement of given weights at any size: Schmidt values and the exact rank, by the minimum cut as a method.

See cut_subject.py for how the cut comes to the oracle, which shares no code with it.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..network import Subject
from ..oracle import ExactRank
from ..oracle.entanglement import entropy, geometric_measure, renyi
from ..partition import Partition, Split
from ..proven.report import heading
from ..tools.numbers import show_integer, show_upper
from ..tools.words import brief
from .cut_subject import CutSubject, prepare_products
from .drawn import Drawn, Given


@dataclass(frozen=True, eq=False, repr=False)
class Measurement:
    """The Schmidt values that given weights have over a partition: a measurement, beside what is possible.

    `schmidt_values` are normalised, so that their squares add up to 1; `log2_norm` is log2 of the tensor's norm. They
    come from floats. `exact` is the rank of the same weights modulo a prime, without rounding.
    """

    name: str
    partition: Partition
    weights: str  # what they are
    schmidt_values: NDArray[np.float64]
    log2_norm: float
    method: str  # cut, or full tensor
    rank_bound: int  # the smallest proven upper bound over this partition
    exact: ExactRank | None  # None: not asked for

    @property
    def entropy_bits(self) -> float:
        """The entanglement entropy, in bits."""
        return entropy(self.schmidt_values)

    @property
    def entropy_bound(self) -> float:
        """The most entropy that any weights have over this partition, in bits."""
        return math.log2(self.rank_bound)

    @property
    def geometric_measure(self) -> float:
        """1 - max p: the squared distance from the nearest product state."""
        return geometric_measure(self.schmidt_values)

    def renyi(self, order: float) -> float:
        """The Rényi entropy of this order, in bits."""
        return renyi(self.schmidt_values, order)

    @property
    def holds(self) -> bool:
        """Whether the exact rank respects the bound; anything else would be an error of tncut."""
        return self.exact is None or self.exact.rank <= self.rank_bound

    def __repr__(self) -> str:
        name, split = brief(self.name or "circuit"), brief(self.partition.name or "(none)")
        return f"<Measurement: {name}, {split}: {self.entropy_bits:.6g} of {self.entropy_bound:.6g} bits>"

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact."""
        return {
            "name": self.name,
            "partition": self.partition.name,
            "sites_a": len(self.partition.sites_a),
            "sites_b": len(self.partition.sites_b),
            "rank_bound": self.rank_bound,
            "entropy_bound_bits": self.entropy_bound,
            "measured": {
                "weights": self.weights,
                "method": self.method,
                "entropy_bits": self.entropy_bits,
                "geometric_measure": self.geometric_measure,
                "log2_norm": self.log2_norm,
                "schmidt_values": self.schmidt_values.tolist(),
                "exact_rank": None if self.exact is None else vars(self.exact) | {"shape": list(self.exact.shape)},
                "bound_holds": self.holds,
            },
        }

    def __str__(self) -> str:
        lines = [
            heading(self.name, self.partition),
            f"measured   entropy {self.entropy_bits:.9f} bits, geometric measure {self.geometric_measure:.9f}, "
            f"{self.weights} in floats, by {self.method}",
        ]
        if self.exact is not None:
            least = "" if self.exact.complete else "at least "
            lines.append(f"measured   exact rank {least}{self.exact.rank} of these weights modulo {self.exact.prime}")
        lines += [
            f"entropy    <= {show_upper(self.entropy_bound)} bits  bound, proven for all weights",
            f"rank       <= {show_integer(self.rank_bound)}  bound, proven for all weights",
        ]
        return "\n".join(lines)


def measure(
    architecture: Subject,
    partition: Split,
    *,
    weights: Given = None,
    seed: int = 0,
    shared: bool = False,
    exact: bool = True,
    memory_limit: int | None = None,
) -> Measurement:
    """The Schmidt values, entropies and (`exact`) exact rank that weights have over a partition, at any size.

    `weights`: a kind to draw with this `seed`, `shared` or not (see `oracle.draw_weights`), an .npz file, arrays by the
    names that `show` lists (see `oracle.load_weights`), or `oracle.Weights` in floats; for a tensor network random,
    shared or given. If none are given they are the network's own arrays, or random. The network is cut at its minimum
    cut of product chi, and each side contracted to a factor of at most chi rows: exact up to rounding, for a tree of
    any size as long as chi is at most some thousands. A network with cycles is contracted likewise, if that fits; where
    units are re-used it is the unfolded one. Elsewhere, and where vectors are added, the full tensor is taken. A
    SizeError with chi and the rank bound if nothing fits `memory_limit` bytes (by default a quarter of the free
    memory), before anything is computed.
    """
    prepared = prepare_products(architecture)
    cut = CutSubject.of(prepared, partition)
    drawn = Drawn.of(prepared.built, weights, seed=seed, shared=shared, memory_limit=memory_limit)
    found, method = cut.spectrum(drawn.floats, memory_limit=memory_limit)
    rank = cut.exact_rank(drawn, memory_limit=memory_limit) if exact else None
    values, norm = found.values, found.log2_norm
    return Measurement(prepared.name, cut.partition, drawn.words, values, norm, method, cut.rank_bound, rank)
