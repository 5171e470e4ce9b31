"""The widths of an architecture: which numbers of its specification they are, and the lists they are chosen from."""

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..architectures import MERA, MPS, PEPS, Dilated, Einsum, Tree
from ..architectures.tree import height
from ..circuit import Circuit, Free, WidthList, free_widths
from ..errors import SpecError
from ..formats import parse_spec, spec_table
from ..formats.paths import json_text, put
from ..formats.variations import with_free
from ..network import Specified, Subject, TensorNetwork
from ..tools.words import nearest, shown

Widths = WidthList | Mapping[str, WidthList]
Table = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Family:
    """An architecture with some of its widths free: all networks that differ in these alone."""

    architecture: Specified
    table: Table  # its specification, every width written out
    keys: tuple[str, ...]  # the paths of the free widths, or the name of those that are tied by one
    tied: tuple[tuple[str, ...], ...]  # the paths that each key stands for
    widths: tuple[int, ...]  # what they are now
    lists: Mapping[str, str] = field(default_factory=dict)  # those that the specification gives

    def with_widths(self, widths: Sequence[int], name: str = "") -> Specified:
        """The architecture with other widths, one for each key."""
        table = copy.deepcopy(self.table) | {"name": name}
        for paths, width in zip(self.tied, widths, strict=True):
            for path in paths:
                put(table, path, int(width), "width")
        return parse_spec(json_text(table, "width"), name="tailored", syntax="json")


def family_of(architecture: Subject, keys: Sequence[str] | None = None, *, fixed: bool = False) -> Family:
    """The family in which these widths are free; None: those that the specification calls free, or all of them.

    A key is a path into the specification, such as layers.0.channels or hidden.1. One with a star, such as
    layers.*.channels, ties all widths that it fits. `fixed`: there may be none.
    """
    if isinstance(architecture, Circuit):
        raise SpecError("a Circuit by hand has no widths to choose; give what has: a ConvAC, a Tree, an Einsum")
    if isinstance(architecture, TensorNetwork):
        architecture = Einsum.of(architecture)
    if isinstance(architecture, type) or not hasattr(architecture, "name"):
        raise SpecError(f"{shown(architecture)} is no architecture; give for example a ConvAC")
    free = free_widths(architecture)
    base = with_free(architecture, 1)
    table, tied, default = SLOTS[spec_table(base)["kind"]](base, spec_table(base))
    if free:
        groups = _said(free, tied)
        for key in set(keys or ()) - groups.keys():
            raise SpecError(f"widths: {shown(key)} is not free in the specification; {nearest(key, groups)}")
    elif keys is None:
        groups = {paths[0]: paths for paths in tied if paths[0] in default}
    else:
        groups = _named(keys, tied)
    if not groups and not fixed:
        raise SpecError("no width of this architecture is free")
    widths = tuple(_at(table, paths[0]) for paths in groups.values())
    lists = {key: free[key].choices for key in groups if key in free}
    return Family(
        base, table, tuple(groups), tuple(groups.values()), widths, {key: said for key, said in lists.items() if said}
    )


Groups = dict[str, tuple[str, ...]]  # the paths of each key


def _named(keys: Sequence[str], tied: Sequence[tuple[str, ...]]) -> Groups:
    """What the keys name, each width once."""
    groups = {key: _matching(key, tied) for key in keys}
    named = [path for paths in groups.values() for path in paths]
    if len(set(named)) < len(named):
        twice = next(path for path in named if named.count(path) > 1)
        raise SpecError(f"widths name {twice} twice")
    return groups


def _said(free: Mapping[str, Free], tied: Sequence[tuple[str, ...]]) -> Groups:
    """The widths that a specification calls free, with those that are tied to them."""
    groups: Groups = {}
    owner: dict[str, str] = {}
    for path, width in free.items():
        own = [paths for paths in tied if any(_lies_in(place, path) for place in paths)]
        if not own:
            raise SpecError(f"{path} is {width!r}; it cannot be chosen")
        places = tuple(place for paths in own for place in paths)
        for place in places:
            if not any(_lies_in(place, other) for other in free):
                raise SpecError(f"{path} is {width!r}, but tied to {place}, which is not; both must be free")
        key = next((owner[place] for place in places if place in owner), width.tie or path)
        if key in free and free[key] != width:
            raise SpecError(f"{path} is {width!r}, but tied to {key}, which is {free[key]!r}; both must say the same")
        groups[key] = tuple(dict.fromkeys((*groups.get(key, ()), *places)))
        owner |= dict.fromkeys(places, key)
    return groups


def _lies_in(place: str, path: str) -> bool:
    """Whether a path is another one, or inside of it."""
    return place == path or place.startswith(f"{path}.")


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


def _no_slots(architecture: Specified, table: Table) -> Slots:
    raise SpecError(
        "a mixed network has half of its channels at mixture nodes, and bounds that are sums; "
        "tailor one of its hybrids, or compare several channels"
    )


def _einsum_slots(architecture: Specified, table: Table) -> Slots:
    """One for each index; by default those that are summed."""
    assert isinstance(architecture, Einsum)
    indices = dict.fromkeys(index for term in architecture.inputs for index in term)
    if isinstance(architecture.sizes, int):
        table = table | {"sizes": dict.fromkeys(indices, architecture.sizes)}
    if dotted := [index for index in indices if "." in index]:
        raise SpecError(f"index {shown(dotted[0])} has a dot, which a path cannot name; give it another name")
    return _each(table, [f"sizes.{index}" for index in indices], [f"sizes.{index}" for index in architecture.output])


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
    "mixed": _no_slots,
    "einsum": _einsum_slots,
    "mps": _bond_slots,
    "peps": _bond_slots,
    "mera": _bond_slots,
    "random_regular": _bond_slots,
}
