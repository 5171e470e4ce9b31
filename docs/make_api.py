"""Write docs/api.md, the reference of the public names, from their docstrings: python docs/make_api.py"""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import tncut

PAGE = Path(__file__).parent / "api.md"
HEAD = """\
# The public names

<!-- Written by docs/make_api.py from the docstrings: change those, then run it again. -->

All of them are there after `import tncut`. [The theory](theory.md) says what is proven, and why. [The
commands](cli.md) answer the same questions on the command line.

Rank bounds are exact Python integers, however large. Entropies, and bounds on them, are in bits. Some words in the
signatures stand for several types:

- `Architecture | Circuit`: an architecture (a ConvAC, a Recurrent, ...) or a circuit.
- `Subject`: one of these, or a tensor network: a TensorNetwork, or an architecture that builds one (an Einsum, ...).
- `Split`: a partition of the sites in two sides. It is given by its name (`"odd-even"`, `"0-3,8"`), by the sites of
  side A, by a boolean for every site (True: side A), or as a Partition.
- `Splits`: many partitions. They are given by the name of a family (`"all"`, `"random:100"`), as a list of splits, as
  booleans of shape (batch, sites), or as packed bits (numpy.packbits(sides, axis=1)).
- `IntArray`, `BoolArray`, `Array`: numpy arrays of int64, of booleans, of the elements of a field.
"""
GROUPS: dict[str, tuple[str, ...]] = {
    "Architectures": (
        *("ConvAC", "Layer", "Recurrent", "Tree", "Dilated", "Mixed", "Linear", "Einsum", "MPS", "PEPS", "MERA"),
        *("RandomRegular", "GraphNet", "Surrogate", "SurrogateLayer", "Circuit", "compile"),
        *("show", "Summary", "NetworkSummary", "count_cost", "Cost"),
    ),
    "Partitions": ("Partition",),
    "Bounds": (
        *("bound", "reports", "Report", "UpperBound", "LowerBound", "bounds", "Bounds", "profile", "Profile"),
        *("arrange", "Arrangement", "place_sites", "Placement"),
        *("best_pairing", "Pairing", "check_pairing", "pairing_weights"),
        *("find_fans", "Fan", "proven_rank", "edge_scores", "EdgeScore", "theorems"),
    ),
    "Cuts": ("TensorNetwork", "unfold", "min_cut", "Cut", "symmetric_cut", "SymmetricCut"),
    "Tailoring": (
        *("tailor", "Tailored", "BindingCut", "frontier", "trim", "Trimmed", "sensitivities", "Sensitivity"),
    ),
    "Measurements": (
        *("measure", "Measurement", "measure_profile", "typical", "Typical", "verify", "Verification"),
        *("measure_grid", "GridMeasurement", "oracle", "entanglement"),
    ),
    "Data": (
        *("data_entanglement", "DataEntanglement", "Demand", "Estimate", "Samples", "load_samples"),
        *("match", "Matches", "Match", "order_sites", "Ordering"),
    ),
    "Training": ("train", "Training", "Trained", "make_task", "Task"),
    "Other tools": (
        *("from_einsum", "to_einsum", "from_quimb", "to_quimb", "from_networkx", "to_networkx"),
        *("from_tensornetwork", "from_cotengra", "export"),
    ),
    "Comparison": ("Sweep", "load_sweep", "compare", "read_results", "Row"),
    "Drawing": ("draw", "explore"),
    "Files": ("load", "load_spec", "save_spec", "gallery", "from_onnx"),
    "Errors": tuple(name for name in tncut.__all__ if name.endswith("Error")),
}
WIDTH = 100  # of a signature on one line


def reference() -> str:
    """All public names, group by group, each with its signature and its docstring."""
    contents = [
        f"- [{group}](#{group.lower().replace(' ', '-')}): {', '.join(map(_link, names))}"
        for group, names in GROUPS.items()
    ]
    sections = [f"## {group}\n\n{''.join(map(_entry, names))}" for group, names in GROUPS.items()]
    return "\n".join([HEAD, *contents, ""]) + "\n" + "".join(sections).rstrip() + "\n"


def public_names(module: ModuleType) -> list[str]:
    """The names that a public module lists, or those that it defines itself."""
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    return list(getattr(module, "__all__", [name for name in own if not name.startswith("_")]))


def public_members(cls: type) -> Iterator[tuple[str, Any, Any]]:
    """The public methods and properties that a class defines: name, member, and the function behind it."""
    for name, member in vars(cls).items():
        inner = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(inner):
            yield name, member, inner


def _link(name: str) -> str:
    anchor = f"class-tncut{name}" if inspect.isclass(getattr(tncut, name)) else f"tncut{name}"
    return f"[`{name}`](#{anchor.lower()})"


