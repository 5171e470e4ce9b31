"""The sizes of a picture and of what stands in it, in points."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..layout import Layout, Rule, Scale
from ..layout.circuit import CircuitLayout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCH = 72  # points
MOST_INCHES = 26  # of a side of the network

# In font sizes:
MARGIN = 10.0  # left and right of the network
ABOVE = 1.2  # above it
LETTER = 0.66  # width of a letter or digit
TITLE_HEIGHT = 4.2  # two lines
NUMBERS = 3.2  # height of the lower half of the sites, and of their numbers
ENTRY, ENTRY_HEIGHT = 18.0, 1.75  # of a legend

LEAST_STROKE = 0.4  # points of a line that is seen
WIDE = 7

SITE = Rule(0.7, 0.34, 1.5)


@dataclass(frozen=True)
class Proportions:
    """In points: how wide a slot is, what is added to all slots, and how high a row is at least and at most."""

    slot: float
    beside: float
    least_row: float
    most_row: float


@dataclass(frozen=True)
class FigureScale(Scale):
    """The scale in points of axes with a network in them; its unit is the size of the font."""

    width: float
    height: float
    gap: float  # points from one site to the next
    site: float  # the diameter of a site

    @classmethod
    def of(cls, ax: "Axes", layout: Layout | CircuitLayout, entries: int, numbers: float) -> "FigureScale":
        """What fits in these axes above the numbers of the sites and a legend of so many entries."""
        figure = ax.get_figure()
        assert figure is not None
        box = ax.get_window_extent()
        width, height = box.width * INCH / figure.dpi, box.height * INCH / figure.dpi
        font = font_size(width)
        slot = max(width - 2 * MARGIN * font, width / 3) / layout.width
        row = max(height - (ABOVE + _below(entries, numbers, width)) * font, height / 3) / layout.height
        site = float(Scale(slot, row, font).size(SITE, layout.gap))
        return cls(slot, row, font, width, height, slot * layout.gap, site)

    def frame(self, ax: "Axes", layout: Layout | CircuitLayout) -> None:
        """Give the axes the limits of this layout, in the middle, at the upper edge."""
        aside = (self.width / self.slot - layout.width) / 2
        top = layout.height + ABOVE * self.font / self.row
        ax.set_xlim(-aside, layout.width + aside)
        ax.set_ylim(top - self.height / self.row, top)
        ax.set_axis_off()

    @property
    def font(self) -> float:
        return self.unit

    @property
    def label(self) -> float:
        """The font of what is written between two rows."""
        return min(self.font, 0.34 * self.row)


def font_size(width: float) -> float:
    """Readable at a width in points: the wider the picture, the further away it is looked at."""
    return min(max(width / 100, 8.0), 16.0)


def legend_grid(entries: int, width: float) -> tuple[int, int]:
    """Rows and columns of a legend, as even as the width in points allows."""
    rows = math.ceil(entries / max(int(width / (ENTRY * font_size(width))), 1))
    return rows, math.ceil(entries / rows)


def fitting_axes(
    layout: Layout | CircuitLayout, proportions: Proportions, entries: int, numbers: float = NUMBERS
) -> "Axes":
    """Axes on a new figure, in which a network reads well above a legend of so many entries."""
    from matplotlib.figure import Figure

    width = min(max(proportions.slot * layout.width + proportions.beside, 7.5 * INCH), MOST_INCHES * INCH)
    most_row = max(proportions.most_row, width / WIDE)  # the lines of a wide fan are not too flat
    row = min(max(0.55 * width / layout.height, proportions.least_row), most_row)
    font = font_size(width)
    axes = min(row * layout.height, MOST_INCHES * INCH) + (ABOVE + _below(entries, numbers, width)) * font
    height = axes + TITLE_HEIGHT * font
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
    return figure.add_axes((0, 0, 1, axes / height))


def _below(entries: int, numbers: float, width: float) -> float:
    """The height under the network, in font sizes: the numbers of the sites, and the legend."""
    return numbers + ENTRY_HEIGHT * legend_grid(entries, width)[0]
