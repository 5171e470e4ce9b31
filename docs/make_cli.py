"""Write docs/cli.md, the reference of the command line, from the commands themselves: python docs/make_cli.py"""

import re
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer

import tncut.cli  # noqa: F401  (a command is known by being imported)
from tncut.cli.app import app

PAGE = Path(__file__).parent / "cli.md"
HEAD = """\
# The command line

<!-- Written by docs/make_cli.py from the commands: change those, then run it again. -->

`ARCH` is a name from the gallery (`tncut gallery`), a `.toml` or `.json` file ([what it holds](specifications.md)), a
graph in a `.graphml` file, a model in an `.onnx` file, or `-` for a specification on standard input. `P` is a
[partition](guide.md#on-the-command-line). What is marked `...` may be given several times.
Every command answers `--help`.

Exit codes: 0; 1 for an error, said in one line on standard error; 2 for wrong usage; 130 for work that was interrupted.
"""


def reference() -> str:
    """All commands in the order of `tncut --help`, each with its docstring and a table of what it takes."""
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    contents = [f"- [`{name}`](#tncut-{name}): {_paragraphs(command)[0]}" for name, command in commands.items()]
    return "\n".join([HEAD, *contents, "", *(_section(*item) for item in commands.items())])


def _section(name: str, command: Any) -> str:
    table = ["| argument or option | default | meaning |", "|---|---|---|", *(_row(p, command) for p in command.params)]
    return "\n".join([f"## tncut {name}\n", *(f"{text}\n" for text in _paragraphs(command)), *table, ""])


def _paragraphs(command: Any) -> list[str]:
    return [_escaped(" ".join(text.split())) for text in cleandoc(command.help).split("\n\n")]


def _row(parameter: Any, command: Any) -> str:
    flag = getattr(parameter, "is_flag", False)
    kind = "INTEGER" if "int" in str(command.callback.__annotations__[parameter.name]) else "TEXT"
    value = "" if flag else parameter.metavar or kind
    if parameter.multiple or parameter.nargs == -1:
        value = re.sub(r"(?<=\w)\.\.\.$", "", value) + " ..."
    # An option is its names, the short one first, and a value; an argument is its value alone.
    names = sorted((name for name in parameter.opts if name.startswith("-")), key=len)
    written = " ".join([", ".join(names), value]).strip()
    default = "" if flag or parameter.default is None else f"`{parameter.default}`"
    if parameter.required:
        default = "required"
    least = "" if parameter.min is None else f" At least {parameter.min}."
    return f"| `{written}` | {default} | {_escaped(parameter.help)}{least} |"


def _escaped(text: str) -> str:
    return re.sub(r"([\\|*<`])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
