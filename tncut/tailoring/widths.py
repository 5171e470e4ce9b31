"""The widths of an architecture: which numbers of its specification they are, and the lists they are chosen from."""

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..architectures import MERA, MPS, PEPS, Dilated, Tree
from ..architectures.tree import height
from ..circuit import Circuit
from ..errors import SpecError
from ..formats import parse_spec, spec_table
from ..formats.paths import json_text, put
from ..network import Specified, Subject, TensorNetwork
from ..tools.values import as_tuple, integer
from ..tools.words import nearest, shown, shown_name

POWERS = re.compile(r"powers:([0-9]{1,9})(?::([0-9]{1,18}))?")
MULTIPLES = re.compile(r"multiples:([0-9]{1,9}):([0-9]{1,9})")
MOST_WIDTHS = 2**12  # of one list
WidthList = str | Sequence[int]
Widths = WidthList | Mapping[str, WidthList]
Table = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Family:
    """An architecture with some of its widths free: all networks that differ in these alone."""

    architecture: Specified
    table: Table  # its specification, every width written out
    keys: tuple[str, ...]  # the paths of the free widths; one that is tied to others stands for them
    tied: tuple[tuple[str, ...], ...]  # the paths that each key stands for
    widths: tuple[int, ...]  # what they are now

    def with_widths(self, widths: Sequence[int]) -> Specified:
        """The architecture with other widths, one for each key, under its own name."""
        table = copy.deepcopy(self.table)
        for paths, width in zip(self.tied, widths, strict=True):
            for path in paths:
                put(table, path, int(width), "width")
        return parse_spec(json_text(table, "width"), name="tailored", syntax="json")


def family_of(architecture: Subject, keys: Sequence[str] | None = None) -> Family:
    """The family in which these widths are free; None: all of them.

    A key is a path into the specification, such as layers.0.channels or hidden.1. One with a star, such as
    layers.*.channels, ties all widths that it fits.
    """
    if isinstance(architecture, Circuit | TensorNetwork):
        raise SpecError(f"a {type(architecture).__name__} by hand has no widths to choose; give an architecture")
    if isinstance(architecture, type) or not hasattr(architecture, "name"):
        raise SpecError(f"{shown(architecture)} is no architecture; give for example a ConvAC")
    table = spec_table(architecture)
    if table["kind"] not in SLOTS:
        raise SpecError(f"a network of kind {table['kind']} has no widths that can be chosen one by one")
    table, tied, free = SLOTS[table["kind"]](architecture, table)
    if keys is None:
        groups = {paths[0]: paths for paths in tied if paths[0] in free}
    else:
        groups = {key: _matching(key, tied) for key in keys}
        named = [path for paths in groups.values() for path in paths]
        if len(set(named)) < len(named):
            twice = next(path for path in named if named.count(path) > 1)
            raise SpecError(f"widths name {twice} twice")
    if not groups:
        raise SpecError("no width of this architecture is free")
    widths = tuple(_at(table, paths[0]) for paths in groups.values())
    return Family(architecture, table, tuple(groups), tuple(groups.values()), widths)


