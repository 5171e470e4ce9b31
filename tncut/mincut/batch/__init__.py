"""Many partitions of one network without cycles: `TreeCuts` is the way in."""

from .cuts import TreeCuts

__all__ = ["TreeCuts"]
