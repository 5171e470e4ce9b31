"""A circuit with its symmetric cut, drawn as it is: no tensor network, or one that is too large when unfolded.

Each site and each unit stands once, so re-used units have several lines upwards.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...proven import SymmetricCut
from ...proven.symmetric import Charge
from ...tools.arrays import BoolArray, FloatArray, IntArray
from ...tools.numbers import show_integer
from ..layout import Rule
from ..layout.circuit import OUTPUT
from . import symbols as look
from .labels import RowName, row_name, span, write, write_site_numbers, write_title
from .legend import Entry, draw_legend, side_entry
from .scale import LEAST_STROKE, LETTER, NUMBERS, FigureScale, Proportions, fitting_axes
from .subject import CircuitSubject
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROPORTIONS = Proportions(slot=40, beside=200, least_row=85, most_row=150)
LINE = Rule(0.06, most=0.11)
MATRIX, DOT, JOINT = Rule(0.3, 0.14, 0.8), Rule(0.3, 0.1, 0.6), Rule(0.42, 0.15, 1.0)
RING = 1.7  # of a charged unit, in dots

BOTH = 2  # a factor that one version of its unit computes on side A, the other on side B; or there are no sides
COLOURS = {1: look.COLOURS[True], 0: look.COLOURS[False], BOTH: look.GREY}
NAMES = {1: "A", 0: "B", BOTH: "both"}
MATRICES = {side: Symbol(f"matrices-{NAMES[side]}", "s", COLOURS[side]) for side in NAMES}
UNIT = Symbol("units", "o", look.INK)
CHARGED_UNIT = Symbol("charged-units", "o", look.INK, look.CUT_COLOUR, 0.25)
CHARGED_SITE = Symbol("charged-sites", "o", "none", look.CUT_COLOUR, 0.1)
SUM = Symbol("sums", "o", "white", look.INK, 0.1)
PLUS = Symbol("sum-signs", "P", look.INK)
MOST_CHARGES = 3  # lines at the end of a row


def draw_circuit(subject: CircuitSubject, ax: "Axes | None" = None) -> "Axes":
    """Draw a circuit with its symmetric cut, on these axes or on a new figure of fitting size.

    Colours are sides; what is computed on both sides is grey. What is charged has a ring and its charge. A SizeError
    above 2000 units.
    """
    layout, sides = subject.layout, _matrix_sides(subject)
    entries = _entries(subject, sides)
    ax = fitting_axes(layout, PROPORTIONS, len(entries), NUMBERS) if ax is None else ax
    scale = FigureScale.of(ax, layout, len(entries), NUMBERS)
    _draw_lines(ax, subject, sides, scale)
    _draw_symbols(ax, subject, sides, scale)
    if subject.cut is not None:
        _write_charges(ax, subject, subject.cut, scale)
    write_title(ax, subject.title, scale)
    write_row_names(ax, subject, scale)
    write_site_numbers(ax, subject.circuit.terminals, layout.terminals, scale, below=0.7)
    draw_legend(ax, entries, scale)
    scale.frame(ax, layout)
    return ax


def factor_sides(cut: SymmetricCut) -> IntArray:
    """(pairs,) the side that each matrix is applied on in the versions of its unit that are used: 1 A, 0 B, 2 both."""
    circuit = cut.circuit
    used = cut.used[:, circuit.factor_unit[circuit.factor_pairs[:-1]]]
    on_a, on_b = (used & cut.sides).any(axis=0), (used & ~cut.sides).any(axis=0)
    sides: IntArray = np.where(on_a & on_b, BOTH, on_a.astype(np.int64))[circuit.pair_factor]
    return sides


def charge_text(charge: Charge) -> str:
    """The charge; before it how it follows from several copies."""
    if charge.copies == 1:
        return show_integer(charge.charge)
    copies, dim = show_integer(charge.copies), charge.dim
    power = f"C({show_integer(dim + charge.copies - 1)}, {copies})" if charge.symmetric else f"{dim}^{copies}"
    value = show_integer(charge.charge)
    return value if value == power else f"{power} = {value}"


def _matrix_sides(subject: CircuitSubject) -> IntArray:
    """(pairs + 1,) the side of each matrix, the last one the output's."""
    if subject.cut is None:
        return np.full(len(subject.circuit.factor_child) + 1, BOTH)
    return np.append(factor_sides(subject.cut), int(subject.cut.output))


def _draw_lines(ax: "Axes", subject: CircuitSubject, sides: IntArray, scale: FigureScale) -> None:
    from matplotlib.collections import LineCollection

    layout = subject.layout
    above = np.concatenate((layout.units[-1:], layout.output, layout.terminals[subject.circuit.sites :]))
    lines = [*layout.lines, above] if len(above) > 1 else layout.lines
    width = max(float(scale.size(LINE, 1.0)), LEAST_STROKE)
    for side, colour in COLOURS.items():
        chosen = [line for line, on in zip(lines, sides[: len(lines)].tolist(), strict=True) if on == side]
        whole = LineCollection(chosen, linewidths=width, zorder=1)
        whole.set(gid=f"lines-{NAMES[side]}", color=colour)
        ax.add_collection(whole, autolim=False)


def _draw_symbols(ax: "Axes", subject: CircuitSubject, sides: IntArray, scale: FigureScale) -> None:
    circuit, layout = subject.circuit, subject.layout
    matrix, dot, joint = (float(scale.size(rule, 1.0)) for rule in (MATRIX, DOT, JOINT))
    matrices = np.concatenate((layout.matrices, layout.output))
    for side, symbol in MATRICES.items():
        draw_symbol(ax, symbol, matrices[sides[: len(matrices)] == side], matrix)
    draw_symbol(ax, SUM, layout.sums, joint)
    draw_symbol(ax, PLUS, layout.sums, 0.6 * joint, zorder=4)
    draw_sites(ax, subject, subject.sides, scale)
    units = subject.charged[circuit.sites : -1]
    draw_symbol(ax, UNIT, layout.units[~units], dot)
    draw_symbol(ax, CHARGED_UNIT, layout.units[units], RING * dot)
    draw_symbol(ax, CHARGED_SITE, layout.terminals[subject.cut_sites], 1.4 * scale.site)


