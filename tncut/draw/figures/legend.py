"""What the symbols mean: a legend under the network."""

import math
from typing import TYPE_CHECKING

from ...proven import Report
from ..layout import Layout
from . import symbols as look
from .scale import Scale, font_size
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

ENTRY = 18.0  # width of an entry, in font sizes
SITES_HEIGHT = 3.2  # height of the lower half of the sites, and of their numbers

Entry = tuple[str, list[tuple[Symbol | None, float]]]  # text, and symbols with sizes in font sizes; None: a cut line


def legend_height(report: Report, places: Layout, width: float) -> float:
    """What the numbers of the sites and the legend take under the network, in font sizes."""
    rows_of_sites = 1.2 if len(report.circuit.grids[0]) == 2 else 0.0
    return SITES_HEIGHT + rows_of_sites + 1.75 * legend_grid(len(legend_entries(report, places)), width)[0]


def draw_legend(ax: "Axes", entries: list[Entry], scale: Scale) -> None:
    """A legend of the symbols that occur, at the lower edge of the axes."""
    from matplotlib.legend_handler import HandlerTuple

    ax.legend(
        [tuple(_handle(symbol, size * scale.font) for symbol, size in symbols) for _, symbols in entries],
        [text for text, _ in entries],
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.6)},
        loc="lower center",
        bbox_to_anchor=(0.5, 0),
        borderaxespad=0.3,
        ncols=legend_grid(len(entries), scale.width)[1],
        fontsize=scale.font,
        frameon=False,
    )


def legend_grid(entries: int, width: float) -> tuple[int, int]:
    """Rows and columns, as even as the width allows."""
    rows = math.ceil(entries / max(int(width / (ENTRY * font_size(width))), 1))
    return rows, math.ceil(entries / rows)


def legend_entries(report: Report, places: Layout) -> list[Entry]:
    """The symbols of a drawing of the unfolded network."""
    network, cut = report.unfolded_cut.network, report.unfolded_cut
    entries: list[Entry] = [
        (f"site and matrix on side {look.SIDE_NAMES[side]}", [(look.SITES[side], 1.2), (look.TENSORS[side], 0.8)])
        for side in (True, False)
    ]
    if places.is_copy.any():
        entries.append(("copy tensor", [(look.COPY_TENSOR, 0.6)]))
    if len(cut.bonds):
        entries.append(("cut bond, with its dimension", [(None, 0.3)]))
    if places.is_copy[cut.bonds].any():
        entries.append(("cut copy tensor: pays once", [(look.CUT_COPY_TENSOR, 1.0)]))
    if network.has_duplicates:
        entries.append(("duplicate of a re-used unit", [(look.DUPLICATES[side], 0.8) for side in (True, False)]))
    if (network.site_bond < 0).any():
        entries.append(("site that is not read", [(look.UNREAD_SITES[True], 1.2)]))
    return entries


def _handle(symbol: Symbol | None, size: float) -> "Line2D":
    from matplotlib.lines import Line2D

    if symbol is None:
        return Line2D([], [], color=look.CUT_COLOUR, linestyle=look.DASHES, linewidth=size)
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=symbol.marker,
        markersize=size * (1 - symbol.edge_part),
        markerfacecolor=symbol.colour,
        markeredgecolor=symbol.edge,
        markeredgewidth=size * symbol.edge_part,
    )
