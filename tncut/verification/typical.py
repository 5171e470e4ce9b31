"""What weights drawn at random have: the mean entropy, and its spread, beside what is possible."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import MethodError
from ..network import Subject
from ..oracle.entanglement import entropy
from ..oracle.weights import SUFFIX
from ..partition import Partition, Splits
from ..tools.arrays import FloatArray
from ..tools.numbers import show_upper
from ..tools.progress import told
from ..tools.values import integer
from ..tools.words import brief, counted, shown
from .cut_subject import CutSubject, prepare_products
from .drawn import Drawn


@dataclass(frozen=True, eq=False, repr=False)
class Typical:
    """The entropies that several draws of weights have over one partition: measurements, beside the proven bound."""

    name: str
    partition: Partition
    weights: str  # the ensemble, and whether the weights are shared
    seeds: tuple[int, ...]  # one for each draw
    entropies: FloatArray  # (draws,) in bits
    rank_bound: int  # the smallest proven upper bound

    @property
    def entropy_bound(self) -> float:
        """The most entropy that any weights have, in bits."""
        return math.log2(self.rank_bound)

    @property
    def mean(self) -> float:
        """The mean entropy, in bits."""
        return float(self.entropies.mean())

    @property
    def deviation(self) -> float:
        """The standard deviation of a single draw, in bits; 0 for one draw."""
        return float(self.entropies.std(ddof=1)) if len(self.entropies) > 1 else 0.0

    def __repr__(self) -> str:
        name, split = brief(self.name or "circuit"), brief(self.partition.name or "(none)")
        return f"<Typical: {name}, {split}: {self.mean:.4g} ± {self.deviation:.2g} of {self.entropy_bound:.6g} bits>"

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
                "seeds": list(self.seeds),
                "entropy_bits": self.entropies.tolist(),
                "mean_bits": self.mean,
                "deviation_bits": self.deviation,
            },
        }

    def __str__(self) -> str:
        least, most = self.entropies.min(), self.entropies.max()
        draws = counted(len(self.entropies), "draw")
        return (
            f"{self.name or 'circuit'}, partition {self.partition.name or '(none)'}: entropy {self.mean:.4f} bits, "
            f"deviation {self.deviation:.4f}, from {least:.4f} to {most:.4f}, measured in {draws} of "
            f"{self.weights} weights; <= {show_upper(self.entropy_bound)} bits, proven for all weights"
        )


def typical(
    architecture: Subject,
    partitions: Splits,
    *,
    weights: str = "random",
    draws: int = 20,
    seed: int = 0,
    shared: bool = False,
    memory_limit: int | None = None,
) -> list[Typical]:
    """The entropies of weights drawn with the seeds `seed`, `seed` + 1, ..., for each partition, at any size.

    `weights` is an ensemble of `oracle.draw_weights`, `shared` or not. The entropies are measured as in `measure`. A
    MethodError if there are no draws, a SizeError if a partition does not fit.
    """
    prepared, number = prepare_products(architecture), integer("draws", draws, MethodError)
    if not isinstance(weights, str) or weights.endswith(SUFFIX):
        raise MethodError(f"typical draws weights; give the name of an ensemble, not {shown(weights)}")
    first = integer("seed", seed, MethodError, least=0)
    seeds = tuple(range(first, first + number))
    cuts = [CutSubject.of(prepared, split) for split in prepared.terminals.partitions(partitions)]
    found = np.empty((len(cuts), number))
    for column, draw in enumerate(told(seeds, "draw", number)):
        drawn = Drawn.of(prepared.built, weights, seed=draw, shared=shared, memory_limit=memory_limit)
        for row, cut in enumerate(cuts):
            found[row, column] = entropy(cut.spectrum(drawn.floats, memory_limit=memory_limit)[0].values)
    return [
        Typical(prepared.name, cut.partition, drawn.kind, seeds, entropies, cut.rank_bound)
        for cut, entropies in zip(cuts, found, strict=True)
    ]
