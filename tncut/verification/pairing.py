"""The certificate of a lower end held against its rules, and against the exact rank of the weights that it gives."""

from dataclasses import dataclass
from typing import Any

from ..errors import SizeError
from ..oracle import Modular, Weights, matricization, rank_modulo
from ..oracle.matrix import side_dims
from ..proven.pairing import Pairing, check_pairing, pairing_weights

MOST_INPUTS = 2048  # of a side


@dataclass(frozen=True, eq=False)
class PairingCheck:
    """A pairing, the rule that it breaks (None: it is valid), and the exact rank of its weights of 0 and 1."""

    pairing: Pairing
    fault: str | None
    rank: int | None  # None: the weights are too large to be measured

    @property
    def holds(self) -> bool:
        """Whether it is valid, and its weights attain its rank; anything else would be an error of tncut."""
        return self.fault is None and self.rank in (None, self.pairing.rank)

    def to_dict(self) -> dict[str, Any]:
        pairing = self.pairing
        return {"base": pairing.base, "pairs": pairing.pairs, "fault": self.fault, "exact_rank": self.rank}

    def __str__(self) -> str:
        plan = f"{self.pairing.pairs} pairs of digits in base {self.pairing.base}"
        valid = "a valid pairing" if self.fault is None else f"NO PAIRING, an error of tncut: {self.fault}"
        rank = "too large to be measured" if self.rank is None else f"exact rank {self.rank}"
        return f"{plan}: {valid}; its weights of 0 and 1: {rank}"


def check(pairing: Pairing, *, memory_limit: int | None = None) -> PairingCheck:
    """Check a pairing by its rules, and measure its weights where neither side has more than 2048 inputs."""
    return PairingCheck(pairing, check_pairing(pairing), _measured(pairing, memory_limit))


def _measured(pairing: Pairing, memory_limit: int | None) -> int | None:
    if max(side_dims(pairing.circuit, pairing.partition)) > MOST_INPUTS:
        return None
    field, (matrices, output) = Modular(), pairing_weights(pairing)
    given = tuple(field.array(matrix) for matrix in matrices)
    weights = Weights(pairing.circuit, field, given, None if output is None else field.array(output))
    try:
        return rank_modulo(matricization(weights, pairing.partition, memory_limit=memory_limit))
    except SizeError:
        return None
