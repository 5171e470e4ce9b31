"""A run: the missing jobs of a sweep go to an executor in chunks, and their outcomes go to the store."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..errors import MethodError, SpecError, TncutError
from ..tools.within import within
from ..tools.words import brief, counted, shown
from .chunks import Chunks
from .executors import MEMORY, Executor, Found, executor_of
from .measures import Job, Outcome
from .plan import Plan, plan_of
from .progress import Progress, Silent
from .rows import Row
from .store import GO_ON, Store, check_name, stored_rows, stored_statuses
from .sweep import Sweep, load_sweep

AHEAD = 2  # chunks in flight for each worker, so that no worker waits
POLL_SECONDS = 1.0
PARTS = 4  # the groups into which suspect jobs are divided
DIED = "its worker died whenever it was given this cell: out of memory, or a crash"

Record = Callable[[Sequence[Job], Found], None]


@dataclass(frozen=True, repr=False)
class Comparison:
    """What a run did: the cells of its sweep, how many it computed, and the failed ones, in this run or before."""

    store: Path
    cells: int
    computed: int
    failed: tuple[Row, ...]
    seconds: float

    def __repr__(self) -> str:
        counts = f"{self.cells} cells, {self.computed} computed, {len(self.failed)} failed"
        return f"<Comparison: {brief(self.store.name)}, {counts}>"

    def __str__(self) -> str:
        kept = f", {self.cells - self.computed} there before" if self.computed < self.cells else ""
        failed = f", {len(self.failed)} of them failed" if self.failed else ""
        cells = counted(self.cells, "cell")
        return f"{self.store}: {cells}{failed}; {self.computed} computed in {self.seconds:.1f} s{kept}"


def preview(sweep: Sweep | Path | str, store: Path | str, *, retry_failed: bool = False) -> Plan:
    """What `compare` would do; nothing is computed, and nothing is written."""
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
    """Compute every cell of a sweep that is not in the store, and keep rows as they are computed.

    `sweep`: a Sweep, or its TOML file. `workers`: how many processes of this machine, one for each core by default, 0
    for this process alone; or a `scheduler`, the address of a Dask cluster. `memory`: bytes for one worker. A cell that
    is known to need more is refused on every system; only Linux enforces the limit while a worker computes.

    A cell that fails, does not fit into memory, or ends its worker twice is a failed row, and the others are computed;
    `retry_failed` computes failed rows again. However a run ends, the same call continues it.
    """
    begin = time.perf_counter()
    check_name(store)
    whole, shown = _plan(sweep), progress or Silent()
    # The executor first: if it cannot start, nothing is written.
    with closing(executor_of(workers, scheduler, memory)) as executor, Store(store) as kept:
        plan = whole.without(kept.statuses(), retry_failed=retry_failed)

        def record(jobs: Sequence[Job], found: Found) -> None:
            kept.add(jobs, found)
            shown.advance([outcome for outcomes in found for outcome in outcomes])

        shown.start(plan)
        try:
            kept.name_all(whole.jobs)
            Run(plan.jobs, executor, record, partial(shown.advance, ())).finish()
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
    if not isinstance(sweep, str | Path):
        raise SpecError(f"{shown(sweep)} is no sweep; give a Sweep, such as make_sweep returns, or its TOML file")
    loaded = load_sweep(sweep)
    with within(sweep):
        return plan_of(loaded)


class Run:
    """Jobs on their way through an executor; each chunk of them is recorded when it comes back.

    A worker that dies may end other workers too, and nothing says which job was the cause. So all jobs in flight are
    suspects. They are divided into groups, and one group is tried at a time, with nothing else in flight. If a worker
    dies again, its group is divided again, until one job alone ends its worker.
    """

    def __init__(self, jobs: Sequence[Job], executor: Executor, record: Record, tick: Callable[[], None]) -> None:
        self.chunks = Chunks(jobs)
        self.executor = executor
        self.record = record
        self.tick = tick
        self.flying: dict[Future[Found], list[Job]] = {}
        self.suspects: list[list[Job]] = []  # groups, the next one last
        self.trying_suspects = False  # whether the jobs in flight are such a group

    def finish(self) -> None:
        while self.chunks or self.suspects or self.flying:
            self._send()
            wait(self.flying, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            self.executor.check()
            self._receive()
            self.tick()

    def _send(self) -> None:
        if not self.flying:
            self.trying_suspects = bool(self.suspects)
            group = self.suspects.pop() if self.suspects else []
            self.flying = {self.executor.submit([job]): [job] for job in group}
        while self.chunks and not self.trying_suspects and len(self.flying) < AHEAD * self.executor.workers:
            chunk = self.chunks.take(self.executor.workers)
            self.flying[self.executor.submit(chunk)] = chunk

    def _receive(self) -> None:
        alone = sum(len(jobs) for jobs in self.flying.values()) == 1
        lost = self._landed()
        if lost and self.executor.renew():
            lost += self._landed() + [job for jobs in self.flying.values() for job in jobs]
            self.flying.clear()
        if lost and alone and self.trying_suspects:
            self._record(lost, [[Outcome.failure(DIED)] * len(lost[0].keys)])
        else:
            self.suspects += [lost[start::PARTS] for start in range(min(PARTS, len(lost)))]

    def _landed(self) -> list[Job]:
        """Record the jobs that have come back; return those whose worker died."""
        lost = []
        for future in [future for future in self.flying if future.done()]:
            jobs = self.flying.pop(future)
            error = future.exception()
            if error is None:
                self._record(jobs, future.result())
            elif self.executor.lost(error):
                lost += jobs
            elif isinstance(error, TncutError):
                raise error
            else:
                raise MethodError(f"the workers cannot compute: {type(error).__name__}: {error}")
        return lost

    def _record(self, jobs: Sequence[Job], found: Found) -> None:
        for job, outcomes in zip(jobs, found, strict=True):
            self.chunks.measured(job, outcomes)
        self.record(jobs, found)
