"""Widths that serve given partitions best: chosen by integer programs and cuts, with proof; and wasted widths."""

from .result import BindingCut, Tailored
from .tailor import frontier, tailor
from .trim import Sensitivity, Trimmed, sensitivities, trim, useful_layers

__all__ = [
    "BindingCut",
    "Sensitivity",
    "Tailored",
    "Trimmed",
    "frontier",
    "sensitivities",
    "tailor",
    "trim",
    "useful_layers",
]
