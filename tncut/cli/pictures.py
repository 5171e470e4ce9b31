"""Pictures of many results."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .completion import measures, one_of
from .options import show_result


@app.command()
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A file of results, written by compare.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")],
    kind: Annotated[
        str,
        typer.Option(
            help="heatmap, pareto (against parameters) or profile.",
            autocompletion=one_of("heatmap", "pareto", "profile"),
        ),
    ] = "heatmap",
    measure: Annotated[
        str, typer.Option(help="rank_bound, rank_lower, entropy, ...: one with bits.", autocompletion=measures)
    ] = "rank_bound",
    architecture: Annotated[
        list[str] | None, typer.Option("--architecture", "-a", metavar="NAME", help="Only these; all of them if none.")
    ] = None,
    partition: Annotated[
        list[str] | None, typer.Option("--partition", "-p", metavar="P", help="Only these; all of them if none.")
    ] = None,
) -> None:
    """Draw the results of compare.

    Architectures by partitions, against parameters, or as profiles.
    """
    from ..comparison import read_results
    from ..draw import plot as plot_of
    from ..draw import save_axes, select

    rows = select(read_results(results), architecture or (), partition or ())
    save_axes(plot_of(rows, kind, measure=measure), output)
    show_result(f"wrote {output}")
