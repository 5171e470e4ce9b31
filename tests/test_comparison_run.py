"""Runs: every executor gives the same table, and no end of a run, a worker or a scheduler loses or doubles a row."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tncut.architectures import ConvAC, Layer
from tncut.comparison import Sweep, compare, make_sweep, preview, read_results, write_table
from tncut.comparison.chunks import MOST_JOBS, SECONDS, SHORT_SECONDS, Chunks
from tncut.comparison.executors import Local, Serial
from tncut.comparison.measures import ALGORITHM, Outcome, run_jobs
from tncut.comparison.plan import plan_of
from tncut.comparison.run import DIED, Run
from tncut.errors import ExtraError, FileError, MethodError
from tncut.formats import load
from tncut.proven import bound
from tncut.proven.batch.solvers import ByTree

ROOT = Path(__file__).parents[1]
DEADLY = {3, 11}  # seeds
TOML = """
partitions = ["odd-even", "left-right", "canonical"]
measures = ["interval", "entropy", "cost"]
seeds = [0, 1]
[grid]
base = "tree-8"
site_dim = [2, 3]
channels = [2, 3, 4, 5, 6, 7, 8, 9]
"""


def deadly(jobs, memory, algorithm):
    """Work that ends its process at some seeds."""
    for job in jobs:
        if job.seed in DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
    return run_jobs(jobs, memory, algorithm)


def table(path):
    """The rows of a store, without times."""
    return [replace(row, seconds=0.0) for row in read_results(path)]


def command(*arguments, **options):
    """A command line in a process group of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    return subprocess.Popen([sys.executable, "-m", "tncut", *map(str, arguments)], **streams | options)


def processes(group):
    """The processes of a group that are there, the ended ones not counted."""
    shown = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in shown.splitlines()]
    return [row for row in rows if int(row[0]) == group and row[1][0] != "Z"]


def until(test, seconds):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweep") / "sweep.toml"
    path.write_text(TOML)
    return path


@pytest.fixture(scope="module")
def serial(sweep):
    """The table as one process computes it, one cell after the other."""
    path = sweep.with_name("serial.db")
    compare(sweep, path, workers=0)
    return table(path)


def test_several_processes_give_the_table_of_one(sweep, serial, tmp_path):
    done = compare(sweep, tmp_path / "results.db", workers=2)
    assert table(tmp_path / "results.db") == serial
    assert (done.cells, done.computed, done.failed) == (len(serial), len(serial), ())
    assert repr(done) == f"<Comparison: results.db, {len(serial)} cells, {len(serial)} computed, 0 failed>"
    assert len({row.identity for row in serial}) == len(serial) == 16 * (5 * (2 + 2) + 2)


def test_what_is_there_is_not_computed_again_and_a_longer_sweep_adds_to_it(sweep, serial, tmp_path):
    path = tmp_path / "results.db"
    (tmp_path / "short.toml").write_text(TOML.replace("site_dim = [2, 3]", "site_dim = [3]"))
    first = compare(tmp_path / "short.toml", path, workers=0)
    before = {row.identity: row.seconds for row in read_results(path)}
    plan = preview(sweep, path)
    assert (plan.done, plan.missing, plan.cells) == (first.cells, len(serial) - first.cells, len(serial))
    assert compare(sweep, path, workers=0).computed == plan.missing
    assert sorted(table(path), key=repr) == sorted(serial, key=repr)
    assert before.items() <= {row.identity: row.seconds for row in read_results(path)}.items()


@pytest.mark.kills
def test_runs_killed_at_any_moment_and_resumed_lose_and_double_no_row(sweep, serial, tmp_path):
    path, rng = tmp_path / "results.db", random.Random(0)
    counts = [0]
    for _ in range(3):
        with command("compare", sweep, "-o", path, "--workers", "2") as run:
            time.sleep(rng.uniform(0.6, 1.6))
            run.kill()
        counts.append(len(read_results(path)) if path.exists() and path.stat().st_size else 0)
        until(lambda group=run.pid: not processes(group), 30)
    assert counts == sorted(counts)
    compare(sweep, path, workers=0)
    assert table(path) == serial


