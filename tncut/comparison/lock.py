"""A lock on a file that the system holds for a process, and that goes away with it however it ends."""

import os
from collections.abc import Callable
from pathlib import Path

from ..errors import FileError


def lock(path: Path) -> Callable[[], None]:
    """Lock a file by a file beside it, and return what unlocks it; a FileError if another process has it."""
    beside = path.resolve().with_name(f"{path.resolve().name}-lock")
    if path.is_dir():
        raise FileError(f"cannot write {path}: it is a folder; give a file name")
    while True:
        handle = _locked(path, beside)
        # The one before may have taken the file away, after it was opened here and before it was locked.
        if _same(handle, beside):
            break
        os.close(handle)

    def unlock() -> None:
        beside.unlink(missing_ok=True)
        os.close(handle)

    return unlock


def _locked(path: Path, beside: Path) -> int:
    try:
        import fcntl
    except ImportError:
        raise FileError(f"cannot write {path}: this system has no file locks") from None
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise FileError(f"{path} is being written by another run; wait for it, or give another file") from None
    return handle


def _same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
