"""The symmetric cut of a circuit: `symmetric_cut` is the way in."""

from .cut import Charge, SymmetricCut, symmetric_cut

__all__ = ["Charge", "SymmetricCut", "symmetric_cut"]