def _entry(name: str) -> str:
    value = getattr(tncut, name)
    if not inspect.ismodule(value):
        return _section(3, f"tncut.{name}", value)
    inner = (_section(4, f"tncut.{name}.{part}", getattr(value, part)) for part in public_names(value))
    return f"### tncut.{name}\n\n{_markdown(value.__doc__ or '')}\n\n{''.join(inner)}"


def _section(level: int, name: str, value: Any) -> str:
    if inspect.isclass(value):
        members = "\n".join([*_fields(value), *_members(value)])
        parts = [_markdown(value.__doc__ or ""), *([members] if members else [])]
    elif callable(value):
        parts = [f"```python\n{_signature(name, value)}\n```", _markdown(value.__doc__ or "")]
    else:
        parts = [_constant(name, value)]
    heading = f"class {name}" if inspect.isclass(value) else name
    return "\n\n".join([f"{'#' * level} {heading}", *parts]) + "\n\n"


def _fields(cls: type) -> Iterator[str]:
    """The fields of a dataclass, each with the comment behind it."""
    lines = textwrap.dedent(inspect.getsource(cls)).split("\n")
    for node in _parsed(cls).body if is_dataclass(cls) else ():
        if isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_"):
            default = "" if isinstance(node.value, ast.Call) else _written(node.value, quotes='"')
            given = f"{ast.unparse(node.target)}: {_written(node.annotation)}" + (f" = {default}" if default else "")
            _, _, comment = lines[(node.end_lineno or 0) - 1].partition("  # ")
            yield f"- `{given}` {_prose(comment)}".rstrip()


def _members(cls: type) -> Iterator[str]:
    for name, member, function in public_members(cls):
        doc = _prose(" ".join((inspect.getdoc(getattr(cls, name)) or "").split("\n\n")[0].split()))
        if isinstance(member, property | cached_property):
            yield f"- `{name}: {_written(_parsed(function).returns)}` {doc}"
        else:
            yield f"- `{_signature(name, function, width=None)}` {doc}"


def _signature(name: str, function: Any, width: int | None = WIDTH) -> str:
    """As it is written in the source, but with the values of defaults; on several lines if it is wider than `width`."""
    arguments = _parsed(function).args
    defaults = {key: parameter.default for key, parameter in inspect.signature(function).parameters.items()}

    def written(argument: ast.arg) -> str:
        text = argument.arg if argument.annotation is None else f"{argument.arg}: {_written(argument.annotation)}"
        default = defaults[argument.arg]
        return text if default is inspect.Parameter.empty else f"{text} = {_value(default)}"

    given = [written(argument) for argument in arguments.args if argument.arg not in ("self", "cls")]
    if arguments.kwonlyargs:
        given += ["*", *map(written, arguments.kwonlyargs)]
    returns = _parsed(function).returns
    end = ")" if returns is None else f") -> {_written(returns)}"
    line = f"{name}({', '.join(given)}{end}"
    return line if width is None or len(line) <= width else f"{name}(\n    " + ",\n    ".join(given) + f",\n{end}"


def _constant(name: str, value: Any) -> str:
    """The value, or the keys of a table, with the comment behind its definition."""
    package, _, short = name.rpartition(".")
    comment = ""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        source = inspect.getsource(importlib.import_module(module.name))
        if found := re.search(rf"^{short}\b[^=\n]* = .*?  # (.*)", source, re.MULTILINE):
            comment = found[1]
    shown = ", ".join(f"`{_value(key)}`" for key in value) if isinstance(value, dict) else f"`{_value(value)}`"
    return f"{shown}: {_prose(comment)}"


@cache
def _parsed(value: Any) -> Any:
    """The syntax tree of a class or a function."""
    return ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]


def _written(node: ast.expr | None, *, quotes: str = "") -> str:
    """An expression as it is written; types without the quotes of a class that is not yet defined."""
    return "" if node is None else ast.unparse(node).replace("'", quotes)


def _value(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _markdown(docstring: str) -> str:
    """A docstring with its examples and formulas as blocks of code."""
    return "\n\n".join(map(_paragraph, inspect.cleandoc(docstring).split("\n\n")))


def _paragraph(text: str) -> str:
    if text.startswith(">>> "):
        return f"```pycon\n{text}\n```"
    if text.startswith("    ") or "──" in text:
        return f"```text\n{textwrap.dedent(text)}\n```"
    return _prose(text)


def _prose(text: str) -> str:
    """Text with all signs that markdown would read, but for `code` and *emphasis*."""
    parts = re.split(r"(`[^`]*`|(?<![\w*])\*\w[\w ]*\*(?![\w*]))", text)
    return "".join(part if n % 2 else re.sub(r"([\\*_<\[|`])", r"\\\1", part) for n, part in enumerate(parts))


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
