"""How a network is trained: the settings of `train`, and of the [training] table of a sweep."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from ..errors import MethodError, SpecError
from ..tools.arrays import FloatArray
from ..tools.values import check_known, integer
from ..tools.words import nearest, shown

KINDS = ("positive", "signed")
SHARINGS = ("none", "offset", "layer")
STARTS = ("uniform", "gaussian")
RATES = {"positive": 0.02, "signed": 0.01}


@dataclass(frozen=True, kw_only=True)
class Training:
    """Settings of a training by Adam (Kingma, Ba 2015), whose rate falls to 0 by a cosine (Loshchilov, Hutter 2017).

    `weights`: positive trains logarithms, as SimNets do (Cohen, Sharir, Shashua, CVPR 2016); signed trains the weights
    themselves. By default product gates have positive weights, other gates signed ones. `sharing`: none, a matrix for
    each factor; offset, one for each place in the windows of a layer, as a convolution has; layer, one for all of them.
    `start`: uniform, signed weights from 0 to 1, or their logarithms from -1 to 1; or gaussian, for signed weights only
    (He et al. 2015), which gates other than products have by default. `rate`: by default 0.02 for positive weights and
    0.01 for signed ones. `held_out`: the share of the samples that
    choose the best epoch. `patience`: the epochs after which training stops if no epoch was better; None: never.
    """

    epochs: int = 15
    batch: int = 64
    rate: float | None = None
    weights: str | None = None
    start: str | None = None
    sharing: str = "none"
    held_out: float = 0.1
    patience: int | None = None
    samples: int = 8000  # of a generated task, to train with
    test_samples: int = 2000  # of a generated task, to test with

    def __post_init__(self) -> None:
        for key in ("batch", "samples", "test_samples"):
            integer(key, getattr(self, key), MethodError)
        integer("epochs", self.epochs, MethodError, least=0)
        if self.patience is not None:
            integer("patience", self.patience, MethodError)
        if self.weights is not None:
            check_known("weights", self.weights, KINDS, MethodError)
        if self.start is not None:
            check_known("start", self.start, STARTS, MethodError)
        check_known("sharing", self.sharing, SHARINGS, MethodError)
        if self.rate is not None and not 0 < _number("rate", self.rate) < 10:
            raise MethodError(f"rate is {shown(self.rate)}; it must be above 0 and below 10")
        if not 0 <= _number("held_out", self.held_out) <= 0.5:
            raise MethodError(f"held_out is {shown(self.held_out)}; it must be from 0 to 0.5")

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Training":
        """The settings in a table of a file."""
        known = [field.name for field in fields(cls)]
        for key in table:
            if key not in known:
                raise SpecError(f"training: unknown key {shown(key)}; {nearest(key, known)}")
        return cls(**table)

    def weights_for(self, gate: str) -> str:
        """positive or signed, for a circuit with these gates."""
        return self.weights or ("positive" if gate == "product" else "signed")

    def start_for(self, gate: str) -> str:
        """uniform or gaussian, for a circuit with these gates."""
        start = self.start or ("uniform" if gate == "product" else "gaussian")
        if start == "gaussian" and self.weights_for(gate) == "positive":
            raise MethodError("positive weights start uniform; gaussian ones are signed")
        return start

    def rates(self, gate: str, epoch: int, steps: int) -> FloatArray:
        """(steps,) the rates of an epoch: a cosine that falls from the first step of all epochs to 0."""
        first = RATES[self.weights_for(gate)] if self.rate is None else self.rate
        share = (epoch * steps + np.arange(steps)) / (self.epochs * steps)
        return np.asarray(first * (1 + np.cos(np.pi * share)) / 2)

    def to_dict(self) -> dict[str, Any]:
        """All settings as plain data."""
        return asdict(self)


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MethodError(f"{key} is {shown(value)}; it must be a number")
    return float(value)
