"""Variations of an architecture: some keys of its specification take several values, in every combination."""

import copy
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import SizeError, SpecError
from ..formats import parse_spec, spec_table
from ..formats.paths import json_text, put
from ..network import Specified
from ..tools.numbers import show_integer
from ..tools.words import shown

LIMIT = 2**20  # variations of one architecture, and cells of a sweep

Values = Mapping[str, list[Any]]  # path into a specification, such as layers.0.channels or layers.*.channels -> values


def values_by_path(table: Mapping[str, Any], above: str = "") -> dict[str, list[Any]]:
    """The values of each path in a [grid] table, whose dotted keys TOML reads as tables in tables.

    >>> values_by_path({"layers": {"0": {"channels": [4, 8]}}})
    {'layers.0.channels': [4, 8]}
    """
    found: dict[str, list[Any]] = {}
    for key, value in table.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping):
            found |= values_by_path(value, f"{path}.")
        elif not isinstance(value, list) or not value:
            raise SpecError(
                f"grid key {shown(path)} is {shown(value)}; it must be a list of values, such as [4, 8, 16]"
            )
        else:
            found[path] = value
    return found


def variations(base: Specified, values: Values) -> Iterator[Specified]:
    """The base with every combination of these values; the name of each variation says which."""
    count = math.prod(map(len, values.values()))
    if count > LIMIT:
        raise SizeError(f"the grid has {show_integer(count)} points; the limit is {LIMIT}")
    table = spec_table(base)
    for chosen in itertools.product(*values.values()):
        changed = copy.deepcopy(table)
        for path, value in zip(values, chosen, strict=True):
            put(changed, path, value, "grid key")
        choice = " ".join(f"{path}={json_text(value, 'grid')}" for path, value in zip(values, chosen, strict=True))
        changed["name"] = f"{base.name} {choice}"
        yield parse_spec(json_text(changed, "grid"), name=f"grid point {changed['name']}", syntax="json")
