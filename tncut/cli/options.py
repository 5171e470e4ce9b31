"""What several commands share: their arguments, and how they print."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from ..tools.numbers import exact_json

Arch = Annotated[
    str, typer.Argument(metavar="ARCH", help="A gallery name, a .toml, .json or .graphml file, or - (standard input).")
]
Split = Annotated[
    str,
    typer.Option("--partition", "-p", metavar="P", help="odd-even, left-right, 0-3,8, block:0,0:2x2, mask:FILE, ..."),
]
Splits = Annotated[
    list[str],
    typer.Option(
        "--partition", "-p", metavar="P", help="As often as you like: odd-even, 0-3,8, canonical, mask:FILE, ..."
    ),
]
Surrogate = Annotated[
    bool, typer.Option("--surrogate", help="Bound a net without product gates by the same net with them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, integers exact.")]
Shared = Annotated[bool, typer.Option("--shared", help="Weights are shared across positions: no lower end is proven.")]


def show_results(contents: Iterable[str | dict[str, Any]]) -> None:
    """Print several results, with an empty line between texts."""
    for number, content in enumerate(contents):
        if number and isinstance(content, str):
            print()
        show_result(content)


def show_result(content: str | dict[str, Any]) -> None:
    """Print text as it is, and data as one line of JSON."""
    print(content if isinstance(content, str) else exact_json(content))
