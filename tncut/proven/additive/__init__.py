"""Both ends for circuits with sums: ranks added above (`additive_bound`), one child of each sum below (`best_part`)."""

from .part import best_part
from .ranks import additive_bound

__all__ = ["additive_bound", "best_part"]
