"""What samples ask for over one partition: estimates in bits, each with its error, and warnings."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..partition import Partition
from ..tools.arrays import FloatArray

UNSETTLED = 0.05  # bits
MEASURES = ("entropy", "renyi2", "rank")


@dataclass(frozen=True)
class Estimate:
    """Bits, measured on the samples; their standard error; and what each of several random halves of them has."""

    bits: float
    halves: tuple[float, ...]
    numerical: float = 0.0  # the standard error of random vectors; 0 where all eigenvalues are computed

    @property
    def error(self) -> float:
        """The standard error by the delete-half jackknife (Shao, Wu 1989); infinite for less than four samples.

        Leaving out half of the samples changes an estimate as much as drawing all of them again would. The error of
        random vectors is added to it.
        """
        return math.hypot(float(np.std(self.halves)), self.numerical) if self.halves else math.inf

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
    estimated: bool  # by random vectors; else by all eigenvalues
    entropy: Estimate  # entanglement entropy
    renyi2: Estimate  # Rényi entropy of order 2
    rank: Estimate  # log2 of the number of Schmidt values above 1e-5 of the largest

    def __float__(self) -> float:
        """The entanglement entropy, in bits: what a network is tailored for."""
        return self.entropy.bits

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
        found["method"] = "random vectors" if self.estimated else "eigenvalues"
        return found | {"most_bits": math.log2(self.samples), "warning": self.warning}
