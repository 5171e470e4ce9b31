"""Architectures as TOML and JSON, exactly there and back."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any

from ..architectures import (
    MERA,
    MPS,
    PEPS,
    ConvAC,
    Dilated,
    Einsum,
    GraphNet,
    Layer,
    Linear,
    Mixed,
    RandomRegular,
    Recurrent,
    Surrogate,
    SurrogateLayer,
    Tree,
)
from ..architectures.checks import meant, one_of
from ..circuit import Free
from ..errors import SpecError
from ..network import Specified, TensorNetwork
from ..tools.files import read_text, write_whole
from ..tools.within import within
from ..tools.words import shown, shown_name
from .graphs import parse_graph

SYNTAXES = ("toml", "json")
KINDS: dict[str, type] = {
    "convac": ConvAC,
    "recurrent": Recurrent,
    "tree": Tree,
    "dilated": Dilated,
    "mixed": Mixed,
    "linear": Linear,
    "einsum": Einsum,
    "mps": MPS,
    "peps": PEPS,
    "mera": MERA,
    "random_regular": RandomRegular,
    "gnn": GraphNet,
    "surrogate": Surrogate,
}
LAYERS: dict[str, type] = {"convac": Layer, "surrogate": SurrogateLayer}  # what the tables under "layers" are


def load_spec(path: Path | str) -> Specified:
    """The architecture in a .toml or .json file."""
    syntax = _syntax(path)
    return parse_spec(read_text(Path(path)), name=str(path), syntax=syntax)


def save_spec(architecture: Specified, path: Path | str) -> None:
    """Write an architecture to a .toml or .json file, whole or not at all."""
    text = spec_text(architecture, syntax=_syntax(path))
    write_whole(Path(path), lambda part: part.write_text(text, encoding="utf-8"))


def parse_spec(text: str, *, name: str = "specification", syntax: str = "toml") -> Specified:
    """The architecture that a text describes; `name` is what error messages call it."""
    if not isinstance(text, str):
        raise SpecError(f"a specification is text; given: {shown(text)}")
    one_of(SYNTAXES)("syntax", syntax)
    with within(name):
        try:
            table = tomllib.loads(text) if syntax == "toml" else _parse_json(text)
        except RecursionError:
            raise SpecError("nested too deeply") from None
        except ValueError as error:
            raise SpecError(f"not valid {syntax.upper()}: {shown_name(str(error))}") from None
        return _architecture(table)


def spec_text(architecture: Specified, *, syntax: str = "toml") -> str:
    """An architecture as text; reading it back gives an equal one."""
    import tomlkit

    one_of(SYNTAXES)("syntax", syntax)
    table = spec_table(architecture)
    return tomlkit.dumps(table) if syntax == "toml" else json.dumps(table, indent=2) + "\n"


def spec_table(architecture: Specified) -> dict[str, Any]:
    """An architecture as plain data, without what has its default value; a tensor network as einsum writes it."""
    if isinstance(architecture, TensorNetwork):
        architecture = Einsum.of(architecture)
    for kind, cls in KINDS.items():
        if type(architecture) is cls:
            table: dict[str, Any] = _plain(architecture)
            name = {"name": table.pop("name")} if "name" in table else {}
            return name | {"kind": kind} | table
    raise SpecError(f"{type(architecture).__name__} has no file form; there is one for {', '.join(KINDS)}")


def _plain(item: Any) -> Any:
    if isinstance(item, Free):
        return item.said
    if isinstance(item, tuple):
        return [_plain(part) for part in item]
    if isinstance(item, Mapping):
        return {key: _plain(part) for key, part in item.items()}
    if is_dataclass(item):
        values = {field.name: getattr(item, field.name) for field in fields(item)}
        return {f.name: _plain(values[f.name]) for f in fields(item) if _required(f) or values[f.name] != f.default}
    return item


def _architecture(table: Any) -> Specified:
    if not isinstance(table, Mapping):
        raise SpecError(f"a specification is a table of keys; this is a {type(table).__name__}")
    if "kind" not in table and "nodes" in table:
        return parse_graph(table)
    if "kind" not in table:
        raise SpecError(f"key 'kind' is missing; it is one of {', '.join(KINDS)}")
    kind = table["kind"]
    one_of(tuple(KINDS))("kind", kind)
    values = _checked(KINDS[kind], {key: value for key, value in table.items() if key != "kind"})
    if "layers" in values:
        values["layers"] = _layers(values["layers"], LAYERS[kind])
    architecture: Specified = KINDS[kind](**values)
    return architecture


def _layers(tables: Any, cls: type) -> tuple[Any, ...]:
    if not isinstance(tables, list):
        raise SpecError(f"layers is a {type(tables).__name__}; it must be a list of tables, [[layers]] in TOML")
    layers = []
    for number, table in enumerate(tables):
        with within(f"layers[{number}]"):
            if not isinstance(table, Mapping):
                raise SpecError(f"is a {type(table).__name__}; it must be a table")
            layers.append(cls(**_checked(cls, table)))
    return tuple(layers)


def _checked(cls: type, table: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a table, all of them known, none of the required ones missing."""
    known = {field.name: field for field in fields(cls)}
    for key in table:
        if key not in known:
            raise SpecError(f"unknown key {shown(key)}; {meant(key, list(known))}")
    for key, field in known.items():
        if key not in table and _required(field):
            raise SpecError(f"key {shown(key)} is missing")
    return dict(table)


def _required(field: "Field[Any]") -> bool:
    return field.default is MISSING


def _parse_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_distinct_keys)


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"key {shown(key)} is given twice")
    return table


def _syntax(path: Path | str) -> str:
    """What the end of a file's name says."""
    if not isinstance(path, Path | str):
        raise SpecError(f"a specification is a file, given by its path; given: {shown(path)}")
    suffix = Path(path).suffix
    if suffix.removeprefix(".") not in SYNTAXES:
        raise SpecError(f"{shown_name(path)}: a specification ends in .toml or .json")
    return suffix[1:]
