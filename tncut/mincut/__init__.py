"""Minimum cuts of tensor networks: `min_cut` for one partition, `TreeCuts` for many."""

from .batch import TreeCuts
from .cut import Cut
from .methods import METHODS, min_cut

__all__ = ["METHODS", "Cut", "TreeCuts", "min_cut"]
