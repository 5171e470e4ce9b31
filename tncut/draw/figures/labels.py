"""The texts around a network: its title, the names of its rows, the numbers of its sites."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ...circuit import Circuit
from ...mincut import Cut
from ...proven import Report, SymmetricCut
from ...tools.arrays import IntArray
from ...tools.numbers import show_integer
from ..layout import STUB, FloatArray, Layout
from ..svg import GREY, INK
from .scale import LETTER, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE_SIZE, TITLE_HEIGHT = 1.15, 4.2  # in font sizes; two lines
LEAST_SIZE = 4.0  # points
MOST_LETTERS = 18  # of a row's name, in the margin


def write_labels(ax: "Axes", report: Report, places: Layout, scale: Scale) -> None:
    """Title, row names and site numbers."""
    ax.set_title(
        title(report, report.unfolded_cut, scale), fontsize=TITLE_SIZE * scale.font, color=INK, parse_math=False
    )
    _write_row_names(ax, report.circuit, places, scale)
    write_site_numbers(ax, report.circuit, places.terminals, scale, below=0.5)
    if len(report.circuit.grids[0]) == 2:
        _write_grid_rows(ax, report.circuit, places, scale)


def rows_are_layers(circuit: Circuit) -> bool:
    """Whether each level of the circuit is one layer; in a recurrent network a layer reads itself, so it is not."""
    layers = [np.unique(circuit.unit_layer[units]) for units in circuit.levels]
    return len(layers) == circuit.layers and all(len(layer) == 1 for layer in layers)


def write(ax: "Axes", text: str, at: FloatArray, offset: tuple[float, float], style: dict[str, Any]) -> None:
    """A text at a place of the layout, moved by an offset in points; none if it is too small to read."""
    if style["fontsize"] < LEAST_SIZE:
        return
    style = {"annotation_clip": False, "parse_math": False, "zorder": 4, **style}
    ax.annotate(text, (at[0], at[1]), xytext=offset, textcoords="offset points", **style)


def title(report: Report, cut: Cut | SymmetricCut, scale: Scale) -> str:
    """The architecture and its partition; then the interval of the rank, and what is proven about its ends."""
    name = f"ConvAC surrogate of {report.name or 'circuit'}" if report.surrogate else report.name or "circuit"
    subject = f"{name}, {report.partition.name or 'no site on side A'}"
    subject = "".join(letter if letter.isprintable() else " " for letter in subject)
    most = int(scale.width / (LETTER * TITLE_SIZE * scale.font))
    source = report.lower.proof
    weights = source if source == "trivial" else f"almost all weights, {source}"
    by_cut = f"; by this cut {show_integer(cut.rank_bound)}" if cut.rank_bound > report.rank_bound else ""
    return (
        f"{subject if len(subject) <= most else subject[: most - 1] + '…'}\n"
        f"rank ≤ {show_integer(report.rank_bound)} (bound, proven for {report.best.holds_for}{by_cut}), "
        f"rank ≥ {show_integer(report.rank_lower)} ({weights})"
    )


def _write_row_names(ax: "Axes", circuit: Circuit, places: Layout, scale: Scale) -> None:
    rows = [("sites", f"dimension {span(circuit.site_dims)}", 0.0)]
    if rows_are_layers(circuit):
        for units, y in zip(circuit.levels, places.levels.tolist(), strict=True):
            rows.append((f"layer {circuit.unit_layer[units[0]]}", channels_text(circuit.unit_dims[units]), y))
    if circuit.root_map:
        rows.append(("output", "", places.tensors[-1, 1]))
    if circuit.open_output is not None:
        rows.append(("label", f"dimension {circuit.open_output}", places.terminals[-1, 1]))
    two_lines = STUB * scale.row > 2 * scale.label
    style = {"ha": "right", "va": "center", "fontsize": scale.label, "color": GREY}
    for name, dims, y in rows:
        text = f"{name}\n{dims}" if two_lines and 0 < len(dims) <= MOST_LETTERS else name
        write(ax, text, np.array((0, y)), (-1.2 * scale.font, 0), style)


def write_site_numbers(ax: "Axes", circuit: Circuit, terminals: FloatArray, scale: Scale, *, below: float) -> None:
    """The number under every site, or under each second, fourth, eighth, ... one if they would collide."""
    style = {"ha": "center", "va": "top", "fontsize": 0.9 * scale.font, "color": INK}
    width = (len(str(circuit.sites - 1)) + 0.7) * LETTER * 0.9 * scale.font
    step = 1
    while step * scale.gap < width:
        step *= 2
    for site in range(0, circuit.sites, step):
        write(ax, str(site), terminals[site], (0, -below * scale.site - 2), style)


def _write_grid_rows(ax: "Axes", circuit: Circuit, places: Layout, scale: Scale) -> None:
    """On a grid of sites: which of its rows they are in, if there is room."""
    rows, columns = circuit.grids[0]
    if columns * scale.gap < (len(str(rows)) + 5) * LETTER * scale.font:
        return
    style = {"ha": "center", "va": "top", "fontsize": 0.9 * scale.font, "color": GREY}
    for row in range(rows):
        place = places.terminals[row * columns : (row + 1) * columns].mean(axis=0)
        write(ax, f"row {row}", place, (0, -0.5 * scale.site - 2 - 1.2 * scale.font), style)


def channels_text(dims: IntArray) -> str:
    return f"{span(dims)} channel{'' if dims.max() == 1 else 's'}"


def span(dims: IntArray) -> str:
    low, high = int(dims.min()), int(dims.max())
    return show_integer(low) if low == high else f"{show_integer(low)}-{show_integer(high)}"