def _matching(key: object, tied: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """All paths that a key names, with those tied to them."""
    if not isinstance(key, str):
        raise SpecError(f"widths has the key {shown(key)}; it must be a path such as layers.0.channels")
    pattern = re.compile(re.escape(key).replace(r"\*", r"[^.]+"))
    found = tuple(path for paths in tied if any(map(pattern.fullmatch, paths)) for path in paths)
    if not found:
        known = [path for paths in tied for path in paths]
        raise SpecError(f"widths: there is no width {shown(key)}; {nearest(key, known)}")
    return found


def _at(table: Any, path: str) -> int:
    for step in path.split("."):
        table = table[int(step)] if isinstance(table, list) else table[step]
    return int(table)


Slots = tuple[
    Table, list[tuple[str, ...]], set[str]
]  # the table, tied paths, and which are free unless others are named


def _each(table: Table, paths: Sequence[str], fixed: Sequence[str] = ()) -> Slots:
    return table, [(path,) for path in paths], set(paths) - set(fixed)


def _layer_slots(_: Specified, table: Table) -> Slots:
    """One for each layer; a residual layer has the width of what it reads, and a pool that of what it pools."""
    tied: list[tuple[str, ...]] = []
    fixed = set()
    for number, layer in enumerate(table["layers"]):
        path = f"layers.{number}.channels"
        if layer.get("op") == "pool":
            layer.pop("channels", None)
        elif layer.get("skip", False) and number:
            tied[-1] = (*tied[-1], path)
        else:
            tied.append((path,))
            if layer.get("skip", False):
                fixed.add(path)
    if not table.get("root_map", True):
        fixed.add(tied[-1][0])
    return table, tied, {paths[0] for paths in tied} - fixed


def _hidden_slots(architecture: Specified, table: Table) -> Slots:
    paths = [f"hidden.{number}" for number in range(len(table["hidden"]))]
    return _each(table, paths)


def _linear_slots(_: Specified, table: Table) -> Slots:
    return _each(table, [f"widths.{number}" for number in range(1, len(table["widths"]) - 1)])


def _tree_slots(architecture: Specified, table: Table) -> Slots:
    assert isinstance(architecture, Tree)
    if isinstance(table["channels"], int):
        table = table | {"channels": [table["channels"]] * height(architecture.tree)}
    nested = any(isinstance(item, list) for item in table["channels"])
    paths = list(_leaves(table["channels"], "channels"))
    return _each(table, paths, [] if architecture.root_map else [paths[0 if nested else -1]])


def _leaves(item: Any, path: str) -> list[str]:
    if not isinstance(item, list):
        return [path]
    return [leaf for number, part in enumerate(item) for leaf in _leaves(part, f"{path}.{number}")]


def _dilated_slots(architecture: Specified, table: Table) -> Slots:
    assert isinstance(architecture, Dilated)
    table = table | {"channels": list(architecture.widths)}
    paths = [f"channels.{number}" for number in range(architecture.layers)]
    return _each(table, paths, paths[-1:])


def _bond_slots(architecture: Specified, table: Table) -> Slots:
    count = 1
    if isinstance(architecture, MPS):
        count = architecture.inner_bonds
    elif isinstance(architecture, PEPS):
        count = len(architecture.sites)
    elif isinstance(architecture, MERA):
        count = architecture.layers
    if table["kind"] == "random_regular":
        return _each(table, ["bond_dim"])
    if isinstance(table["bond_dim"], int):
        table = table | {"bond_dim": [table["bond_dim"]] * count}
    return _each(table, [f"bond_dim.{number}" for number in range(count)])


SLOTS: dict[str, Callable[[Specified, Table], Slots]] = {
    "convac": _layer_slots,
    "surrogate": _layer_slots,
    "recurrent": _hidden_slots,
    "gnn": _hidden_slots,
    "linear": _linear_slots,
    "tree": _tree_slots,
    "dilated": _dilated_slots,
    "mps": _bond_slots,
    "peps": _bond_slots,
    "mera": _bond_slots,
    "random_regular": _bond_slots,
}


def width_list(key: str, given: WidthList, *, most: int | None) -> tuple[int, ...]:
    """A list of widths, rising: integers, "powers:2", "powers:2:512" or "multiples:8:512".

    `most`: the largest power where none is said.
    """
    if isinstance(given, str):
        return _named_list(key, given, most)
    listed = as_tuple(given)
    if not listed or len(listed) > MOST_WIDTHS:
        raise SpecError(f"{shown_name(key)} is {shown(given)}; it must be a list of 1 to {MOST_WIDTHS} integers")
    return tuple(sorted({integer(f"{key}[{place}]", width, SpecError) for place, width in enumerate(listed)}))


def _named_list(key: str, given: str, most: int | None) -> tuple[int, ...]:
    powers, multiples = POWERS.fullmatch(given), MULTIPLES.fullmatch(given)
    if multiples and (step := int(multiples[1])) and step <= (end := int(multiples[2])) <= step * MOST_WIDTHS:
        return tuple(range(step, end + 1, step))
    if not powers or int(powers[1]) < 2 or (powers[2] is not None and int(powers[2]) < int(powers[1])):
        raise SpecError(
            f"{shown_name(key)} is {shown(given)}; write integers, powers:2, powers:2:512, or multiples:8:512"
        )
    base, last = int(powers[1]), int(powers[2]) if powers[2] else most
    if last is None:
        raise SpecError(f"{shown_name(key)} is {shown(given)}; say where it ends, as in {given}:512")
    found, width = [], base
    while width <= last:
        found.append(width)
        width *= base
    return tuple(found or [base])