def draw_sites(
    ax: "Axes", subject: CircuitSubject, sides: list[tuple[look.Side, BoolArray]], scale: FigureScale
) -> None:
    """Each site and the label, in the symbol of its side."""
    circuit, at = subject.circuit, subject.layout.terminals
    read = np.append(circuit.use_counts[: circuit.sites] > 0, True)[: len(at)]
    for on, terminals in sides:
        draw_symbol(ax, look.SITES[on], at[terminals & read], scale.site)
        draw_symbol(ax, look.UNREAD_SITES[on], at[terminals & ~read], scale.site)


def draw_symbol(ax: "Axes", symbol: Symbol, at: FloatArray, size: float, zorder: float = 3) -> None:
    """One symbol at these positions; its size in points, the edge included."""
    edge = size * symbol.edge_part
    markers = ax.scatter(at[:, 0], at[:, 1], s=(size - edge) ** 2, marker=symbol.marker, zorder=zorder)
    markers.set(gid=symbol.name, facecolors=symbol.colour, edgecolors=symbol.edge, linewidths=edge)


def _write_charges(ax: "Axes", subject: CircuitSubject, cut: SymmetricCut, scale: FigureScale) -> None:
    """Row by row beside what is charged if there is room, else summed up at the end of the row."""
    layout = subject.layout
    vertices = np.concatenate((layout.terminals[: subject.circuit.sites], layout.units, layout.terminals[-1:]))
    texts: dict[int, list[str]] = {}
    for charge in cut.charges:
        texts.setdefault(charge.vertex, []).append(charge_text(charge))
    charged = np.array(sorted(texts), dtype=np.int64)
    ring = RING * float(scale.size(DOT, 1.0))
    style: dict[str, Any] = {"ha": "left", "va": "bottom", "color": look.CUT_COLOUR, "weight": "bold"}
    boxed = style | {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}}
    for y in np.unique(vertices[charged, 1]).tolist():
        row = charged[vertices[charged, 1] == y]
        x = np.sort(vertices[vertices[:, 1] == y, 0])
        aside, up = (0.75 * scale.site, -0.5 * scale.label) if y == 0 else (0.5 * ring + 1, 1.0)
        longest = max(len(", ".join(texts[vertex])) for vertex in row.tolist())
        room = float(np.diff(np.unique(x)).min(initial=layout.width)) * scale.slot - 2 * aside
        font = min(scale.label, room / (LETTER * longest))
        if font >= min(scale.label, 6.0):
            for vertex in row.tolist():
                write(ax, ", ".join(texts[vertex]), vertices[vertex], (aside, up), boxed | {"fontsize": font})
        else:
            end = np.array((layout.width, y))
            total = _sum([text for vertex in row.tolist() for text in texts[vertex]])
            write(ax, total, end, (scale.font, 0), style | {"va": "center", "fontsize": scale.label})


def _sum(texts: list[str]) -> str:
    """How often each charge occurs, a line each."""
    lines = [f"{count} of {text}" for text, count in Counter(texts).most_common()]
    return "\n".join(lines if len(lines) <= MOST_CHARGES else [*lines[:MOST_CHARGES], f"{len(texts)} in all"])


def write_row_names(ax: "Axes", subject: CircuitSubject, scale: FigureScale) -> None:
    """At the left, with the dimensions if there is room for two lines."""
    two_lines = OUTPUT * scale.row > 2 * scale.label
    style: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": scale.label, "color": look.GREY}
    for name, dims, y in _row_names(subject):
        text = f"{name}\n{dims}" if two_lines and dims else name
        write(ax, text, np.array((0, y)), (-1.6 * scale.font, 0), style)


def _row_names(subject: CircuitSubject) -> list[RowName]:
    circuit, layout = subject.circuit, subject.layout
    rows = [("sites", f"dimension {span(circuit.site_dims)}", 0.0)]
    rows += [row_name(row) for row in subject.rows]
    rows += [("output", "", float(y)) for y in layout.output[:, 1]]
    rows += [("label", f"dimension {circuit.open_output}", y) for y in layout.terminals[circuit.sites :, 1].tolist()]
    return rows


def _entries(subject: CircuitSubject, sides: IntArray) -> list[Entry]:
    circuit, of_site = subject.circuit, {True: 1, False: 0, None: BOTH}
    entries = [
        side_entry("matrix", side, MATRICES[of_site[side]], bool((sides == of_site[side]).any()))
        for side, _ in subject.sides
    ]
    if subject.cut is not None and (sides[:-1] == BOTH).any():
        entries.append(("matrix on both sides", [(MATRICES[BOTH], 0.8)]))
    joined = "the product" if circuit.gate == "product" else circuit.gate
    entries.append((f"unit: {joined}", [(UNIT, 0.6)]))
    if len(subject.layout.sums):
        entries.append(("sum (+) of what is joined", [(SUM, 1.0)]))
    if subject.charged.any():
        entries.append(("charged, with its charge", [(CHARGED_SITE, 1.3), (CHARGED_UNIT, 1.0)]))
    if (circuit.use_counts[: circuit.sites] == 0).any():
        entries.append(("site that is not read", [(look.UNREAD_SITES[subject.sides[0][0]], 1.2)]))
    return entries
