"""The interactive page: `explore` is the way in."""

from .build import explore

__all__ = ["explore"]
