"""Circuits by hand: the lists that a user writes, checked, as plain integers."""

from collections.abc import Sequence
from typing import Any

from ..errors import CircuitError
from ..tools.values import LARGEST_DIM, as_integer, as_tuple
from ..tools.words import shown

Child = tuple[str, int]  # ("site", i) or ("unit", k)
Sum = tuple[str, Sequence[Child]]  # ("sum", children)


def listed_dims(kind: str, values: object) -> list[int]:
    """The dimensions of the sites, or of the units."""
    given = as_tuple(values)
    if given is None:
        raise CircuitError(f"the dimensions of the {kind}s are {shown(values)}; they must be a list of integers")
    dims = []
    for number, value in enumerate(given):
        dim = as_integer(value)
        if dim is None or not 1 <= dim <= LARGEST_DIM:
            what = f"{kind} {number} has dimension {shown(value)}"
            raise CircuitError(f"{what}; it must be an integer from 1 to 2^62 - 1")
        dims.append(dim)
    return dims


def listed_units(units: object, sites: int) -> tuple[list[int], list[list[list[int]]]]:
    """The dimension of each unit, and for each of its factors the vertices that are read: one, or those of a sum."""
    given = as_tuple(units)
    if given is None:
        raise CircuitError(f"the units are {shown(units)}; they must be a list of (channels, [children])")
    dims, factors = [], []
    for number, unit in enumerate(given):
        children = as_tuple(unit[1]) if isinstance(unit, list | tuple) and len(unit) == 2 else None
        if children is None:
            raise CircuitError(f"unit {number} is {shown(unit)}; it must be (channels, [children])")
        dims.append(unit[0])
        factors.append([[_vertex(child, number, sites) for child in _terms(factor, number)] for factor in children])
    return listed_dims("unit", dims), factors


def _terms(factor: object, unit: int) -> tuple[Any, ...]:
    """The children of one factor: those of a sum, or one alone."""
    match factor:
        case [str(kind), children] if kind == "sum":
            terms = as_tuple(children)
            if not terms:
                raise CircuitError(f'unit {unit} has the sum {shown(factor)}; a sum is ("sum", [children]), not empty')
            return terms
    return (factor,)


def _vertex(child: object, unit: int, sites: int) -> int:
    """The number of the vertex that a unit reads."""
    kind, index = "", None
    match child:
        case [str(kind), given]:
            index = as_integer(given)
    if index is None or kind not in ("site", "unit"):
        raise CircuitError(f'unit {unit} reads {shown(child)}; a child is ("site", i) or ("unit", k)')
    if kind == "site" and not 0 <= index < sites:
        raise CircuitError(f"unit {unit} reads site {shown(index)}; the sites are 0 to {sites - 1}")
    if kind == "unit" and not 0 <= index < unit:
        raise CircuitError(f"unit {unit} reads unit {shown(index)}; children must come before their parents")
    return index if kind == "site" else sites + index
