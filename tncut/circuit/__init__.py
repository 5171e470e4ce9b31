"""Circuits of units, and the architectures that build them."""

from .architecture import Architecture, compile
from .by_hand import Child, Sum
from .circuit import GATES, LABEL, SITE, Circuit
from .weight_groups import WeightGroup, weight_groups

__all__ = [
    "GATES",
    "LABEL",
    "SITE",
    "Architecture",
    "Child",
    "Circuit",
    "Sum",
    "WeightGroup",
    "compile",
    "weight_groups",
]
