"""Pairings: plans of integers that prove a rank, whatever units and sites are re-used."""

from dataclasses import dataclass
from functools import cached_property

from ...circuit import Circuit
from ...partition import Partition
from ...tools.arrays import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Pairing:
    """Digits of A and of B that are carried upward until one of either meets in a unit (theorem in weights.py).

    A site or unit of dimension d holds floor(log_p d) digits in base p. `check_pairing` says whether a plan is valid.
    """

    circuit: Circuit
    partition: Partition
    base: int  # p
    carried_a: IntArray  # (factors,) digits of A that each factor carries from its child up to its unit
    carried_b: IntArray  # (factors,) the same for digits of B
    met: IntArray  # (units,) pairs that meet in each unit
    met_at_output: int  # digits of an open output's label that meet digits of the other side
    used: BoolArray  # (factors,) False: the matrix is zero, since another term of its sum was chosen

    @cached_property
    def pairs(self) -> int:
        """How many digits of A meet a digit of B."""
        return int(self.met.sum()) + self.met_at_output

    @property
    def rank(self) -> int:
        """What almost all unshared weights attain at least: p^pairs."""
        rank: int = self.base**self.pairs
        return rank
