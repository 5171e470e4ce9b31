"""A heat map of results: architectures by partitions, bits as colour and as number."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...comparison import Row
from ...errors import MethodError
from ...tools.arrays import BoolArray, FloatArray
from ..svg import INK
from .cells import Cells, net_names
from .charts import FONT, fit, new_axes, short_names, size_in_points, write_titles
from .scale import INCH, LETTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST, MOST = 110.0, 24.0 * INCH  # points
MISSING = "#E3E3E3"
MOST_NUMBERS = 4000
MOST_CELLS = 2000  # in a row or a column
LETTERS = 4.2  # room for a number and a margin
LEAST_SIZE = 5.0  # of what can be read, points
LIGHT = 0.5  # of a colour on which dark text is read


def heatmap(rows: Sequence[Row], measure: str = "rank_bound", ax: "Axes | None" = None) -> "Axes":
    """Draw the bits of one measure, a row for each architecture and a column for each partition.

    Failed cells carry a cross; cells without a row are grey. A ResultsError if no row of the measure has
    bits, a MethodError above 2000 architectures or partitions.
    """
    cells = Cells.of(rows, measure)
    down, across = len(cells.nets), len(cells.partitions)
    if max(down, across) > MOST_CELLS:
        raise MethodError(f"{down} x {across} cells are no picture; choose {MOST_CELLS} rows and columns or fewer")
    own = ax is None
    ax = new_axes(_length(across, 420, 38, 90), _length(down, 260, 17, 36)) if ax is None else ax
    bits = np.array([[cells.bits.get((net, split), np.nan) for split in cells.partitions] for net in cells.nets])
    failed = np.array([[(net, split) in cells.failed for split in cells.partitions] for net in cells.nets])
    low, high = np.nanmin(bits), np.nanmax(bits)
    limits = {"vmin": low, "vmax": high} if low < high else {"vmin": 0, "vmax": max(high, 1)}
    ax.imshow(bits, aspect="auto", interpolation="nearest", cmap="viridis", **limits)
    ax.set_facecolor(MISSING)
    width, height = size_in_points(ax)
    font = min(width / across / LETTERS / LETTER, 0.62 * height / down, FONT)
    write_titles(ax, cells.title, "partition" + _write_numbers(ax, bits, failed, font), "")
    _write_names(ax, cells, width / across, height / down)
    _draw_colours(ax, cells.label, width)
    if own:
        fit(ax)
    return ax


def _length(cells: int, wanted: float, least: float, most: float) -> float:
    """Points for so many cells along an axis: as long as wanted, if the cells are neither too small nor too large."""
    return min(max(cells * min(max(wanted / cells, least), most), LEAST), MOST)


def _draw_colours(ax: "Axes", label: str, width: float) -> None:
    """What the colours mean, beside the axes."""
    bar = ax.figure.colorbar(ax.images[0], cax=ax.inset_axes((1 + 12 / width, 0, 11 / width, 1)))
    bar.set_label(label, fontsize=FONT, color=INK)
    bar.ax.tick_params(labelsize=FONT - 1, colors=INK, length=3)
    bar.outline.set_visible(False)
    ax.spines[:].set_visible(False)


def _write_names(ax: "Axes", cells: Cells, width: float, height: float) -> None:
    """Architectures at the left, partitions below, aslant if they are wide; every second, third, ... in a crowd."""
    font = FONT - 1
    nets, splits = net_names(cells.nets), short_names(cells.partitions)
    for axis, names, room in ((ax.yaxis, nets, height), (ax.xaxis, splits, width)):
        step = max(int(np.ceil(1.2 * font / room)), 1)
        axis.set_ticks(range(0, len(names), step), names[::step], parse_math=False, fontsize=font)
    if max(map(len, splits)) * LETTER * font > width - 4:
        ax.tick_params(axis="x", rotation=45)
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


def _write_numbers(ax: "Axes", bits: FloatArray, failed: BoolArray, font: float) -> str:
    """The bits in every cell and crosses in failed ones, if they can be read; returns what the marks mean."""
    missing = np.isnan(bits)
    if font < LEAST_SIZE or bits.size > MOST_NUMBERS:
        return "\ngrey: failed, or no value" if missing.any() else ""
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": font}
    for row, column in np.argwhere(failed).tolist():
        ax.text(column, row, "×", color=INK, **style)
    for row, column in np.argwhere(~missing).tolist():
        red, green, blue, _ = ax.images[0].to_rgba(bits[row, column])
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < LIGHT
        ax.text(column, row, _number(bits[row, column]), color="white" if dark else INK, **style)
    marks = ["× failed"] if failed.any() else []
    if (missing & ~failed).any():
        marks.append("grey: no value")
    return f"\n{', '.join(marks)}" if marks else ""


def _number(bits: float) -> str:
    """At most four letters up to 1000 bits."""
    return f"{bits:.0f}" if bits >= 99.95 else f"{bits:.3g}"
