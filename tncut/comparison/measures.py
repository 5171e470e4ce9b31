"""The measures of an architecture, and how a worker computes them."""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

import numpy as np

from ..architectures.cost import count_cost
from ..circuit import Circuit
from ..errors import MethodError, SpecError, TncutError
from ..formats import parse_spec
from ..network import TensorNetwork, build
from ..oracle.entanglement import entropy
from ..oracle.rank import WORK_LIMIT
from ..partition import Partition
from ..proven.batch import Bounds, Solver, solver_for
from ..proven.prepared import prepare
from ..tools.words import nearest, shown
from ..training import Training, known_task
from ..verification.cut_subject import CutSubject, measured_rank
from ..verification.drawn import Drawn
from .rows import Value
from .trained import trained

ALGORITHM = 3  # goes up whenever a measure of the same cell may have another value
DIGITS = 12  # the digits of an entropy; further digits of a float depend on the machine and its threads


@dataclass(frozen=True, slots=True)
class Measure:
    """The computation that gives a measure, the kind of its value, and what it depends on."""

    computation: str
    kind: str
    over_partition: bool = True
    seeded: bool = False
    in_bits: bool = True  # an entropy, or a rank whose logarithm says the bits


MEASURES = {
    "rank_bound": Measure("bound", "bound"),
    "rank_lower": Measure("bound", "proven"),
    "symmetric_bound": Measure("bound", "bound"),
    "entropy": Measure("entropy", "measurement", seeded=True),
    "exact_rank": Measure("exact rank", "measurement", seeded=True),
    "parameters": Measure("cost", "count", over_partition=False, in_bits=False),
    "shared_parameters": Measure("cost", "count", over_partition=False, in_bits=False),
    "multiply_adds": Measure("cost", "count", over_partition=False, in_bits=False),
}
# Those of training have the name of a task after them, as in test_accuracy:closedness:16.
TRAINED = {
    "train_accuracy": Measure("training", "measurement", over_partition=False, seeded=True, in_bits=False),
    "test_accuracy": Measure("training", "measurement", over_partition=False, seeded=True, in_bits=False),
    "initial_entropy": Measure("trained entropy", "measurement", seeded=True),
    "trained_entropy": Measure("trained entropy", "measurement", seeded=True),
}
SIDE_BY_SIDE = "bound"  # the computation of many partitions at once
GROUPS = {"interval": ("rank_bound", "rank_lower"), "cost": ("parameters", "multiply_adds")}


@lru_cache(maxsize=256)
def known_measure(name: str) -> Measure:
    """The measure of a name; a SpecError if there is none, or no such task."""
    word, sign, task = name.partition(":")
    if word in TRAINED:
        if not sign:
            raise SpecError(f"{word} needs a task; write for example {word}:closedness:16")
        known_task(task)
        kind = TRAINED[word]
        return replace(kind, computation=f"{kind.computation}:{task}")
    known = [*MEASURES, *GROUPS, *TRAINED]
    if name not in MEASURES:
        raise SpecError(f"unknown {shown(name)}; {nearest(name, known)}")
    return MEASURES[name]


def needs_training(measure: str) -> bool:
    """Whether a measure is one of trained networks."""
    return measure.partition(":")[0] in TRAINED


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
    training: Training | None = None  # how networks are trained; None: they are not

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
        """log2 of a rank, or an entropy; None for a count or an accuracy."""
        if self.value is None or not known_measure(measure).in_bits:
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
    return [COMPUTATIONS[job.computation.partition(":")[0]](_built(job.spec), job, memory) for job in jobs]


def _split(job: Job) -> Partition:
    return Partition(np.frombuffer(job.sides, dtype=bool), job.partition)


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


def _entropy(built: Built, job: Job, memory: int) -> Found:
    _refuse_other_gates(built)
    drawn = Drawn.of(built, None, seed=job.seed or 0, memory_limit=memory)
    bits, method = _entropy_of(drawn, _split(job), memory)
    return {"entropy": (bits, f"{drawn.kind} weights in floats, by {method}")}


def _entropy_of(drawn: Drawn, split: Partition, memory: int) -> tuple[float, str]:
    found, method = CutSubject.of(prepare(drawn.built), split).spectrum(drawn.floats, memory_limit=memory)
    return float(f"{entropy(found.values):.{DIGITS}g}"), method


def _exact_rank(built: Built, job: Job, memory: int) -> Found:
    _refuse_other_gates(built)
    drawn = Drawn.of(built, None, seed=job.seed or 0, memory_limit=memory)
    cut = CutSubject.of(prepare(built), _split(job))
    found = measured_rank(cut, drawn, memory_limit=memory, work_limit=WORK_LIMIT)
    least = "" if found.complete else "at least this: "
    by = f"{found.method}, {found.shape[0]} x {found.shape[1]}"
    return {"exact_rank": (found.rank, f"{least}{drawn.kind} weights modulo {found.prime}, by {by}")}


def _cost(built: Built, job: Job, memory: int) -> Found:
    return {name: (value, "exact") for name, value in count_cost(built).to_dict().items() if value is not None}


def _training(built: Built, job: Job, memory: int) -> Found:
    found, source = trained(built, job.computation.partition(":")[2], job.training or Training(), job.seed or 0)
    test = found.test_accuracy
    return {measure: (found.accuracy if measure.startswith("train") else test, source) for measure in job.measures}


def _trained_entropy(built: Built, job: Job, memory: int) -> Found:
    _refuse_other_gates(built)
    found, source = trained(built, job.computation.partition(":")[2], job.training or Training(), job.seed or 0)
    values: dict[str, tuple[Value, str]] = {}
    for measure in job.measures:
        before = measure.startswith("initial")
        drawn = Drawn.of(built, found.start if before else found.weights)
        bits, method = _entropy_of(drawn, _split(job), memory)
        values[measure] = bits, f"before training, by {method}" if before else f"{source}, by {method}"
    return values


def _refuse_other_gates(built: Built) -> None:
    if isinstance(built, Circuit):
        built.require_products("the cut, and the coefficient tensor,", "tncut verify measures the grid tensor")


COMPUTATIONS: dict[str, Callable[..., Found]] = {
    "entropy": _entropy,
    "exact rank": _exact_rank,
    "cost": _cost,
    "training": _training,
    "trained entropy": _trained_entropy,
}
