"""Paths into a specification, such as layers.0.channels or layers.*.channels: how a value there is changed."""

import json
from typing import Any

from ..errors import SpecError
from ..tools.words import shown


def put(table: Any, path: str, value: Any, what: str) -> None:
    """Give what lies at a path of plain data another value; `what` names the path in errors.

    The last key may be new: the specification says whether it knows it.
    """
    _put(table, path.split("."), value, f"{what} {shown(path)}")


def json_text(value: Any, what: str) -> str:
    """A value as JSON; what JSON does not know, such as a date, as text."""
    try:
        return json.dumps(value, default=str)
    except ValueError:  # an integer has more digits than Python writes
        raise SpecError(f"{what}: a value has more digits than any key takes") from None


def _put(item: Any, steps: list[str], value: Any, where: str) -> None:
    step, *rest = steps
    if isinstance(item, list):
        indices = range(len(item)) if step == "*" else [_index(item, step, where)]
        for index in indices:
            if rest:
                _put(item[index], rest, value, where)
            else:
                item[index] = value
    elif not isinstance(item, dict) or (rest and step not in item):
        there = f"its keys are {', '.join(item)}" if isinstance(item, dict) else f"there is {json_text(item, where)}"
        raise SpecError(f"{where} leads nowhere at {shown(step)}; {there}")
    elif rest:
        _put(item[step], rest, value, where)
    else:
        item[step] = value


def _index(item: list[Any], step: str, where: str) -> int:
    if not step.isdecimal() or int(step) >= len(item):
        raise SpecError(f"{where} leads nowhere at {shown(step)}; write 0 to {len(item) - 1}, or * for all")
    return int(step)
