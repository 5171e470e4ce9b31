"""Sizes in points at which no symbols overlap."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..layout import FloatArray, Layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCH = 72  # points

# In font sizes:
MARGIN = 10.0  # left and right of the network
ABOVE = 1.2  # above it
LETTER = 0.66  # width of a letter or digit


@dataclass(frozen=True)
class Scale:
    """Points for the axes, a slot, a row and the distance of two sites; and the sizes that follow."""

    width: float
    height: float
    slot: float
    row: float
    gap: float

    @classmethod
    def of(cls, places: Layout, width: float, height: float, below: float) -> "Scale":
        """What fits in axes of these points, with `below` font sizes kept free under the sites."""
        font = font_size(width)
        slot = max(width - 2 * MARGIN * font, width / 3) / places.width
        row = max(height - (ABOVE + below) * font, height / 3) / places.height
        return cls(width, height, slot, row, 2 * slot * float(places.terminals[0, 0]))

    def frame(self, ax: "Axes", width: float, height: float) -> None:
        """Give the axes the limits of a network of this many slots and rows, in the middle, at the upper edge."""
        aside = (self.width / self.slot - width) / 2
        top = height + ABOVE * self.font / self.row
        ax.set_xlim(-aside, width + aside)
        ax.set_ylim(top - self.height / self.row, top)
        ax.set_axis_off()

    @property
    def font(self) -> float:
        return font_size(self.width)

    @property
    def label(self) -> float:
        """The font of what is written between two rows."""
        return min(self.font, 0.34 * self.row)

    @property
    def site(self) -> float:
        return min(0.7 * self.gap, 0.34 * self.row, 1.5 * self.font)

    def tensor(self, room: FloatArray) -> FloatArray:
        """The sides of squares that have so many slots to their neighbours; the others alike."""
        return np.minimum(0.66 * self.slot * room, min(0.28 * self.row, self.font))

    def dot(self, room: FloatArray) -> FloatArray:
        return np.minimum(0.4 * self.slot * room, min(0.14 * self.row, 0.6 * self.font))

    def ring(self, room: FloatArray) -> FloatArray:
        return 1.7 * self.dot(room)

    def line(self, room: FloatArray) -> FloatArray:
        return np.minimum(0.13 * self.slot * room, 0.14 * self.font)


def font_size(width: float) -> float:
    """Readable at a width in points: the wider the picture, the further away it is looked at."""
    return min(max(width / 100, 8.0), 16.0)


def figure_size(places: Layout) -> tuple[float, float]:
    """Width and height in points at which a network reads well, without what is around it; 26 inches at most."""
    width = min(max(33 * places.width + 160, 7.5 * INCH), 26 * INCH)
    row = min(max(0.55 * width / places.height, 40), 120)
    return width, min(row * places.height, 26 * INCH)
