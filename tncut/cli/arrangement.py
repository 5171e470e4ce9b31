"""The arrangement of sites: those of a network by its cuts, those of data by their entanglement."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import MethodError
from ..tools.words import shown_name
from .app import app
from .options import AsJson, show_result
from .reading import Reading, is_data, reads_data

if TYPE_CHECKING:
    from ..proven.arrangement import Arrangement, Placement
    from ..samples import Ordering


@app.command()
@reads_data
def arrange(
    source: Annotated[
        str,
        typer.Argument(
            metavar="ARCH|DATA", help="A network, or an .npz, .npy, .csv or .parquet file, or a folder of images."
        ),
    ],
    order: Annotated[
        bool, typer.Option("--order", help="Of a network: an order, as for an MPS, instead of a tree.")
    ] = False,
    partition: Annotated[
        list[str] | None,
        typer.Option("--partition", "-p", metavar="P", help="Of a network: serve these partitions; any order or tree."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it as JSON; or, of data, a network on its tree (.toml)."
        ),
    ] = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """The tree or order of sites with little entanglement.

    Of a network: the binary tree, or the order, whose largest cut is smallest, and whether that is proven. With
    partitions: the order of the sites in the network, or the mode tree of a tree network, that makes the smallest rank
    bound over them largest.

    Of data: an order of the sites, on their line or grid, with less entanglement over dyadic partitions, before and
    after on samples kept apart. Its halves are a tree: -o net.toml writes a network on it, as wide as entropies ask.
    """
    from ..formats import load, save_spec
    from ..proven.arrangement import arrange as arrange_sites
    from ..proven.arrangement import place_sites
    from ..samples import order_sites
    from ..tools.files import write_whole
    from ..tools.numbers import exact_json

    toml = output is not None and output.suffix.lower() == ".toml"
    found: Arrangement | Ordering | Placement
    if is_data(source):
        found = order_sites(reading.load(source), seed=reading.seed)
        network = found.network() if toml else None
    elif toml:
        raise MethodError(
            f"-o {shown_name(output)}: a .toml file is for the tree of data; write that of a network as JSON"
        )
    elif partition:
        found, network = place_sites(load(source), partition, form="order" if order else "tree"), None
    else:
        found, network = arrange_sites(load(source), form="order" if order else "tree"), None
    if output is not None and network is not None:
        save_spec(network, output)
    elif output is not None:
        write_whole(output, lambda part: part.write_text(exact_json(found.to_dict()) + "\n", encoding="utf-8"))
    show_result(found.to_dict() if as_json else str(found))
    if output is not None and not as_json:
        show_result(f"wrote {output}")
