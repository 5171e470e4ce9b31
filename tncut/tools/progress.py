"""How far long work has come: told by the work, heard by whoever listens. Nobody listens by default."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Listener = Callable[[str], None]
Item = TypeVar("Item")

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """The listener gets each line that is told within."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(text: str) -> None:
    """Say what is being done now."""
    listener = _listener.get()
    if listener is not None:
        listener(text)


def told(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, with `what`, the number of each and the `total` told as it is taken.

    >>> with heard_by(print):
    ...     kept = list(told("ab", "letter", 2))
    letter 1 of 2
    letter 2 of 2
    """
    listener = _listener.get()
    if listener is None:
        yield from items
        return
    last = "" if total is None else f" of {total}"
    for number, item in enumerate(items, 1):
        listener(f"{what} {number}{last}")
        yield item
