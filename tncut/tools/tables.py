"""Rows as aligned text, and as files: CSV, JSON lines, Parquet; whole or not at all."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ExtraError, FileError
from .files import write_whole
from .numbers import exact_json, exact_text
from .words import install_hint, shown_name

Row = Mapping[str, Any]
Columns = Mapping[str, str]  # name -> type in Parquet; string for integers with any number of digits


def aligned(lines: Sequence[Sequence[str]], *, right: bool = False) -> list[str]:
    """Columns of equal width, two spaces apart; `right`: each text at the right of its column."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    put = str.rjust if right else str.ljust
    return ["  ".join(map(put, line, widths)).rstrip() for line in lines]


def write_rows(rows: Sequence[Row], path: Path | str, columns: Columns) -> None:
    """Write rows to a .csv, .jsonl or .parquet file, integers exact; Parquet needs pyarrow and has them as text."""
    path = Path(path)
    check_table_name(path)
    write_whole(path, lambda part: WRITERS[path.suffix](rows, part, columns))


def check_table_name(path: Path | str) -> None:
    """A FileError if no table can be written to a file of this name."""
    if Path(path).suffix not in WRITERS:
        raise FileError(f"{shown_name(path)}: the name of a table ends in {', '.join(WRITERS)}")


def _write_csv(rows: Sequence[Row], path: Path, columns: Columns) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({key: _kept(value) for key, value in row.items()} for row in rows)


def _write_json_lines(rows: Sequence[Row], path: Path, columns: Columns) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{exact_json(dict(row))}\n" for row in rows)


def _write_parquet(rows: Sequence[Row], path: Path, columns: Columns) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExtraError(f"Parquet needs pyarrow; {install_hint('parquet')}; .csv and .jsonl need nothing") from None
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in columns.items()])
    table = [
        {key: _as_text(value) if columns[key] == "string" else value for key, value in row.items()} for row in rows
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table, schema=schema), path)


def _kept(value: Any) -> Any:
    """An integer as text with all its digits."""
    return exact_text(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_text(value: Any) -> str | None:
    return None if value is None else str(_kept(value))


WRITERS: dict[str, Callable[[Sequence[Row], Path, Columns], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_json_lines,
    ".parquet": _write_parquet,
}
