"""The commands of batches: compare and results, their plan, their exit codes, and one clear line for each mistake."""

import io
import json
import re
import time

import pytest

from tncut.comparison import make_sweep, read_results
from tncut.comparison.measures import Outcome
from tncut.comparison.plan import plan_of
from tncut.comparison.progress import Bar, Lines, progress_on

ARGUMENTS = ("tree-8", "shallow-16", "-p", "odd-even", "-p", "left-right", "-m", "interval", "-m", "parameters")


def test_compare_fills_a_store_that_results_shows(run, tmp_path):
    store = tmp_path / "results.db"
    code, out, err = run("compare", *ARGUMENTS, "-o", store, "--workers", "1")
    assert (code, out.startswith(f"{store}: 10 cells; 10 computed in")) == (0, True)
    assert err.startswith("10 cells (2 architectures, 2 partitions): 10 to compute")
    assert err.splitlines()[-1].startswith("10 of 10 cells, ")
    assert "0 computed" in run("compare", *ARGUMENTS, "-o", store)[1]
    rows = read_results(store)
    assert [json.loads(line) for line in run("results", store, "--json")[1].splitlines()] == [
        row.to_dict() for row in rows
    ]
    listed = run("results", store, "--where", "measure=rank_lower")[1].splitlines()
    assert listed[0].split() == ["architecture", "partition", "measure", "seed", "value", "bits", "kind", "source"]
    assert len(listed) == 1 + 4
    tables = run("results", store, "--pivot", "architecture:partition")[1]
    titles = [line for line in tables.splitlines() if re.fullmatch(r"\w+ \(\w+\)", line)]
    assert titles == ["rank_bound (bound)", "rank_lower (proven)", "parameters (count)"]
    lines = run("results", store, "--pivot", "architecture:partition", "--where", "measure=rank_bound", "--json")[1]
    values = {(row.architecture, row.partition): row.value for row in rows if row.measure == "rank_bound"}
    for line in map(json.loads, lines.splitlines()):
        for split in ("odd-even", "left-right"):
            assert line[split] == values[line["architecture"], split]
    assert run("results", store, "-o", tmp_path / "t.csv") == (0, f"wrote 10 rows to {tmp_path}/t.csv\n", "")


def test_a_dry_run_shows_the_plan_and_writes_nothing(run, tmp_path):
    store = tmp_path / "results.db"
    code, out, err = run("compare", *ARGUMENTS, "-o", store, "--dry-run")
    assert (code, out, err) == (
        0,
        "10 cells (2 architectures, 2 partitions): 10 to compute\n",
        "",
    )
    assert list(tmp_path.iterdir()) == []
    run("compare", "tree-8", "-p", "odd-even", "-o", store, "--workers", "0")
    out = run("compare", *ARGUMENTS, "-o", store, "--dry-run")[1]
    assert out.startswith("10 cells (2 architectures, 2 partitions): 2 done already, 8 to compute")


def test_arguments_and_file_give_the_same_sweep(run, tmp_path):
    text = 'architectures = ["tree-8"]\npartitions = ["odd-even"]\nmeasures = ["entropy"]\nseeds = [1, 2]\n'
    (tmp_path / "sweep.toml").write_text(text + "[grid]\nsite_dim = [2, 3]\n")
    arguments = ("-p", "odd-even", "-m", "entropy", "--seed", "1", "--seed", "2", "--grid", "site_dim=2,3")
    assert run("compare", tmp_path / "sweep.toml", "-o", tmp_path / "results.db", "--workers", "0")[0] == 0
    out = run("compare", "tree-8", *arguments, "-o", tmp_path / "results.db", "--dry-run")[1]
    assert out.startswith("4 cells (2 architectures, 1 partition): 4 done already, 0 to compute")


