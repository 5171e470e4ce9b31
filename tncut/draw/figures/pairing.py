"""Why the rank is at least so large: the pairs of a report's pairing, drawn as paths through its circuit."""

from typing import TYPE_CHECKING

import numpy as np

from ...errors import MethodError, SpecError
from ...proven import Report
from ...proven.pairing import Pairing, paths
from ...tools.numbers import show_integer
from ...tools.words import counted
from ..layout import Rule
from ..layout.lanes import pair_lanes
from . import symbols as look
from .charts import COLOURS
from .circuit import DOT, JOINT, LINE, MATRIX, PLUS, PROPORTIONS, draw_sites, draw_symbol, write_row_names
from .labels import write_site_numbers, write_title
from .legend import Entry, draw_legend, on_side
from .scale import LEAST_STROKE, NUMBERS, FigureScale, fitting_axes
from .subject import CircuitSubject, Title, report_heading
from .symbols import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAINT = "#CFCFCF"
HUES = (*COLOURS[2:], "#5E3C99", "#999933")  # blue and orange are the sides
MATRICES, UNITS = Symbol("matrices", "s", FAINT), Symbol("units", "o", FAINT)
SUMS, SIGNS = Symbol("sums", "o", "white", FAINT, 0.1), Symbol(PLUS.name, PLUS.marker, FAINT)
MEETING = Symbol("meetings", "o", look.INK, "white", 0.15)
LANE, DOT_TO_DOT = Rule(0.34, most=0.5), Rule(0.38, 0.14, 0.85)
LINE_PART = 0.5  # of a lane
LEAST_PAIR, LEAST_DOT = 3 * LEAST_STROKE, 10 * LEAST_STROKE


def pairing(report: Report, ax: "Axes | None" = None) -> "Axes":
    """Draw the pairs of digits that prove the lower end, on these axes or on a new figure of fitting size.

    Each pair is a line from a site of side A up to the unit where it meets, marked by a dot, and down to a site of
    side B. N pairs of digits in base p prove rank >= p^N for almost all unshared weights (theorem T4, docs/theory.md).
    The circuit is drawn as it is, not unfolded. A SizeError above 2000 units; a MethodError if the report has no pairs.
    """
    if not isinstance(report, Report):
        raise SpecError(f"{type(report).__name__} is no report; give tncut.bound(architecture, partition)")
    subject = CircuitSubject(Title("", ""), report.circuit)
    layout = subject.layout  # before pairs are looked for, which takes longer
    found = _pairing(report)
    entries = _entries(report, found)
    ax = fitting_axes(layout, PROPORTIONS, len(entries), NUMBERS) if ax is None else ax
    scale = FigureScale.of(ax, layout, len(entries), NUMBERS)
    _draw_circuit(ax, subject, report, scale)
    _draw_pairs(ax, subject, found, scale)
    write_title(ax, _title(report, found), scale)
    write_row_names(ax, subject, scale)
    write_site_numbers(ax, report.circuit.terminals, layout.terminals, scale, below=0.7)
    draw_legend(ax, entries, scale)
    scale.frame(ax, layout)
    return ax


def _pairing(report: Report) -> Pairing:
    """The report's, with one pair at least."""
    if report.shared:
        raise MethodError("the report is of shared weights; pairs are proven for unshared ones")
    found = report.pairing
    if found is None or not found.pairs:
        raise MethodError(f"the lower end of the rank is {report.rank_lower}: there are no pairs to draw")
    return found


def _title(report: Report, found: Pairing) -> Title:
    proven = "proven for almost all unshared weights"
    pairs = f"{counted(found.pairs, 'pair')} of digits in base {found.base}"
    more = f"; {report.lower.proof} proves {show_integer(report.rank_lower)}" if report.rank_lower > found.rank else ""
    return Title(report_heading(report), f"{pairs}: rank ≥ {found.base}^{found.pairs}, {proven}{more}")


def _draw_circuit(ax: "Axes", subject: CircuitSubject, report: Report, scale: FigureScale) -> None:
    """The circuit, faint, with its sites coloured by side."""
    from matplotlib.collections import LineCollection

    circuit, layout = subject.circuit, subject.layout
    above = np.concatenate((layout.units[-1:], layout.output, layout.terminals[circuit.sites :]))
    whole = LineCollection([*layout.lines, above], linewidths=float(scale.size(LINE, 1.0)), zorder=1)
    whole.set(gid="lines", color=FAINT)
    ax.add_collection(whole, autolim=False)
    matrix, dot, joint = (float(scale.size(rule, 1.0)) for rule in (MATRIX, DOT, JOINT))
    draw_symbol(ax, MATRICES, np.concatenate((layout.matrices, layout.output)), matrix, zorder=1.5)
    draw_symbol(ax, UNITS, layout.units, dot, zorder=1.5)
    draw_symbol(ax, SUMS, layout.sums, joint, zorder=1.5)
    draw_symbol(ax, SIGNS, layout.sums, 0.6 * joint, zorder=1.6)
    draw_sites(ax, subject, [(side, report.partition.sides == side) for side in (True, False)], scale)


def _draw_pairs(ax: "Axes", subject: CircuitSubject, found: Pairing, scale: FigureScale) -> None:
    from matplotlib.collections import LineCollection

    lanes = pair_lanes(subject.circuit, subject.layout, paths(found), scale, (LANE, DOT_TO_DOT))
    colours = [HUES[number % len(HUES)] for number in range(found.pairs)]
    lines = LineCollection(lanes.lines, linewidths=max(LINE_PART * lanes.lane, LEAST_PAIR), colors=colours, zorder=2)
    lines.set(gid="pairs", capstyle="round", joinstyle="round")
    ax.add_collection(lines, autolim=False)
    draw_symbol(ax, MEETING, lanes.dots, max(lanes.dot, LEAST_DOT), zorder=4)


def _entries(report: Report, found: Pairing) -> list[Entry]:
    sides: list[Entry] = [(on_side("site", side), [(look.SITES[side], 1.2)]) for side in (True, False)]
    hues = [Symbol("pairs", "_", hue, hue, 0.18) for hue in HUES[: found.pairs]]
    pairs: list[Entry] = [
        ("pair, from side to side", [(hue, 1.0) for hue in hues]),
        ("where a pair meets", [(MEETING, 1.0)]),
    ]
    unread: list[Entry] = [("site that is not read", [(look.UNREAD_SITES[True], 1.2)])]
    any_unread = (report.circuit.use_counts[: report.circuit.sites] == 0).any()
    return [*sides, *pairs, ("unit", [(UNITS, 0.6)]), *(unread if any_unread else [])]
