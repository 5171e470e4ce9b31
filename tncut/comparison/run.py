"""A run: what is missing of a sweep goes to an engine in chunks, and what comes back goes to the store."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..errors import MethodError, TncutError
from ..tools.within import within
from .chunks import Chunks
from .executors import MEMORY, Engine, Found, engine_of
from .measures import Job, Outcome
from .plan import Plan, plan_of
from .progress import Progress, Silent
from .rows import Row
from .store import GO_ON, Store, check_name, stored_rows, stored_statuses
from .sweep import Sweep, load_sweep

AHEAD = 2  # chunks in flight for each worker, so that none waits
POLL_SECONDS = 1.0
PARTS = 4  # of what was in flight when a worker died
DIED = "its worker died whenever it was given this cell: out of memory, or a crash"

Record = Callable[[Job, list[Outcome]], None]


@dataclass(frozen=True)
class Comparison:
    """What a run did: cells of the sweep, how many of them it computed, and those that failed, now or before."""

    store: Path
    cells: int
    computed: int
    failed: tuple[Row, ...]
    seconds: float

    def __str__(self) -> str:
        kept = f", {self.cells - self.computed} there before" * (self.computed < self.cells)
        failed = f", {len(self.failed)} of them failed" * bool(self.failed)
        return f"{self.store}: {self.cells} cells{failed}; {self.computed} computed in {self.seconds:.1f} s{kept}"


def preview(sweep: Sweep | Path | str, store: Path | str, *, retry_failed: bool = False) -> Plan:
    """What `compare` would do; nothing is computed or written."""
    check_name(store)
    return _plan(sweep).without(stored_statuses(store), retry_failed=retry_failed)


def compare(
    sweep: Sweep | Path | str,
    store: Path | str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    retry_failed: bool = False,
    memory: int = MEMORY,
    progress: Progress | None = None,
) -> Comparison:
    """Compute every cell of a sweep that the store has not, and keep each row as it completes.

    `sweep`: a Sweep, or its TOML file. `workers`: processes of this machine, one for each core by default, 0 for this
    one alone; or a `scheduler`, the address of a Dask cluster. `memory`: bytes for one worker. What is known to need
    more is refused on every system; only Linux enforces the limit while a worker computes. A cell that fails, does not
    fit, or ends its worker twice is a failed row, and the others are computed; `retry_failed` computes it again. A run
    that was ended by whatever means is continued by the same call.
    """
    begin = time.perf_counter()
    check_name(store)
    whole, shown = _plan(sweep), progress or Silent()
    # The engine first: where it cannot start, nothing is written.
    with closing(engine_of(workers, scheduler, memory)) as engine, Store(store) as kept:
        plan = whole.without(kept.statuses(), retry_failed=retry_failed)

        def record(job: Job, outcomes: list[Outcome]) -> None:
            kept.add(job, outcomes)
            shown.advance(outcomes)

        shown.start(plan)
        try:
            kept.name_all(whole.jobs)
            Run(plan.jobs, engine, record, partial(shown.advance, ())).finish()
        except MethodError as error:
            raise MethodError(f"{error}; {GO_ON}") from None
        finally:
            shown.stop()
    cells = whole.identities
    failed = tuple(row for row in stored_rows(store, "failed") if row.identity in cells)
    return Comparison(Path(store), whole.missing, plan.missing, failed, time.perf_counter() - begin)


def _plan(sweep: Sweep | Path | str) -> Plan:
    if isinstance(sweep, Sweep):
        return plan_of(sweep)
    loaded = load_sweep(sweep)
    with within(sweep):
        return plan_of(loaded)


class Run:
    """Jobs on their way through an engine; each is recorded as it comes back.

    A worker that dies may take others with it, and does not say over which job. All that was in flight is suspect: it
    is tried again in parts, and parts of parts, with nothing else in flight, until one job alone is found guilty.
    """

    def __init__(self, jobs: Sequence[Job], engine: Engine, record: Record, tick: Callable[[], None]) -> None:
        self.chunks, self.engine, self.record, self.tick = Chunks(jobs), engine, record, tick
        self.flying: dict[Future[Found], list[Job]] = {}
        self.suspects: list[list[Job]] = []  # groups, the next one last
        self.suspected = False  # whether what is in flight is such a group

    def finish(self) -> None:
        while self.chunks or self.suspects or self.flying:
            self._send()
            wait(self.flying, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            self.engine.check()
            self._receive()
            self.tick()

    def _send(self) -> None:
        if not self.flying:
            self.suspected = bool(self.suspects)
            group = self.suspects.pop() if self.suspects else []
            self.flying = {self.engine.submit([job]): [job] for job in group}
        while self.chunks and not self.suspected and len(self.flying) < AHEAD * self.engine.workers:
            chunk = self.chunks.take(self.engine.workers)
            self.flying[self.engine.submit(chunk)] = chunk

    def _receive(self) -> None:
        alone = sum(len(jobs) for jobs in self.flying.values()) == 1
        lost = self._landed()
        if lost and self.engine.renew():
            lost += self._landed() + [job for jobs in self.flying.values() for job in jobs]
            self.flying.clear()
        if lost and alone and self.suspected:
            self._record(lost[0], [Outcome.failure(DIED)] * len(lost[0].keys))
        elif lost:
            self.suspects += [group for start in range(PARTS) if (group := lost[start::PARTS])]

    def _landed(self) -> list[Job]:
        """Record what has come back; the jobs whose worker died."""
        lost = []
        for future in [future for future in self.flying if future.done()]:
            jobs = self.flying.pop(future)
            error = future.exception()
            if error is None:
                for job, outcomes in zip(jobs, future.result(), strict=True):
                    self._record(job, outcomes)
            elif self.engine.lost(error):
                lost += jobs
            elif isinstance(error, TncutError):
                raise error
            else:
                raise MethodError(f"the workers cannot compute: {type(error).__name__}: {error}")
        return lost

    def _record(self, job: Job, outcomes: list[Outcome]) -> None:
        self.chunks.measured(job, outcomes)
        self.record(job, outcomes)
