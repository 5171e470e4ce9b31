"""The entanglement of data, and the networks that it asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .options import AsJson, Seed, loaded, show_result, show_results

if TYPE_CHECKING:
    from ..samples import Samples

DataFile = Annotated[
    str, typer.Argument(metavar="DATA", help="An .npz, .npy, .csv or .parquet file, or a folder of images.")
]
Over = Annotated[
    list[str] | None,
    typer.Option("--partition", "-p", metavar="P", help="As often as you like; dyadic if none is given."),
]
Label = Annotated[str | None, typer.Option(metavar="NAME", help="The column, or the array, of the labels.")]
Classes = Annotated[bool, typer.Option("--classes", help="The labels are classes: one more site.")]
Embedded = Annotated[
    str, typer.Option("--embedding", metavar="E", help="angle, angle:THETA, fourier:K, gaussian:K, one-hot, vectors.")
]
Scale = Annotated[str, typer.Option(metavar="S", help="none, standard (each site), or range (all values, 0 to 1).")]
Count = Annotated[int | None, typer.Option("--samples", min=2, help="Draw so many of the samples.")]
Picture = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Draw them too: a .png, .svg or .pdf file.")
]


@app.command()
def data(
    file: DataFile,
    partition: Over = None,
    label: Label = None,
    classes: Classes = False,
    embedding: Embedded = "angle",
    scale: Scale = "none",
    samples: Count = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """The entanglement of samples over partitions: entropies and ranks in bits, measured, with error bars."""
    from ..samples import data_entanglement

    table = samples_of(file, label, classes, embedding, scale, samples, seed)
    found = data_entanglement(table, partitions=partition or "dyadic", seed=seed)
    if as_json:
        show_results(demand.to_dict() for demand in found)
    else:
        show_result(str(found))


@app.command()
def match(
    file: DataFile,
    architectures: Annotated[list[str], typer.Argument(metavar="ARCH", help="Gallery names, or files.")],
    partition: Over = None,
    measure: Annotated[str, typer.Option(help="The demand: entropy, renyi2 or rank.")] = "entropy",
    label: Label = None,
    classes: Classes = False,
    embedding: Embedded = "angle",
    scale: Scale = "none",
    samples: Count = None,
    seed: Seed = 0,
    output: Picture = None,
    as_json: AsJson = False,
) -> None:
    """The demand of data beside the proven interval of each network: cannot, can, or open, for each partition."""
    from ..draw import demands, picture_format, save_axes
    from ..samples import data_entanglement
    from ..samples import match as match_of

    if output is not None:
        picture_format(output)  # before anything is computed
    nets = [loaded(name) for name in architectures]
    table = samples_of(file, label, classes, embedding, scale, samples, seed)
    match_of(table, nets, "prefix:1")  # whether they fit, before the data are measured
    found = match_of(data_entanglement(table, partitions=partition or "dyadic", seed=seed), nets, measure=measure)
    if output is not None:
        save_axes(demands(found), output)
    if as_json:
        show_results(row.to_dict() for row in found)
    else:
        show_result(str(found))
        if output is not None:
            show_result(f"wrote {output}")


def samples_of(
    file: str, label: str | None, classes: bool, embedding: str, scale: str, count: int | None, seed: int
) -> "Samples":
    """The samples that the arguments name."""
    from ..samples import load_samples

    found = load_samples(file, label=label, embedding=embedding, scale=scale, classes=classes)
    return found if count is None else found.drawn(count, seed)
