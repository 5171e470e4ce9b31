"""The bounds of many partitions as a table with a summary."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ...tools.numbers import show_integer, show_upper
from ...tools.tables import aligned
from ...tools.words import counted

if TYPE_CHECKING:
    from .bounds import Bounds

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
LONGEST_BAR = 40  # letters


def rows(found: "Bounds", places: "list[int] | None" = None) -> list[dict[str, Any]]:
    """A row for each partition at these places, or for all of them, integers exact."""
    chosen = list(range(len(found))) if places is None else places
    lower = found.lower_bounds if places is None else found.lower_bounds_at(places)
    return [
        {
            "partition": found.partition(place).name,
            "rank_lower": least.rank,
            "rank_bound": found.ranks[place],
            "entropy_bound_bits": float(found.bits[place]),
            "tight": least.rank == found.ranks[place] or None,
            "upper": found.upper_bounds[place].name,
            "lower": least.proof,
        }
        for place, least in zip(chosen, lower, strict=True)
    ]


def text(found: "Bounds", top: int) -> str:
    """A line for each partition; of many, those with the `top` largest and the `top` smallest bounds; and a summary."""
    order = np.argsort(-found.bits, kind="stable").tolist()
    many = len(found) > 2 * top
    shown = [*order[:top], *order[len(order) - top :]] if many else list(range(len(found)))
    lines = aligned([HEADER, *map(_cells, rows(found, shown))])
    if many:
        lines.insert(top + 1, f"... {len(found) - 2 * top} more")
    return "\n".join([*lines, *_summary(found)])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    ranks = show_integer(row["rank_lower"]), show_integer(row["rank_bound"])
    bits = f"{show_upper(row['entropy_bound_bits'])} bits"
    return (row["partition"], *ranks, bits, "yes" if row["tight"] else "open", row["upper"], row["lower"])


def _summary(found: "Bounds") -> list[str]:
    """How many partitions have how much, and how many bounds are tight."""
    if not len(found):
        return []
    reached = int(np.count_nonzero(found.solved.reached))
    least, most = (show_upper(float(bits)) for bits in (found.bits.min(), found.bits.max()))
    return [
        f"bounds     {least} to {most} bits, proven for all weights, over {counted(len(found), 'partition')}",
        f"tight      over {reached} of them at least, where dimensions or pairs prove that the bound is reached",
        *_histogram(found.bits),
    ]


def _histogram(bits: "np.ndarray[Any, np.dtype[np.float64]]") -> list[str]:
    """A bar for each value, or for each of twelve ranges of equal width."""
    values, counts = np.unique(np.round(bits, 6), return_counts=True)
    labels = [f"{value:g} bits" for value in values]
    if len(values) > MOST_VALUES:
        counts, edges = np.histogram(bits, RANGES)
        labels = [f"{low:.4g} to {high:.4g} bits" for low, high in pairwise(edges)]
    longest = int(counts.max())
    bars = [("#" * -(-LONGEST_BAR * count // longest), str(count)) for count in counts.tolist()]
    return [f"  {line}" for line in aligned([(label, *bar) for label, bar in zip(labels, bars, strict=True)])]
