"""Bounds over whole families of regions."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .completion import partitions
from .options import Archs, AsJson, Seed, SharedWeights, Sites, WeightKind, loaded, show_result, show_results


@app.command()
def profile(
    architectures: Archs,
    family: Annotated[
        str,
        typer.Option(
            metavar="F",
            help="prefix, block, block:4x4, canonical, all, random:COUNT, ...",
            autocompletion=partitions,
        ),
    ] = "prefix",
    sites: Sites = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Draw them too: a .png, .svg or .pdf file.")
    ] = None,
    measured: Annotated[
        bool, typer.Option("--measured", help="Measure the entropy of weights over each region, too.")
    ] = False,
    weights: WeightKind = None,
    seed: Seed = 0,
    shared: SharedWeights = False,
    workers: Annotated[int, typer.Option(min=1, help="How many work at once.")] = 1,
    as_json: AsJson = False,
) -> None:
    """The bound against region size: area law, or volume law?"""
    from ..draw import picture_format, save_axes
    from ..draw import profile as draw_profile
    from ..proven import profile as profile_of

    if output is not None:
        picture_format(output)  # before anything is computed
    built = [loaded(name, sites) for name in architectures]
    if measured:
        from ..verification import measure_profile

        profiles = [measure_profile(net, family, weights=weights, seed=seed, shared=shared) for net in built]
    else:
        profiles = [profile_of(net, family, workers=workers) for net in built]
    if output is not None:
        save_axes(draw_profile(profiles), output)
    show_results(found.to_dict() if as_json else str(found) for found in profiles)
    if output is not None and not as_json:
        show_result(f"\nwrote {output}")
