"""The symmetric cut of a circuit: `symmetric_cut` is the way in, `Search` the one for many partitions."""

from .cut import Charge, SymmetricCut, symmetric_cut
from .labelling import Charges, Labelling, Task
from .search import Found, Search

__all__ = ["Charge", "Charges", "Found", "Labelling", "Search", "SymmetricCut", "Task", "symmetric_cut"]
