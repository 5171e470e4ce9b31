"""A tensor network with its cut, as the literature draws it.

Sites at the bottom, a row for each layer, the output at the top; matrices are squares, copy tensors are dots (Levine,
Yakira, Cohen, Shashua, ICLR 2018; Levine, Sharir, Cohen, Shashua, PRL 2019).
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from ...tools.arrays import BoolArray, FloatArray
from ..layout import Rule
from . import symbols as look
from .bond_labels import write_bond_labels
from .circuit import draw_circuit
from .labels import write_labels
from .legend import draw_legend, network_entries
from .scale import INCH, LEAST_STROKE, LETTER, NUMBERS, FigureScale, Proportions, fitting_axes, font_size
from .subject import CircuitSubject, Drawable, NetworkSubject, subject_of
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROPORTIONS = Proportions(slot=33, beside=160, least_row=40, most_row=120)
TENSOR, DOT, LINE = Rule(0.66, 0.28, 1.0), Rule(0.4, 0.14, 0.6), Rule(0.13, most=0.14)
MOST_BOLD = 24  # lines of a copy tensor
RING = 1.7  # of a cut copy tensor, in dots
# Of the sites on their grid: a cell as a part of the picture's height, the longer side in points, and as such a part.
CELL, LEAST_GRID, MOST_GRID = 0.025, 100.0, 0.5
AROUND = 28.0
MOST_SITES = 10_000
GRID_ROW = 1.2  # height of the line that numbers the rows of a grid, in font sizes


def network(subject: Drawable, ax: "Axes | None" = None) -> "Axes":
    """Draw a network with its cut, on these axes or on a new figure of fitting size; returns the axes.

    `subject`: a report, a cut or a symmetric cut; or without a cut, in grey, a tensor network, a circuit or an
    architecture. A circuit that cannot be unfolded, or would be too large, is drawn itself, with its symmetric cut.

    Colours are sides. A cut bond is thick and dashed where it runs from side to side. A copy tensor that is cut costs
    its dimension once, and has one ring and one label. Duplicates of re-used units are pale. On a new figure, sites on
    a grid of two axes stand beside the network, too, unless it is drawn on a grid itself. Of a report whose symmetric
    cut is smaller than the unfolded network's, the symmetric cut is drawn. A SizeError above 20000 tensors, or 2000
    units of a circuit that is not unfolded.
    """
    drawn = subject_of(subject)
    found = draw_circuit(drawn, ax) if isinstance(drawn, CircuitSubject) else draw_network(drawn, ax)
    if ax is None and drawn.cut is not None and not drawn.layout.placed:
        grid = drawn.terminals.grid
        sites = math.prod(grid)
        _draw_grid_beside(found, grid, drawn.cut.partition.sides[:sites], drawn.cut_sites[:sites])
    return found


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
    room = np.minimum(layout.room(layout.lines[:, 0]), layout.room(layout.lines[:, 2]))
    width = np.maximum(scale.size(LINE, room), LEAST_STROKE)
    fan = np.bincount(layout.line_bond, minlength=layout.line_bond.max(initial=0) + 1)[layout.line_bond]
    bold = np.where(fan > MOST_BOLD, 1.2, 2.4)  # many dashes that meet would merge
    for half in subject.halves:
        whole = LineCollection(list(layout.lines[half.lines]), linewidths=width[half.lines], zorder=1)
        whole.set(gid=look.side_name("lines", half.side), color=look.COLOURS[half.side])
        ax.add_collection(whole, autolim=False)
    cut = LineCollection(list(layout.lines[apart]), linewidths=(bold * width)[apart], zorder=2)
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


def _draw_grid_beside(ax: "Axes", grid: tuple[int, ...], sides: BoolArray, charged: BoolArray) -> None:
    """Widen the figure of these axes, and draw a grid of two axes at the right: sides (True: A), and what is cut.

    Nothing is drawn for sites on a line, on grids of more axes, or above 10,000 sites.
    """
    if len(grid) != 2 or min(grid) < 2 or len(sides) > MOST_SITES:
        return
    rows, columns = grid
    figure = ax.figure.figure
    assert figure is not None
    width, height = (INCH * length for length in figure.get_size_inches())
    cell = min(max(CELL * height, LEAST_GRID / max(grid)), MOST_GRID * height / max(grid))
    title = f"sites, {rows} × {columns}" + ("\ncut ones ringed" if charged.any() else "")
    font = font_size(width)
    box = ax.get_position()
    more = max(cell * columns, LETTER * font * len("cut ones ringed")) + 2 * AROUND
    figure.set_size_inches((width + more) / INCH, height / INCH)
    ax.set_position((box.x0, box.y0, box.width * width / (width + more), box.height))
    left, low = width + (more - cell * columns) / 2, (height - cell * rows) / 2
    across, up = width + more, height
    beside = figure.add_axes((left / across, low / up, cell * columns / across, cell * rows / up))
    row, column = np.divmod(np.arange(len(sides)), columns)
    for side in (True, False):
        chosen = sides == side
        size, edge = 0.8 * cell, np.where(charged[chosen], 0.1 * cell, 0.0)
        marks = beside.scatter(column[chosen], row[chosen], s=(size - edge) ** 2, marker=look.SITE_MARKERS[side])
        marks.set(gid=look.side_name("grid", side), facecolors=look.COLOURS[side], edgecolors=look.CUT_COLOUR)
        marks.set(linewidths=edge)
    beside.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    beside.set_axis_off()
    beside.set_title(title, fontsize=font, color=look.INK)
