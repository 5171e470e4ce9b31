"""A lock on a file that the system holds for a process, and that goes away with the process however it ends."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..errors import FileError
from ..tools.words import shown_name


def lock(path: Path) -> Callable[[], None]:
    """Lock a file by a file beside it, and return what unlocks it; a FileError if another run has the lock."""
    from filelock import FileLock, Timeout

    if path.is_dir():
        raise FileError(f"cannot write {shown_name(path)}: it is a folder; give a file name")
    target = path.resolve()
    # The library would make a folder that is not there.
    if not target.parent.is_dir():
        raise FileError(f"cannot write {shown_name(path)}: {os.strerror(errno.ENOENT)}")
    beside = target.with_name(f"{target.name}-lock")
    # The soft lock of a file system without locks would outlive a process that is killed.
    held = FileLock(beside, thread_local=False, fallback_to_soft=False)
    try:
        held.acquire(blocking=False)
    except Timeout:
        raise FileError(
            f"{shown_name(path)} is being written by another run; wait for it, or give another file"
        ) from None
    except OSError as error:
        raise FileError(f"cannot write {shown_name(path)}: {error.strerror}") from None

    def unlock() -> None:
        # The file is removed while the lock is held, so no other run can hold a lock on a removed file. Windows
        # refuses to remove an open file; there the library removes it after the release.
        with suppress(OSError):
            beside.unlink()
        held.release()

    return unlock
