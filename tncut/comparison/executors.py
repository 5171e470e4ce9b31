"""Where jobs are computed: in this process, in other processes of this machine, or on a Dask cluster."""

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

from ..errors import ExtraError, MethodError
from ..tools.words import install_hint, shown
from .measures import ALGORITHM, Job, Outcome, run_jobs

Found = list[list[Outcome]]
Work = Callable[[Sequence[Job], int, int], Found]

MEMORY = 2 * 10**9  # bytes for a worker
CONNECT_SECONDS = 5
CLOSE_SECONDS = 2
ASK_SECONDS = 5  # between two questions for the workers of a cluster
LOST_SECONDS = 60  # how long a cluster may be without workers
WATCH_SECONDS = 2
# The libraries for linear algebra start no threads, so that each worker uses one core.
THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}


class Executor(Protocol):
    """Workers that compute jobs, as a pool of `concurrent.futures` does."""

    @property
    def workers(self) -> int: ...

    def submit(self, jobs: Sequence[Job]) -> "Future[Found]": ...

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that a worker died, rather than that a job failed."""
        ...

    def renew(self) -> bool:
        """Replace the workers after one died; whether all jobs in flight are lost."""
        ...

    def check(self) -> None:
        """Raise a MethodError if no answer will come."""
        ...

    def close(self) -> None:
        """Stop at once all that this executor has started."""
        ...


@dataclass
class Serial:
    """This process, which computes one job after the other."""

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
    """Processes of this machine. A worker that dies ends its pool, and a new pool is made."""

    workers: int
    memory: int = MEMORY
    work: Work = run_jobs
    _pool: Any = field(init=False)

    def __post_init__(self) -> None:
        # A worker that has kept much memory is replaced between two jobs; a user need not know it.
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
    """The workers of a Dask scheduler. Dask replaces a worker that dies, and gives its jobs to another one."""

    def __init__(self, address: str, memory: int = MEMORY, work: Work = run_jobs) -> None:
        try:
            import dask
            import distributed
            from distributed.comm.addressing import parse_host_port
        except ImportError:
            raise ExtraError(f"a scheduler needs Dask; {install_hint('dask')}") from None
        self.address, self.memory, self.work = address, memory, work
        self.workers = 1
        self._gone = MethodError(f"the scheduler {address} is gone")
        self._seen = time.monotonic()  # when there were workers last
        self._asked = 0.0  # when that was asked last
        self._killed: type[Exception] = distributed.scheduler.KilledWorker
        dask.config.set({"distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s"})
        # Dask logs many lines about a scheduler that is gone; here an error says it in one line.
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
        # Futures of client.get_executor() never end if a result is lost with its worker and lost again when repeated.
        future: Future[Found] = Future()
        sent = self._client.submit(self.work, jobs, self.memory, ALGORITHM, pure=False)
        sent.add_done_callback(partial(self._hand_over, future))
        return future

    def _hand_over(self, future: "Future[Found]", sent: Any) -> None:
        """End our future as Dask's has ended. Jobs raise no error, so a cancelled one is a lost connection."""
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
        with suppress(Exception):  # the connection may be lost already
            self._client.close(timeout=CLOSE_SECONDS)


def executor_of(workers: int | None, scheduler: str | None, memory: int) -> Executor:
    """The cluster of a scheduler; without one so many processes, by default one for each core; for 0 this process."""
    _check_integer("memory", memory, least=1)
    if scheduler is not None:
        if workers is not None:
            raise MethodError("workers are those of the scheduler; give one of the two")
        if not isinstance(scheduler, str):
            raise MethodError(f"scheduler is {shown(scheduler)}; it must be an address such as tcp://127.0.0.1:8786")
        return Cluster(scheduler, memory)
    if workers is None:
        return Local(_cores(), memory)
    _check_integer("workers", workers, least=0)
    return Local(workers, memory) if workers else Serial(memory)


def _check_integer(key: str, value: object, *, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise MethodError(f"{key} is {shown(value)}; it must be an integer from {least}")


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
