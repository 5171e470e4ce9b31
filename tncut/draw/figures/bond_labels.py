"""The texts beside bonds: dimensions of those that are cut, names where units are duplicated."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...network import TensorNetwork
from ...proven import Report
from ...tools.arrays import IntArray
from ...tools.numbers import show_integer
from ..layout import STUB, FloatArray, Layout
from ..svg import CUT_COLOUR, INK
from .labels import LEAST_SIZE, rows_are_layers, write
from .scale import LETTER, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_SIZE = 0.8  # in font sizes
MOST_DIMS = 3  # lines at the end of a row


def write_bond_labels(ax: "Axes", report: Report, places: Layout, scale: Scale) -> None:
    """Row by row, the dimensions of cut bonds, one by one if there is room, else summed up at the end of the row.

    In the room that is left: the names of units, where units have duplicates or a row is no layer.
    """
    network, font = report.unfolded_cut.network, scale.label
    named = network.has_duplicates or not rows_are_layers(report.circuit)
    rooms = places.room(places.bonds)
    asides = 0.5 * scale.ring(rooms) + 1.5
    sums: list[tuple[float, str]] = []
    for y in np.unique(places.bonds[:, 1]).tolist():
        row = np.flatnonzero(places.bonds[:, 1] == y)
        cut = np.intersect1d(row, report.unfolded_cut.bonds)
        dims = [show_integer(dim) for dim in network.bond_dims[cut].tolist()]
        aside = float(asides[row[0]])
        room = float(rooms[row[0]]) * scale.slot - 2 * aside - _widest(dims) * font
        low = 1.2 * font + 0.5 * scale.site > STUB * scale.row if y == STUB else font < LEAST_SIZE
        if room < 0 or low:
            sums.append((y, _sum(dims)))
        else:
            _write_dims(ax, dims, places.bonds[cut], aside, font)
        if named and y > STUB:
            names = _names(network, row, room / (NAME_SIZE * font))
            style = {"ha": "right", "va": "bottom", "fontsize": NAME_SIZE * font, "color": INK}
            for place, name in zip(places.bonds[row], names, strict=True):
                write(ax, name, place, (-aside, 1), style)
    _write_sums(ax, sums, places.width, scale)


def _write_sums(ax: "Axes", sums: list[tuple[float, str]], x: float, scale: Scale) -> None:
    """From below, those that do not overlap the one before."""
    style = {"ha": "left", "va": "center", "fontsize": scale.font, "color": CUT_COLOUR, "weight": "bold"}
    free = -np.inf
    for y, text in sums:
        half = 0.7 * len(text.splitlines()) * scale.font / scale.row
        if text and y - half >= free:
            write(ax, text, np.array((x, y)), (0.5 * scale.font, 0), style)
            free = y + half


def _write_dims(ax: "Axes", dims: list[str], at: FloatArray, aside: float, font: float) -> None:
    style: dict[str, Any] = {"ha": "left", "fontsize": font, "color": CUT_COLOUR, "weight": "bold"}
    for place, dim in zip(at, dims, strict=True):
        # Beside the one line that comes from a site, or leaves a unit, nothing stands in the way.
        up = bool(place[1] > STUB)
        write(ax, dim, place, (aside, 1 if up else -1), style | {"va": "bottom" if up else "top"})


def _names(network: TensorNetwork, row: IntArray, room: float) -> list[str]:
    """The names of units if they fit in so many font sizes; else only the numbers of duplicates; else nothing."""
    names = [network.bond_name(bond) for bond in row.tolist()]
    numbers = [f"#{copy}" if copy else "" for copy in network.bond_copy[row].tolist()]
    return next((texts for texts in (names, numbers) if _widest(texts) <= room), [""] * len(row))


def _sum(dims: list[str]) -> str:
    """How many bonds of each dimension, a line each."""
    counts = [f"{count} bond{'s' * (count > 1)} of {dim}" for dim, count in Counter(dims).most_common()]
    return "\n".join(counts[:MOST_DIMS] + [f"{len(dims)} in all"] * (len(counts) > MOST_DIMS))


def _widest(texts: list[str]) -> float:
    """Of the longest text, in font sizes."""
    return LETTER * max(map(len, texts), default=0)
