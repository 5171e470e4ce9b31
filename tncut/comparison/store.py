"""The store: one SQLite file, one row for each cell, committed as their chunks complete."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import FileError
from ..tools.numbers import exact_integer
from ..tools.words import shown, shown_name
from .lock import lock
from .measures import MEASURES, Job, Outcome, known_measure
from .rows import Row, kept_value

APPLICATION = 0x746E6375  # "tncu", in the header of the file
FORMAT = 1
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE architectures (id INTEGER PRIMARY KEY, name TEXT NOT NULL, spec TEXT NOT NULL, UNIQUE (name, spec));
CREATE TABLE partitions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE results (
    key TEXT PRIMARY KEY,
    architecture INTEGER NOT NULL REFERENCES architectures,
    partition INTEGER NOT NULL REFERENCES partitions,
    measure TEXT NOT NULL, seed INTEGER,
    status TEXT NOT NULL, value, bits REAL, kind TEXT NOT NULL, source TEXT NOT NULL, error TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE UNIQUE INDEX cell ON results (architecture, partition, measure, ifnull(seed, -1));
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
COMMIT;
"""
ORDER = " ".join(f"WHEN '{measure}' THEN {number}" for number, measure in enumerate(MEASURES))
ROWS = f"""
SELECT a.name, spec, p.name, measure, seed, status, value, bits, kind, source, error, seconds
FROM results JOIN architectures AS a ON a.id = architecture JOIN partitions AS p ON p.id = partition
WHERE ? IN (status, '') ORDER BY architecture, partition, CASE measure {ORDER} ELSE {len(MEASURES)} END, measure, seed
"""
# A row of an older algorithm has another key, but is the same cell: the new row replaces it.
INSERT = """
INSERT OR REPLACE INTO results VALUES (
    ?, (SELECT id FROM architectures WHERE name = ? AND spec = ?), (SELECT id FROM partitions WHERE name = ?),
    ?, ?, ?, ?, ?, ?, ?, ?, ?
)
"""
OTHERS = (".csv", ".json", ".jsonl", ".parquet", ".toml", ".png", ".svg", ".pdf", ".html")
GO_ON = "what was stored before is kept, and the same command goes on from there"


def check_name(path: Path | str) -> None:
    """A FileError unless this can be the name of a store."""
    if not isinstance(path, str | Path) or "\0" in str(path):
        raise FileError(f"{shown(path)} is no file name; name the store for example results.db")
    suffix = Path(path).suffix.lower()
    if suffix in OTHERS:
        raise FileError(
            f"{shown_name(path)}: the store is an SQLite file, no {suffix} file; name it for example results.db"
        )


class Store:
    """A store open for writing, by one run at a time; it is made if it is not there."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._unlock = lock(self.path)
        try:
            with _one_line(self.path):
                self._connection = sqlite3.connect(self.path)
                # This first read also undoes a first commit that a power cut ended.
                self._connection.execute("PRAGMA schema_version")
                if self.path.stat().st_size == 0:
                    self._connection.executescript(SCHEMA)
                _check(self._connection, self.path)
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            self._unlock()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # This moves the log beside the file into the file. While another process reads, or on a full disk, it stays.
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()
        self._unlock()

    def statuses(self) -> dict[str, str]:
        """The status of each key."""
        with _one_line(self.path):
            return _statuses(self._connection)

    def name_all(self, jobs: Sequence[Job]) -> None:
        """Note the architectures and partitions of these jobs, so that rows are read in their order."""
        nets = dict.fromkeys((job.architecture, job.spec) for job in jobs)
        splits = dict.fromkeys((job.partition,) for job in jobs)
        with _one_line(self.path), self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO architectures (name, spec) VALUES (?, ?)", nets)
            self._connection.executemany("INSERT OR IGNORE INTO partitions (name) VALUES (?)", splits)

    def add(self, jobs: Sequence[Job], found: Sequence[Sequence[Outcome]]) -> None:
        """Commit a row for each measure of these jobs, all or none."""
        rows = [row for job, outcomes in zip(jobs, found, strict=True) for row in _rows(job, outcomes)]
        with _one_line(self.path), self._connection:
            self._connection.executemany(INSERT, rows)


def _rows(job: Job, outcomes: Sequence[Outcome]) -> Iterator[tuple[Any, ...]]:
    for key, measure, found in zip(job.keys, job.measures, outcomes, strict=True):
        cell = (key, job.architecture, job.spec, job.partition, measure, job.seed)
        value = (kept_value(found.value), found.bits(measure), known_measure(measure).kind)
        yield (*cell, found.status, *value, found.source, found.error, found.seconds)


def stored_rows(path: Path | str, status: str = "") -> list[Row]:
    """The rows of a store by architecture, partition, measure and seed: all, or those of one status.

    A run may write to the store at the same time.
    """
    with _reading(Path(path)) as connection:
        connection.row_factory = _row
        return connection.execute(ROWS, (status,)).fetchall()


def stored_statuses(path: Path | str) -> dict[str, str]:
    """The status of each key of a store; empty if there is no such file, or if it is empty."""
    if not Path(path).exists() or not Path(path).stat().st_size:
        return {}
    with _reading(Path(path)) as connection:
        return _statuses(connection)


def _row(cursor: sqlite3.Cursor, columns: tuple[Any, ...]) -> Row:
    row = Row(*columns)
    return replace(row, value=exact_integer(row.value)) if isinstance(row.value, str) else row


def _statuses(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, status FROM results"))


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file() or not path.stat().st_size:
        raise FileError(
            f"cannot read {shown_name(path)}: there is no such file, or it is empty; tncut compare writes one"
        )
    with _one_line(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        _check(connection, path)
        yield connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """A FileError unless this is a whole store of this version."""
    if _pragma(connection, "application_id") != APPLICATION:
        raise FileError(f"{shown_name(path)} is no store of results, but another database; give another file")
    found = _pragma(connection, "user_version")
    if found != FORMAT:
        raise FileError(
            f"{shown_name(path)} was written by another version of tncut (format {found}, this one has {FORMAT}); "
            "give another file, or use that version"
        )
    # SQLite reads a last page that is cut short as if zeros followed.
    whole = path.stat().st_size % _pragma(connection, "page_size") == 0
    problem = _pragma(connection, "quick_check(1)") if whole else "a part of a page is missing"
    if problem != "ok":
        raise _damaged(path, f"malformed: {problem}")


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@contextmanager
def _one_line(path: Path) -> Iterator[None]:
    """Errors of the database as one line that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_CORRUPT:
            raise _damaged(path, str(error)) from None
        if code == sqlite3.SQLITE_NOTADB:
            raise FileError(
                f"{shown_name(path)} is no store of results, not even a database; give another file"
            ) from None
        raise FileError(f"cannot use {shown_name(path)}: {error}; {GO_ON}") from None


def _damaged(path: Path, how: str) -> FileError:
    return FileError(f"{shown_name(path)} is damaged, cut short or overwritten ({how}); give another file")
