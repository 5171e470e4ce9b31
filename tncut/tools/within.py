"""Errors that say where."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import TncutError


@contextmanager
def within(place: object) -> Iterator[None]:
    """Put the place in front of the line of an error: a file, a key, an architecture."""
    try:
        yield
    except TncutError as error:
        raise type(error)(f"{place}: {error}") from None
