"""The certificates of a lower end: held against their rules, and against the exact rank of the weights they give."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..circuit import Circuit
from ..errors import MethodError, SizeError
from ..oracle import Modular, Weights, matricization, rank_modulo
from ..oracle.matrix import side_dims
from ..partition import Partition
from ..proven import Report
from ..proven.fan import closed, proven_rank, weights_of
from ..proven.pairing import Pairing, check_pairing, pairing_weights
from ..tools.numbers import show_integer
from ..tools.words import counted

MOST_INPUTS = 2048  # of a side


@dataclass(frozen=True)
class CertificateCheck:
    """A certificate that proves a rank: the rule that it breaks, and the exact rank that its own weights have."""

    what: str
    rank: int
    fault: str | None  # None: it is valid
    exact_rank: int | None  # None: the weights are too large to be measured

    @property
    def holds(self) -> bool:
        """Whether it is valid, and its weights reach its rank; anything else would be an error of tncut."""
        return self.fault is None and (self.exact_rank is None or self.exact_rank >= self.rank)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain data."""
        return dict(vars(self))

    def __str__(self) -> str:
        valid = "valid" if self.fault is None else f"NOT VALID, an error of tncut: {self.fault}"
        exact = "too large to be measured" if self.exact_rank is None else f"exact rank {self.exact_rank}"
        return f"{self.what}: {valid}, proves {show_integer(self.rank)}; its own weights: {exact}"


def check_certificates(report: Report, *, memory_limit: int | None = None) -> tuple[CertificateCheck, ...]:
    """Check the pairing of a report and its fans by their rules, and measure the weights that they give.

    Weights are measured where neither side has more than 2048 inputs, and they fit `memory_limit` bytes.
    """
    found = []
    if report.pairing is not None:
        found.append(_pairing(report.pairing, memory_limit))
    if report.lower.fans:
        found.append(_fans(report, memory_limit))
    return tuple(found)


def _pairing(pairing: Pairing, memory_limit: int | None) -> CertificateCheck:
    def weights() -> Weights:
        field, (matrices, output) = Modular(), pairing_weights(pairing)
        given = tuple(field.array(matrix) for matrix in matrices)
        return Weights(pairing.circuit, field, given, None if output is None else field.array(output))

    what = f"{counted(pairing.pairs, 'pair')} of digits in base {pairing.base}"
    exact = _exact_rank(pairing.circuit, pairing.partition, weights, memory_limit)
    return CertificateCheck(what, pairing.rank, check_pairing(pairing), exact)


def _fans(report: Report, memory_limit: int | None) -> CertificateCheck:
    fans, fault, rank = report.lower.fans, None, 1
    try:
        rank = proven_rank(report.circuit, report.partition, fans)
    except MethodError as error:
        fault = str(error)
    circuit, split = closed(report.circuit, report.partition)
    exact = _exact_rank(circuit, split, lambda: weights_of(circuit, fans), memory_limit)
    return CertificateCheck(counted(len(fans), "fan"), rank, fault, exact)


def _exact_rank(
    circuit: Circuit, split: Partition, weights: Callable[[], Weights], memory_limit: int | None
) -> int | None:
    """The exact rank of weights, which are made only where it can be measured."""
    if max(side_dims(circuit, split)) > MOST_INPUTS:
        return None
    try:
        return rank_modulo(matricization(weights(), split, memory_limit=memory_limit))
    except SizeError:
        return None
