"""Rows as files: CSV, JSON lines, Parquet; whole or not at all."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..errors import ExtraError, FileError
from ..tools.files import write_whole
from ..tools.numbers import exact_json
from ..tools.words import install_hint, shown_name
from .rows import Row, kept_value


def write_table(rows: Sequence[Row], path: Path | str) -> None:
    """Write rows to a .csv, .jsonl or .parquet file, integers exact; Parquet needs pyarrow and has values as text."""
    path = Path(path)
    if path.suffix not in WRITERS:
        raise FileError(f"{shown_name(path)}: a table of results ends in {', '.join(WRITERS)}")
    write_whole(path, lambda part: WRITERS[path.suffix](rows, part))


def _write_csv(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, Row.__slots__)
        writer.writeheader()
        writer.writerows(_texts(row) for row in rows)


def _write_json_lines(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{exact_json(row.to_dict())}\n" for row in rows)


def _write_parquet(rows: Sequence[Row], path: Path) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExtraError(f"Parquet needs pyarrow; {install_hint('parquet')}; .csv and .jsonl need nothing") from None
    types = {"seed": pyarrow.int64(), "bits": pyarrow.float64(), "seconds": pyarrow.float64()}
    columns = [(name, types.get(name, pyarrow.string())) for name in Row.__slots__]
    table = [_texts(row) | {"value": None if row.value is None else str(kept_value(row.value))} for row in rows]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table, schema=pyarrow.schema(columns)), path)


def _texts(row: Row) -> dict[str, Any]:
    return row.to_dict() | {"value": kept_value(row.value)}


WRITERS: dict[str, Callable[[Sequence[Row], Path], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_json_lines,
    ".parquet": _write_parquet,
}
