"""Jobs in chunks of about equal time, sized from the times measured so far."""

from collections import deque
from collections.abc import Iterable, Sequence

from .measures import Job, Outcome

SECONDS = 0.2  # of a chunk: long against what sending costs, short against what a person waits for
MOST_JOBS = 512
SHARE = 4  # no chunk is longer than this part of what is left for a worker, so that all end together
MEMORY = 0.2  # weight of the newest time


class Chunks:
    """The jobs of a run that wait for a worker."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._waiting = deque(jobs)
        self._seconds: dict[str, float] = {}  # computation -> time of one job, newer ones weigh more

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def measured(self, job: Job, outcomes: Sequence[Outcome]) -> None:
        """Learn from the time that a job took."""
        seconds = sum(outcome.seconds for outcome in outcomes)
        before = self._seconds.get(job.computation, seconds)
        self._seconds[job.computation] = before + MEMORY * (seconds - before)

    def take(self, workers: int) -> list[Job]:
        """The next chunk: one job as long as its time is not known, else as many as fill the time."""
        most = max(1, min(MOST_JOBS, len(self._waiting) // (SHARE * workers)))
        chunk: list[Job] = []
        seconds = 0.0
        while self._waiting and len(chunk) < most and seconds < SECONDS:
            chunk.append(self._waiting.popleft())
            seconds += self._seconds.get(chunk[-1].computation, SECONDS)
        return chunk
