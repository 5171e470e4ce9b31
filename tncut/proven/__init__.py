"""What is proven about the Schmidt rank: `bound` for one partition, `bounds` for many, `Report` the way out."""

from .batch.bounds import Bounds, bounds
from .bound import bound, reports
from .lower import LowerBound
from .profiles import Profile, profile
from .report import Report
from .shares import LayerShare, Payment
from .symmetric.cut import SymmetricCut, symmetric_cut
from .upper import UpperBound

__all__ = [
    "Bounds",
    "LayerShare",
    "LowerBound",
    "Payment",
    "Profile",
    "Report",
    "SymmetricCut",
    "UpperBound",
    "bound",
    "bounds",
    "profile",
    "reports",
    "symmetric_cut",
]
