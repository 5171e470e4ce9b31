"""A line on the terminal that says what is being done and for how long, whenever nothing was printed for a second."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from ..tools.progress import heard_by

SILENCE = 1.0  # seconds before the line appears
GLANCE = 0.1  # seconds between two looks at the clock


class _Line(threading.Thread):
    """The line, which a thread shows; `rest` takes it away, until there is a second of silence again."""

    def __init__(self, stream: TextIO):
        super().__init__(daemon=True)
        self._stream, self._text, self._bar = stream, "working", None
        self._lock, self._end = threading.Lock(), threading.Event()
        self._printed = time.monotonic()

    def run(self) -> None:
        while not self._end.wait(GLANCE):
            with self._lock:
                if self._bar is None and time.monotonic() > self._printed + SILENCE and not self._end.is_set():
                    self._bar = self._shown()
                elif self._bar is not None:
                    self._bar.update(0, description=self._text)

    def hear(self, text: str) -> None:
        self._text = text

    def rest(self) -> None:
        with self._lock:
            self._printed = time.monotonic()
            if self._bar is not None:
                self._bar.stop()
            self._bar = None

    def end(self) -> None:
        self._end.set()
        self.rest()

    def _shown(self) -> Any:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        console = Console(file=self._stream)
        bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
        bar.add_task(self._text)
        bar.start()
        return bar


_line: _Line | None = None


@contextmanager
def working() -> Iterator[None]:
    """Show the line on standard error, if that is a terminal."""
    global _line
    if not sys.stderr.isatty():
        yield
        return
    line = _line = _Line(sys.stderr)
    line.start()
    try:
        with heard_by(line.hear):
            yield
    finally:
        line.end()
        _line = None


def put(text: str) -> None:
    """Print a text on standard output; the line makes way."""
    if _line is not None:
        _line.rest()
    print(text)


def make_way() -> None:
    """No line any more: the command shows its own progress."""
    if _line is not None:
        _line.end()
