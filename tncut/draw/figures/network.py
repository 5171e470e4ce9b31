"""A tensor network with its cut, as the literature draws it.

Sites at the bottom, a row for each layer, the output at the top; matrices are squares, copy tensors are dots (Levine,
Yakira, Cohen, Shashua, ICLR 2018; Levine, Sharir, Cohen, Shashua, PRL 2019).
"""

from typing import TYPE_CHECKING

import numpy as np

from ...tools.arrays import BoolArray, FloatArray
from ..layout import Rule
from . import symbols as look
from .bond_labels import write_bond_labels
from .circuit import draw_circuit
from .labels import write_labels
from .legend import draw_legend, network_entries
from .scale import NUMBERS, FigureScale, Proportions, fitting_axes
from .subject import CircuitSubject, Drawable, NetworkSubject, subject_of
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROPORTIONS = Proportions(slot=33, beside=160, least_row=40, most_row=120)
TENSOR, DOT, LINE = Rule(0.66, 0.28, 1.0), Rule(0.4, 0.14, 0.6), Rule(0.13, most=0.14)
RING = 1.7  # of a cut copy tensor, in dots
GRID_ROW = 1.2  # height of the line that numbers the rows of a grid, in font sizes


def network(subject: Drawable, ax: "Axes | None" = None) -> "Axes":
    """Draw a network with its cut, on these axes or on a new figure of fitting size; returns the axes.

    `subject`: a report, a cut or a symmetric cut; or without a cut, in grey, a tensor network, a circuit or an
    architecture. A circuit that cannot be unfolded, or would be too large, is drawn itself, with its symmetric cut.

    Colours are sides. A cut bond is thick and dashed where it runs from side to side. A copy tensor that is cut costs
    its dimension once, and has one ring and one label. Duplicates of re-used units are pale. A SizeError above 20000
    tensors, or 2000 units of a circuit that is not unfolded.
    """
    drawn = subject_of(subject)
    return draw_circuit(drawn, ax) if isinstance(drawn, CircuitSubject) else draw_network(drawn, ax)


def draw_network(subject: NetworkSubject, ax: "Axes | None" = None) -> "Axes":
    """Draw a tensor network on these axes, or on a new figure of fitting size."""
    layout, entries = subject.layout, network_entries(subject)
    numbers = NUMBERS + (GRID_ROW if len(subject.network.terminals.grid) == 2 and not layout.placed else 0)
    ax = fitting_axes(layout, PROPORTIONS, len(entries), numbers) if ax is None else ax
    scale = FigureScale.of(ax, layout, len(entries), numbers)
    dots = scale.size(DOT, layout.room(layout.bonds))
    _draw_lines(ax, subject, scale)
    _draw_symbols(ax, subject, dots, scale)
    write_labels(ax, subject, scale)
    write_bond_labels(ax, subject, 0.5 * RING * dots + 1.5, scale)
    draw_legend(ax, entries, scale)
    scale.frame(ax, layout)
    return ax


def _draw_lines(ax: "Axes", subject: NetworkSubject, scale: FigureScale) -> None:
    from matplotlib.collections import LineCollection

    layout, apart = subject.layout, subject.separated
    width = scale.size(LINE, np.minimum(layout.room(layout.lines[:, 0]), layout.room(layout.lines[:, 2])))
    for half in subject.halves:
        whole = LineCollection(list(layout.lines[half.lines]), linewidths=width[half.lines], zorder=1)
        whole.set(gid=look.side_name("lines", half.side), color=look.COLOURS[half.side])
        ax.add_collection(whole, autolim=False)
    cut = LineCollection(list(layout.lines[apart]), linewidths=2.4 * width[apart], zorder=2)
    cut.set(gid="cut-lines", color=look.CUT_COLOUR, linestyles=[look.DASHES])
    ax.add_collection(cut, autolim=False)


def _draw_symbols(ax: "Axes", subject: NetworkSubject, dots: FloatArray, scale: FigureScale) -> None:
    network, layout = subject.network, subject.layout
    site = np.full(len(network.terminals), scale.site)
    tensor = scale.size(TENSOR, layout.room(layout.tensors))
    read, again = network.site_bond >= 0, network.tensor_copy > 0
    for half in subject.halves:
        for symbol, chosen in ((look.SITES[half.side], read), (look.UNREAD_SITES[half.side], ~read)):
            _draw_symbol(ax, symbol, layout.terminals, site, chosen & half.terminals)
        for symbol, chosen in ((look.TENSORS[half.side], ~again), (look.DUPLICATES[half.side], again)):
            _draw_symbol(ax, symbol, layout.tensors, tensor, chosen & half.tensors)
    is_cut = np.isin(np.arange(network.bonds), subject.cut_bonds)
    _draw_symbol(ax, look.COPY_TENSOR, layout.bonds, dots, layout.is_copy & ~is_cut)
    _draw_symbol(ax, look.CUT_COPY_TENSOR, layout.bonds, RING * dots, layout.is_copy & is_cut)


def _draw_symbol(ax: "Axes", symbol: Symbol, centres: FloatArray, sizes: FloatArray, chosen: BoolArray) -> None:
    """One symbol at the chosen positions; sizes in points, the edge included."""
    at, size = centres[chosen], sizes[chosen]
    markers = ax.scatter(at[:, 0], at[:, 1], s=(size * (1 - symbol.edge_part)) ** 2, marker=symbol.marker, zorder=3)
    markers.set(gid=symbol.name, facecolors=symbol.colour, edgecolors=symbol.edge, linewidths=size * symbol.edge_part)
