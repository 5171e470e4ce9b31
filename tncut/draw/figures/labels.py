"""The texts around a picture: its title, the names of its rows, the numbers of its sites."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ...partition import Terminals
from ...tools.arrays import BoolArray, FloatArray, IntArray
from ...tools.numbers import show_integer
from ..layout import STUB
from ..svg import GREY, INK
from .scale import LETTER, FigureScale
from .subject import NetworkSubject, Row, Title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE_SIZE = 1.15  # in font sizes
LEAST_SIZE = 4.0  # points
MOST_LETTERS = 18  # of a row's name, in the margin

RowName = tuple[str, str, float]  # what it is, its dimensions, its height


def write_labels(ax: "Axes", subject: NetworkSubject, scale: FigureScale) -> None:
    """Title, row names and site numbers."""
    terminals, at = subject.network.terminals, subject.layout.terminals
    write_title(ax, subject.title, scale)
    _write_row_names(ax, _row_names(subject), scale)
    if not subject.layout.in_order:
        return
    write_site_numbers(ax, terminals, at, scale, below=0.5, above=_stands_above(subject))
    if len(terminals.grid) == 2 and not subject.layout.placed:
        _write_grid_rows(ax, terminals.grid, at, scale)


def write(ax: "Axes", text: str, at: FloatArray, offset: tuple[float, float], style: dict[str, Any]) -> None:
    """A text at a position of the layout, moved by an offset in points; none if it is too small to read."""
    if style["fontsize"] < LEAST_SIZE:
        return
    style = {"annotation_clip": False, "parse_math": False, "zorder": 4, **style}
    ax.annotate(text, (at[0], at[1]), xytext=offset, textcoords="offset points", **style)


def write_title(ax: "Axes", title: Title, scale: FigureScale) -> None:
    """Both lines; the first is cut short at the width of the picture."""
    heading = "".join(letter if letter.isprintable() else " " for letter in title.heading)
    most = int(scale.width / (LETTER * TITLE_SIZE * scale.font))
    if len(heading) > most:
        heading = heading[: most - 1] + "…"
    ax.set_title(f"{heading}\n{title.facts}", fontsize=TITLE_SIZE * scale.font, color=INK, parse_math=False)


def _row_names(subject: NetworkSubject) -> list[RowName]:
    """The sites; of an unfolded circuit also its layers, its output and its label."""
    network, layout = subject.network, subject.layout
    carriers = network.site_bond[: len(network.terminals) - network.label]
    read = carriers[carriers >= 0]
    in_line = bool((layout.terminals[: len(carriers), 1] == 0).all())
    sites = "sites" if layout.in_order else "sites by window"
    rows = [(sites, f"dimension {span(network.bond_dims[read])}", 0.0)] if len(read) and in_line else []
    rows += [row_name(row) for row in subject.rows]
    if subject.is_unfolded and network.tensor_factor[-1] < 0:
        rows.append(("output", "", layout.tensors[-1, 1]))
    if subject.is_unfolded and network.label:
        rows.append(("label", f"dimension {network.bond_dims[network.site_bond[-1]]}", layout.terminals[-1, 1]))
    return rows


def _write_row_names(ax: "Axes", rows: list[RowName], scale: FigureScale) -> None:
    """At the left, with the dimensions if there is room for two lines."""
    two_lines = STUB * scale.row > 2 * scale.label
    style = {"ha": "right", "va": "center", "fontsize": scale.label, "color": GREY}
    for name, dims, y in rows:
        text = f"{name}\n{dims}" if two_lines and 0 < len(dims) <= MOST_LETTERS else name
        write(ax, text, np.array((0, y)), (-1.2 * scale.font, 0), style)


def _stands_above(subject: NetworkSubject) -> BoolArray:
    """(terminals,) whether a site stands above its bond, so that its number goes above it, too."""
    bond, layout = subject.network.site_bond, subject.layout
    above: BoolArray = (bond >= 0) & (layout.terminals[:, 1] > layout.bonds[bond, 1])
    return above & layout.placed


def write_site_numbers(
    ax: "Axes",
    terminals: Terminals,
    at: FloatArray,
    scale: FigureScale,
    *,
    below: float,
    above: BoolArray | None = None,
) -> None:
    """The number under every site, or under each second, fourth, eighth, ... one if they would collide.

    `below`: how far, in sizes of a site; `above`: the sites that have their number above them.
    """
    sites = len(terminals) - terminals.label
    style = {"ha": "center", "va": "top", "fontsize": 0.9 * scale.font, "color": INK}
    width = (len(str(sites - 1)) + 0.7) * LETTER * 0.9 * scale.font
    step = 1
    while step * scale.gap < width:
        step *= 2
    for site in range(0, sites, step):
        up = above is not None and bool(above[site])
        aside = (1 if up else -1) * (below * scale.site + 2)
        write(ax, str(site), at[site], (0, aside), style | {"va": "bottom" if up else "top"})


def _write_grid_rows(ax: "Axes", grid: tuple[int, ...], terminals: FloatArray, scale: FigureScale) -> None:
    """On a grid of sites: which of its rows they are in, if there is room."""
    rows, columns = grid
    if columns * scale.gap < (len(str(rows)) + 5) * LETTER * scale.font:
        return
    style = {"ha": "center", "va": "top", "fontsize": 0.9 * scale.font, "color": GREY}
    for row in range(rows):
        middle = terminals[row * columns : (row + 1) * columns].mean(axis=0)
        write(ax, f"row {row}", middle, (0, -0.5 * scale.site - 2 - 1.2 * scale.font), style)


def row_name(row: Row) -> RowName:
    """A row of units, with its channels if it is one layer."""
    return row.name, "" if row.dims is None else channels_text(row.dims), row.height


def channels_text(dims: IntArray) -> str:
    return f"{span(dims)} channel{'' if dims.max() == 1 else 's'}"


def span(dims: IntArray) -> str:
    low, high = int(dims.min()), int(dims.max())
    return show_integer(low) if low == high else f"{show_integer(low)}-{show_integer(high)}"
