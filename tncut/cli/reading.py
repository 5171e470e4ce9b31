"""How the commands that take data read their samples: the options, once for all of them."""

import inspect
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .completion import one_of

if TYPE_CHECKING:
    from ..samples import Samples

DataFile = Annotated[
    str, typer.Argument(metavar="DATA", help="An .npz, .npy, .csv or .parquet file, or a folder of images.")
]
PATIENCE = 2.0  # seconds


@dataclass(frozen=True)
class Reading:
    """What the options say of the samples in a file."""

    label: Annotated[str | None, typer.Option(metavar="NAME", help="The column, or the array, of the labels.")] = None
    classes: Annotated[bool, typer.Option("--classes", help="The labels are classes: one more site.")] = False
    embedding: Annotated[
        str,
        typer.Option(
            metavar="E",
            help="angle, angle:THETA, fourier:K, gaussian:K, one-hot, vectors.",
            autocompletion=one_of("angle", "angle:", "fourier:", "gaussian:", "one-hot", "vectors"),
        ),
    ] = "angle"
    scale: Annotated[
        str,
        typer.Option(
            metavar="S",
            help="none, standard (each site), or range (all values, 0 to 1).",
            autocompletion=one_of("none", "standard", "range"),
        ),
    ] = "none"
    samples: Annotated[int | None, typer.Option(min=2, help="Draw so many of the samples.")] = None
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn from the samples.")] = 0

    def load(self, file: str) -> "Samples":
        """The samples of a file."""
        from ..samples import load_samples

        found = load_samples(file, label=self.label, embedding=self.embedding, scale=self.scale, classes=self.classes)
        return found if self.samples is None else found.drawn(self.samples, self.seed)


def reads_data(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose last parameter is a Reading, with the options of a Reading in its place."""
    own = list(inspect.signature(command).parameters.values())[:-1]
    options = [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type)
        for field in fields(Reading)
    ]

    @wraps(command)
    def run(**given: Any) -> None:
        reading = Reading(**{option.name: given.pop(option.name) for option in options})
        command(**given, reading=reading)

    parameters = [*own, *options]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(run)["__signature__"] = inspect.Signature(parameters)
    return run


def is_data(path: str) -> bool:
    """Whether a path is that of samples: a file of their kind, or a folder."""
    from ..samples import READERS

    return Path(path).suffix.lower() in READERS or Path(path).is_dir()


def progress() -> Callable[[str], None] | None:
    """Lines on a terminal, once the work has taken a while."""
    begun = time.monotonic()

    def watch(line: str) -> None:
        if time.monotonic() - begun > PATIENCE:
            print(line, file=sys.stderr, flush=True)

    return watch if sys.stderr.isatty() else None
