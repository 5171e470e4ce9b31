"""What several commands share: their arguments, and how they print."""

import json
import sys
from typing import Annotated, Any

import typer

Arch = Annotated[
    str, typer.Argument(metavar="ARCH", help="A gallery name, a .toml or .json file, or - (standard input).")
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


def show_result(content: str | dict[str, Any]) -> None:
    if isinstance(content, str):
        print(content)
        return
    # Exact integers are printed whole, however long; those that are read keep Python's limit.
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        print(json.dumps(content))
    finally:
        sys.set_int_max_str_digits(limit)
