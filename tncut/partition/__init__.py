"""Partitions of the sites in two sides, the names of their families, and the one door for every form of either."""

from .families import Family, family
from .partition import Partition
from .terminals import Split, Splits, Terminals

__all__ = ["Family", "Partition", "Split", "Splits", "Terminals", "family"]
