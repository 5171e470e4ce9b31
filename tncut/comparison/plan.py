"""The cells of a sweep, checked before anything is computed; a key in the store tells each cell from all others."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from ..errors import SizeError
from ..formats import spec_table
from ..formats.variations import LIMIT
from ..network import Specified, build
from ..oracle import PRIME
from ..partition import Partition, Terminals
from ..tools.within import within
from ..tools.words import counted, shown
from ..training import Training
from .measures import ALGORITHM, Job, known_measure, needs_training
from .rows import Identity
from .sweep import Sweep

ROW_BYTES = 350  # what one row takes in the store, its specification not counted
# What decides a value beside the architecture, the partition and the seed.
OPTIONS: dict[str, dict[str, Any]] = {
    "entropy": {"weights": "random", "field": "float64"},
    "exact_rank": {"weights": "random", "prime": PRIME},
}


@dataclass(frozen=True, repr=False)
class Plan:
    """The jobs of a sweep, architecture after architecture; `done` and `failed` count cells of the store."""

    jobs: tuple[Job, ...]
    architectures: int
    partitions: int
    done: int = 0
    failed: int = 0

    @property
    def cells(self) -> int:
        return self.done + self.failed + self.missing

    @property
    def missing(self) -> int:
        return sum(len(job.keys) for job in self.jobs)

    @property
    def identities(self) -> set[Identity]:
        """The identities of the rows that the missing cells will have."""
        return {(job.architecture, job.spec, job.partition, m, job.seed) for job in self.jobs for m in job.measures}

    @property
    def megabytes(self) -> float:
        """About how much the missing rows will add to the store."""
        specs = {job.spec for job in self.jobs}
        return (ROW_BYTES * self.missing + sum(map(len, specs))) / 1e6

    def _disk(self) -> str:
        """How much that adds to the store, where it is more than nothing to speak of."""
        return f", about {self.megabytes:.1f} MB on disk" if self.megabytes >= 0.1 else ""

    def without(self, kept: dict[str, str], *, retry_failed: bool) -> "Plan":
        """The plan of what is missing; `kept` has the status of every key of the store."""
        statuses = {key: kept[key] for job in self.jobs for key in job.keys if key in kept} if kept else {}
        if retry_failed:
            statuses = {key: status for key, status in statuses.items() if status == "done"}
        failed = sum(status == "failed" for status in statuses.values())
        jobs = (
            tuple(job for job in (_without(job, statuses) for job in self.jobs) if job.keys) if statuses else self.jobs
        )
        return replace(self, jobs=jobs, done=len(statuses) - failed, failed=failed)

    def __repr__(self) -> str:
        return f"<Plan: {self.cells} cells, {self.missing} to compute, {self.done} done, {self.failed} failed>"

    def __str__(self) -> str:
        parts = [f"{self.done} done already"] if self.done else []
        if self.failed:
            parts.append(f"{self.failed} failed before (--retry-failed computes them again)")
        parts.append(f"{self.missing} to compute{self._disk()}")
        of = f"{counted(self.architectures, 'architecture')}, {counted(self.partitions, 'partition')}"
        return f"{counted(self.cells, 'cell')} ({of}): {', '.join(parts)}"


def plan_of(sweep: Sweep) -> Plan:
    """Every cell of a sweep. A wrong architecture or partition is an error here, before anything is computed."""
    jobs: list[Job] = []
    known: dict[Terminals, list[Named]] = {}
    cells = 0
    for arch in sweep.architectures:
        with within(f"architecture {shown(arch.name)}"):
            terminals = build(arch).terminals
        if terminals not in known:
            known[terminals] = _partitions(terminals, arch.name, sweep)
        splits = known[terminals]
        cells += _count(len(splits), sweep)
        if cells > LIMIT:
            raise SizeError(f"the sweep has more than {LIMIT} cells, the limit; split it over several files")
        jobs += _jobs(arch, splits, sweep)
    names = {split.name for splits in known.values() for split in splits}
    return Plan(tuple(jobs), len(sweep.architectures), len(names))


@dataclass(frozen=True, slots=True)
class Named:
    """A partition as jobs have it."""

    name: str  # "": none
    sides: bytes
    identity: str  # canonical JSON: what tells it from others

    @classmethod
    def of(cls, name: str, sides: bytes) -> "Named":
        return cls(name, sides, canonical({"name": name, "sides": digest(sides)}))


def canonical(data: Any) -> str:
    """The one JSON text of plain data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _partitions(terminals: Terminals, architecture: str, sweep: Sweep) -> list[Named]:
    """All partitions that the sweep names, each name once; the architecture is the first with these terminals."""
    found: dict[str, Named] = {}
    for number, text in enumerate(sweep.partitions):
        with within(f"partitions[{number}], for architecture {shown(architecture)}"):
            splits = _splits(terminals, text)
        for split in splits:
            # The file of a mask may change while its name stays the same.
            suffix = f"#{digest(split.sides.tobytes())[:8]}" if text.startswith("mask:") else ""
            name = (split.name or "none") + suffix
            found.setdefault(name, Named.of(name, split.sides.tobytes()))
    return list(found.values())


def _splits(terminals: Terminals, text: str) -> list[Partition]:
    named = terminals.family(text)
    if named.count > LIMIT:
        raise SizeError(f"{shown(text)} names {named.count} partitions; a sweep takes up to {LIMIT} cells")
    return list(terminals.partitions(text))


def _count(splits: int, sweep: Sweep) -> int:
    """The cells of one architecture."""
    kinds = [known_measure(measure) for measure in sweep.measures]
    return sum((splits if kind.over_partition else 1) * (len(sweep.seeds) if kind.seeded else 1) for kind in kinds)


def _jobs(arch: Specified, splits: list[Named], sweep: Sweep) -> list[Job]:
    spec = canonical(spec_table(arch))
    groups: dict[str, list[str]] = {}
    for measure in sweep.measures:
        groups.setdefault(known_measure(measure).computation, []).append(measure)
    spec_digest = digest(spec)
    jobs = []
    for computation, measures in groups.items():
        kind = known_measure(measures[0])
        seeds = sweep.seeds if kind.seeded else (None,)
        training = sweep.training if needs_training(measures[0]) else None
        for seed in seeds:
            around = [_around(spec_digest, measure, seed, training) for measure in measures]
            for split in splits if kind.over_partition else [Named.of("", b"")]:
                keys = tuple(digest(f"{before}{split.identity}{after}") for before, after in around)
                named = (arch.name, spec, split.name, split.sides, computation)
                jobs.append(Job(*named, seed, tuple(measures), keys, training))
    return jobs


def _around(spec: str, measure: str, seed: int | None, training: Training | None) -> tuple[str, str]:
    """The canonical JSON of a cell before and after its partition; the key of the cell is the digest of the whole."""
    whole = canonical(
        {
            "spec": spec,
            "partition": "*",
            "measure": measure,
            "options": OPTIONS.get(measure, {}) if training is None else training.to_dict(),
            "seed": seed,
            "algorithm": ALGORITHM,
        }
    )
    before, after = whole.split('"*"')
    return before, after


def _without(job: Job, keys: Collection[str]) -> Job:
    kept = [(m, key) for m, key in zip(job.measures, job.keys, strict=True) if key not in keys]
    return replace(job, measures=tuple(m for m, _ in kept), keys=tuple(key for _, key in kept))
