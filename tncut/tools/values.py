"""Values as users give them: integers and lists, told from what only looks like them."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np

from ..errors import TncutError
from .words import shown, shown_name

LARGEST_DIM = 2**62 - 1  # of a site, a unit, a bond or the output


def as_integer(value: object) -> int | None:
    """An integer of Python or numpy; None for anything else, truth values among it.

    >>> as_integer(np.int64(3)), as_integer(3.0), as_integer(True)
    (3, None, None)
    """
    return int(value) if isinstance(value, int | np.integer) and not isinstance(value, bool) else None


def integer(key: str, value: object, error: type[TncutError], *, least: int = 1) -> int:
    """An integer from `least` to the largest dimension; the error names the key."""
    found = as_integer(value)
    if found is None:
        raise error(f"{shown_name(key)} is {shown(value)}; it must be an integer")
    if not least <= found <= LARGEST_DIM:
        raise error(f"{shown_name(key)} is {shown(value)}; it must be from {least} to 2^62 - 1")
    return found


def integers(key: str, value: object, error: type[TncutError], *, least: int = 1) -> tuple[int, ...]:
    """A list or tuple of such integers, not empty."""
    if not isinstance(value, list | tuple) or not value:
        raise error(f"{shown_name(key)} is {shown(value)}; it must be a list of integers, not empty")
    return tuple(integer(f"{key}[{index}]", item, error, least=least) for index, item in enumerate(value))


def positive(key: str, value: object, error: type[TncutError]) -> float:
    """A number above 0, such as a limit of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise error(f"{shown_name(key)} is {shown(value)}; it must be a number above 0")
    return float(value)


def as_tuple(value: object) -> tuple[Any, ...] | None:
    """The items of a list, an array, or anything else that has an order; None for the rest, text and tables among it.

    >>> as_tuple(range(2)), as_tuple("01"), as_tuple({0, 1})
    ((0, 1), None, None)
    """
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping | Set):
        return None
    try:
        return tuple(value)
    except TypeError:  # an array without axes calls itself iterable
        return None


def check_known(what: str, value: object, known: Iterable[str], error: type[TncutError]) -> None:
    """A value must be one of the known words."""
    if not isinstance(value, str) or value not in known:
        raise error(f"unknown {what} {shown(value)}; choose from {', '.join(known)}")
