"""A report as HTML, for notebooks: its text as a table, the shares of the layers as bars, the cut, the sites."""

import math
from html import escape
from typing import TYPE_CHECKING

from ..places import network_svg
from ..svg import CUT_COLOUR, sites_svg

if TYPE_CHECKING:
    from .report import Report

LABEL_WIDTH = 11  # letters before the text of each line of a report
KEY = "round and blue: side A; square and orange: side B; dashed: cut, with its dimension"


def report_html(report: "Report") -> str:
    heading, *lines = str(report).splitlines()
    shares = iter(report.layers)
    rows = []
    for line in lines:
        name, text = line[:LABEL_WIDTH].strip(), line[LABEL_WIDTH:]
        share = next(shares, None) if name == "cut" else None
        bar = "" if share is None else _bar(share.share)
        rows.append(
            f'<tr><th style="text-align:left">{name}</th><td style="text-align:left">{escape(text)}{bar}</td></tr>'
        )
    return f"<p><b>{escape(heading)}</b></p><table>{''.join(rows)}</table>{_pictures(report)}"


def _bar(share: float) -> str:
    style = f"height:6px;width:{200 * share:.0f}px;background:{CUT_COLOUR};border-radius:3px;margin:2px 0 5px"
    return f'<div style="{style}"></div>'


def _pictures(report: "Report") -> str:
    """The sites, on their grid, and the cut of the unfolded network, if they are small enough to see."""
    circuit, parts = report.circuit, []
    picture = None if report.cut is None else network_svg(report.cut.network, report.cut)
    if picture is not None and report.cut is not None:
        smaller = report.rank_bound < report.cut.rank_bound
        by_cut = f" (of bound {show_integer(report.cut.rank_bound)}, above the report's)" if smaller else ""
        parts.append(f"<p>The minimum cut of the unfolded network{by_cut}; {KEY}</p>{picture}")
    if len(circuit.grids[0]) > 1:
        parts.append(sites_svg(report.partition.sides[: circuit.sites], circuit.grids[0][-1]) or "")
    return "".join(parts)


def show_integer(value: int) -> str:
    """An exact integer if it can be read, else its power of two, exact or rounded.

    >>> show_integer(2**512)
    '2^512'
    """
    if value < 10**15:
        return str(value)
    power = value.bit_length() - 1
    return f"2^{power}" if value == 1 << power else f"about 2^{math.log2(value):.2f}"
