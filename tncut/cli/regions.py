"""Bounds over whole families of regions."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import AsJson, Sites, loaded, show_result, show_results


@app.command()
def profile(
    architectures: Annotated[
        list[str], typer.Argument(metavar="ARCH", help="Gallery names, .toml, .json or .onnx files, or - (input).")
    ],
    family: Annotated[
        str,
        typer.Option(metavar="F", help="prefix, block, block:4x4, canonical, all, random:COUNT, ..."),
    ] = "prefix",
    sites: Sites = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Draw them too: a .png, .svg or .pdf file.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many work at once.")] = 1,
    as_json: AsJson = False,
) -> None:
    """The bound against the size of a region: area law, or volume law?"""
    from ..draw import picture_format, save_axes
    from ..draw import profile as draw_profile
    from ..proven import profile as profile_of

    if output is not None:
        picture_format(output)  # before anything is computed
    profiles = [profile_of(loaded(name, sites), family, workers=workers) for name in architectures]
    if output is not None:
        save_axes(draw_profile(profiles), output)
    show_results(found.to_dict() if as_json else str(found) for found in profiles)
    if output is not None and not as_json:
        show_result(f"\nwrote {output}")
