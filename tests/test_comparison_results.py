"""Rows chosen, tabulated and exported."""

import csv
import json
import math
import re
import sys
from dataclasses import replace

import pytest

from tncut.comparison import Row, compare, listing, make_sweep, pivot, read_results, write_table
from tncut.errors import FileError, MethodError
from tncut.formats import parse_spec
from tncut.proven import bound
from tncut.tools.numbers import exact_integer


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "results.db"
    sweep = make_sweep(
        ["tree-8", "ghz-6", "rectifier-average-6"],
        partitions=["odd-even", "left-right"],
        measures=["interval", "exact_rank", "parameters"],
        seeds=[0, 1],
        grids=[{"base": "tree-8", "site_dim": [3]}],
    )
    compare(sweep, path, workers=0)
    return path


def test_bounds_are_those_of_the_library(store):
    for row in read_results(store, ["measure=rank_bound", "status=done"]):
        architecture = parse_spec(row.spec, syntax="json")
        assert row.architecture == architecture.name
        assert row.value == bound(architecture, row.partition).rank_bound
        assert row.bits == math.log2(row.value)
        assert row.kind == "bound"


CONDITIONS = {
    "measure=rank_bound": lambda row: row.measure == "rank_bound",
    "measure!=rank_bound": lambda row: row.measure != "rank_bound",
    "architecture=tree*": lambda row: row.architecture.startswith("tree"),
    "architecture=*site_dim=3": lambda row: row.architecture.endswith("site_dim=3"),
    "status = failed": lambda row: row.status == "failed",
    "partition=": lambda row: not row.partition,
    "seed=1": lambda row: row.seed == 1,
    "seed!=1": lambda row: row.seed == 0,
    "value>8": lambda row: row.value is not None and row.value > 8,
    "value<=8": lambda row: row.value is not None and row.value <= 8,
    "bits>=2.5": lambda row: row.bits is not None and row.bits >= 2.5,
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_choose_the_rows_that_meet_them(store, condition):
    rows = read_results(store)
    assert read_results(store, condition) == [row for row in rows if CONDITIONS[condition](row)]
    assert read_results(store, ["status=done", condition]) == [
        row for row in rows if row.status == "done" and CONDITIONS[condition](row)
    ]
    assert 0 < len(read_results(store, condition)) < len(rows)


@pytest.mark.parametrize("condition", ["bits", "bit>3", "bits>x", "kind<3", "=3", "", "measure~rank"])
def test_conditions_that_are_none_are_one_line(store, condition):
    with pytest.raises(MethodError, match="condition") as error:
        read_results(store, condition)
    assert "\n" not in str(error.value)


def row(**changes):
    return replace(Row("net", "{}", "p", "rank_bound", None, "done", 4, 2.0, "bound", "", "", 0.1), **changes)


def test_a_table_has_every_row_in_its_cell(store):
    rows = read_results(store)
    tables = pivot(rows, "architecture:partition")
    assert [table.title for table in tables] == [
        f"{row.measure} ({row.kind})" for row in {row.measure: row for row in rows}.values()
    ]
    for table in tables:
        for (line, column), found in table.cells.items():
            assert {(r.architecture, r.partition or "-") for r in found} == {(line, column)}
    assert sum(len(found) for table in tables for found in table.cells.values()) == len(rows)
    (table,) = pivot(rows, "architecture:measure")
    assert {"rank_bound (bound)", "exact_rank (measurement)", "parameters (count)"} <= set(table.columns)


def test_tables_show_ends_and_failures():
    rows = [row(), row(seed=1, value=9), row(partition="q", status="failed", value=None)]
    rows += [
        row(partition="r"),
        row(partition="r", seed=1, status="failed", value=None),
        row(partition="s", value=2**70),
    ]
    (table,) = pivot(rows, "architecture:partition")
    assert re.split(r" {2,}", str(table).splitlines()[-1]) == ["net", "4 to 9", "failed", "4, 1 failed", "2^70"]
    values = {"p": [4, 9], "q": None, "r": [4, None], "s": 2**70}
    assert table.to_dicts() == [{"measure": "rank_bound (bound)", "architecture": "net"} | values]


def test_rows_show_themselves_in_one_short_line():
    assert repr(row(value=2**70)) == "<Row: net, p, rank_bound: 2^70>"
    assert repr(row(value=3 * 4**9000)) == "<Row: net, p, rank_bound: about 2^18001.58>"
    assert repr(row(partition="", measure="parameters", value=12)) == "<Row: net, parameters: 12>"
    assert repr(row(seed=3, value=0.123456789)) == "<Row: net, p, rank_bound, seed 3: 0.123457>"
    assert repr(row(value=None, status="failed")) == "<Row: net, p, rank_bound: failed>"


def test_names_given_to_two_specifications_are_told_apart():
    rows = [row(), row(spec='{"a": 1}', value=8)]
    (table,) = pivot(rows, "architecture:partition")
    assert table.lines == ["net", "net #2"]
    assert "net #2" in listing(rows)


@pytest.mark.parametrize("by", ["architecture", "archi:partition", "partition:partition", "", "a:b:c", "value:seed"])
def test_tables_that_are_none_are_one_line(by):
    with pytest.raises(MethodError, match="pivot"):
        pivot([row()], by)


def test_a_listing_says_of_each_value_what_it_is(store):
    lines = listing(read_results(store)).splitlines()
    for line, found in zip(lines[1:], read_results(store), strict=True):
        assert found.kind in line
        assert found.architecture in line
        assert (found.error or found.source) in line


def test_exports_hold_every_row_exactly(store, tmp_path):
    huge = 4**9000
    rows = [*read_results(store), row(value=huge), row(partition='a,\n"b', value=0.1, seed=0)]
    for suffix in ("csv", "jsonl"):
        write_table(rows, tmp_path / f"t.{suffix}")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [exact_integer(f["value"]) for f in found if f["measure"] == "rank_bound" and f["value"]][-2] == huge
    assert [f["partition"] for f in found] == [r.partition for r in rows]
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert [Row(**json.loads(line)) for line in (tmp_path / "t.jsonl").read_text().splitlines()] == rows
    finally:
        sys.set_int_max_str_digits(limit)


def test_parquet_holds_every_row_exactly(store, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [*read_results(store), row(value=4**9000)]
    write_table(rows, tmp_path / "t.parquet")
    found = parquet.read_table(tmp_path / "t.parquet").to_pylist()
    assert [Row(**f | {"value": None if f["value"] is None else exact_integer(f["value"])}) for f in found] == rows


def test_exports_are_written_whole_or_not_at_all(tmp_path):
    for name in ("t.xlsx", "none/t.csv"):
        with pytest.raises(FileError):
            write_table([row()], tmp_path / name)
    assert list(tmp_path.iterdir()) == []
