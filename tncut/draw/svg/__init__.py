"""Pictures as SVG text from plain arrays: no third party is needed."""

from .marks import CUT_COLOUR, GREY, INK, PALE, SIDE_COLOURS, circles, number, shape, squares, svg, text
from .sites import sites_svg

__all__ = [
    "CUT_COLOUR",
    "GREY",
    "INK",
    "PALE",
    "SIDE_COLOURS",
    "circles",
    "number",
    "shape",
    "sites_svg",
    "squares",
    "svg",
    "text",
]
