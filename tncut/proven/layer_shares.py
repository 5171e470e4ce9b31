"""What a cut pays, layer by layer."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ..circuit import Circuit
from ..mincut import Cut
from ..network import LABEL, SITE, TensorNetwork
from ..tools.numbers import show_upper
from .symmetric import SymmetricCut


@dataclass(frozen=True)
class Payment:
    """So many equal charges: bonds of a dimension, or (symmetric) powers of a vector with several copies."""

    times: int
    dim: int
    copies: int
    symmetric: bool

    @property
    def charge(self) -> int:
        dim, copies = self.dim, self.copies
        return math.comb(dim + copies - 1, copies) if self.symmetric else dim**copies

    @property
    def bits(self) -> float:
        return self.times * math.log2(self.charge)

    def __str__(self) -> str:
        if self.copies == 1:
            return f"{self.times} of dimension {self.dim}"
        kind = "equal" if self.symmetric else "different"
        return f"{self.times} of {self.copies} {kind} copies of dimension {self.dim}"


@dataclass(frozen=True)
class LayerShare:
    """What the cut pays in one layer: its charges, their product in bits, and the part of all bits."""

    layer: str
    payments: tuple[Payment, ...]
    bits: float
    share: float

    def to_dict(self) -> dict[str, Any]:
        return vars(self) | {"payments": [vars(payment) for payment in self.payments]}

    def __str__(self) -> str:
        return f"{self.layer}: {' + '.join(map(str, self.payments))}, {show_upper(self.bits)} bits, {self.share:.0%}"


def layer_shares(cut: Cut | SymmetricCut, subject: Circuit | TensorNetwork) -> list[LayerShare]:
    """The layers that a cut of this runs through, from the sites up."""
    rows = Counter(zip(cut.layers.tolist(), *_columns(cut), strict=True))
    paid = [(layer, Payment(times, *what)) for (layer, *what), times in rows.items()]
    total = sum(payment.bits for _, payment in paid) or 1.0
    shares = []
    for layer in sorted({layer for layer, _ in paid}, key=lambda layer: (layer == LABEL, layer)):
        payments = sorted((payment for at, payment in paid if at == layer), key=lambda payment: payment.charge)
        bits = sum(payment.bits for payment in payments)
        name = _layer_name(cut, subject, layer)
        shares.append(LayerShare(name, tuple(payments), bits, bits / total))
    return shares


def _layer_name(cut: Cut | SymmetricCut, subject: Circuit | TensorNetwork, layer: int) -> str:
    if isinstance(subject, TensorNetwork) and isinstance(cut, Cut):
        return cut.network.layer_name(layer)
    assert isinstance(subject, Circuit)
    return {SITE: "sites", LABEL: "label"}.get(layer) or subject.layer_name(layer)


def _columns(cut: Cut | SymmetricCut) -> list[list[Any]]:
    """Dimension, copies and whether they are equal, of every charge."""
    if isinstance(cut, Cut):
        return [cut.dims.tolist(), [1] * len(cut.bonds), [True] * len(cut.bonds)]
    charges = cut.charges
    return [[c.dim for c in charges], [c.copies for c in charges], [c.symmetric for c in charges]]
