"""What charts share: axes of an exact size, styles that can be told apart, names that fit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import MethodError
from ..svg import GREY, INK
from .scale import INCH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.lines import Line2D

FONT = 9.0
PAD = 8.0  # around a figure, points
MOST_LETTERS = 40
ENTRY_HEIGHT, MOST_HEIGHT = 1.55 * FONT, 620.0  # of a legend, points
# Six of the colours of Okabe and Ito, apart for every kind of colour vision; with seven markers 42 pairs.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GUIDE_DASHES = (":", "--")
UNITS = {10**12: "T", 10**9: "G", 10**6: "M", 1000: "k"}
MOST_STYLES = len(COLOURS) * len(MARKERS)


@dataclass(frozen=True)
class Series:
    """Points of a line, in order, and what its legend says."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


def new_axes(width: float = 430, height: float = 330, *, entries: int = 0) -> "Axes":
    """Axes of so many points, higher for a legend of many entries, filling a figure; `fit` makes room around them."""
    from matplotlib.figure import Figure

    height = max(height, min((entries + 1) * ENTRY_HEIGHT, MOST_HEIGHT))
    return Figure(figsize=(width / INCH, height / INCH), facecolor="white").add_axes((0, 0, 1, 1))


def fit(ax: "Axes") -> None:
    """Enlarge the figure of these axes until all that belongs to them is inside; the axes keep their size."""
    figure = ax.figure.figure  # the outermost one
    assert figure is not None
    figure.draw_without_rendering()
    box, around = ax.get_window_extent().frozen(), ax.get_tightbbox()
    assert around is not None
    pad = PAD * figure.dpi / INCH
    width, height = around.width + 2 * pad, around.height + 2 * pad
    figure.set_size_inches(width / figure.dpi, height / figure.dpi)
    left, below = box.x0 - around.x0 + pad, box.y0 - around.y0 + pad
    ax.set_position((left / width, below / height, box.width / width, box.height / height))


def size_in_points(ax: "Axes") -> tuple[float, float]:
    box = ax.get_window_extent()
    return box.width * INCH / ax.figure.dpi, box.height * INCH / ax.figure.dpi


def style(number: int) -> tuple[str, str]:
    """Colour and marker: 42 pairs, neighbours unlike in both."""
    return COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]


def nested(number: int, count: int) -> float:
    """The size of a symbol as a part of the first one's, so that later ones do not hide it: 1 down to 0.5."""
    return 1 - 0.5 * number / max(count - 1, 1)


def plain_ticks(axis: "Axis", values: Sequence[float], *, base: int) -> None:
    """Ticks of a logarithmic axis, as plain numbers: powers of the base, in a small range more, or evenly apart."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    ratio = max(values) / min(values)
    if ratio == 1:
        axis.set_ticks([values[0]], [plain(values[0])])
        axis.set_minor_locator(NullLocator())
        return
    between = (1.0, 2.0, 5.0) if base == 10 and ratio < 10_000 else (1.0,)
    axis.set_major_locator(LogLocator(base=base, subs=between) if ratio >= 8 else MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    axis.set_minor_locator(NullLocator())


def plain(value: float) -> str:
    """A round number in few letters.

    >>> plain(0.5), plain(5000), plain(20000), plain(5e6), plain(1e30)
    ('0.5', '5000', '20k', '5M', '1e+30')
    """
    if not 10_000 <= value < 1e15:
        return f"{value:g}"
    unit = next(unit for unit in UNITS if value >= unit)
    return f"{value / unit:g}{UNITS[unit]}"


def check_styles(count: int, what: str) -> None:
    if count > MOST_STYLES:
        raise MethodError(f"{count} {what} cannot be told apart in one chart; choose {MOST_STYLES} of them or fewer")


def draw_series(
    ax: "Axes", series: Sequence[Series], guides: Sequence[Series] = (), measured: Mapping[int, Series] | None = None
) -> None:
    """A line with markers for each, thin guides within their limits, and the legend beside the axes.

    Each line is thinner than the one before, so that lines on top of each other are all seen. What is `measured` for
    the series of a number is dotted, with open markers, in its colour.
    """
    lines = []
    for number, line in enumerate(series):
        colour, marker = style(number)
        part = nested(number, len(series))
        lines += ax.plot(line.x, line.y, color=colour, marker=marker, markersize=8 * part, linewidth=3 * part)
    below = measured or {}
    for number, line in below.items():
        colour, marker = style(number)
        lines += ax.plot(
            line.x, line.y, ":", color=colour, marker=marker, markersize=6, markerfacecolor="white", linewidth=1.5
        )
    limits = ax.get_ylim()
    for guide, dashes in zip(guides, GUIDE_DASHES, strict=False):
        lines += ax.plot(guide.x, guide.y, color=INK, linestyle=dashes, linewidth=1, zorder=4)
    ax.set_ylim(limits)
    draw_legend_beside(ax, lines, [line.label for line in (*series, *below.values(), *guides)])


def draw_legend_beside(ax: "Axes", handles: "Sequence[Line2D]", labels: Sequence[str]) -> None:
    """A legend right of the axes, from their upper edge down, where it hides nothing."""
    width, height = size_in_points(ax)
    legend = ax.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(1 + 10 / width, 1),
        borderaxespad=0,
        ncols=math.ceil(len(labels) / max(height // ENTRY_HEIGHT, 1)),
        fontsize=FONT,
        labelcolor=INK,
        frameon=False,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def write_titles(ax: "Axes", title: str, x: str, y: str) -> None:
    ax.set_title(title, fontsize=FONT + 1, color=INK, parse_math=False, pad=8)
    ax.set_xlabel(x, fontsize=FONT, color=INK, parse_math=False)
    ax.set_ylabel(y, fontsize=FONT, color=INK, parse_math=False)
    ax.tick_params(labelsize=FONT - 1, colors=INK, length=3)


def light_grid(ax: "Axes") -> None:
    ax.grid(True, color=GREY, alpha=0.25, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def short_names(names: Sequence[str]) -> list[str]:
    """Names in one line, their middles left out if they are long, as far as they stay different.

    >>> short_names(["deep-64, with twice as many channels in layer 1 as in layer 2", "b"])
    ['deep-64, with twice…ayer 1 as in layer 2', 'b']
    """
    lines = ["".join(letter if letter.isprintable() else " " for letter in name) for name in names]
    lengths = (MOST_LETTERS, 2 * MOST_LETTERS, max(map(len, lines), default=0))
    found = ([_shorten(line, most) for line in lines] for most in lengths)
    return next((texts for texts in found if len(set(texts)) == len(set(lines))), lines)


def _shorten(line: str, most: int) -> str:
    head = (most - 1) // 2
    return line if len(line) <= most else f"{line[:head]}…{line[len(line) - (most - 1 - head) :]}"
