"""What the symbols mean: a legend under the network."""

from typing import TYPE_CHECKING

from . import symbols as look
from .scale import FigureScale, legend_grid
from .subject import NetworkSubject
from .symbols import Side, Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

Entry = tuple[str, list[tuple[Symbol | None, float]]]  # text, and symbols with sizes in font sizes; None: a cut line


def draw_legend(ax: "Axes", entries: list[Entry], scale: FigureScale) -> None:
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


def network_entries(subject: NetworkSubject) -> list[Entry]:
    """The symbols in the picture of a tensor network."""
    network, is_copy = subject.network, subject.layout.is_copy
    matrix = "matrix" if subject.is_unfolded else "tensor"
    sides = [half.side for half in subject.halves]
    entries = [
        side_entry(matrix, half.side, look.TENSORS[half.side], bool(half.tensors.any())) for half in subject.halves
    ]
    if is_copy.any():
        entries.append(("copy tensor", [(look.COPY_TENSOR, 0.6)]))
    if len(subject.cut_bonds):
        entries.append(("cut bond, with its dimension", [(None, 0.3)]))
    if is_copy[subject.cut_bonds].any():
        entries.append(("cut copy tensor: pays once", [(look.CUT_COPY_TENSOR, 1.0)]))
    if network.has_duplicates:
        entries.append(("duplicate of a re-used unit", [(look.DUPLICATES[side], 0.8) for side in sides]))
    if (network.site_bond < 0).any():
        entries.append(("site that is not read", [(look.UNREAD_SITES[sides[0]], 1.2)]))
    return entries


def side_entry(matrix: str, side: Side, symbol: Symbol, has_any: bool) -> Entry:
    """The sites and matrices of one side; where all matrices lie on the other side the sites alone are cut off."""
    if has_any:
        return on_side(f"site and {matrix}", side), [(look.SITES[side], 1.2), (symbol, 0.8)]
    return f"{on_side('site', side)}, cut off by itself", [(look.SITES[side], 1.2)]


def on_side(what: str, side: Side) -> str:
    return what if side is None else f"{what} on side {'A' if side else 'B'}"


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
