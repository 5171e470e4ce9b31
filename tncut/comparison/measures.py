"""The measures of an architecture, and how a worker computes them."""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

import numpy as np

from ..architectures.cost import count_cost
from ..circuit import Circuit
from ..errors import MethodError, TncutError
from ..formats import parse_spec
from ..network import TensorNetwork, build
from ..oracle.entanglement import entropy
from ..oracle.rank import WORK_LIMIT
from ..partition import Partition
from ..proven.batch import Bounds, Solver, solver_for
from ..proven.prepared import prepare
from ..verification.cut_subject import CutSubject, measured_rank
from ..verification.drawn import Drawn
from .rows import Value

ALGORITHM = 3  # goes up whenever a measure of the same cell may have another value
DIGITS = 12  # the digits of an entropy; further digits of a float depend on the machine and its threads


@dataclass(frozen=True, slots=True)
class Measure:
    """The computation that gives a measure, the kind of its value, and what it depends on."""

    computation: str
    kind: str
    over_partition: bool = True
    seeded: bool = False


MEASURES = {
    "rank_bound": Measure("bound", "bound"),
    "rank_lower": Measure("bound", "proven"),
    "symmetric_bound": Measure("bound", "bound"),
    "entropy": Measure("entropy", "measurement", seeded=True),
    "exact_rank": Measure("exact rank", "measurement", seeded=True),
    "parameters": Measure("cost", "count", over_partition=False),
    "shared_parameters": Measure("cost", "count", over_partition=False),
    "multiply_adds": Measure("cost", "count", over_partition=False),
}
SIDE_BY_SIDE = "bound"  # the computation of many partitions at once
GROUPS = {"interval": ("rank_bound", "rank_lower"), "cost": ("parameters", "multiply_adds")}


@dataclass(frozen=True, slots=True)
class Job:
    """One computation for one architecture, partition and seed; each of its measures is a cell."""

    architecture: str
    spec: str  # canonical JSON
    partition: str  # "": none
    sides: bytes  # one boolean for each site
    computation: str
    seed: int | None
    measures: tuple[str, ...]
    keys: tuple[str, ...]  # one for each measure

    def __str__(self) -> str:
        over = f", {self.partition}" if self.partition else ""
        seed = "" if self.seed is None else f", seed {self.seed}"
        return f"{self.architecture}{over}, {' and '.join(self.measures)}{seed}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the computation of one cell gave: a value and its source, or an error."""

    status: str
    value: Value = None
    source: str = ""
    error: str = ""
    seconds: float = 0.0

    @classmethod
    def failure(cls, error: str, seconds: float = 0.0) -> "Outcome":
        return cls("failed", error=" ".join(error.split()), seconds=seconds)

    def bits(self, measure: str) -> float | None:
        """log2 of a rank, or an entropy; None for a count."""
        if self.value is None or MEASURES[measure].kind == "count":
            return None
        if isinstance(self.value, float):
            return self.value
        return math.log2(self.value) if self.value else None


Built = Circuit | TensorNetwork
Found = Mapping[str, tuple[Value, str]]  # measure -> value and source


def run_jobs(jobs: Sequence[Job], memory: int, algorithm: int) -> list[list[Outcome]]:
    """What a worker does: an outcome for each measure of each job. A cell that fails does not stop the others."""
    if algorithm != ALGORITHM:
        raise MethodError(f"a worker has another version of tncut (algorithm {ALGORITHM}, not {algorithm})")
    found: list[list[Outcome]] = []
    for (_, computation), group in groupby(jobs, key=attrgetter("spec", "computation")):
        cells = list(group)
        for together in [cells] if computation == SIDE_BY_SIDE else [[job] for job in cells]:
            found += _run(together, memory)
    return found


