"""Jobs in chunks of about equal time, estimated from the times measured so far.

Jobs of one architecture and computation follow each other, and are faster together. So a chunk ends between two such
groups, unless a group takes longer than a chunk.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from .measures import Job, Outcome

SECONDS = 0.2  # the time of a chunk: much longer than sending it, and short for a person who waits
SHORT_SECONDS = 0.02  # a chunk that is expected to take less is never divided
MOST_JOBS = 2048
SHARE = 4  # a chunk is at most this part of the jobs left for each worker, so that all workers end together
NEWEST = 0.2  # the weight of the newest time in the mean


class Chunks:
    """The jobs of a run that no worker has yet."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._waiting = deque(jobs)
        self._seconds: dict[str, float] = {}  # computation -> mean time of one job, newer jobs weigh more

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def measured(self, job: Job, outcomes: Sequence[Outcome]) -> None:
        """Note the time that a job took."""
        seconds = sum(outcome.seconds for outcome in outcomes)
        before = self._seconds.get(job.computation, seconds)
        self._seconds[job.computation] = before + NEWEST * (seconds - before)

    def take(self, workers: int) -> list[Job]:
        """The next chunk: as many jobs as fill its time; one job while no time is known."""
        most = max(1, min(MOST_JOBS, len(self._waiting) // (SHARE * workers)))
        chunk: list[Job] = []
        seconds = 0.0
        while self._waiting and self._has_room(chunk, seconds, most):
            chunk.append(self._waiting.popleft())
            seconds += self._seconds.get(chunk[-1].computation, SECONDS)
        if self._waiting and _group(chunk[-1]) == _group(self._waiting[0]) != _group(chunk[0]):
            divided = _group(chunk[-1])
            while _group(chunk[-1]) == divided:
                self._waiting.appendleft(chunk.pop())
        return chunk

    @staticmethod
    def _has_room(chunk: Sequence[Job], seconds: float, most: int) -> bool:
        return len(chunk) < MOST_JOBS and (seconds < SHORT_SECONDS or (len(chunk) < most and seconds < SECONDS))


def _group(job: Job) -> tuple[str, str]:
    return job.spec, job.computation
