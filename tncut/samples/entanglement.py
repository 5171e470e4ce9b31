"""The entanglement of samples over partitions: entropies and ranks with error bars, never the exponential tensor."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MethodError
from ..partition import Partition, Splits
from ..tools.values import integer
from ..tools.words import brief
from .demand import MEASURES, Demand, Estimate
from .measuring import demands
from .samples import Samples

EXACT_SAMPLES = 2500


@dataclass(frozen=True, eq=False, repr=False)
class DataEntanglement(Sequence[Demand]):
    """The demands of samples over partitions, one after another."""

    samples: Samples
    demands: tuple[Demand, ...]

    def __len__(self) -> int:
        return len(self.demands)

    def __getitem__(self, index: Any) -> Any:
        return self.demands[index]

    @property
    def partitions(self) -> tuple[Partition, ...]:
        """The partitions of the demands."""
        return tuple(demand.partition for demand in self.demands)

    @property
    def mean(self) -> Estimate:
        """The mean entanglement entropy over the partitions; the halves are the same ones over all of them."""
        entropies = [demand.entropy for demand in self.demands]
        halves = np.mean([found.halves for found in entropies], axis=0)
        numerical = float(np.mean([found.numerical for found in entropies]))
        return Estimate(float(np.mean([found.bits for found in entropies])), tuple(halves.tolist()), numerical)

    def __repr__(self) -> str:
        return f"<DataEntanglement: {len(self.samples)} samples, {len(self)} partitions, mean {self.mean} bits>"

    def __str__(self) -> str:
        head = f"{len(self.samples)} samples of {'x'.join(map(str, self.samples.grid))} sites"
        label = ", label as one more site" if self.samples.label else ""
        lines = [
            f"{head}{label}, embedding {self.samples.embedding}: measured, ± standard error, in bits",
            f"at most {math.log2(len(self.samples)):.2f} bits can be seen",
            f"{'partition':<24} {'entropy':>18} {'Rényi 2':>18} {'log2 rank':>18}",
        ]
        for demand in self.demands:
            figures = " ".join(f"{getattr(demand, name)!s:>18}" for name in MEASURES)
            lines.append(f"{brief(demand.partition.name or '(none)'):<24} {figures}")
        if estimated := sum(demand.estimated for demand in self.demands):
            lines.append(f"{estimated} of {len(self)} partitions by random vectors, whose error is in the ±")
        warned = [demand for demand in self.demands if demand.warning]
        lines += [f"warning    {brief(demand.partition.name)}: {demand.warning}" for demand in warned]
        return "\n".join(lines)


def data_entanglement(
    inputs: ArrayLike | Samples,
    labels: ArrayLike | None = None,
    partitions: Splits = "dyadic",
    *,
    embedding: str = "angle",
    seed: int = 0,
    exact: int = EXACT_SAMPLES,
    watch: Callable[[str], None] | None = None,
) -> DataEntanglement:
    """The Schmidt values, entropies and rank of D = (1/M) sum_m y_m f(x_1^m) (x) ... (x) f(x_N^m), in bits.

    `inputs`: (samples, grid...), (samples, grid..., dim) for the embedding `vectors`, or Samples, which say the rest.
    `labels`: a number for each sample, or a row, the vector of a label site. Partitions: in any form; `dyadic` are the
    canonical ones of Alexander, De La Vega, Razin, Cohen 2023 (arXiv 2303.11249), where D is from.

    The Schmidt values over a partition follow from two Gram matrices of M x M numbers, one for each side. For up to
    `exact` samples all are computed, with work of sites M^2 + M^3 for each partition. For more samples the spectrum is
    estimated by random vectors (`docs/data.md`), unless the vectors of one side have 1,024 entries at most.

    Errors are those of the delete-half jackknife, over halves drawn by `seed`, and of the random vectors. M samples
    show log2 M bits at most: `Demand.warning`. `watch` gets a line of text for each partition. A SizeError if the Gram
    matrices do not fit into memory.
    """
    if isinstance(inputs, Samples):
        if labels is not None or embedding != "angle":
            raise MethodError("Samples have their labels and their embedding; give partitions alone")
        samples = inputs
    else:
        samples = Samples.of(inputs, labels, embedding=embedding)
    numbers = integer("seed", seed, MethodError, least=0), integer("exact", exact, MethodError, least=0)
    splits = list(samples.terminals.partitions(partitions))
    if not splits:
        raise MethodError("no partition is given; give for example dyadic, or left-right")
    found: list[Demand] = []
    for demand in demands(samples, splits, *numbers):
        found.append(demand)
        if watch is not None:
            watch(f"{len(found)} of {len(splits)} partitions: {brief(demand.partition.name)} {demand.entropy} bits")
    return DataEntanglement(samples, tuple(found))
