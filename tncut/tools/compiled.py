"""Functions that numba compiles, where the extra `fast` is installed."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from types import FunctionType
from typing import Any


def has_numba() -> bool:
    """Whether the extra `fast` is installed."""
    return find_spec("numba") is not None


@cache
def compiled(function: FunctionType, *parts: FunctionType) -> Callable[..., Any]:
    """The function, compiled when it is first called, and kept on disk if there is a folder for it.

    `parts`: the functions of the same module that it calls, each before those that call it.
    """
    known: dict[str, Any] = dict(function.__globals__)
    for part in (*parts, function):
        copy = FunctionType(part.__code__, known, part.__name__, part.__defaults__)
        copy.__module__, copy.__qualname__ = part.__module__, part.__qualname__
        known[part.__name__] = _compiled(copy)
    found: Callable[..., Any] = known[function.__name__]
    return found


def _compiled(function: FunctionType) -> Callable[..., Any]:
    import numba

    found: Callable[..., Any]
    try:
        found = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no folder that it may write its cache to
        found = numba.njit(nogil=True)(function)
    return found
