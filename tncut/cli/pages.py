"""The interactive page of an architecture."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import FileError
from ..tools.words import shown_name
from .app import app
from .completion import partitions
from .options import Arch, Sites, loaded, show_result

SUFFIXES = (".html", ".htm")


@app.command()
def explore(
    architecture: Arch,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="An .html file.")],
    partition: Annotated[
        str, typer.Option("--partition", "-p", metavar="P", help="What the page opens with.", autocompletion=partitions)
    ] = "odd-even",
    sites: Sites = None,
) -> None:
    """Write an interactive page, one file, offline.

    Click sites, change dimensions, see the cut move. The page computes cuts of unfolded networks of up to 8192
    tensors, exactly. Sums and other gates have none.
    """
    from ..draw.page import explore as page_of
    from ..tools.files import write_whole

    if output.suffix.lower() not in SUFFIXES:
        raise FileError(f"{shown_name(output)}: the name of a page ends in {' or '.join(SUFFIXES)}")
    html = page_of(loaded(architecture, sites), partition=partition)
    write_whole(output, lambda part: part.write_text(html, encoding="utf-8"))
    show_result(f"wrote {output}")
