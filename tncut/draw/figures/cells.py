"""Rows of results, gathered for pictures: bits by architecture and partition."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from ...comparison import Row
from ...comparison.rows import numbered
from ...errors import ResultsError
from ...tools.words import shown
from .charts import short_names

NAMES = {
    "rank_bound": "rank bound",
    "rank_lower": "proven lower rank",
    "symmetric_bound": "symmetric rank bound",
    "entropy": "entanglement entropy",
    "exact_rank": "exact rank",
}
KINDS = {"bound": "upper bound, proven", "proven": "lower end, proven", "measurement": "measured, random weights"}
# Of several seeds each proves its end of the interval, so the best one counts; measured values have a mean.
OF_SEEDS: dict[str, Callable[[list[float]], float]] = {"bound": min, "proven": max, "measurement": fmean}

Net = tuple[str, str]  # the name of an architecture, and its specification: names may be given twice


@dataclass(frozen=True)
class Cells:
    """The bits of one measure, for every architecture and partition in the order of the rows."""

    measure: str
    nets: tuple[Net, ...]
    partitions: tuple[str, ...]
    bits: dict[tuple[Net, str], float]
    failed: frozenset[tuple[Net, str]]
    seeds: int  # the most in one cell
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], measure: str) -> "Cells":
        """The cells of one measure; a ResultsError if none of its rows has bits."""
        chosen = [row for row in rows if row.measure == measure]
        values: dict[tuple[Net, str], list[float]] = {}
        kind: dict[tuple[Net, str], str] = {}
        for row in chosen:
            if row.status == "done" and row.bits is not None and math.isfinite(row.bits):
                cell = (net_of(row), row.partition)
                values.setdefault(cell, []).append(row.bits)
                kind[cell] = row.kind
        if not values:
            raise ResultsError(_nothing_to_draw(rows, measure))
        return cls(
            measure=measure,
            nets=tuple(dict.fromkeys(net_of(row) for row in chosen)),
            partitions=tuple(dict.fromkeys(row.partition for row in chosen)),
            bits={cell: OF_SEEDS.get(kind[cell], fmean)(found) for cell, found in values.items()},
            failed=frozenset((net_of(row), row.partition) for row in chosen if row.status == "failed") - values.keys(),
            seeds=max(map(len, values.values())),
            kinds=tuple(sorted(set(kind.values()))),
        )

    @property
    def name(self) -> str:
        """The measure in words."""
        return NAMES.get(self.measure, self.measure.replace("_", " "))

    @property
    def label(self) -> str:
        """For an axis: the measure with its unit."""
        return f"{self.name}, bits" if self.measure == "entropy" else f"{self.name}, bits (log₂)"

    @property
    def title(self) -> str:
        """The measure, and whether it is a bound or measured."""
        facts = [KINDS.get(kind, kind) for kind in self.kinds]
        if self.seeds > 1:
            facts.append(f"{'mean' if 'measurement' in self.kinds else 'best'} of {self.seeds} seeds")
        return f"{self.name[0].upper()}{self.name[1:]} ({'; '.join(facts)})"


def net_of(row: Row) -> Net:
    return row.architecture, row.spec


def net_names(nets: Sequence[Net]) -> list[str]:
    """A short name for each architecture, all different."""
    return numbered(short_names([name or "circuit" for name, _ in nets]))


def select(rows: Sequence[Row], architectures: Iterable[str] = (), partitions: Iterable[str] = ()) -> list[Row]:
    """The rows of these architectures and partitions, in the order given; nothing given: all of them."""
    check_rows(rows)
    nets, splits = list(architectures), list(partitions)
    _check_names("architecture", nets, {row.architecture for row in rows})
    _check_names("partition", splits, {row.partition for row in rows})
    kept = [row for row in rows if not nets or row.architecture in nets]
    return [row for row in kept if not splits or row.partition in splits]


def check_rows(rows: object) -> None:
    """A ResultsError unless these are rows of results."""
    if not isinstance(rows, Sequence) or not all(isinstance(row, Row) for row in rows):
        raise ResultsError(f"{shown(rows)} is no list of rows, such as tncut.read_results returns")


def _check_names(kind: str, names: list[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ResultsError(f"no row has the {kind} {shown(name)}; {_listed(f'{kind}s', known)}")


def _nothing_to_draw(rows: Sequence[Row], measure: str) -> str:
    if not rows:
        return "there are no rows to draw"
    drawable = {row.measure for row in rows if row.status == "done" and row.bits is not None}
    failed = sum(row.measure == measure and row.status == "failed" for row in rows)
    because = f" ({failed} of its cells failed)" if failed else ""
    return f"no row has bits for the measure {shown(measure)}{because}; {_listed('measures with bits', drawable)}"


def _listed(what: str, known: set[str], most: int = 8) -> str:
    """The first of all known names, in one line."""
    names = sorted(known)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{what} there: {', '.join(names[:most])}{more}" if names else f"there are no {what}"
