"""The picture of a match: the measured demand of data beside the proven interval of each network."""

from typing import TYPE_CHECKING

from ...errors import ResultsError
from ...samples import Matches
from ...samples.matching import SIGMAS
from ...tools.words import shown
from ..svg import INK
from .charts import FONT, check_styles, draw_legend_beside, fit, light_grid, new_axes, short_names, style, write_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NAMED = 40  # partitions whose names are written
SLOT = 26.0  # points for a partition, and for each of its bars
NOUNS = {"entropy": "entanglement entropy", "renyi2": "Rényi entropy of order 2", "rank": "log₂ rank"}


def demands(matches: Matches, ax: "Axes | None" = None) -> "Axes":
    """Draw what `match` found, on these axes or on a new figure; returns the axes.

    Points: the demand over each partition, measured, with two standard errors. Bars: the interval of the Schmidt rank
    of each network, proven, from the lower to the upper end; a tick where both meet. A demand above a bar cannot be
    met, one below it can.
    """
    if not isinstance(matches, Matches):
        raise ResultsError(f"{shown(matches)} is no match of data and networks, such as tncut.match returns")
    nets = list(matches.verdicts())
    check_styles(len(nets), "networks")
    first = [row for row in matches if row.name == nets[0]]
    own = ax is None
    if ax is None:
        ax = new_axes(min(max(430.0, SLOT * len(first)), 1400.0), entries=len(nets) + 1)
    noun = NOUNS[matches[0].measure]
    write_titles(
        ax, f"Demand: {noun}, measured; interval of the rank: proven", "partition of the sites", f"{noun}, bits"
    )
    light_grid(ax)
    handles = []
    for number, (name, net) in enumerate(zip(short_names(nets), nets, strict=True)):
        rows = [row for row in matches if row.name == net]
        places = [at + 0.7 * ((number + 1) / (len(nets) + 1) - 0.5) for at in range(len(rows))]
        colour, _ = style(number)
        lower, upper = [row.bits_lower for row in rows], [row.report.entropy_bound for row in rows]
        ax.vlines(places, lower, upper, color=colour, linewidth=5, alpha=0.55)
        (marks,) = ax.plot(
            places + places, lower + upper, "_", color=colour, markersize=9, markeredgewidth=2, label=name
        )
        handles.append(marks)
    errors = [SIGMAS * row.estimate.error for row in first]
    points = ax.errorbar(
        range(len(first)), [row.estimate.bits for row in first], errors, fmt="o", color=INK, markersize=4, capsize=3
    )
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    if len(first) <= MOST_NAMED:
        names = short_names([row.demand.partition.name or "(none)" for row in first])
        ax.set_xticks(range(len(first)), names, rotation=90, fontsize=FONT - 1, parse_math=False)
    verdicts = matches.verdicts()
    labels = [f"{name}: {verdicts[net]}" for name, net in zip(short_names(nets), nets, strict=True)]
    draw_legend_beside(ax, [*handles, points.lines[0]], [*labels, "data, ± 2 standard errors"])
    if own:
        fit(ax)
    return ax
