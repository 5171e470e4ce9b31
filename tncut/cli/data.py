"""The entanglement of data, and the networks that it asks for."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import AsJson, loaded, show_result, show_results
from .reading import DataFile, Reading, progress, reads_data

Over = Annotated[
    list[str] | None,
    typer.Option("--partition", "-p", metavar="P", help="As often as you like; dyadic if none is given."),
]
Picture = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Draw them too: a .png, .svg or .pdf file.")
]


@app.command()
@reads_data
def data(file: DataFile, partition: Over = None, as_json: AsJson = False, *, reading: Reading) -> None:
    """The entanglement of samples over partitions.

    Entropies and ranks in bits, measured, with error bars.
    """
    from ..samples import data_entanglement

    found = data_entanglement(reading.load(file), partitions=partition or "dyadic", seed=reading.seed, watch=progress())
    if as_json:
        show_results(demand.to_dict() for demand in found)
    else:
        show_result(str(found))


@app.command()
@reads_data
def match(
    file: DataFile,
    architectures: Annotated[list[str], typer.Argument(metavar="ARCH", help="Gallery names, or files.")],
    partition: Over = None,
    measure: Annotated[str, typer.Option(help="The demand: entropy, renyi2 or rank.")] = "entropy",
    output: Picture = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """What data ask for beside what each network has.

    The demand of the data beside the proven interval of each network: cannot, can, or open, for each partition.
    """
    from ..draw import demands, picture_format, save_axes
    from ..samples import data_entanglement
    from ..samples import match as match_of

    if output is not None:
        picture_format(output)  # before anything is computed
    nets = [loaded(name) for name in architectures]
    table = reading.load(file)
    match_of(table, nets, "prefix:1")  # whether they fit, before the data are measured
    measured = data_entanglement(table, partitions=partition or "dyadic", seed=reading.seed, watch=progress())
    found = match_of(measured, nets, measure=measure)
    if output is not None:
        save_axes(demands(found), output)
    if as_json:
        show_results(row.to_dict() for row in found)
    else:
        show_result(str(found))
        if output is not None:
            show_result(f"wrote {output}")
