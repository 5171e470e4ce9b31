"""Architectures compared in batches: a sweep, its cells, the executors that compute them, the store that keeps them."""

from .export import write_table
from .progress import progress_on
from .results import read_results
from .rows import Row
from .run import Comparison, compare, preview
from .sweep import Sweep, is_sweep, load_sweep, make_sweep
from .tables import listing, pivot

__all__ = [
    "Comparison",
    "Row",
    "Sweep",
    "compare",
    "is_sweep",
    "listing",
    "load_sweep",
    "make_sweep",
    "pivot",
    "preview",
    "progress_on",
    "read_results",
    "write_table",
]
