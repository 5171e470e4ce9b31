"""What several commands share: their arguments, how they load architectures, and how they print."""

import tomllib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import PartitionError, SpecError
from ..tools.numbers import exact_json
from ..tools.words import shown
from .completion import architectures, partitions, weights
from .working import put

if TYPE_CHECKING:
    from ..network import Specified

Arch = Annotated[
    str,
    typer.Argument(
        metavar="ARCH",
        help="A gallery name, a .toml, .json, .graphml or .onnx file, or - (input).",
        autocompletion=architectures,
    ),
]
Sites = Annotated[
    str | None,
    typer.Option(metavar="HxW", help="For an .onnx file: another grid of inputs, such as 32x32."),
]
Split = Annotated[
    str,
    typer.Option(
        "--partition",
        "-p",
        metavar="P",
        help="odd-even, left-right, 0-3,8, block:0,0:2x2, mask:FILE, ...",
        autocompletion=partitions,
    ),
]
Splits = Annotated[
    list[str],
    typer.Option(
        "--partition",
        "-p",
        metavar="P",
        help="As often as you like: odd-even, 0-3,8, canonical, mask:FILE, ...",
        autocompletion=partitions,
    ),
]
OneOf = Annotated[
    list[str],
    typer.Option(
        "--partition",
        "-p",
        metavar="P",
        help="One: odd-even, left-right, 0-3,8, mask:FILE, ...",
        autocompletion=partitions,
    ),
]
Surrogate = Annotated[
    bool, typer.Option("--surrogate", help="Bound a net without product gates by the same net with them.")
]
Archs = Annotated[
    list[str],
    typer.Argument(
        metavar="ARCH", help="Gallery names, .toml, .json or .onnx files, or - (input).", autocompletion=architectures
    ),
]
WeightKind = Annotated[
    str | None,
    typer.Option(
        "--weights",
        "-w",
        metavar="W",
        help="random (Gaussian; the default), orthogonal, uniform, non-negative, he, shared, identity, witness, or a "
        ".npz file; of a tensor network random, shared or given.",
        autocompletion=weights,
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of the weights that are drawn.")]
SharedWeights = Annotated[
    bool, typer.Option("--shared", help="Draw one matrix for all that a layer reads of another one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, integers exact.")]
Shared = Annotated[bool, typer.Option("--shared", help="Weights are shared across positions: no lower end is proven.")]


def loaded(source: str, sites: str | None = None) -> "Specified":
    """The architecture that an argument names, on other sites if they are given."""
    from ..formats import load

    return load(source, sites=grid_of(sites))


def only(partitions: Sequence[str], what: str) -> str:
    """The one partition that is given; a PartitionError if there are several."""
    if len(partitions) > 1:
        raise PartitionError(f"{what} shows one partition; --partition is given {len(partitions)} times")
    return partitions[0]


def grid_of(sites: str | None) -> tuple[int, ...] | None:
    """A grid such as 32x32."""
    if sites is None:
        return None
    lengths = sites.lower().split("x")
    if not all(length.isascii() and length.isdigit() and len(length) < 10 for length in lengths):
        raise SpecError(f"--sites {shown(sites)}: write a grid such as 32x32, or one number")
    return tuple(int(length) for length in lengths)


def show_results(contents: Iterable[str | dict[str, Any]]) -> None:
    """Print several results, with an empty line between texts."""
    for number, content in enumerate(contents):
        if number and isinstance(content, str):
            put("")
        show_result(content)


def show_result(content: str | dict[str, Any]) -> None:
    """Print text as it is, and data as one line of JSON."""
    put(content if isinstance(content, str) else exact_json(content))


def key_lists(option: str, texts: Iterable[str]) -> dict[str, list[Any]]:
    """Keys and their values, each KEY=V,V,..., as TOML has them; words need no quotes."""
    found: dict[str, list[Any]] = {}
    for text in texts:
        key, sign, values = (part.strip() for part in text.partition("="))
        if key in found:
            raise SpecError(f"{option} {key}: it is given twice; write all its values at once, {key}=V,V,...")
        words = values.split(",")
        if all(word.isidentifier() and word not in ("true", "false") for word in words):
            values = ",".join(f'"{word}"' for word in words)
        try:
            found[key] = tomllib.loads(f"values = [{values}]" if sign else "")["values"]
        except (KeyError, ValueError):
            raise SpecError(f"{option} {shown(text)}: write KEY=V,V,..., such as layers.0.channels=4,8,16") from None
    return found
