"""The store: what is put in comes out, one row for each cell, one writer, one clear line for a file that is none."""

import random
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tncut.comparison import compare, make_sweep, read_results
from tncut.comparison.measures import ALGORITHM, Job, Outcome, run_jobs
from tncut.comparison.plan import plan_of
from tncut.comparison.store import Store, stored_statuses
from tncut.errors import FileError

SWEEP = make_sweep(
    ["deep-16", "shallow-16", "tree-8"], partitions=["odd-even", "left-right"], measures=["interval", "cost"]
)
JOB = Job("net", "{}", "odd-even", b"\1\0", "bound", None, ("rank_bound",), ("key",))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished store."""
    path = tmp_path_factory.mktemp("store") / "results.db"
    compare(SWEEP, path, workers=0)
    return path


def add_all(store, jobs):
    for job in jobs:
        store.add([job], [[Outcome("done", 3, "some source")]])


@settings(deadline=None, max_examples=20)
@given(
    st.integers(0, 10**6000),
    st.one_of(st.none(), st.integers(0, 2**63 - 1)),
    st.text(min_size=1).filter(str.isprintable),
)
def test_rows_come_out_as_they_were_put_in(tmp_path_factory, value, seed, name):
    path = tmp_path_factory.mktemp("rows") / "results.db"
    job = replace(JOB, architecture=name, partition=name, seed=seed)
    with Store(path) as store:
        store.name_all([job])
        store.add([job], [[Outcome("done", value, "a source", seconds=0.5)]])
    (row,) = read_results(path)
    assert (row.architecture, row.spec, row.partition, row.measure, row.seed) == (name, "{}", name, "rank_bound", seed)
    assert (row.status, row.value, row.kind, row.source, row.error) == ("done", value, "bound", "a source", "")
    assert row.bits is None if value == 0 else 2 ** (row.bits % 1) == pytest.approx(value / 2 ** int(row.bits))


def test_measured_bits_come_out_as_they_were_put_in(tmp_path):
    path, values = tmp_path / "results.db", [0.1, 2.5, 3.0, 1e-300]
    jobs = [replace(JOB, measures=("entropy",), seed=seed, keys=(str(seed),)) for seed in range(len(values))]
    with Store(path) as store:
        store.name_all(jobs)
        store.add(jobs, [[Outcome("done", value)] for value in values])
    found = [(row.value, row.bits, type(row.value)) for row in read_results(path)]
    assert found == [(value, value, float) for value in values]


def test_a_cell_computed_by_a_newer_algorithm_replaces_the_old_row(tmp_path):
    path = tmp_path / "results.db"
    for key, value in (("old", 1), ("new", 2)):
        with Store(path) as store:
            store.name_all([JOB])
            store.add([replace(JOB, keys=(key,))], [[Outcome("done", value)]])
    assert [row.value for row in read_results(path)] == [2]
    assert stored_statuses(path) == {"new": "done"}


def test_rows_are_in_the_order_of_the_sweep_however_they_were_computed(tmp_path, whole):
    path = tmp_path / "results.db"
    jobs = list(plan_of(SWEEP).jobs)
    with Store(path) as store:
        store.name_all(jobs)
        random.Random(0).shuffle(jobs)
        store.add(jobs, run_jobs(jobs, 10**9, ALGORITHM))
    assert [replace(row, seconds=0) for row in read_results(path)] == [
        replace(row, seconds=0) for row in read_results(whole)
    ]


def test_the_rows_of_a_chunk_are_kept_together_or_not_at_all(tmp_path):
    path = tmp_path / "results.db"
    unnamed = replace(JOB, partition="never named", keys=("other",))
    with Store(path) as store:
        store.name_all([JOB])
        with pytest.raises(FileError, match="what was stored before is kept"):
            store.add([JOB, unnamed], [[Outcome("done", 3)], [Outcome("done", 4)]])
        assert store.statuses() == {}
        store.add([JOB], [[Outcome("done", 3)]])
    assert stored_statuses(path) == {"key": "done"}


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path):
    path = tmp_path / "results.db"
    code = f"from tncut.comparison.store import Store\nStore({str(path)!r})"
    with Store(path) as store:
        store.name_all([JOB])
        store.add([JOB], [[Outcome("done", 3)]])
        with pytest.raises(FileError, match=r"results\.db is being written by another run"):
            Store(path)
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "is being written by another run" in other.stderr
        assert [row.value for row in read_results(path)] == [3]
    with Store(path):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.db"]


def test_a_store_cut_short_anywhere_is_one_line_and_is_left_alone(tmp_path, whole):
    size = whole.stat().st_size
    cuts = [1, 50, 99, 100, 4095, 4096, 4097, size - 4096, size - 1, *random.Random(0).sample(range(size), 20)]
    for cut in cuts:
        path = tmp_path / "cut.db"
        path.write_bytes(whole.read_bytes()[:cut])
        for call in (read_results, Store, stored_statuses):
            with pytest.raises(FileError, match=r"cut\.db is (damaged|no store)") as error:
                call(path)
            assert "\n" not in str(error.value)
        assert path.read_bytes() == whole.read_bytes()[:cut]


def test_other_files_are_one_line_and_are_left_alone(tmp_path, whole):
    text, other, later = (tmp_path / name for name in ("text.db", "other.db", "later.db"))
    text.write_text("this is no database\n" * 100)
    shutil.copy(whole, later)
    for path, change in ((other, "CREATE TABLE a (b)"), (later, "PRAGMA user_version = 9")):
        connection = sqlite3.connect(path)
        connection.execute(change)
        connection.close()
    for path, message in (
        (text, "not even a database"),
        (other, "no store of results"),
        (later, "another version of tncut"),
    ):
        before = path.read_bytes()
        for call in (read_results, Store):
            with pytest.raises(FileError, match=message):
                call(path)
        assert path.read_bytes() == before
    for path in (tmp_path / "none.db", tmp_path):
        with pytest.raises(FileError, match=r"cannot read .* no such file"):
            read_results(path)
    for path, message in ((tmp_path, "it is a folder"), (tmp_path / "none" / "x.db", "No such file")):
        with pytest.raises(FileError, match=f"cannot write .*{message}"):
            Store(path)


def on_a_small_disk(path, connect=sqlite3.connect):
    connection = connect(path)
    connection.execute("PRAGMA max_page_count = 60")
    return connection


def test_a_full_disk_is_one_line_and_the_store_stays_whole(tmp_path, monkeypatch):
    path = tmp_path / "results.db"
    jobs = [replace(JOB, partition=str(k), keys=(str(k),)) for k in range(2000)]
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", on_a_small_disk)
        with Store(path) as store:
            store.name_all(jobs)
            with pytest.raises(FileError, match="database or disk is full; what was stored before is kept"):
                add_all(store, jobs)
    stored = len(read_results(path))
    assert 0 < stored < 2000
    with Store(path) as store:
        add_all(store, jobs[stored:])
    assert [row.partition for row in read_results(path)] == [job.partition for job in jobs]
