"""Variations of an architecture: some keys of its specification take several values, in every combination."""

import copy
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..circuit import free_widths
from ..errors import SizeError, SpecError
from ..network import Specified
from ..tools.numbers import show_integer
from ..tools.words import shown
from .paths import json_text, put
from .spec import parse_spec, spec_table

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


def variations(base: Specified, values: Values, what: str = "grid", *, limit: int = LIMIT) -> Iterator[Specified]:
    """The base with every combination of these values; the name of each variation says which.

    `what` names the table of values in errors.
    """
    count = math.prod(map(len, values.values()))
    if count > limit:
        raise SizeError(f"the {what} has {show_integer(count)} points; the limit is {limit}")
    table = spec_table(base)
    for chosen in itertools.product(*values.values()):
        changed = copy.deepcopy(table)
        for path, value in zip(values, chosen, strict=True):
            put(changed, path, value, f"{what} key")
        choice = " ".join(f"{path}={json_text(value, what)}" for path, value in zip(values, chosen, strict=True))
        changed["name"] = f"{base.name} {choice}".strip()
        yield parse_spec(json_text(changed, what), name=f"{what} point {changed['name']}", syntax="json")


def with_free(base: Specified, width: int) -> Specified:
    """The base with this width in the place of all that are not chosen yet; the base itself if there are none."""
    free = free_widths(base)
    if not free:
        return base
    table = spec_table(base)
    for path in free:
        put(table, path, width, "width")
    return parse_spec(json_text(table, "width"), name=base.name or "specification", syntax="json")
