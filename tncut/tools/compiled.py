"""Functions that numba compiles, where the extra `fast` is installed."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any


def has_numba() -> bool:
    """Whether the extra `fast` is installed."""
    return find_spec("numba") is not None


@cache
def compiled(function: Callable[..., None]) -> Callable[..., None]:
    """The function, compiled when it is first called, and kept on disk if there is a folder for it."""
    import numba

    found: Callable[..., Any]
    try:
        found = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no folder that it may write its cache to
        found = numba.njit(nogil=True)(function)
    return found
