"""What the figures were measured on, and how time is taken."""

import importlib.metadata
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tncut.mincut.batch import numba_loops
from tncut.proven.symmetric import search

NUMBA = find_spec("numba") is not None


def describe() -> str:
    """One line: processor, cores, Python, and the versions of the engines that are compared."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    versions = []
    for package in ("numpy", "ortools", "networkx", "scipy", "numba", "igraph", "PyMaxflow"):
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(versions)}"


def seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def median_seconds(action: Callable[[], object], repeats: int = 5) -> float:
    return median([seconds(action) for _ in range(repeats)])


def table(header: str, rows: list[str]) -> str:
    """A markdown table from cells joined by bars."""
    return "\n".join([f"| {header} |", "|" + "---|" * (header.count("|") + 1), *(f"| {row} |" for row in rows)])


@contextmanager
def compiled_loops(use: bool) -> Iterator[None]:
    """Whether the extra `fast` is used where it is installed."""
    trees, flows = numba_loops.is_worth_it, search.worth_compiling
    numba_loops.is_worth_it = search.worth_compiling = lambda size, batch: use
    try:
        yield
    finally:
        numba_loops.is_worth_it, search.worth_compiling = trees, flows
