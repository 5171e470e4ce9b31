"""Circuits of units, and the architectures that build them."""

from .architecture import Architecture, compile
from .by_hand import Child, Sum
from .circuit import GATES, LABEL, SITE, Circuit
from .free import Free, WidthList, free_widths, require_chosen, width_list
from .weight_groups import WeightGroup, weight_groups

__all__ = [
    "GATES",
    "LABEL",
    "SITE",
    "Architecture",
    "Child",
    "Circuit",
    "Free",
    "Sum",
    "WeightGroup",
    "WidthList",
    "compile",
    "free_widths",
    "require_chosen",
    "weight_groups",
    "width_list",
]