def test_failed_cells_are_listed_with_exit_code_one_until_they_are_tried_again(run, tmp_path):
    store = tmp_path / "results.db"
    arguments = ("rectifier-average-6", "tree-8", "-p", "canonical", "-m", "rank_bound", "-o", store, "--workers", "0")
    for first in (True, False):
        code, out, err = run("compare", *arguments)
        assert (code, "2 of them failed" in out) == (1, True)
        assert err.count("failed: rectifier-average-6, alternating:") == 2
        assert ("2 failed before (--retry-failed computes them again)" in err) is not first
    assert "2 computed" in run("compare", *arguments, "--retry-failed")[1]
    many = ("-p", "all", "--memory", "1KB", "-m", "exact_rank")
    _, _, err = run("compare", "tree-8", *many, "-o", tmp_path / "many.db", "--workers", "0")
    assert err.count("failed: ") == 20
    assert f"and 108 more: tncut results {tmp_path}/many.db --where status=failed" in err
    assert (
        run("results", store, "--where", "status=failed", "--pivot", "architecture:partition")[1].count("failed") == 2
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "deep-17", "-p", "odd-even"], "there is no architecture 'deep-17'"),
        (["compare", "deep-16"], "partitions: none are given"),
        (["compare", "deep-16", "-p", "oddeven"], "partitions[0], for architecture 'deep-16': unknown partition"),
        (["compare", "deep-16", "-p", "odd-even", "-m", "rank_bond"], "measures[0]: unknown 'rank_bond'; did you mean"),
        (["compare", "deep-16", "-p", "odd-even", "--grid", "layers.0.channels"], "--grid 'layers.0.channels': write"),
        (["compare", "deep-16", "-p", "odd-even", "--grid", "layers.0.channels=4;5"], "write KEY=V,V,..."),
        (["compare", "deep-16", "-p", "odd-even", "--grid", "channels.0=4"], "leads nowhere at 'channels'"),
        (
            ["compare", "deep-16", "-p", "odd-even", "--grid", "site_dim=2", "--grid", "site_dim=3"],
            "--grid site_dim: it is given twice",
        ),
        (["compare", "deep-16", "sweep.toml"], "tncut: sweep.toml and the other arguments"),
        (["compare", "deep-16", "-p", "odd-even", "--memory", "2"], "--memory '2': write a size such as"),
        (["compare", "sweep.toml", "-p", "odd-even"], "sweep.toml and the other arguments"),
        (["compare", "sweep.toml"], "sweep.toml: unknown key 'partition'; did you mean 'partitions'?"),
        (
            ["compare", "deep-16", "-p", "odd-even", "--workers", "1", "--scheduler", "tcp://127.0.0.1:1"],
            "one of the two",
        ),
    ],
)
def test_mistakes_are_one_line_with_exit_code_one_and_nothing_written(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sweep.toml").write_text('architectures = ["deep-16"]\npartition = ["odd-even"]\n')
    code, out, err = run(*arguments, "-o", "results.db")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("tncut: ")
    assert message in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["sweep.toml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.db"], "cannot read none.db"),
        (["text.db"], "not even a database"),
        (["results.db", "--where", "rank>3"], "unknown condition 'rank>3'"),
        (["results.db", "--pivot", "architecture"], "write ROWS:COLUMNS"),
        (["results.db", "-o", "table.csv", "--json"], "--pivot and --json are for standard output"),
        (["results.db", "-o", "table.xls"], "table.xls: the name of a table ends in .csv"),
        (["results.db", "-o", "none/table.csv"], "cannot write none/table.csv"),
    ],
)
def test_results_that_cannot_be_shown_are_one_line(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    run("compare", "tree-8", "-p", "odd-even", "-o", "results.db", "--workers", "0")
    (tmp_path / "text.db").write_text("no database " * 100)
    code, out, err = run("results", *arguments)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["results.db", "text.db"]


@pytest.mark.parametrize("kind", [Lines, Bar])
def test_progress_tells_the_plan_the_rate_and_the_time_left(kind, monkeypatch):
    plan = plan_of(make_sweep(["tree-8"], partitions=["all"], measures=["rank_bound"]))
    stream, clock = io.StringIO(), iter(range(0, 10**6, 15))
    monkeypatch.setattr("tncut.comparison.progress.time.monotonic", lambda: next(clock))
    progress = kind(stream)
    progress.start(plan)
    for status in ["done"] * 60 + ["failed"] * 4:
        progress.advance([Outcome(status)])
    progress.stop()
    text = stream.getvalue()
    assert text.startswith(f"{plan}\n")
    assert re.search(r"4 failed, [\d.]+ cells/s, \d+ (s|min)|4 failed, .* h", text)
    if kind is Lines:
        assert "64 of 128 cells, 4 failed" in text.splitlines()[-1]


def test_a_cell_that_came_too_soon_for_a_line_is_told_later_and_once(monkeypatch):
    plan = plan_of(make_sweep(["tree-8"], partitions=["all"], measures=["rank_bound"]))
    stream, now = io.StringIO(), [0.0]
    monkeypatch.setattr("tncut.comparison.progress.time.monotonic", lambda: now[0])
    progress = Lines(stream)
    progress.start(plan)
    for now[0] in (1.0, 11.0, 30.0):
        progress.advance([Outcome("done")] * (now[0] == 1))
    assert stream.getvalue().splitlines()[1:] == ["1 of 128 cells, 0.0909 cells/s, 23 min left"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_shows_every_cell_as_soon_as_it_is_done(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    plan = plan_of(make_sweep(["tree-8"], partitions=["all"], measures=["rank_bound"]))
    terminal = Terminal()
    progress = progress_on(terminal)
    progress.start(plan)
    for done in range(1, 6):
        progress.advance([Outcome("done")])
        end = time.monotonic() + 5
        while f" {done}/128" not in terminal.getvalue():
            assert time.monotonic() < end, done
            time.sleep(0.01)
    progress.stop()


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "parquet", "toml", "png", "svg", "pdf", "html", "CSV"])
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_store_is_not_named_like_another_format(run, tmp_path, suffix, more):
    path = tmp_path / f"out.{suffix}"
    code, out, err = run("compare", "tree-8", "-p", "odd-even", "-o", path, *more)
    told = f"tncut: {path}: the store is an SQLite file, no .{suffix.lower()} file; name it for example results.db\n"
    assert (code, out, err) == (1, "", told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.txt", "page", "x.svg"])
def test_a_page_is_named_html_before_anything_is_computed(run, tmp_path, monkeypatch, name):
    monkeypatch.setattr("tncut.draw.page.explore", None)
    code, out, err = run("explore", "deep-16", "-o", tmp_path / name)
    assert (code, out, err) == (1, "", f"tncut: {tmp_path / name}: the name of a page ends in .html or .htm\n")
    assert list(tmp_path.iterdir()) == []
