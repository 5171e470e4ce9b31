"""Networks out, for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .completion import exports, partitions
from .options import Arch, show_result


@app.command()
def export(
    architecture: Arch,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORM", help="networkx-json, graphml, dot, einsum, quimb or dimacs.", autocompletion=exports
        ),
    ],
    partition: Annotated[
        str | None,
        typer.Option(
            "--partition", "-p", metavar="P", help="For dimacs: whose minimum cut it is.", autocompletion=partitions
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Standard output if not given.")
    ] = None,
) -> None:
    """Write the tensor network for other programs.

    A circuit is unfolded first. For graph libraries, einsum, quimb, and solvers of max-flow.
    """
    from ..export import text_of
    from ..formats import load
    from ..tools.files import write_whole

    text = text_of(load(architecture), to, partition)
    if output is None:
        show_result(text.rstrip("\n"))
        return
    write_whole(output, lambda part: part.write_text(text, encoding="utf-8"))
    show_result(f"wrote {output}")
