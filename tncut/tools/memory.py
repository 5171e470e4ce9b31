"""Limits of memory, in bytes, and of work, in multiply-adds: checked before a computation starts."""

import math
import os
from pathlib import Path

from ..errors import SizeError

UNKNOWN = 2**32  # bytes, assumed to be free where the system does not tell


def free_memory() -> int:
    """The bytes that the machine can give without swapping.

    Linux tells them. Other systems tell at most the size of the whole memory, which is then the answer.
    """
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return UNKNOWN


def limit_or_default(memory_limit: int | None) -> int:
    """The limit given, in bytes; a quarter of the free memory if it is None."""
    return free_memory() // 4 if memory_limit is None else memory_limit


def refuse_above(memory_limit: int | None, needed: int, what: str) -> None:
    """Raise a SizeError if `what` needs more bytes than the limit. `needed` may be any integer, however large."""
    limit = limit_or_default(memory_limit)
    if needed > limit:
        raise SizeError(f"{what} needs {_megabytes(needed)} of memory, over the limit of {_megabytes(limit)}")


def refuse_work_above(work_limit: int | None, needed: int, what: str) -> None:
    """Raise a SizeError if `what` needs more multiply-adds than the limit; None: there is none."""
    if work_limit is not None and needed > work_limit:
        raise SizeError(f"{what} needs {needed:.1e} multiply-adds, over the limit of {work_limit:.1e} (work_limit)")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size < 10**15 else f"about 10^{math.floor(math.log10(size)) - 6} MB"
