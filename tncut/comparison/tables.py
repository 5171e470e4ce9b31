"""Rows as text: a list, or tables of one field by another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import MethodError
from ..tools.tables import aligned
from ..tools.words import nearest, shown
from .rows import Row, numbered, show_value

FIELDS = ("architecture", "partition", "measure", "seed", "kind", "status")
HEADER = ("architecture", "partition", "measure", "seed", "value", "bits", "kind", "source")

Groups = dict[tuple[str, str], list[Row]]


@dataclass(frozen=True)
class Table:
    """One field by another: each cell holds the rows with its two values."""

    title: str  # the measure and its kind; "" if the measure is one of the fields
    fields: tuple[str, str]  # the one of the lines, the one of the columns
    cells: Groups

    @property
    def lines(self) -> list[str]:
        return list(dict.fromkeys(line for line, _ in self.cells))

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(column for _, column in self.cells))

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary for each line; a value for each column, or a list where several rows fall into one cell."""
        head = {"measure": self.title} if self.title else {}
        return [head | {self.fields[0]: line} | self._values(line) for line in self.lines]

    def _values(self, line: str) -> dict[str, Any]:
        found = {column: [row.value for row in self.cells.get((line, column), [])] for column in self.columns}
        return {column: values[0] if len(values) == 1 else values for column, values in found.items() if values}

    def __str__(self) -> str:
        body = [[line, *(_cell(self.cells.get((line, c), [])) for c in self.columns)] for line in self.lines]
        head = [f"{self.fields[0]} \\ {self.fields[1]}", *self.columns]
        return "\n".join([*([self.title] if self.title else []), *aligned([head, *body])])


def pivot(rows: Sequence[Row], by: str) -> list[Table]:
    """Tables of one field by another: `by` is ROWS:COLUMNS, such as architecture:partition.

    One table for each measure, unless the measure is one of the two.
    """
    first, _, second = by.partition(":")
    for name in (first, second):
        if name not in FIELDS:
            hint = nearest(name, FIELDS)
            raise MethodError(f"pivot {shown(by)}: write ROWS:COLUMNS, such as architecture:partition; {hint}")
    if first == second:
        raise MethodError(f"pivot {shown(by)}: rows and columns are the same field")
    names = architecture_names(rows)
    tables: dict[str, Groups] = {}
    for row in rows:
        title = "" if "measure" in (first, second) else _label(row, "measure", names)
        cell = _label(row, first, names), _label(row, second, names)
        tables.setdefault(title, {}).setdefault(cell, []).append(row)
    return [Table(title, (first, second), cells) for title, cells in tables.items()]


def listing(rows: Sequence[Row]) -> str:
    """All rows as aligned columns; a failed one has its error in place of a source."""
    if not rows:
        return "no row meets these conditions"
    names = architecture_names(rows)
    return "\n".join(aligned([HEADER, *(_listed(row, names) for row in rows)]))


def architecture_names(rows: Iterable[Row]) -> dict[tuple[str, str], str]:
    """A name for each architecture; a name given to several specifications is numbered, the second as #2."""
    found = list(dict.fromkeys((row.architecture, row.spec) for row in rows))
    return dict(zip(found, numbered(name for name, _ in found), strict=True))


def _listed(row: Row, names: dict[tuple[str, str], str]) -> list[str]:
    seed = "" if row.seed is None else str(row.seed)
    bits = "" if row.bits is None else f"{row.bits:.6g}"
    value = "failed" if row.status == "failed" else show_value(row.value)
    name = names[row.architecture, row.spec]
    return [name, row.partition, row.measure, seed, value, bits, row.kind, row.error or row.source]


def _label(row: Row, field: str, names: dict[tuple[str, str], str]) -> str:
    """What a line or a column of a table is called, for the value that a row has in this field."""
    if field == "architecture":
        return names[row.architecture, row.spec]
    if field == "measure":
        return f"{row.measure} ({row.kind})"
    value = getattr(row, field)
    return "-" if value in (None, "") else str(value)


def _cell(rows: Sequence[Row]) -> str:
    """The value, or the smallest and the largest of several; and how many failed."""
    values = [row.value for row in rows if row.value is not None]
    failed = len(rows) - len(values)
    parts = []
    if values:
        least, most = show_value(min(values)), show_value(max(values))
        parts.append(least if least == most else f"{least} to {most}")
    if failed:
        parts.append("failed" if len(rows) == 1 else f"{failed} failed")
    return ", ".join(parts)
