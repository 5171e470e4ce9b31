"""What notebooks show of partitions, cuts, architectures and reports, as HTML."""

import math
from html import escape

from ..errors import TncutError
from ..mincut import Cut
from ..network import Specified, unfold
from ..partition import Partition
from ..proven import LayerShare, Report
from ..tools.numbers import show_integer
from .svg import CUT_COLOUR, sites_svg
from .svg.network import TENSOR_LIMIT, network_svg

LABEL_WIDTH = 11  # letters before the text of each line of a report
KEY = "round and blue: side A; square and orange: side B; dashed: cut, with its dimension"


def partition_html(partition: Partition) -> str | None:
    """The sites in rows; None above 4096 sites."""
    picture = sites_svg(partition.sides)
    caption = f"{escape(partition.name)}: {len(partition.sites_a)} sites on side A, {len(partition.sites_b)} on side B"
    return picture and f"<p>{caption}</p>{picture}"


def cut_html(cut: Cut) -> str:
    """The network with the cut; text alone above 2000 tensors."""
    picture = network_svg(cut.network, cut) or f"<p>{cut.network.tensors} tensors: too many for a picture</p>"
    rank = str(cut.rank_bound) if cut.rank_bound < 10**15 else f"about 2^{cut.entropy_bound:.2f}"
    subject = f"minimum cut over {escape(cut.partition.name)}, {len(cut.bonds)} bonds cut"
    return f"<p>rank &le; <b>{rank}</b>: bound, proven for all weights; {subject}</p>{picture}"


def architecture_html(architecture: Specified) -> str | None:
    """The unfolded network; None if there is none, or above 2000 tensors."""
    try:
        network = unfold(architecture, limit=TENSOR_LIMIT)
    except TncutError:
        return None
    picture = network_svg(network)
    caption = f"{architecture.name or type(architecture).__name__}: {network.tensors} tensors, {network.bonds} bonds"
    return picture and f"<p>{escape(caption)}</p>{picture}"


def report_html(report: Report) -> str:
    """The figures of a report as a table, the shares of the layers as bars, the cut, and the sites on their grid."""
    grid = report.subject.terminals.grid
    return _table(str(report), report.layers) + _pictures(report.cut, report.rank_bound, report.partition, grid)


def _table(text: str, layers: list[LayerShare]) -> str:
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


def _pictures(cut: Cut | None, rank_bound: int, partition: Partition, grid: tuple[int, ...]) -> str:
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
