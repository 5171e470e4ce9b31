"""Where jobs are computed: this process, processes beside it, a Dask cluster; each a concurrent.futures pool."""

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ..errors import MethodError
from .measures import ALGORITHM, Job, Outcome, run_jobs

Found = list[list[Outcome]]
Work = Callable[[Sequence[Job], int, int], Found]

MEMORY = 2 * 10**9  # bytes for a worker
CONNECT_SECONDS = 5
CLOSE_SECONDS = 2
ASK_SECONDS = 5  # between two looks at the workers of a cluster
LOST_SECONDS = 60  # without any
WATCH_SECONDS = 2
# Workers share the cores; so that each has one, the libraries for linear algebra start no threads.
THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}


class Engine(Protocol):
    """A pool of workers."""

    @property
    def workers(self) -> int: ...

    def submit(self, jobs: Sequence[Job]) -> "Future[Found]": ...

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that a worker died, rather than that a job failed."""
        ...

    def renew(self) -> bool:
        """Have workers again after one died; whether all that is in flight is lost."""
        ...

    def check(self) -> None:
        """A MethodError if no answer will come."""
        ...

    def close(self) -> None:
        """Stop at once what this engine has started."""
        ...


@dataclass
class Serial:
    """This process, one job after the other."""

    memory: int = MEMORY
    work: Work = run_jobs
    workers: int = 1

    def submit(self, jobs: Sequence[Job]) -> "Future[Found]":
        future: Future[Found] = Future()
        future.set_result(self.work(jobs, self.memory, ALGORITHM))
        return future

    def lost(self, error: BaseException) -> bool:
        return False

    def renew(self) -> bool:
        return False

    def check(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Local:
    """Processes of this machine; a worker that dies takes the pool with it, and there is a new pool."""

    workers: int
    memory: int = MEMORY
    work: Work = run_jobs
    _pool: Any = field(init=False)

    def __post_init__(self) -> None:
        # A worker that has kept much memory is replaced between two jobs, which is nothing to worry about.
        warnings.filterwarnings("ignore", "A worker (stopped|was restarted) while some jobs were given")
        self._pool = self._new_pool()

    def _new_pool(self) -> Any:
        import loky

        return loky.ProcessPoolExecutor(
            self.workers, initializer=_prepare_worker, initargs=(os.getpid(), self.memory), env=THREADS
        )

    def submit(self, jobs: Sequence[Job]) -> "Future[Found]":
        try:
            future: Future[Found] = self._pool.submit(self.work, jobs, self.memory, ALGORITHM)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        return future

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, BrokenProcessPool)

    def renew(self) -> bool:
        self.close()
        self._pool = self._new_pool()
        return True

    def check(self) -> None: ...

    def close(self) -> None:
        self._pool.shutdown(wait=True, kill_workers=True)


class Cluster:
    """The workers of a Dask scheduler. One that dies is replaced by its nanny, and its jobs go to another first."""

    def __init__(self, address: str, memory: int = MEMORY, work: Work = run_jobs) -> None:
        try:
            import dask
            import distributed
            from distributed.comm.addressing import parse_host_port
        except ImportError:
            raise MethodError(
                'a scheduler needs Dask; install the extra dask (pip install "tncut[dask]", or ".[dask]" in a clone)'
            ) from None
        self.address, self.memory, self.work = address, memory, work
        self._gone = MethodError(f"the scheduler {address} is gone")
        self.workers, self._seen, self._asked = 1, time.monotonic(), 0.0
        self._killed: type[Exception] = distributed.scheduler.KilledWorker
        dask.config.set({"distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s"})
        # What its library logs of a scheduler that is gone is said here, in one line.
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            socket.create_connection(parse_host_port(address), timeout=CONNECT_SECONDS).close()
            self._client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise MethodError(f"cannot reach the scheduler {address}: {error}; start it: dask scheduler") from None
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            self.close()
            raise MethodError(f"the scheduler {address} has no workers; start some: dask worker {address}") from None
        self.check()

    def submit(self, jobs: Sequence[Job]) -> "Future[Found]":
        # Not by client.get_executor(): its futures never end if a result dies with its worker, and again when repeated.
        future: Future[Found] = Future()
        sent = self._client.submit(self.work, jobs, self.memory, ALGORITHM, pure=False)
        sent.add_done_callback(partial(self._hand_over, future))
        return future

    def _hand_over(self, future: "Future[Found]", sent: Any) -> None:
        """End a future as one of Dask's has ended; jobs raise nothing, so what is no answer is a lost connection."""
        try:
            future.set_result(sent.result())
        except (OSError, CancelledError, asyncio.CancelledError):
            future.set_exception(self._gone)
        except BaseException as error:
            future.set_exception(error)

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, self._killed)

    def renew(self) -> bool:
        return False

    def check(self) -> None:
        if self._client.status != "running":
            raise self._gone
        if time.monotonic() < self._asked + ASK_SECONDS:
            return
        self._asked = time.monotonic()
        try:
            threads = sum(self._client.nthreads().values())
        except OSError:
            raise self._gone from None
        if threads:
            self.workers, self._seen = threads, self._asked
        elif self._asked > self._seen + LOST_SECONDS:
            raise MethodError(f"the scheduler {self.address} has had no workers for {LOST_SECONDS} seconds")

    def close(self) -> None:
        with suppress(Exception):  # there may be nothing left to close
            self._client.close(timeout=CLOSE_SECONDS)


def engine_of(workers: int | None, scheduler: str | None, memory: int) -> Engine:
    """A cluster if there is a scheduler; else so many processes, by default one for each core; 0: this process."""
    if scheduler is not None:
        if workers is not None:
            raise MethodError("workers are those of the scheduler; give one of the two")
        return Cluster(scheduler, memory)
    if workers is not None and (not isinstance(workers, int) or workers < 0):
        raise MethodError(f"workers is {workers!r}; it must be an integer from 0")
    if workers == 0:
        return Serial(memory)
    return Local(_cores() if workers is None else workers, memory)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare_worker(driver: int, memory: int) -> None:
    """What a worker does first: leave interruptions to the driver, end when the driver does, limit its own memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(driver,), daemon=True).start()
    with suppress(ImportError, ValueError, OSError):  # only Linux says what is taken; elsewhere there is no limit
        import resource

        # The limit is for memory that a process writes to. What numpy and other libraries have taken comes on top.
        taken = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (taken + memory, hard))


def _end_with(driver: int) -> None:
    """End this process when its driver has ended, even if the driver was killed and could not say so."""
    parent = multiprocessing.parent_process()
    if sys.platform == "win32" and parent is not None:
        parent.join()
    else:  # the system gives the children of an ended process another parent
        while os.getppid() == driver:
            time.sleep(WATCH_SECONDS)
    os._exit(1)
