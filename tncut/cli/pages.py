"""The interactive page of an architecture."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import FileError
from ..tools.words import shown_name
from .app import app
from .completion import partitions
from .options import Arch, Sites, loaded, only, show_result

SUFFIXES = (".html", ".htm")


@app.command()
def explore(
    architecture: Arch,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="An .html file.")],
    partition: Annotated[
        list[str] | None,
        typer.Option(
            "--partition", "-p", metavar="P", help="What the page opens with; odd-even.", autocompletion=partitions
        ),
    ] = None,
    sites: Sites = None,
) -> None:
    """Write an interactive page, one file, offline.

    Click sites, change dimensions, see the cut move. The page computes what `tncut bound` does, exactly: minimum cuts
    of networks of up to 8192 tensors, and symmetric cuts of circuits of up to 2000 units that re-use units or add
    vectors. Other gates than the product have none.
    """
    from ..draw.page import explore as page_of
    from ..tools.files import write_whole

    if output.suffix.lower() not in SUFFIXES:
        raise FileError(f"{shown_name(output)}: the name of a page ends in {' or '.join(SUFFIXES)}")
    opened = only(partition or ["odd-even"], "a page")
    html = page_of(loaded(architecture, sites), partition=opened)
    write_whole(output, lambda part: part.write_text(html, encoding="utf-8"))
    show_result(f"wrote {output}")
