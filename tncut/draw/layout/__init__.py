"""Where the parts of a network stand in a picture."""

from .layout import STUB, Layout, Sided
from .tree import FloatArray
from .unfolded import is_unfolded, unfolded_layout

__all__ = ["STUB", "FloatArray", "Layout", "Sided", "is_unfolded", "unfolded_layout"]
