"""How far a run has come: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from .measures import Outcome
from .plan import Plan

LINE_SECONDS = 10.0  # the least time between two lines


class Progress(Protocol):
    """What shows how far a run has come."""

    def start(self, plan: Plan) -> None:
        """Show the plan, before anything is computed."""
        ...

    def advance(self, outcomes: Sequence[Outcome]) -> None:
        """Count these new outcomes; the run calls it without any while it waits, so that the time shown goes on."""
        ...

    def stop(self) -> None:
        """Show the last state; called however the run ends."""
        ...


class Silent:
    """Shows nothing."""

    def start(self, plan: Plan) -> None: ...

    def advance(self, outcomes: Sequence[Outcome]) -> None: ...

    def stop(self) -> None: ...


class Lines:
    """Prints the plan, then a line every ten seconds: how many cells are done, how fast, and the time left."""

    every = LINE_SECONDS

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._cells = 0
        self._failed = 0
        self._shown = 0  # how many cells the last line counted

    def start(self, plan: Plan) -> None:
        print(plan, file=self._stream, flush=True)
        self._total = plan.missing
        self._begin = time.monotonic()
        self._last_line = self._begin

    def advance(self, outcomes: Sequence[Outcome]) -> None:
        self._cells += len(outcomes)
        self._failed += sum(outcome.status == "failed" for outcome in outcomes)
        if self._cells > self._shown and time.monotonic() >= self._last_line + self.every:
            self._last_line, self._shown = time.monotonic(), self._cells
            self._show()

    def stop(self) -> None:
        if self._cells:
            self._show()

    @property
    def state(self) -> str:
        """How many cells failed, how many are computed in a second, and the time left."""
        rate = self._cells / max(time.monotonic() - self._begin, 1e-9)
        parts = [f"{self._failed} failed"] if self._failed else []
        parts.append(f"{rate:.3g} cells/s")
        if 0 < self._cells < self._total:
            parts.append(f"{_duration((self._total - self._cells) / rate)} left")
        return ", ".join(parts)

    def _show(self) -> None:
        print(f"{self._cells} of {self._total} cells, {self.state}", file=self._stream, flush=True)


class Bar(Lines):
    """Shows the same as a bar, which a thread of the library rich draws ten times a second."""

    every = 0.0

    def start(self, plan: Plan) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress

        super().start(plan)
        columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}")
        self._bar: Any = RichProgress(*columns, console=Console(file=self._stream))
        self._task = self._bar.add_task("", total=plan.missing, state="")
        if plan.missing:
            self._bar.start()

    def stop(self) -> None:
        super().stop()
        self._bar.stop()

    def _show(self) -> None:
        self._bar.update(self._task, completed=self._cells, state=self.state)


def progress_on(stream: TextIO = sys.stderr) -> Progress:
    """A bar if the stream is a terminal, else lines."""
    return Bar(stream) if stream.isatty() else Lines(stream)


def _duration(seconds: float) -> str:
    """Seconds as a person says them.

    >>> _duration(3700)
    '1 h 2 min'
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
