"""Models of other tools as architectures."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import Sites, grid_of, show_result


@app.command("import")
def import_model(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="An .onnx file.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .toml or .json file.")],
    sites: Sites = None,
    site_dim: Annotated[
        int | None, typer.Option(min=1, help="The dimension of each site; the channels of the input if not given.")
    ] = None,
    pooling: Annotated[str, typer.Option(help="product, or sum.")] = "product",
    open_output: Annotated[bool, typer.Option("--open-output", help="The scores are one more site.")] = False,
) -> None:
    """Write the ConvAC surrogate of a model.

    As a specification, with what was replaced and dropped.     Nothing is executed, and no weights are read.
    PyTorch: torch.onnx.export(model, (example,), "model.onnx").
    """
    from ..formats import from_onnx, save_spec

    found = from_onnx(model, grid_of(sites), site_dim=site_dim, pooling=pooling, open_output=open_output)
    found.circuit()
    save_spec(found, output)
    show_result("\n".join([*found.notes, f"wrote {output}"]))
