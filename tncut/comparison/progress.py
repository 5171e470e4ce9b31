"""How far a run is: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from .measures import Outcome
from .plan import Plan

LINE_SECONDS = 10.0


class Progress(Protocol):
    """What a run tells: its plan, each row, by no rows that it waits, its end."""

    def start(self, plan: Plan) -> None: ...

    def advance(self, outcomes: Sequence[Outcome]) -> None: ...

    def stop(self) -> None: ...


class Silent:
    """Tells nothing."""

    def start(self, plan: Plan) -> None: ...

    def advance(self, outcomes: Sequence[Outcome]) -> None: ...

    def stop(self) -> None: ...


class Lines:
    """The plan, and a line now and then: cells done, rate, time left."""

    every = LINE_SECONDS

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._cells = self._failed = self._shown = 0

    def start(self, plan: Plan) -> None:
        print(plan, file=self._stream, flush=True)
        self._total = plan.missing
        self._begin = self._told = time.monotonic()

    def advance(self, outcomes: Sequence[Outcome]) -> None:
        self._cells += len(outcomes)
        self._failed += sum(outcome.status == "failed" for outcome in outcomes)
        if self._cells > self._shown and time.monotonic() >= self._told + self.every:
            self._told, self._shown = time.monotonic(), self._cells
            self._tell()

    def stop(self) -> None:
        if self._cells:
            self._tell()

    @property
    def state(self) -> str:
        """Failed cells, rate, and time left."""
        rate = self._cells / max(time.monotonic() - self._begin, 1e-9)
        left = f", {_duration((self._total - self._cells) / rate)} left" if 0 < self._cells < self._total else ""
        return f"{self._failed} failed, " * (self._failed > 0) + f"{rate:.3g} cells/s{left}"

    def _tell(self) -> None:
        print(f"{self._cells} of {self._total} cells, {self.state}", file=self._stream, flush=True)


class Bar(Lines):
    """The same as a bar, which a thread of its library paints ten times a second."""

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

    def _tell(self) -> None:
        self._bar.update(self._task, completed=self._cells, state=self.state)


def progress_on(stream: TextIO = sys.stderr) -> Progress:
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
