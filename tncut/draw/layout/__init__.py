"""Where the parts of a network stand in a picture, and how large they may be."""

from .layout import STUB, Layout
from .network import network_layout
from .scale import Rule, Scale
from .unfolded import is_unfolded, unfolded_layout

__all__ = ["STUB", "Layout", "Rule", "Scale", "is_unfolded", "network_layout", "unfolded_layout"]
