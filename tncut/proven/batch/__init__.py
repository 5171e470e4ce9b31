"""Rank bounds over many partitions at once: `bounds` is the way in, `Bounds` the way out."""

from .bounds import Bounds, bounds

__all__ = ["Bounds", "bounds"]
