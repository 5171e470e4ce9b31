"""The architectures that ship with the package, and one way to load any of them, or a file, or standard input."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from ..errors import SpecError
from ..network import Specified, build
from ..tools.files import READ_LIMIT, decode
from ..tools.within import within
from ..tools.words import nearest, one_line, shown, shown_name
from .graphs import load_graphml
from .onnx import from_onnx
from .spec import load_spec, parse_spec
from .variations import with_free

STDIN = "-"
FREE_WIDTH = 2  # stands for what is not chosen yet where a network is built to be checked


def gallery() -> dict[str, str]:
    """The name of every shipped architecture, with one line on what it shows."""
    entries = sorted(
        files("tncut").joinpath("formats", "shipped").iterdir(), key=lambda entry: _natural_order(entry.name)
    )
    texts = {entry.name.removesuffix(".toml"): entry.read_text("utf-8") for entry in entries if entry.name[0] != "_"}
    return {name: text.splitlines()[0].removeprefix("# ") for name, text in texts.items() if text.startswith("# ")}


def load(source: str | Path, *, sites: Sequence[int] | None = None) -> Specified:
    """The architecture that a gallery name, a .toml, .json, .graphml or .onnx file, or "-" (standard input) gives.

    A .json file may also be a graph as networkx writes it.

    It makes a circuit or a tensor network, or the error names the file; a file without a name gives its own. `sites`:
    another grid of inputs, for a model in an .onnx file (see `from_onnx`).
    """
    if not isinstance(source, str | Path):
        raise SpecError(f"an architecture is loaded by the name of a gallery net or a file; given: {shown(source)}")
    if Path(source).suffix == ".onnx":
        return _building(source, from_onnx(source, sites))
    if sites is not None:
        raise SpecError(f"{shown_name(source)}: its sites are given; only a model in an .onnx file takes others")
    if source == STDIN:
        text = decode(sys.stdin.buffer.read(READ_LIMIT + 1), "standard input")
        syntax = "json" if text.lstrip().startswith("{") else "toml"
        return _building("standard input", parse_spec(text, name="standard input", syntax=syntax))
    if Path(source).suffix in (".toml", ".json", ".graphml"):
        with within(source):
            graph = load_graphml(Path(source)) if Path(source).suffix == ".graphml" else None
        found = _building(source, load_spec(source) if graph is None else graph)
        return found if found.name else replace(found, name=one_line(Path(source).stem))  # type: ignore[type-var]
    name, names = str(source), gallery()
    if name not in names:
        known = nearest(name, names)
        raise SpecError(
            f"there is no architecture {shown(name)} in the gallery "
            f"(a file ends in .toml, .json, .graphml or .onnx); {known}"
        )
    return parse_spec(
        files("tncut").joinpath("formats", "shipped").joinpath(f"{name}.toml").read_text("utf-8"), name=name
    )


def _building(source: str | Path, architecture: Specified) -> Specified:
    """The same, if it makes a circuit or a tensor network; if not, the error says where it came from."""
    with within(source):
        build(with_free(architecture, FREE_WIDTH))
    return architecture


def _natural_order(name: str) -> tuple[str, int]:
    stem, _, number = name.removesuffix(".toml").rpartition("-")
    return (stem, int(number)) if number.isdigit() else (name, 0)
