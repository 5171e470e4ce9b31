"""Widths that are not chosen yet, and the lists that they are chosen from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from ..errors import SpecError
from ..tools.values import as_tuple, integer
from ..tools.words import shown, shown_name

FREE = re.compile(r"free(?::(\w+))?")
POWERS = re.compile(r"powers:([0-9]{1,9})(?::([0-9]{1,18}))?")
MULTIPLES = re.compile(r"multiples:([0-9]{1,9}):([0-9]{1,9})")
LISTED = re.compile(r"[0-9]{1,18}(, ?[0-9]{1,18})*")
MOST_WIDTHS = 2**12  # of one list
KEYS = ("layers", "channels", "hidden", "widths", "bond_dim", "sizes")  # of a specification, where widths stand
WidthList = str | Sequence[int]


class Free(int):
    """A width that `tailor` chooses. As an integer it is 0, which no network has.

    `said`: free; free:NAME, one width for all that say so; or what it is chosen from: powers:2, powers:2:512,
    multiples:8:512, or 4,6,8.
    """

    said: str

    def __new__(cls, said: str) -> "Free":
        found = super().__new__(cls, 0)
        found.said = said
        return found

    @classmethod
    def of(cls, key: str, value: str) -> "Free":
        """A SpecError for text that says nothing of the kind."""
        if value.isdecimal():
            raise SpecError(f"{shown_name(key)} is {shown(value)}; it must be an integer, not text")
        if not FREE.fullmatch(value):
            width_list(key, value, most=2**40, right="it must be an integer, or free, free:NAME, ")
        return cls(value)

    @property
    def tie(self) -> str | None:
        """The name that it shares with widths that are equal to it."""
        found = FREE.fullmatch(self.said)
        return found and found[1]

    @property
    def choices(self) -> str | None:
        """The list, if it has one of its own."""
        return None if FREE.fullmatch(self.said) else self.said

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Free) and other.said == self.said

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.said)

    def __repr__(self) -> str:
        return repr(self.said)

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        return (self.said,)


def free_widths(specification: Any) -> dict[str, Free]:
    """The widths of a specification that are not chosen yet, by path."""
    return dict(_found(specification, ""))


def require_chosen(specification: Any) -> None:
    """A SpecError if a width is not chosen yet."""
    if found := free_widths(specification):
        (path, width), more = next(iter(found.items())), len(found) - 1
        others = f" and {more} more are" if more else " is"
        raise SpecError(f"{path} = {width!r}{others} not chosen yet; tncut.tailor chooses widths for given partitions")


def _found(item: Any, above: str) -> Iterator[tuple[str, Free]]:
    if isinstance(item, Free):
        yield above.removesuffix("."), item
    elif isinstance(item, tuple):
        for number, part in enumerate(item):
            yield from _found(part, f"{above}{number}.")
    elif isinstance(item, Mapping):
        for key, part in item.items():
            yield from _found(part, f"{above}{key}.")
    elif is_dataclass(item):
        for key in (field.name for field in fields(item) if field.name in KEYS):
            yield from _found(getattr(item, key), f"{above}{key}.")


def width_list(key: str, given: WidthList, *, most: int, right: str = "write a list of integers, ") -> tuple[int, ...]:
    """A list of widths, rising: integers, "4,6,8", "powers:2", "powers:2:512" or "multiples:8:512".

    `most`: the largest power where none is said. `right`: what errors say is right, too.
    """
    if isinstance(given, str) and not LISTED.fullmatch(given):
        return _named_list(key, given, most, right)
    listed = tuple(map(int, given.split(","))) if isinstance(given, str) else as_tuple(given)
    if not listed or len(listed) > MOST_WIDTHS:
        raise SpecError(f"{shown_name(key)} is {shown(given)}; it must be a list of 1 to {MOST_WIDTHS} integers")
    return tuple(sorted({integer(f"{key}[{place}]", width, SpecError) for place, width in enumerate(listed)}))


def _named_list(key: str, given: str, most: int, right: str) -> tuple[int, ...]:
    powers, multiples = POWERS.fullmatch(given), MULTIPLES.fullmatch(given)
    if multiples and (step := int(multiples[1])) and step <= (end := int(multiples[2])) <= step * MOST_WIDTHS:
        return tuple(range(step, end + 1, step))
    if not powers or int(powers[1]) < 2 or (powers[2] is not None and int(powers[2]) < int(powers[1])):
        raise SpecError(
            f"{shown_name(key)} is {shown(given)}; {right}4,6,8, powers:2, powers:2:512, or multiples:8:512"
        )
    base, last = int(powers[1]), int(powers[2]) if powers[2] else most
    found, width = [], base
    while width <= last:
        found.append(width)
        width *= base
    return tuple(found or [base])
