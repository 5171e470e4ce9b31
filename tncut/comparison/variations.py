"""A grid over the keys of a specification: the product of all values."""

import copy
import itertools
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..architectures import Architecture
from ..errors import SizeError, SpecError
from ..formats import parse_spec, spec_table

LIMIT = 2**20  # points of a grid, and cells of a sweep

Grid = Mapping[str, list[Any]]  # path into a specification, such as layers.0.channels or layers.*.channels -> values


def flat_grid(table: Mapping[str, Any], path: str = "") -> dict[str, list[Any]]:
    """The values of each path of a [grid] table, whose dotted keys TOML reads as tables in tables.

    >>> flat_grid({"layers": {"0": {"channels": [4, 8]}}})
    {'layers.0.channels': [4, 8]}
    """
    found: dict[str, list[Any]] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= flat_grid(value, f"{path}{key}.")
        elif not isinstance(value, list) or not value:
            raise SpecError(f"grid key '{path}{key}' is {value!r}; it must be a list of values, such as [4, 8, 16]")
        else:
            found[path + key] = value
    return found


def grid_points(base: Architecture, grid: Grid) -> Iterator[Architecture]:
    """The base with every combination of the grid's values; the names say the point of the grid."""
    points = math.prod(len(values) for values in grid.values())
    if points > LIMIT:
        raise SizeError(f"the grid has {points} points; the limit is {LIMIT}")
    table = spec_table(base)
    for values in itertools.product(*grid.values()):
        changed = copy.deepcopy(table)
        for path, value in zip(grid, values, strict=True):
            _set(changed, path.split("."), value, path)
        point = " ".join(f"{path}={_text(value)}" for path, value in zip(grid, values, strict=True))
        changed["name"] = f"{base.name} {point}"
        yield parse_spec(_text(changed), name=f"grid point {changed['name']}", syntax="json")


def _set(item: Any, steps: list[str], value: Any, path: str) -> None:
    """Give what lies at a path another value. The last key may be new: the specification says whether it knows it."""
    step, *rest = steps
    if isinstance(item, list):
        places = range(len(item)) if step == "*" else [_place(item, step, path)]
        for place in places:
            if rest:
                _set(item[place], rest, value, path)
            else:
                item[place] = value
    elif not isinstance(item, dict) or (rest and step not in item):
        there = f"its keys are {', '.join(item)}" if isinstance(item, dict) else f"there is {_text(item)}"
        raise SpecError(f"grid key {path!r} leads nowhere at {step!r}; {there}")
    elif rest:
        _set(item[step], rest, value, path)
    else:
        item[step] = value


def _place(item: list[Any], step: str, path: str) -> int:
    if not step.isdecimal() or int(step) >= len(item):
        raise SpecError(f"grid key {path!r} leads nowhere at {step!r}; write 0 to {len(item) - 1}, or * for all")
    return int(step)


def _text(value: Any) -> str:
    return json.dumps(value, default=str)
