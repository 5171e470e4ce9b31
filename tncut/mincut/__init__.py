"""Cuts of tensor networks and of circuits: `min_cut` and `symmetric_cut` are the ways in."""

from .cut import Cut
from .door import METHODS, min_cut
from .lower import RankLower, rank_lower
from .many import TreeCuts
from .symmetric import Charge, SymmetricCut, symmetric_cut

__all__ = [
    "METHODS",
    "Charge",
    "Cut",
    "RankLower",
    "SymmetricCut",
    "TreeCuts",
    "min_cut",
    "rank_lower",
    "symmetric_cut",
]
