"""The bounds of many partitions as a table with a summary."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from ...tools.arrays import BoolArray, FloatArray
from ...tools.numbers import show_integer, show_upper
from ...tools.tables import aligned
from ...tools.words import counted

Row = dict[str, Any]

COLUMNS = {
    "partition": "string",
    "rank_lower": "string",
    "rank_bound": "string",
    "entropy_bound_bits": "float64",
    "tight": "bool",
    "upper": "string",
    "lower": "string",
}
HEADER = ("partition", "rank >=", "rank <=", "entropy <=", "tight", "upper end", "lower end")
MOST_VALUES = 24  # that have a bar of their own
RANGES = 12  # of equal width, of more values
LONGEST_BAR = MOST_LETTERS = 40


def text(bits: FloatArray, reached: BoolArray, rows_at: Callable[[list[int]], list[Row]], top: int) -> str:
    """A line for each partition; of many, those with the `top` largest and the `top` smallest bounds; and a summary.

    `bits`: of the bounds; `reached`: whether they are known to be tight; `rows_at`: the rows at some places.
    """
    order = np.argsort(-bits, kind="stable").tolist()
    many = len(order) > 2 * top
    shown = [*order[:top], *order[len(order) - top :]] if many else list(range(len(order)))
    rows = rows_at(shown)
    lines = aligned([HEADER, *map(_cells, rows)])
    if many:
        lines.insert(top + 1, f"... {len(order) - 2 * top} more")
    known = int(np.count_nonzero(reached)) if many else sum(row["tight"] is True for row in rows)
    return "\n".join([*lines, *_summary(bits, known, at_least=many)])


def _cells(row: Row) -> tuple[str, ...]:
    ranks = show_integer(row["rank_lower"]), show_integer(row["rank_bound"])
    bits = f"{show_upper(row['entropy_bound_bits'])} bits"
    return (_shortened(row["partition"]), *ranks, bits, "yes" if row["tight"] else "open", row["upper"], row["lower"])


def _shortened(name: str) -> str:
    """A name of at most 40 letters, the middle of a long one left out."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS // 2 - 3]}...{name[-MOST_LETTERS // 2 :]}"


def _summary(bits: FloatArray, tight: int, *, at_least: bool) -> list[str]:
    """How many partitions have how much, and how many bounds are tight."""
    if not len(bits):
        return []
    least, most = (show_upper(float(end)) for end in (bits.min(), bits.max()))
    return [
        f"bounds     {least} to {most} bits, proven for all weights, over {counted(len(bits), 'partition')}",
        f"tight      over {tight} of them{' at least, by dimensions or pairs alone' if at_least else ''}",
        *_histogram(bits),
    ]


def _histogram(bits: FloatArray) -> list[str]:
    """A bar for each value, or for each of twelve ranges of equal width."""
    values, counts = np.unique(np.round(bits, 9), return_counts=True)
    labels = [f"{show_upper(float(value))} bits" for value in values]
    if len(values) > MOST_VALUES:
        counts, edges = np.histogram(bits, RANGES)
        labels = [f"{low:.4g} to {high:.4g} bits" for low, high in pairwise(edges)]
    longest = int(counts.max())
    bars = [("#" * -(-LONGEST_BAR * count // longest), str(count)) for count in counts.tolist()]
    return [f"  {line}" for line in aligned([(label, *bar) for label, bar in zip(labels, bars, strict=True)])]