@pytest.mark.kills
def test_an_interrupted_run_keeps_what_is_done_and_says_how_to_go_on(sweep, serial, tmp_path):
    path = tmp_path / "results.db"
    with command("compare", sweep, "-o", path, "--workers", "2") as run:
        until(lambda: path.exists() and path.stat().st_size and read_results(path), 20)
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=20)
    if run.returncode == 130:  # it may have been quicker
        assert f"what is done is in {path}, the same command goes on" in err
        assert out == ""
    assert "Traceback" not in err
    until(lambda: not processes(run.pid), 30)
    assert read_results(path)
    compare(sweep, path, workers=0)
    assert table(path) == serial


def finished(jobs, executor):
    """The outcomes of all jobs, each recorded once."""
    found = {}

    def record(chunk, outcomes):
        for job, of_job in zip(chunk, outcomes, strict=True):
            assert job.keys not in found
            found[job.keys] = of_job

    with closing(executor):
        Run(jobs, executor, record, lambda: None).finish()
    return [found[job.keys] for job in jobs]


def check_deadly(jobs, found):
    for job, outcomes in zip(jobs, found, strict=True):
        if job.seed in DEADLY:
            assert outcomes == [Outcome.failure(DIED)]
        else:
            assert [outcome.status for outcome in outcomes] == ["done"]


@pytest.mark.kills
@pytest.mark.parametrize("workers", [1, 2])
def test_a_cell_that_ends_its_worker_fails_and_all_others_complete(workers):
    jobs = plan_of(make_sweep(["tree-8"], partitions=["odd-even"], measures=["entropy"], seeds=range(16))).jobs
    check_deadly(jobs, finished(jobs, Local(workers, work=deadly)))


@pytest.mark.kills
def test_cells_that_raise_or_exceed_memory_stop_no_others_and_may_be_tried_again(tmp_path):
    path = tmp_path / "results.db"
    heavy = ConvAC(sites=2**20, site_dim=3, layers=[Layer(channels=2, window="all")], name="heavy")
    light = make_sweep(["shallow-16", "rectifier-average-6"], partitions=["odd-even"]).architectures
    sweep = Sweep(architectures=(heavy, *light), partitions=("odd-even",), measures=("rank_bound", "entropy"))
    done = compare(sweep, path, workers=2, memory=200 * 10**6)
    failed = {(row.architecture, row.measure): row.error for row in done.failed}
    if sys.platform == "linux":
        # Python is told that memory is at its end, a library in C++ may end its process instead.
        for measure in ("rank_bound", "entropy"):
            assert re.search("does not fit into memory, 200 MB|worker died .* out of memory", failed["heavy", measure])
    assert "says nothing about relu-average gates; tncut verify" in failed["rectifier-average-6", "rank_bound"]
    assert [row.architecture for row in read_results(path, "status=done")] == ["shallow-16"] * 2
    again = compare(sweep, path, workers=0, memory=200 * 10**6)
    assert (again.computed, again.failed) == (0, done.failed)
    retried = compare(replace(sweep, architectures=light), path, workers=0, retry_failed=True)
    assert retried.computed == len(retried.failed) == 2


def test_work_that_cannot_be_done_at_all_is_one_line(tmp_path):
    jobs = plan_of(make_sweep(["tree-8"], partitions=["odd-even"])).jobs
    with pytest.raises(MethodError, match="another version of tncut"):
        finished(jobs, Serial(work=lambda jobs, memory, algorithm: run_jobs(jobs, memory, algorithm + 1)))
    with pytest.raises(MethodError, match="the workers cannot compute: ZeroDivisionError"):
        finished(jobs, Local(1, work=divided))
    for options, message in (
        ({"workers": 1, "scheduler": "tcp://127.0.0.1:1"}, "give one of the two"),
        ({"scheduler": "nonsense"}, "missing port number"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "cannot reach the scheduler"),
    ):
        pytest.importorskip("distributed")
        with pytest.raises(MethodError, match=message):
            compare(make_sweep(["tree-8"], partitions=["odd-even"]), tmp_path / "results.db", **options)
    assert list(tmp_path.iterdir()) == []


def divided(jobs, memory, algorithm):
    return 1 / 0


