"""Errors that say where they arose."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import TncutError
from .words import shown_name


@contextmanager
def within(where: object) -> Iterator[None]:
    """Put the name of a file, a key or an architecture in front of the message of a TncutError."""
    try:
        yield
    except TncutError as error:
        raise type(error)(f"{shown_name(where)}: {error}") from None
