"""Many architectures at once: compare computes a table that lasts, results shows and exports it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import MethodError, SpecError
from ..tools.words import counted, shown
from .app import app
from .completion import architectures, measures, partitions
from .options import AsJson, key_lists, show_result, show_results
from .working import make_way

if TYPE_CHECKING:
    from ..comparison import Sweep

MOST_LISTED = 20  # failed cells
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}


@app.command()
def compare(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="ARCH",
            help="Gallery names and files; or one .toml file with a sweep.",
            autocompletion=architectures,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The store; a run goes on in it.")],
    partition: Annotated[
        list[str] | None,
        typer.Option(
            "--partition", "-p", metavar="P", help="As often as you like; also families.", autocompletion=partitions
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            "-m",
            metavar="M",
            help="interval (the default: rank_bound, rank_lower), symmetric_bound, entropy, exact_rank, "
            "cost (parameters, multiply_adds), shared_parameters; test_accuracy:TASK and others of trained networks.",
            autocompletion=measures,
        ),
    ] = None,
    seed: Annotated[list[int] | None, typer.Option(help="Of random weights; as often as you like. 0 if none.")] = None,
    grid: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=V,V,...", help="Vary a key of every architecture: layers.0.channels=4,8,16."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes; one for each core if not given, 0 for no others.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a Dask cluster, such as tcp://127.0.0.1:8786.")
    ] = None,
    memory: Annotated[
        str, typer.Option(metavar="SIZE", help="For each worker, such as 500MB; only Linux enforces it.")
    ] = "2GB",
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Compute failed cells again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, compute and write nothing.")] = False,
) -> None:
    """Compare architectures x partitions x measures.

    A row for each, in a store that outlives whatever ends the run. Given again, the command computes only what is
    missing. The exit code is 1 if cells failed.
    """
    from ..comparison import compare as compare_all
    from ..comparison import preview, progress_on

    sweep = _sweep(sources, grid, {"partitions": partition, "measures": measure, "seeds": seed})
    limit = _bytes(memory)
    if dry_run:
        show_result(str(preview(sweep, output, retry_failed=retry_failed)))
        return
    make_way()
    try:
        done = compare_all(
            sweep,
            output,
            workers=workers,
            scheduler=scheduler,
            memory=limit,
            retry_failed=retry_failed,
            progress=progress_on(sys.stderr),
        )
    except KeyboardInterrupt:
        print(f"tncut: interrupted; what is done is in {output}, the same command goes on", file=sys.stderr)
        raise SystemExit(130) from None
    show_result(str(done))
    for row in done.failed[:MOST_LISTED]:
        seed_text = "" if row.seed is None else f", seed {row.seed}"
        over = f", {row.partition}" if row.partition else ""
        print(f"failed: {row.architecture}{over}, {row.measure}{seed_text}: {row.error}", file=sys.stderr)
    if len(done.failed) > MOST_LISTED:
        more = len(done.failed) - MOST_LISTED
        print(f"and {more} more: tncut results {output} --where status=failed", file=sys.stderr)
    if done.failed:
        raise SystemExit(1)


@app.command()
def results(
    store: Annotated[Path, typer.Argument(metavar="FILE", help="A file of results, written by compare.")],
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help="Only rows like measure=rank_bound, architecture=deep*, bits>=8."),
    ] = None,
    pivot: Annotated[
        str | None, typer.Option(metavar="ROWS:COLUMNS", help="Tables, such as architecture:partition.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Export to a .csv, .jsonl or .parquet file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or export the rows of a comparison.

    As a list, or as tables of one field by another.
    """
    from ..comparison import listing, read_results, write_table
    from ..comparison import pivot as pivot_of

    if output is not None and (pivot is not None or as_json):
        raise MethodError("-o writes all rows to a file; --pivot and --json are for standard output")
    rows = read_results(store, where or ())
    if output is not None:
        write_table(rows, output)
        show_result(f"wrote {counted(len(rows), 'row')} to {output}")
    elif pivot is not None:
        tables = pivot_of(rows, pivot)
        show_results([line for table in tables for line in table.to_dicts()] if as_json else map(str, tables))
    elif as_json:
        show_results(row.to_dict() for row in rows)
    else:
        show_result(listing(rows))


def _sweep(sources: Sequence[str], grid: Sequence[str] | None, lists: dict[str, Any]) -> "Sweep | str":
    """The file of a sweep, or the one that the arguments make."""
    from ..comparison import is_sweep, make_sweep

    given = {key: values for key, values in lists.items() if values}
    if not any(is_sweep(source) for source in sources):
        return make_sweep(sources, grids=[key_lists("--grid", grid)] if grid else [], **given)
    if len(sources) > 1 or grid or given:
        file = next(filter(is_sweep, sources))
        raise SpecError(f"{file} and the other arguments: a sweep is one file that says all, or none")
    return sources[0]


def _bytes(text: str) -> int:
    """A size such as 500MB, in bytes."""
    number, unit = text[:-2], text[-2:].upper()
    if unit not in UNITS or not number.strip().isdecimal() or not int(number):
        raise SpecError(f"--memory {shown(text)}: write a size such as 500MB or 2GB")
    return int(number) * UNITS[unit]
