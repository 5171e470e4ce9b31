"""The symbols of a picture, and their colours."""

from dataclasses import dataclass

# Blue and orange of Okabe and Ito: apart for every kind of colour vision, and in grey.
SIDE_COLOURS = {True: "#0072B2", False: "#E69F00"}
SIDE_NAMES = {True: "A", False: "B"}
CUT_COLOUR = "#C2185B"
INK = "#222222"
GREY = "#757575"
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
    True: Symbol("duplicates-A", "s", "#D5E8F3", SIDE_COLOURS[True], 0.12),
    False: Symbol("duplicates-B", "s", "#FCEFD3", SIDE_COLOURS[False], 0.12),
}
COPY_TENSOR = Symbol("copy-tensors", "o", INK)
CUT_COPY_TENSOR = Symbol("cut-copy-tensors", "o", INK, CUT_COLOUR, 0.25)
