"""Rows of results as files."""

from collections.abc import Sequence
from pathlib import Path

from ..tools.tables import write_rows
from .rows import Row

COLUMNS = dict.fromkeys(Row.__slots__, "string") | {"seed": "int64", "bits": "float64", "seconds": "float64"}


def write_table(rows: Sequence[Row], path: Path | str) -> None:
    """Write rows to a .csv, .jsonl or .parquet file, integers exact; Parquet needs pyarrow and has values as text."""
    write_rows([row.to_dict() for row in rows], path, COLUMNS)