def _run(jobs: Sequence[Job], memory: int) -> list[list[Outcome]]:
    """The outcomes of jobs that are computed together; if that fails, each is computed alone."""
    begin = time.perf_counter()
    try:
        found = _found(jobs, memory)
        error = ""
    except TncutError as problem:
        error = str(problem)
    except MemoryError:
        _solver.cache_clear()
        error = f"does not fit into memory, {memory / 1e6:.0f} MB for each worker"
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    if error and len(jobs) > 1:
        return [outcomes for job in jobs for outcomes in _run([job], memory)]
    seconds = (time.perf_counter() - begin) / sum(len(job.measures) for job in jobs)
    if error:
        return [[Outcome.failure(error, seconds)] * len(job.measures) for job in jobs]
    return [[_outcome(of, measure, seconds) for measure in job.measures] for job, of in zip(jobs, found, strict=True)]


def _outcome(found: Found, measure: str, seconds: float) -> Outcome:
    if measure not in found:
        return Outcome.failure(f"a tensor network has no {measure}: they depend on the order of contraction", seconds)
    return Outcome("done", *found[measure], seconds=seconds)


def _found(jobs: Sequence[Job], memory: int) -> list[Found]:
    if jobs[0].computation == SIDE_BY_SIDE:
        return _bounds(jobs)
    _solver.cache_clear()  # its memory is for this computation now
    return [COMPUTATIONS[job.computation](_built(job.spec), _split(job), job.seed, memory) for job in jobs]


def _split(job: Job) -> Partition | None:
    return Partition(np.frombuffer(job.sides, dtype=bool), job.partition) if job.partition else None


@lru_cache(maxsize=2)
def _built(spec: str) -> Built:
    return build(parse_spec(spec, name=json.loads(spec).get("name", "specification"), syntax="json"))


@lru_cache(maxsize=1)
def _solver(spec: str) -> Solver:
    built = _built(spec)
    _refuse_other_gates(built)
    return solver_for(prepare(built))


def _bounds(jobs: Sequence[Job]) -> list[Found]:
    """Both ends of one architecture over the partitions of all jobs, and what their reports call their sources."""
    sides = np.frombuffer(b"".join(job.sides for job in jobs), dtype=bool).reshape(len(jobs), -1)
    found = Bounds.of(_solver(jobs[0].spec), sides)
    wanted = {measure for job in jobs for measure in job.measures}
    columns: dict[str, list[tuple[Value, str]]] = {}
    if "rank_bound" in wanted:
        columns["rank_bound"] = [(bound.rank, bound.name) for bound in found.upper_bounds]
    if "rank_lower" in wanted:
        columns["rank_lower"] = [(bound.rank, bound.source) for bound in found.lower_bounds]
    if "symmetric_bound" in wanted:
        # Without re-used units every use has one copy, and the symmetric cut is the cut of the unfolded network.
        columns["symmetric_bound"] = [(rank, found.solver.cut_name) for rank in found.cut_ranks]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _entropy(built: Built, split: Partition, seed: int, memory: int) -> Found:
    _refuse_other_gates(built)
    drawn = Drawn.of(built, None, seed=seed, memory_limit=memory)
    found, method = CutSubject.of(prepare(built), split).spectrum(drawn.floats, memory_limit=memory)
    bits = float(f"{entropy(found.values):.{DIGITS}g}")
    return {"entropy": (bits, f"{drawn.kind} weights in floats, by {method}")}


def _exact_rank(built: Built, split: Partition, seed: int, memory: int) -> Found:
    _refuse_other_gates(built)
    drawn = Drawn.of(built, None, seed=seed, memory_limit=memory)
    cut = CutSubject.of(prepare(built), split)
    found = measured_rank(cut, drawn, memory_limit=memory, work_limit=WORK_LIMIT)
    least = "" if found.complete else "at least this: "
    by = f"{found.method}, {found.shape[0]} x {found.shape[1]}"
    return {"exact_rank": (found.rank, f"{least}{drawn.kind} weights modulo {found.prime}, by {by}")}


def _cost(built: Built, split: None, seed: None, memory: int) -> Found:
    return {name: (value, "exact") for name, value in count_cost(built).to_dict().items() if value is not None}


def _refuse_other_gates(built: Built) -> None:
    if isinstance(built, Circuit):
        built.require_products("the cut, and the coefficient tensor,", "tncut verify measures the grid tensor")


COMPUTATIONS: dict[str, Callable[..., Found]] = {
    "entropy": _entropy,
    "exact rank": _exact_rank,
    "cost": _cost,
}
