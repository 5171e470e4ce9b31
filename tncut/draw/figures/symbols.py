"""The symbols of a picture, and their colours."""

from dataclasses import dataclass

from ..svg import CUT_COLOUR, GREY, INK, PALE, SIDE_COLOURS

__all__ = [
    "COPY_TENSOR",
    "CUT_COLOUR",
    "CUT_COPY_TENSOR",
    "DASHES",
    "DUPLICATES",
    "GREY",
    "INK",
    "PALE",
    "SIDE_COLOURS",
    "SIDE_NAMES",
    "SITES",
    "TENSORS",
    "UNREAD_SITES",
    "Symbol",
]

SIDE_NAMES = {True: "A", False: "B"}
DASHES = (0, (1.8, 1.0))  # of cut lines


@dataclass(frozen=True)
class Symbol:
    """A marker, and the width of its edge as a part of its size."""

    name: str
    marker: str
    colour: str
    edge: str = "none"
    edge_part: float = 0.0


SITES = {
    True: Symbol("sites-A", "o", SIDE_COLOURS[True]),
    False: Symbol("sites-B", "s", SIDE_COLOURS[False]),
}
UNREAD_SITES = {
    True: Symbol("unread-sites-A", "o", "white", GREY, 0.1),
    False: Symbol("unread-sites-B", "s", "white", GREY, 0.1),
}
TENSORS = {
    True: Symbol("tensors-A", "s", SIDE_COLOURS[True]),
    False: Symbol("tensors-B", "s", SIDE_COLOURS[False]),
}
DUPLICATES = {
    True: Symbol("duplicates-A", "s", PALE[True], SIDE_COLOURS[True], 0.12),
    False: Symbol("duplicates-B", "s", PALE[False], SIDE_COLOURS[False], 0.12),
}
COPY_TENSOR = Symbol("copy-tensors", "o", INK)
CUT_COPY_TENSOR = Symbol("cut-copy-tensors", "o", INK, CUT_COLOUR, 0.25)
