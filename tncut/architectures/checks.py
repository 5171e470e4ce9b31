"""What every specification checks of its fields: numbers, grids, choices, names.

A check takes the key and the value of a field. It returns the value in its one form (an int for an integer of numpy,
a tuple for a list), or raises a SpecError that names the key.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Self

from ..circuit import Free
from ..errors import SpecError
from ..tools import values
from ..tools.words import nearest, shown, shown_name

SITE_LIMIT = 2**24
AXIS_LIMIT = 32

Check = Callable[[str, Any], Any]

# What other libraries call these keys.
SYNONYMS = {
    "kernel": "window",
    "kernel_size": "window",
    "pool_size": "window",
    "strides": "stride",
    "filters": "channels",
    "out_channels": "channels",
    "width": "channels",
    "hidden_size": "hidden",
}


class KnownKeys:
    """A specification that is a dataclass: a key that it does not have is one line, with the one that may be meant."""

    def __new__(cls, *_: object, **given: object) -> Self:
        known = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        for key in given:
            if key not in known:
                raise SpecError(f"{cls.__name__} has no key {shown(key)}; {meant(key, known)}")
        return super().__new__(cls)


def meant(key: str, known: Sequence[str]) -> str:
    """What an error says of an unknown key: the one that other libraries call so, the one that is like it, or all."""
    synonym = SYNONYMS.get(key)
    return f"did you mean {synonym!r}?" if synonym in known else nearest(key, known)


def check_field(specification: object, key: str, check: Check) -> None:
    """Check a field of a frozen specification, and store it in its one form."""
    object.__setattr__(specification, key, check(key, getattr(specification, key)))


def integer(key: str, value: object, *, least: int = 1) -> int:
    """An integer from `least` on."""
    return values.integer(key, value, SpecError, least=least)


def integers(key: str, value: object, *, least: int = 1) -> tuple[int, ...]:
    """A list of such integers, not empty."""
    return values.integers(key, value, SpecError, least=least)


def integer_or_integers(key: str, value: object) -> int | tuple[int, ...]:
    """One integer, or a list of them."""
    return integers(key, value) if isinstance(value, list | tuple) else integer(key, value)


def width(key: str, value: object) -> int:
    """An integer, or what it is chosen from."""
    return Free.of(key, value) if isinstance(value, str) else value if isinstance(value, Free) else integer(key, value)


def widths(key: str, value: object) -> tuple[int, ...]:
    """A list of widths, not empty."""
    if not isinstance(value, list | tuple) or not value:
        raise SpecError(f"{shown_name(key)} is {shown(value)}; it must be a list of integers, not empty")
    return tuple(width(f"{key}[{index}]", item) for index, item in enumerate(value))


def width_or_widths(key: str, value: object) -> int | tuple[int, ...]:
    """One width, or a list of them."""
    return widths(key, value) if isinstance(value, list | tuple) else width(key, value)


def optional(check: Check) -> Check:
    """The check of a field that may be None."""
    return lambda key, value: None if value is None else check(key, value)


def labels_are_channels(open_output: int | None, channels: int) -> None:
    """Without a root map, the root's channels are the labels of an open output: one for each."""
    if open_output not in (None, channels):
        raise SpecError(
            f"without a root map the last layer's {channels} channels are the output; open_output is {open_output}"
        )


def boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise SpecError(f"{key} is {shown(value)}; it must be true or false")
    return value


def text(key: str, value: object) -> str:
    """Text that a file can hold."""
    if not isinstance(value, str):
        raise SpecError(f"{key} is {shown(value)}; it must be text")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise SpecError(f"{key} is {shown(value)}; it holds half of a surrogate pair, which is no letter")
    return value


def items(key: str, value: object) -> tuple[Any, ...]:
    """What a list holds, or anything else that can be gone through."""
    found = values.as_tuple(value)
    if found is None:
        raise SpecError(f"{key} is {shown(value)}; it must be a list")
    return found


def one_of(choices: Sequence[str]) -> Check:
    """The check that a field is one of these words."""

    def check(key: str, value: object) -> object:
        if not isinstance(value, str) or value not in choices:
            raise SpecError(f"{key} is {shown(value)}; {nearest(value, choices)}")
        return value

    return check


def grid(key: str, value: object) -> tuple[int, ...]:
    """The shape of a grid of sites, given as a number or a list; refused when it is too large."""
    found = integers(key, value) if isinstance(value, list | tuple) else (integer(key, value),)
    if len(found) > AXIS_LIMIT:
        raise SpecError(f"{key} lists {len(found)} axes of a grid; the limit is {AXIS_LIMIT}")
    if math.prod(found) > SITE_LIMIT:
        raise SpecError(f"{key} make a grid of {shown(math.prod(found))} positions; the limit is {SITE_LIMIT}")
    return found


def site_dims(sites: int) -> Check:
    """The check of a field that gives one dimension for all sites, or one for each."""

    def check(key: str, value: object) -> int | tuple[int, ...]:
        if isinstance(value, list | tuple) and len(value) != sites:
            raise SpecError(f"{key} lists {len(value)} dimensions; there are {sites} sites")
        return integer_or_integers(key, value)

    return check
