"""Pictures of results: bits by architecture and partition, against parameters, and against the size of a region."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...comparison import Row
from ...errors import MethodError, ResultsError
from ...tools.values import check_known
from ...tools.words import shown
from .cells import Cells, check_rows, net_names
from .charts import Series, check_styles, draw_series, fit, light_grid, new_axes, write_titles
from .heatmap import heatmap
from .pareto import pareto

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def overlay(rows: Sequence[Row], measure: str = "rank_bound", ax: "Axes | None" = None) -> "Axes":
    """Draw the bits of one measure against the number of sites in a region, a line for each architecture.

    Regions are the partitions prefix:K and block:START:SHAPE; of several regions with as many sites the one with
    the most bits counts. A ResultsError if there are no such rows, a MethodError for more than 42 lines.
    """
    from matplotlib.ticker import MaxNLocator

    cells = Cells.of(rows, measure)
    regions = {split: region(split) for split in cells.partitions}
    sizes = {split: found for split, found in regions.items() if found is not None}
    if not sizes:
        raise ResultsError(
            f"no partition of the measure {shown(measure)} is a region; profiles need prefix:K or block:START:SHAPE"
        )
    lines: dict[tuple[str, str], dict[int, float]] = {}
    names = net_names(cells.nets)
    for name, net in zip(names, cells.nets, strict=True):
        for split, (family, size) in sizes.items():
            if (net, split) in cells.bits:
                line = lines.setdefault((name, family), {})
                line[size] = max(cells.bits[net, split], line.get(size, 0.0))
    check_styles(len(lines), "profiles")
    families = sorted({family for family, _ in sizes.values()})
    series = [
        Series(name if len(families) == 1 else f"{name}, {family}", sorted(line), [line[size] for size in sorted(line)])
        for (name, family), line in lines.items()
    ]
    own = ax is None
    ax = new_axes(entries=len(series)) if ax is None else ax
    write_titles(ax, cells.title, f"sites in the region ({' or '.join(families)})", cells.label)
    light_grid(ax)
    draw_series(ax, series)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    if own:
        fit(ax)
    return ax


PICTURES: dict[str, "Callable[[Sequence[Row], str, Axes | None], Axes]"] = {
    "heatmap": heatmap,
    "pareto": pareto,
    "profile": overlay,
}


def plot(
    rows: Sequence[Row], kind: str = "heatmap", *, measure: str = "rank_bound", ax: "Axes | None" = None
) -> "Axes":
    """Draw rows of results, on these axes or on a new figure of fitting size; returns the axes.

    heatmap: architectures by partitions. pareto: bits against parameters. profile: bits against the size of a region.
    """
    check_rows(rows)
    check_known("picture", kind, PICTURES, MethodError)
    return PICTURES[kind](rows, measure, ax)


def region(partition: str) -> tuple[str, int] | None:
    """The family and the number of sites of a region that a partition names.

    >>> region("block:1,0:2x3")
    ('block', 6)
    """
    if found := re.fullmatch(r"(prefix):(\d{1,18})", partition):
        return found[1], int(found[2])
    if found := re.fullmatch(r"(block):\d+(?:,\d+)*:(\d+(?:x\d+)*)", partition):
        size = 1
        for length in found[2].split("x"):
            size *= int(length)
        return found[1], size
    return None
