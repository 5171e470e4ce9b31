"""Networks out, for other programs; and the arrangement of their sites."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import Arch, AsJson, show_result


@app.command()
def export(
    architecture: Arch,
    to: Annotated[
        str, typer.Option("--to", metavar="FORM", help="networkx-json, graphml, dot, einsum, quimb or dimacs.")
    ],
    partition: Annotated[
        str | None, typer.Option("--partition", "-p", metavar="P", help="For dimacs: whose minimum cut it is.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Standard output if not given.")
    ] = None,
) -> None:
    """Write the tensor network, a circuit unfolded, for other programs: graphs, einsum, quimb, max-flow solvers."""
    from ..export import text_of
    from ..formats import load
    from ..tools.files import write_whole

    text = text_of(load(architecture), to, partition)
    if output is None:
        show_result(text.rstrip("\n"))
        return
    write_whole(output, lambda part: part.write_text(text, encoding="utf-8"))
    show_result(f"wrote {output}")


@app.command()
def arrange(
    architecture: Arch,
    order: Annotated[bool, typer.Option("--order", help="An order, as for an MPS, instead of a tree.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it as JSON to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The binary tree, or the order, of the sites whose largest cut is smallest, and whether that is proven."""
    from ..formats import load
    from ..proven.arrangement import arrange as arrange_sites
    from ..tools.files import write_whole
    from ..tools.numbers import exact_json

    found = arrange_sites(load(architecture), form="order" if order else "tree")
    if output is not None:
        write_whole(output, lambda part: part.write_text(exact_json(found.to_dict()) + "\n", encoding="utf-8"))
    show_result(found.to_dict() if as_json else str(found))
    if output is not None and not as_json:
        show_result(f"wrote {output}")