@pytest.mark.parametrize("seconds", [1e-4, 0.02, 5.0])
def test_chunks_take_about_equal_times_and_lose_no_job(seconds):
    jobs = plan_of(make_sweep(["tree-8"], partitions=["0"], measures=["entropy"], seeds=range(3000))).jobs
    chunks, taken, sizes = Chunks(jobs), [], []
    while chunks:
        chunk = chunks.take(2)
        taken += chunk
        sizes.append(len(chunk))
        chunks.measured(chunk[0], [Outcome("done", seconds=seconds)])
    assert taken == list(jobs)
    assert sizes[0] == 1
    assert sizes[-1] * seconds <= max(seconds, SHORT_SECONDS + seconds)
    assert max(sizes) <= MOST_JOBS
    assert max(sizes) * seconds <= max(seconds, SECONDS + seconds)
    assert max(sizes[len(sizes) // 2 :]) <= 3000 / 8
    if seconds < 1e-3:
        assert len(sizes) < 200


@pytest.mark.parametrize("seconds", [1e-5, 1e-4, 1e-3, 0.05])
def test_a_chunk_divides_an_architecture_only_if_it_holds_no_other(seconds):
    splits = [f"random:seed={seed}" for seed in range(30)]
    grid = {"base": "tree-8", "channels": list(range(1, 41))}
    jobs = plan_of(make_sweep([], grids=[grid], partitions=splits, measures=["interval", "cost"])).jobs
    chunks, taken = Chunks(jobs), []
    while chunks:
        chunk = chunks.take(1)
        taken += chunk
        last = (chunk[-1].spec, chunk[-1].computation)
        rest = [job for job in jobs[len(taken) :] if (job.spec, job.computation) == last]
        assert not rest or all((job.spec, job.computation) == last for job in chunk)
        for job in chunk:
            chunks.measured(job, [Outcome("done", seconds=seconds)])
    assert taken == list(jobs)


MIXED = ["deep-16", "gap-9", "overlap-1d-12", "residual-8", "recurrent-8", "mixed-16", "ring-4", "peps-6x6", "ghz-6"]


@pytest.mark.parametrize("name", [*MIXED, "rectifier-average-6"])
def test_cells_computed_together_are_those_computed_alone_and_those_of_reports(name):
    splits = ["odd-even", "left-right", "random:seed=0"]
    jobs = plan_of(make_sweep([name], partitions=splits, measures=["interval", "symmetric_bound"])).jobs
    together = [[replace(cell, seconds=0.0) for cell in job] for job in run_jobs(jobs, 10**9, ALGORITHM)]
    alone = [run_jobs([job], 10**9, ALGORITHM)[0] for job in jobs]
    assert together == [[replace(cell, seconds=0.0) for cell in job] for job in alone]
    if name == "rectifier-average-6":
        assert all("says nothing about relu-average gates" in cell.error for job in together for cell in job)
        return
    for split, cells in zip(splits, together, strict=True):
        report = bound(load(name), split)
        symmetric = report.symmetric or report.unfolded_cut
        assert [(cell.value, cell.source) for cell in cells] == [
            (report.rank_bound, report.best.name),
            (report.rank_lower, report.lower.source),
            (symmetric.rank_bound, "symmetric cut" if report.symmetric else "minimum cut"),
        ]


@pytest.mark.parametrize("error", [MemoryError, MethodError("not this one"), ZeroDivisionError])
def test_one_cell_that_fails_among_cells_computed_together_is_one_failure(monkeypatch, error):
    jobs = plan_of(make_sweep(["deep-16"], partitions=["canonical"], measures=["interval"])).jobs
    expected = run_jobs(jobs, 10**9, ALGORITHM)
    solve = ByTree.solve

    def fails_at_odd_even(solver, packed, *, details):
        if (packed == np.packbits([True, False] * 8)).all(axis=1).any():
            raise error
        return solve(solver, packed, details=details)

    monkeypatch.setattr(ByTree, "solve", fails_at_odd_even)
    found = run_jobs(jobs, 10**9, ALGORITHM)
    for job, cells, others in zip(jobs, found, expected, strict=True):
        if job.sides == bytes([True, False] * 8):
            assert [cell.status for cell in cells] == ["failed", "failed"]
        else:
            assert [(cell.value, cell.source) for cell in cells] == [(cell.value, cell.source) for cell in others]


@contextmanager
def cluster(folder):
    """A scheduler and two workers on the loopback, and the address; all are stopped."""
    where = folder / "scheduler.json"
    tail = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", where)
    quick = {"SCHEDULER__ALLOWED_FAILURES": "0", "COMM__TIMEOUTS__CONNECT": "2s"}
    environment = os.environ | {f"DASK_DISTRIBUTED__{key}": value for key, value in quick.items()}
    environment["PYTHONPATH"] = str(ROOT)
    program = [sys.executable, "-m", "dask"]
    options = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [subprocess.Popen([*program, "scheduler", "--port", "0", *tail], start_new_session=True, **options)]
    try:
        started += [
            subprocess.Popen([*program, "worker", "--nthreads", "1", *tail], start_new_session=True, **options)
            for _ in range(2)
        ]
        until(where.exists, 20)
        yield re.search(r"tcp://127\.0\.0\.1:\d+", where.read_text())[0], started
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


CLIENT = """
from tests.test_comparison_run import *
from tncut.comparison.executors import Cluster
jobs = plan_of(make_sweep(["tree-8"], partitions=["odd-even"], measures=["entropy"], seeds=range(40))).jobs
check_deadly(jobs, finished(jobs, Cluster(sys.argv[1], work=deadly)))
"""


@pytest.mark.kills
def test_a_cluster_gives_the_same_table_and_survives_cells_that_end_workers_and_its_own_end(sweep, serial, tmp_path):
    pytest.importorskip("distributed")
    with cluster(tmp_path) as (address, started):
        with command("compare", sweep, "-o", tmp_path / "results.db", "--scheduler", address) as run:
            assert "Traceback" not in run.communicate(timeout=60)[1]
        assert table(tmp_path / "results.db") == serial
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, address], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        path = tmp_path / "cut.db"
        with command("compare", sweep, "-o", path, "--scheduler", address) as run:
            until(lambda: path.exists() and path.stat().st_size and read_results(path), 20)
            os.killpg(started[0].pid, signal.SIGKILL)
            _, err = run.communicate(timeout=10)
        if run.returncode:  # it may have been quicker
            assert "is gone; what was stored before is kept, and the same command goes on" in err
            assert "Traceback" not in err
    compare(sweep, path, workers=0)
    assert table(path) == serial


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        *(("workers", value, "it must be an integer from 0") for value in (-1, 1.5, "2", True)),
        *(("memory", value, "it must be an integer from 1") for value in (0, 1.5, "2GB", None)),
        ("scheduler", 8786, "it must be an address such as tcp://127.0.0.1:8786"),
    ],
)
def test_options_that_cannot_be_are_one_line_and_nothing_is_written(tmp_path, key, value, message):
    sweep = make_sweep(["tree-8"], partitions=["odd-even"])
    with pytest.raises(MethodError, match=f"^{key} is .*; {message}$"):
        compare(sweep, tmp_path / "results.db", **{key: value})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [5, None, "a\0b"])
def test_a_store_has_a_name(name):
    for call in (compare, preview):
        with pytest.raises(FileError, match=r"is no file name; name the store for example results\.db$"):
            call(make_sweep(["tree-8"], partitions=["odd-even"]), name)


@pytest.mark.parametrize(("module", "extra"), [("dask", "dask"), ("pyarrow", "parquet")])
def test_an_extra_that_is_not_there_is_named_as_it_is_installed(tmp_path, monkeypatch, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    sweep = make_sweep(["tree-8"], partitions=["odd-even"])
    calls = {
        "dask": lambda: compare(sweep, tmp_path / "results.db", scheduler="tcp://127.0.0.1:1"),
        "parquet": lambda: write_table([], tmp_path / "t.parquet"),
    }
    told = re.escape(f'install the extra {extra} (pip install "tncut[{extra}]", or ".[{extra}]" in a clone)')
    with pytest.raises(ExtraError, match=told):
        calls[extra]()
    assert list(tmp_path.iterdir()) == []
