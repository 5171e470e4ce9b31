"""What is proven about the Schmidt rank: `bound` for one partition, `bounds` for many, `Report` the way out.

Upper ends are listed in upper.py: the minimum cut (theorem T1), the symmetric cut (symmetric/), ranks added at sums
(additive.py), shared weights (shared_weights.py). Lower ends are chosen in lower.py: theorems T2 and T3 (generic.py),
T4 (pairing/), T5 (fan/). docs/theory.md has them; theorems.py has what the literature states of whole architectures.
"""

from .batch.bounds import Bounds, bounds
from .bound import bound, reports
from .edge_scores import EdgeScore, edge_scores
from .layer_shares import LayerShare, Payment
from .lower import LowerBound
from .profiles import Profile, profile
from .report import Report
from .symmetric.cut import SymmetricCut, symmetric_cut
from .upper import UpperBound

__all__ = [
    "Bounds",
    "EdgeScore",
    "LayerShare",
    "LowerBound",
    "Payment",
    "Profile",
    "Report",
    "SymmetricCut",
    "UpperBound",
    "bound",
    "bounds",
    "edge_scores",
    "profile",
    "reports",
    "symmetric_cut",
]
