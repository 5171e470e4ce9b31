"""What is proven about the Schmidt rank: `bound` for one partition, `bounds` for many, `Report` the way out."""

from .batch.bounds import Bounds, bounds
from .bound import bound
from .profiles import Profile, profile
from .report import Report
from .shares import LayerShare, Payment
from .symmetric.cut import SymmetricCut, symmetric_cut

__all__ = [
    "Bounds",
    "LayerShare",
    "Payment",
    "Profile",
    "Report",
    "SymmetricCut",
    "bound",
    "bounds",
    "profile",
    "symmetric_cut",
]
