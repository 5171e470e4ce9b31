"""The texts beside bonds: dimensions of those that are cut, names where units are duplicated."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...network import TensorNetwork
from ...tools.arrays import FloatArray, IntArray
from ...tools.numbers import show_integer
from ...tools.words import counted
from ..layout import STUB
from ..svg import CUT_COLOUR, INK
from .labels import LEAST_SIZE, write
from .scale import LETTER, FigureScale
from .subject import NetworkSubject

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_SIZE = 0.8  # in font sizes
MOST_DIMS = 3  # lines at the end of a row


def write_bond_labels(ax: "Axes", subject: NetworkSubject, asides: FloatArray, scale: FigureScale) -> None:
    """Row by row the dimensions of cut bonds: beside each bond if there is room, else summed up at the row's end.

    In the room that is left: the names of units, where units have duplicates or a row is no layer. `asides`: how far
    from the centre of its bond a text begins, in points.
    """
    network, layout, font = subject.network, subject.layout, scale.label
    named = subject.is_unfolded and (network.has_duplicates or not subject.has_layers)
    rooms = layout.room(layout.bonds)
    summed_up: list[tuple[float, str]] = []
    for y in np.unique(layout.bonds[:, 1]).tolist():
        row = np.flatnonzero(layout.bonds[:, 1] == y)
        cut = np.intersect1d(row, subject.cut_bonds)
        dims = [show_integer(dim) for dim in network.bond_dims[cut].tolist()]
        aside = float(asides[row[0]])
        room = float(rooms[row[0]]) * scale.slot - 2 * aside - _widest(dims) * font
        low = 1.2 * font + 0.5 * scale.site > STUB * scale.row if y == STUB else font < LEAST_SIZE
        if room < 0 or low:
            summed_up.append((y, _sum(dims)))
        else:
            _write_dims(ax, dims, layout.bonds[cut], aside, font)
        if named and y > STUB:
            names = _names(network, row, room / (NAME_SIZE * font))
            style = {"ha": "right", "va": "bottom", "fontsize": NAME_SIZE * font, "color": INK}
            for at, name in zip(layout.bonds[row], names, strict=True):
                write(ax, name, at, (-aside, 1), style)
    _write_sums(ax, summed_up, layout.width, scale)


def _write_sums(ax: "Axes", sums: list[tuple[float, str]], x: float, scale: FigureScale) -> None:
    """From below, those that do not overlap the one before."""
    style = {"ha": "left", "va": "center", "fontsize": scale.font, "color": CUT_COLOUR, "weight": "bold"}
    free = -np.inf
    for y, text in sums:
        half = 0.7 * len(text.splitlines()) * scale.font / scale.row
        if text and y - half >= free:
            write(ax, text, np.array((x, y)), (0.5 * scale.font, 0), style)
            free = y + half


def _write_dims(ax: "Axes", dims: list[str], centres: FloatArray, aside: float, font: float) -> None:
    style: dict[str, Any] = {"ha": "left", "fontsize": font, "color": CUT_COLOUR, "weight": "bold"}
    for at, dim in zip(centres, dims, strict=True):
        # Beside the one line that comes from a site, or leaves a unit, nothing stands in the way.
        up = bool(at[1] > STUB)
        write(ax, dim, at, (aside, 1 if up else -1), style | {"va": "bottom" if up else "top"})


def _names(network: TensorNetwork, row: IntArray, room: float) -> list[str]:
    """The names of units if they fit in so many font sizes; else only the numbers of duplicates; else nothing."""
    names = [network.bond_name(bond) for bond in row.tolist()]
    numbers = [f"#{copy}" if copy else "" for copy in network.bond_copy[row].tolist()]
    return next((texts for texts in (names, numbers) if _widest(texts) <= room), [""] * len(row))


def _sum(dims: list[str]) -> str:
    """How many bonds of each dimension, a line each."""
    lines = [f"{counted(count, 'bond')} of {dim}" for dim, count in Counter(dims).most_common()]
    return "\n".join(lines if len(lines) <= MOST_DIMS else [*lines[:MOST_DIMS], f"{len(dims)} in all"])


def _widest(texts: list[str]) -> float:
    """The width of the longest text, in font sizes."""
    return LETTER * max(map(len, texts), default=0)
