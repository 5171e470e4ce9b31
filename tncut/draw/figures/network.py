"""The unfolded tensor network of a report with its cut, as the literature draws it.

Sites at the bottom, a row for each layer, the output at the top; matrices are squares, copy tensors are dots (Levine,
Yakira, Cohen, Shashua, ICLR 2018; Levine, Sharir, Cohen, Shashua, PRL 2019).
"""

from typing import TYPE_CHECKING

import numpy as np

from ...proven import Report
from ...tools.arrays import BoolArray
from ..layout import FloatArray, Layout
from . import symbols as look
from .bond_labels import write_bond_labels
from .circuit import draw_circuit
from .labels import TITLE_HEIGHT, write_labels
from .legend import draw_legend, legend_entries, legend_height
from .report_layout import layout
from .scale import ABOVE, INCH, Scale, figure_size, font_size
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDES = (True, False)


def network(report: Report, ax: "Axes | None" = None) -> "Axes":
    """Draw a report's network with its cut, on these axes or on a new figure of fitting size; returns the axes.

    Colours are sides. A cut bond is thick and dashed where it runs from side to side; a copy tensor that is cut pays
    its dimension once: one ring, one label. Duplicates of re-used units are pale. A SizeError above 20000 tensors.
    A circuit that can't be unfolded, or is too large for it, is drawn itself, with its symmetric cut (2000 units).
    """
    if report.cut is None or report.circuit.has_sums:
        return draw_circuit(report, ax)
    places = layout(report)
    ax = _new_axes(report, places) if ax is None else ax
    scale = _scale(ax, report, places)
    _draw_lines(ax, report, places, scale)
    _draw_symbols(ax, report, places, scale)
    write_labels(ax, report, places, scale)
    write_bond_labels(ax, report, places, scale)
    draw_legend(ax, legend_entries(report, places), scale)
    scale.frame(ax, places.width, places.height)
    return ax


def _new_axes(report: Report, places: Layout) -> "Axes":
    from matplotlib.figure import Figure

    width, rows = figure_size(places)
    font = font_size(width)
    axes = rows + (ABOVE + legend_height(report, places, width)) * font
    height = axes + TITLE_HEIGHT * font
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
    return figure.add_axes((0, 0, 1, axes / height))


def _scale(ax: "Axes", report: Report, places: Layout) -> Scale:
    figure = ax.get_figure()
    assert figure is not None
    box = ax.get_window_extent()
    width, height = box.width * INCH / figure.dpi, box.height * INCH / figure.dpi
    return Scale.of(places, width, height, legend_height(report, places, width))


def _draw_lines(ax: "Axes", report: Report, places: Layout, scale: Scale) -> None:
    from matplotlib.collections import LineCollection

    on_a, apart = places.on_a(report.unfolded_cut), places.separated(report.unfolded_cut)
    width = scale.line(np.minimum(places.room(places.lines[:, 0]), places.room(places.lines[:, 2])))
    for side in SIDES:
        chosen = (on_a == side) & ~apart
        whole = LineCollection(list(places.lines[chosen]), linewidths=width[chosen], zorder=1)
        whole.set(gid=f"lines-{look.SIDE_NAMES[side]}", color=look.SIDE_COLOURS[side])
        ax.add_collection(whole, autolim=False)
    cut = LineCollection(list(places.lines[apart]), linewidths=2.4 * width[apart], zorder=2)
    cut.set(gid="cut-lines", color=look.CUT_COLOUR, linestyles=[look.DASHES])
    ax.add_collection(cut, autolim=False)


def _draw_symbols(ax: "Axes", report: Report, places: Layout, scale: Scale) -> None:
    network, cut = report.unfolded_cut.network, report.unfolded_cut
    site = np.full(len(network.terminals), scale.site)
    tensor = scale.tensor(places.room(places.tensors))
    read, again = network.site_bond >= 0, network.tensor_copy > 0
    for side in SIDES:
        for symbol, chosen in ((look.SITES[side], read), (look.UNREAD_SITES[side], ~read)):
            _draw_symbol(ax, symbol, places.terminals, site, chosen & (cut.partition.sides == side))
        for symbol, chosen in ((look.TENSORS[side], ~again), (look.DUPLICATES[side], again)):
            _draw_symbol(ax, symbol, places.tensors, tensor, chosen & (cut.sides == side))
    room, is_cut = places.room(places.bonds), np.isin(np.arange(network.bonds), cut.bonds)
    _draw_symbol(ax, look.COPY_TENSOR, places.bonds, scale.dot(room), places.is_copy & ~is_cut)
    _draw_symbol(ax, look.CUT_COPY_TENSOR, places.bonds, scale.ring(room), places.is_copy & is_cut)


def _draw_symbol(ax: "Axes", symbol: Symbol, places: FloatArray, sizes: FloatArray, chosen: BoolArray) -> None:
    """One symbol at the chosen places; sizes in points, the edge included."""
    at, size = places[chosen], sizes[chosen]
    markers = ax.scatter(at[:, 0], at[:, 1], s=(size * (1 - symbol.edge_part)) ** 2, marker=symbol.marker, zorder=3)
    markers.set(gid=symbol.name, facecolors=symbol.colour, edgecolors=symbol.edge, linewidths=size * symbol.edge_part)
