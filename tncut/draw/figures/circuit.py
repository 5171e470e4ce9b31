"""A circuit with its symmetric cut, drawn as it is: for circuits with sums, and those too large to unfold.

Each site and each unit stands once, so re-used units have several lines upwards.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...proven import Report, SymmetricCut
from ...proven.symmetric import Charge
from ...proven.symmetric.labelling import count_copies
from ...tools.arrays import BoolArray, IntArray
from ...tools.numbers import show_integer
from ..layout import FloatArray
from ..layout.circuit import OUTPUT, CircuitLayout, circuit_layout
from . import symbols as look
from .labels import TITLE_HEIGHT, TITLE_SIZE, channels_text, rows_are_layers, span, title, write, write_site_numbers
from .legend import SITES_HEIGHT, Entry, draw_legend, legend_grid
from .scale import ABOVE, INCH, LETTER, MARGIN, Scale, font_size
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BOTH = 2  # a factor that one version of its unit computes on side A, the other on side B
COLOURS = {1: look.SIDE_COLOURS[True], 0: look.SIDE_COLOURS[False], BOTH: look.GREY}
NAMES = {1: "A", 0: "B", BOTH: "both"}
MATRICES = {side: Symbol(f"matrices-{NAMES[side]}", "s", COLOURS[side]) for side in NAMES}
UNIT = Symbol("units", "o", look.INK)
CHARGED_UNIT = Symbol("charged-units", "o", look.INK, look.CUT_COLOUR, 0.25)
CHARGED_SITE = Symbol("charged-sites", "o", "none", look.CUT_COLOUR, 0.1)
SUM = Symbol("sums", "o", "white", look.INK, 0.1)
PLUS = Symbol("sum-signs", "P", look.INK)
MOST_CHARGES = 3  # lines at the end of a row


def draw_circuit(report: Report, ax: "Axes | None" = None) -> "Axes":
    """Draw a report's circuit with its symmetric cut, on these axes or on a new figure of fitting size.

    Colours are sides; grey is computed on both sides. What is charged has a ring and its charge. A SizeError above
    2000 units.
    """
    cut = report.symmetric
    assert cut is not None
    places = circuit_layout(report.circuit)
    sides = factor_sides(cut)
    entries = _entries(report, places, sides)
    ax = _new_axes(places, entries) if ax is None else ax
    scale = _scale(ax, places, entries)
    _draw_lines(ax, report, places, sides, scale)
    _draw_symbols(ax, report, places, sides, scale)
    _write_charges(ax, report, places, scale)
    ax.set_title(title(report, cut, scale), fontsize=TITLE_SIZE * scale.font, color=look.INK, parse_math=False)
    _write_names(ax, report, places, scale)
    draw_legend(ax, entries, scale)
    scale.frame(ax, places.width, places.height)
    return ax


def factor_sides(cut: SymmetricCut) -> IntArray:
    """(pairs,) the side that each matrix is applied on in the versions of its unit that are used: 1 A, 0 B, 2 both."""
    task = cut.charged.task
    copies = count_copies(task, cut.sides)
    on: dict[bool, BoolArray] = {side: np.zeros(task.factors, dtype=bool) for side in (True, False)}
    for version in (True, False):
        used = (copies[version][task.circuit.sites :] > 0)[task.factor_unit]
        for side in (True, False):
            on[side] |= used & (task.version(cut.sides, version) == side)
    sides: IntArray = np.where(on[True] & on[False], BOTH, on[True].astype(np.int64))[task.factor]
    return sides


def charge_text(charge: Charge) -> str:
    """The charge; before it how it follows from several copies."""
    if charge.copies == 1:
        return show_integer(charge.charge)
    copies, dim = show_integer(charge.copies), charge.dim
    power = f"C({show_integer(dim + charge.copies - 1)}, {copies})" if charge.symmetric else f"{dim}^{copies}"
    value = show_integer(charge.charge)
    return value if value == power else f"{power} = {value}"


def _new_axes(places: CircuitLayout, entries: list[Entry]) -> "Axes":
    from matplotlib.figure import Figure

    width = min(max(40 * places.width + 200, 7.5 * INCH), 26 * INCH)
    row = min(max(0.55 * width / places.height, 85), 150)
    font = font_size(width)
    axes = min(row * places.height, 26 * INCH) + (ABOVE + _below(entries, width)) * font
    height = axes + TITLE_HEIGHT * font
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
    return figure.add_axes((0, 0, 1, axes / height))


def _scale(ax: "Axes", places: CircuitLayout, entries: list[Entry]) -> Scale:
    figure = ax.get_figure()
    assert figure is not None
    box = ax.get_window_extent()
    width, height = box.width * INCH / figure.dpi, box.height * INCH / figure.dpi
    font = font_size(width)
    slot = max(width - 2 * MARGIN * font, width / 3) / places.width
    row = max(height - (ABOVE + _below(entries, width)) * font, height / 3) / places.height
    return Scale(width, height, slot, row, 2 * slot * float(places.terminals[0, 0]))


def _below(entries: list[Entry], width: float) -> float:
    """What the numbers of the sites and the legend take, in font sizes."""
    return SITES_HEIGHT + 1.75 * legend_grid(len(entries), width)[0]


def _sizes(scale: Scale) -> dict[str, float]:
    """Points, at which no symbols overlap."""
    dot = min(0.3 * scale.slot, 0.1 * scale.row, 0.6 * scale.font)
    return {
        "matrix": min(0.3 * scale.slot, 0.14 * scale.row, 0.8 * scale.font),
        "unit": dot,
        "ring": 1.7 * dot,
        "sum": min(0.42 * scale.slot, 0.15 * scale.row, scale.font),
    }


def _draw_lines(ax: "Axes", report: Report, places: CircuitLayout, sides: IntArray, scale: Scale) -> None:
    from matplotlib.collections import LineCollection

    lines, of_side = list(places.lines), sides.tolist()
    above = np.concatenate((places.units[-1:], places.output, places.terminals[report.circuit.sites :]))
    if len(above) > 1:
        assert report.symmetric is not None
        lines, of_side = [*lines, above], [*of_side, int(report.symmetric.sides[-1])]
    for side, colour in COLOURS.items():
        chosen = [line for line, on in zip(lines, of_side, strict=True) if on == side]
        whole = LineCollection(chosen, linewidths=min(0.06 * scale.slot, 0.11 * scale.font), zorder=1)
        whole.set(gid=f"lines-{NAMES[side]}", color=colour)
        ax.add_collection(whole, autolim=False)


def _draw_symbols(ax: "Axes", report: Report, places: CircuitLayout, sides: IntArray, scale: Scale) -> None:
    size, circuit, cut = _sizes(scale), report.circuit, report.symmetric
    assert cut is not None
    matrices = np.concatenate((places.matrices, places.output))
    on = np.append(sides, int(cut.sides[-1])) if circuit.root_map else sides
    for side, symbol in MATRICES.items():
        _draw(ax, symbol, matrices[on == side], size["matrix"])
    _draw(ax, SUM, places.sums, size["sum"])
    _draw(ax, PLUS, places.sums, 0.6 * size["sum"], zorder=4)
    read = np.append(circuit.use_counts[: circuit.sites] > 0, True)[: len(places.terminals)]
    for a in (True, False):
        on_side = report.partition.sides == a
        _draw(ax, look.SITES[a], places.terminals[on_side & read], scale.site)
        _draw(ax, look.UNREAD_SITES[a], places.terminals[on_side & ~read], scale.site)
    charged = np.bincount(cut.charged.vertex, minlength=circuit.sites + circuit.units + 1) > 0
    units, terminals = charged[circuit.sites : -1], np.append(charged[: circuit.sites], charged[-1])
    _draw(ax, UNIT, places.units[~units], size["unit"])
    _draw(ax, CHARGED_UNIT, places.units[units], size["ring"])
    _draw(ax, CHARGED_SITE, places.terminals[terminals[: len(places.terminals)]], 1.4 * scale.site)


def _draw(ax: "Axes", symbol: Symbol, at: FloatArray, size: float, zorder: float = 3) -> None:
    """One symbol at these places; its size in points, the edge included."""
    edge = size * symbol.edge_part
    markers = ax.scatter(at[:, 0], at[:, 1], s=(size - edge) ** 2, marker=symbol.marker, zorder=zorder)
    markers.set(gid=symbol.name, facecolors=symbol.colour, edgecolors=symbol.edge, linewidths=edge)


def _write_charges(ax: "Axes", report: Report, places: CircuitLayout, scale: Scale) -> None:
    """Row by row beside what is charged if there is room, else summed up at the end of the row."""
    assert report.symmetric is not None
    vertices = np.concatenate((places.terminals[: report.circuit.sites], places.units, places.terminals[-1:]))
    texts: dict[int, str] = {}
    for vertex, charge in zip(report.symmetric.charged.vertex.tolist(), report.symmetric.charges, strict=True):
        texts[vertex] = f"{texts[vertex]}, {charge_text(charge)}" if vertex in texts else charge_text(charge)
    charged = np.array(sorted(texts), dtype=np.int64)
    style: dict[str, Any] = {"ha": "left", "va": "bottom", "color": look.CUT_COLOUR, "weight": "bold"}
    boxed = style | {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}}
    for y in np.unique(vertices[charged, 1]).tolist():
        row = charged[vertices[charged, 1] == y]
        x = np.sort(vertices[vertices[:, 1] == y, 0])
        aside, up = (0.75 * scale.site, -0.5 * scale.label) if y == 0 else (0.5 * _sizes(scale)["ring"] + 1, 1.0)
        longest = max(len(texts[vertex]) for vertex in row.tolist())
        room = float(np.diff(np.unique(x)).min(initial=places.width)) * scale.slot - 2 * aside
        font = min(scale.label, room / (LETTER * longest))
        if font >= min(scale.label, 6.0):
            for vertex in row.tolist():
                write(ax, texts[vertex], vertices[vertex], (aside, up), boxed | {"fontsize": font})
        else:
            counts = Counter(texts[vertex] for vertex in row.tolist()).most_common()
            lines = [f"{count} of {text}" for text, count in counts[:MOST_CHARGES]]
            lines += [f"{len(row)} in all"] * (len(counts) > MOST_CHARGES)
            at = np.array((places.width, y))
            write(ax, "\n".join(lines), at, (scale.font, 0), style | {"va": "center", "fontsize": scale.label})


def _write_names(ax: "Axes", report: Report, places: CircuitLayout, scale: Scale) -> None:
    """Of the rows, at the left; and the number under each site, or each second, fourth, ... one."""
    circuit = report.circuit
    rows = [(f"sites\ndimension {span(circuit.site_dims)}", 0.0)]
    if rows_are_layers(circuit):
        for level, units in enumerate(circuit.levels):
            rows.append(
                (f"layer {circuit.unit_layer[units[0]]}\n{channels_text(circuit.unit_dims[units])}", level + 1.0)
            )
    rows += [("output", float(y)) for y in places.output[:, 1]]
    rows += [(f"label\ndimension {circuit.open_output}", y) for y in places.terminals[circuit.sites :, 1].tolist()]
    style: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": scale.label, "color": look.GREY}
    two_lines = OUTPUT * scale.row > 2 * scale.label
    for name, y in rows:
        write(ax, name if two_lines else name.split("\n")[0], np.array((0, y)), (-1.6 * scale.font, 0), style)
    write_site_numbers(ax, circuit, places.terminals, scale, below=0.7)


def _entries(report: Report, places: CircuitLayout, sides: IntArray) -> list[Entry]:
    assert report.symmetric is not None
    entries: list[Entry] = [
        (f"site and matrix on side {look.SIDE_NAMES[side]}", [(look.SITES[side], 1.2), (MATRICES[side], 0.8)])
        for side in (True, False)
    ]
    if (sides == BOTH).any():
        entries.append(("matrix on both sides", [(MATRICES[BOTH], 0.8)]))
    entries.append(("unit: the product", [(UNIT, 0.6)]))
    if len(places.sums):
        entries.append(("sum (+) of what is joined", [(SUM, 1.0)]))
    if len(report.symmetric.charged.vertex):
        entries.append(("charged, with its charge", [(CHARGED_SITE, 1.3), (CHARGED_UNIT, 1.0)]))
    if (report.circuit.use_counts[: report.circuit.sites] == 0).any():
        entries.append(("site that is not read", [(look.UNREAD_SITES[True], 1.2)]))
    return entries
