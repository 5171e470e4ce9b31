"""Partitions of the sites in two sides, and the names of their families."""

from .family import Family, family
from .partition import Partition

__all__ = ["Family", "Partition", "family"]
