"""Rows of a store, chosen by conditions."""

import operator
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ..errors import MethodError
from ..tools.numbers import exact_integer
from ..tools.words import shown
from .rows import Row
from .store import stored_rows

FIELDS = Row.__slots__
NUMBERS = ("seed", "value", "bits", "seconds")
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def read_results(path: Path | str, where: str | Iterable[str] = ()) -> list[Row]:
    """The rows of a store that meet all conditions, in the order of their sweep.

    A condition is a field, one of = != < <= > >=, and a value: `measure=rank_bound`, `bits>=8`. Text takes = and !=
    only, and * stands for any letters: `architecture=deep*`. Numbers are compared exactly; a row without a number in
    the field does not meet the condition.
    """
    conditions = [_condition(text) for text in ([where] if isinstance(where, str) else where)]
    return [row for row in stored_rows(path) if all(holds(row) for holds in conditions)]


def _condition(text: str) -> Callable[[Row], bool]:
    found = re.fullmatch(r"\s*(\w+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*", text, re.DOTALL)
    if not found or found[1] not in FIELDS:
        raise MethodError(f"unknown condition {shown(text)}; write FIELD=VALUE, with a field of {', '.join(FIELDS)}")
    name, sign, value = found.groups()
    if name in NUMBERS:
        number = _number(text, value)
        return lambda row: getattr(row, name) is not None and COMPARE[sign](getattr(row, name), number)
    if sign not in ("=", "!="):
        raise MethodError(f"condition {shown(text)}: {name} is text, which knows = and != only")
    pattern = re.compile(".*".join(map(re.escape, value.split("*"))), re.DOTALL)
    return lambda row: (pattern.fullmatch(getattr(row, name)) is not None) == (sign == "=")


def _number(text: str, value: str) -> int | float:
    if re.fullmatch(r"[+-]?\d+", value, re.ASCII):
        return exact_integer(value)
    try:
        return float(value)
    except ValueError:
        raise MethodError(f"condition {shown(text)}: {shown(value)} is no number") from None
