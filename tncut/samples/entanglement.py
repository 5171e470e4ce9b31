"""The entanglement of samples over partitions: entropies and ranks with error bars, never the exponential tensor."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MethodError
from ..oracle.entanglement import entropy, renyi, schmidt_number
from ..partition import Partition, Splits
from ..tools.arrays import FloatArray, IntArray
from ..tools.memory import refuse_above
from ..tools.values import integer
from ..tools.words import brief
from .gram import both_sides, probabilities
from .samples import Samples

RANK_TOLERANCE = 1e-5  # of the largest Schmidt value; rounding errors lie near 1e-7
HALVES = 8  # random halves of the samples that the error bars come from
MATRICES = 7  # of samples x samples numbers, in memory at once
UNSETTLED = 0.05  # bits
MEASURES = ("entropy", "renyi2", "rank")


@dataclass(frozen=True)
class Estimate:
    """Bits, measured on the samples; their standard error; and what each of several random halves of them has."""

    bits: float
    halves: tuple[float, ...]

    @property
    def error(self) -> float:
        """The standard error by the delete-half jackknife (Shao, Wu 1989); infinite for less than four samples.

        Leaving out half of the samples changes an estimate as much as drawing all of them again would.
        """
        return float(np.std(self.halves)) if self.halves else math.inf

    @property
    def growth(self) -> float:
        """How much more bits all samples show than half of them: what the number of samples still decides."""
        return self.bits - float(np.mean(self.halves)) if self.halves else 0.0

    def __str__(self) -> str:
        error = f"{self.error:.2g}" if math.isfinite(self.error) else "?"
        return f"{self.bits:.4f} ± {error}"


@dataclass(frozen=True, eq=False)
class Demand:
    """What the samples ask for over one partition; all of it measured, and in bits."""

    partition: Partition
    samples: int
    schmidt_values: FloatArray  # the largest first, their squares sum to 1; none if the weighted samples cancel
    entropy: Estimate  # entanglement entropy
    renyi2: Estimate  # Rényi entropy of order 2
    rank: Estimate  # log2 of the number of Schmidt values above 1e-5 of the largest

    @property
    def near_limit(self) -> bool:
        """Whether the entropy is within one bit of the log2 M bits that M samples show at most."""
        return self.entropy.bits > math.log2(self.samples) - 1

    @property
    def may_rise(self) -> bool:
        """Whether more samples may show more: it is near the limit, or has risen from half of the samples to all."""
        return self.near_limit or self.entropy.growth > self._margin

    @property
    def may_fall(self) -> bool:
        """Whether more samples may show less, as where their noise is entangled: near the limit, or it has fallen."""
        return self.near_limit or self.entropy.growth < -self._margin

    @property
    def _margin(self) -> float:
        return max(2 * self.entropy.error, UNSETTLED)

    @cached_property
    def warning(self) -> str | None:
        """Why there are too few samples for what is asked; None if nothing says so."""
        if not len(self.schmidt_values):
            return "the weighted samples cancel: nothing is left to measure"
        if not self.entropy.halves:
            return f"{self.samples} samples have no error bar; give four or more"
        if self.near_limit:
            most = math.log2(self.samples)
            return f"{self.samples} samples show {most:.2f} bits at most, and this is near: give more samples"
        growth = self.entropy.growth
        if self.may_rise:
            return f"{growth:.2f} bits more than half of the samples show: it still rises"
        if self.may_fall:
            return f"{-growth:.2f} bits less than half of the samples show: noise of the samples is in it"
        return None

    def distance(self, rank: int) -> float:
        """The least relative distance of the samples' tensor to any tensor of Schmidt rank `rank` (Eckart, Young)."""
        return math.sqrt(min(float((self.schmidt_values[rank:] ** 2).sum()), 1.0))

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data; an error that is not known is null."""
        found: dict[str, Any] = {"partition": self.partition.name, "samples": self.samples}
        for name in MEASURES:
            estimate: Estimate = getattr(self, name)
            found[f"{name}_bits"] = estimate.bits
            found[f"{name}_error"] = estimate.error if math.isfinite(estimate.error) else None
        return found | {"most_bits": math.log2(self.samples), "warning": self.warning}


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
    def mean(self) -> Estimate:
        """The mean entanglement entropy over the partitions; the halves are the same ones over all of them."""
        entropies = [demand.entropy for demand in self.demands]
        halves = np.mean([found.halves for found in entropies], axis=0)
        return Estimate(float(np.mean([found.bits for found in entropies])), tuple(halves.tolist()))

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
) -> DataEntanglement:
    """The Schmidt values, entropies and rank of D = (1/M) sum_m y_m f(x_1^m) (x) ... (x) f(x_N^m), in bits.

    `inputs`: (samples, grid...), (samples, grid..., dim) for the embedding `vectors`, or Samples, which say the rest.
    `labels`: a number for each sample, or a row, the vector of a label site. Partitions: in any form; `dyadic` are the
    canonical ones of Alexander, De La Vega, Razin, Cohen 2023 (arXiv 2303.11249), where D is from.

    The Schmidt values over a partition follow from two Gram matrices of M x M numbers, one for each side. Work grows
    as sites M^2 + M^3 for each partition. Errors are those of the delete-half jackknife, over halves drawn by `seed`.
    M samples show log2 M bits at most: `Demand.warning`. A SizeError if the Gram matrices do not fit into memory.
    """
    if isinstance(inputs, Samples):
        if labels is not None or embedding != "angle":
            raise MethodError("Samples have their labels and their embedding; give partitions alone")
        samples = inputs
    else:
        samples = Samples.of(inputs, labels, embedding=embedding)
    number = integer("seed", seed, MethodError, least=0)
    refuse_above(None, MATRICES * len(samples) ** 2 * 8, f"the Gram matrices of {len(samples)} samples")
    splits = samples.terminals.partitions(partitions)
    halves = list(_halves(len(samples), number))
    demands = tuple(_demand(samples, split, halves) for split in splits)
    if not demands:
        raise MethodError("no partition is given; give for example dyadic, or left-right")
    return DataEntanglement(samples, demands)


def _demand(samples: Samples, split: Partition, halves: Sequence[IntArray]) -> Demand:
    side_a, side_b = both_sides(samples, split.sides.tolist())
    if side_b.factor is None:
        side_a = side_a.factored()
    p = probabilities(side_a, side_b, samples.weights)
    of_halves = [
        measures(probabilities(side_a.rows(rows), side_b.rows(rows), samples.weights[rows])) for rows in halves
    ]
    estimates = {name: Estimate(bits, tuple(half[name] for half in of_halves)) for name, bits in measures(p).items()}
    return Demand(split, len(samples), np.sqrt(p), **estimates)


def measures(p: FloatArray) -> dict[str, float]:
    """The measures of squared Schmidt values, in bits; 0 where there are none."""
    if not len(p):
        return dict.fromkeys(MEASURES, 0.0)
    values = np.sqrt(p)
    rank = schmidt_number(values, RANK_TOLERANCE)
    return {"entropy": entropy(values), "renyi2": renyi(values, 2), "rank": math.log2(rank)}


def _halves(samples: int, seed: int) -> Iterator[IntArray]:
    """Random halves, each followed by the other half."""
    if samples < 4:
        return
    rng = np.random.default_rng(seed)
    for _ in range(HALVES // 2):
        order = rng.permutation(samples)
        yield np.sort(order[: samples // 2])
        yield np.sort(order[samples // 2 :])
