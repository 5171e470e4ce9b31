"""The symmetric cut of a circuit: `symmetric_cut` is the way in."""

from .cut import Charge, SymmetricCut, symmetric_cut
from .search import Search

__all__ = ["Charge", "Search", "SymmetricCut", "symmetric_cut"]
