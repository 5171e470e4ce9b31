"""Circuits of units, and the architectures that build them."""

from .architecture import Architecture, compile
from .by_hand import Child, Sum
from .circuit import GATES, LABEL, SITE, Circuit

__all__ = ["GATES", "LABEL", "SITE", "Architecture", "Child", "Circuit", "Sum", "compile"]
