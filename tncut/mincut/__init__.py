"""Minimum cuts of tensor networks: `min_cut` is the way in, `Cut` the way out."""

from .cut import Cut
from .door import METHODS, min_cut
from .lower import RankLower, rank_lower

__all__ = ["METHODS", "Cut", "RankLower", "min_cut", "rank_lower"]
