"""A report as HTML, for notebooks: its text as a table, the shares of the layers as bars, the cut, the sites."""

import math
from collections.abc import Sequence
from html import escape

from ..mincut import Cut
from ..partition import Partition
from ..places import network_svg
from ..svg import CUT_COLOUR, sites_svg
from .integers import show_integer
from .shares import LayerShare

LABEL_WIDTH = 11  # letters before the text of each line of a report
KEY = "round and blue: side A; square and orange: side B; dashed: cut, with its dimension"


def report_table(text: str, layers: Sequence[LayerShare]) -> str:
    """The lines of a report; the shares of the layers stand under the lines of the cut as bars."""
    heading, *lines = text.splitlines()
    shares = iter(layers)
    rows = []
    for line in lines:
        name, rest = line[:LABEL_WIDTH].strip(), line[LABEL_WIDTH:]
        share = next(shares, None) if name == "cut" else None
        bar = "" if share is None else _bar(share.share)
        rows.append(
            f'<tr><th style="text-align:left">{name}</th><td style="text-align:left">{escape(rest)}{bar}</td></tr>'
        )
    return f"<p><b>{escape(heading)}</b></p><table>{''.join(rows)}</table>"


def report_pictures(cut: Cut | None, rank_bound: int, partition: Partition, grid: tuple[int, ...]) -> str:
    """The cut of the unfolded network, and the sites on their grid, if they are small enough to see."""
    parts = []
    picture = None if cut is None else network_svg(cut.network, cut)
    if picture is not None and cut is not None:
        smaller = rank_bound < cut.rank_bound
        by_cut = f" (of bound {show_integer(cut.rank_bound)}, above the report's)" if smaller else ""
        parts.append(f"<p>The minimum cut of the unfolded network{by_cut}; {KEY}</p>{picture}")
    if len(grid) > 1:
        sites = partition.sides[: math.prod(grid)]  # without the label
        parts.append(sites_svg(sites, grid[-1]) or "")
    return "".join(parts)


def _bar(share: float) -> str:
    style = f"height:6px;width:{200 * share:.0f}px;background:{CUT_COLOUR};border-radius:3px;margin:2px 0 5px"
    return f'<div style="{style}"></div>'
