"""Where the parts of a tensor network stand in a picture, and the picture as SVG: no third party is needed."""

from .layout import STUB, Layout, Sided
from .picture import TENSOR_LIMIT, network_svg
from .tree import FloatArray
from .unfolded import is_unfolded, unfolded_layout

__all__ = ["STUB", "TENSOR_LIMIT", "FloatArray", "Layout", "Sided", "is_unfolded", "network_svg", "unfolded_layout"]
