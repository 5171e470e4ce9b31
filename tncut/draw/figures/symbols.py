"""The symbols of a picture, and their colours."""

from dataclasses import dataclass

from ..svg import CUT_COLOUR, GREY, INK, PALE, SIDE_COLOURS

__all__ = [
    "COLOURS",
    "COPY_TENSOR",
    "CUT_COLOUR",
    "CUT_COPY_TENSOR",
    "DASHES",
    "DUPLICATES",
    "GREY",
    "INK",
    "SITES",
    "TENSORS",
    "UNREAD_SITES",
    "Side",
    "Symbol",
    "side_name",
]

Side = bool | None  # True: A, False: B, None: without a cut there are no sides

COLOURS: dict[Side, str] = {True: SIDE_COLOURS[True], False: SIDE_COLOURS[False], None: GREY}
DASHES = (0, (1.8, 1.0))  # of cut lines


@dataclass(frozen=True)
class Symbol:
    """A marker, and the width of its edge as a part of its size."""

    name: str
    marker: str
    colour: str
    edge: str = "none"
    edge_part: float = 0.0


def side_name(what: str, side: Side) -> str:
    """What symbols of a side are called in a picture's file: sites-A, or sites if there are no sides."""
    return what if side is None else f"{what}-{'A' if side else 'B'}"


SITE_MARKERS: dict[Side, str] = {True: "o", False: "s", None: "o"}
PALE_COLOURS: dict[Side, str] = {True: PALE[True], False: PALE[False], None: "white"}
SITES = {side: Symbol(side_name("sites", side), SITE_MARKERS[side], COLOURS[side]) for side in COLOURS}
UNREAD_SITES = {
    side: Symbol(side_name("unread-sites", side), SITE_MARKERS[side], "white", GREY, 0.1) for side in COLOURS
}
TENSORS = {side: Symbol(side_name("tensors", side), "s", COLOURS[side]) for side in COLOURS}
DUPLICATES = {
    side: Symbol(side_name("duplicates", side), "s", PALE_COLOURS[side], COLOURS[side], 0.12) for side in COLOURS
}
COPY_TENSOR = Symbol("copy-tensors", "o", INK)
CUT_COPY_TENSOR = Symbol("cut-copy-tensors", "o", INK, CUT_COLOUR, 0.25)
