"""Files are read and written whole or not at all. What goes wrong is a FileError of one line."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..errors import FileError
from .words import shown, shown_name

READ_LIMIT = 16 * 2**20  # bytes


def read_text(path: Path, *, limit: int = READ_LIMIT) -> str:
    """The text of a UTF-8 file. A FileError if it cannot be read, is no UTF-8, or has more than `limit` bytes."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise FileError(f"cannot read {shown_name(path)}: {error.strerror}") from None
    except ValueError:
        raise FileError(f"cannot read {shown(str(path))}: no file can have this name") from None
    return decode(content, shown_name(path), limit=limit)


def decode(content: bytes, name: str, *, limit: int = READ_LIMIT) -> str:
    """Bytes as UTF-8 text. A FileError, which calls them `name`, if they are no UTF-8 or more than `limit` bytes."""
    if len(content) > limit:
        raise FileError(f"{name} is larger than {limit / 2**20:.0f} MB, the limit for a specification")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not UTF-8 text: byte {error.start} cannot be read") from None


def check_target(path: Path, suffix: str, what: str) -> None:
    """A FileError unless a file of this kind can have this name, in a folder that is there."""
    if path.suffix != suffix:
        raise FileError(f"{shown_name(path)}: the name of {what} ends in {suffix}")
    if not path.parent.is_dir():
        raise FileError(f"cannot write {shown_name(path)}: there is no folder {shown_name(path.parent)}")


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`; rename it to `path` when it is complete.

    A FileError if the folder or the file cannot be written.
    """
    try:
        if path.is_dir():
            raise FileError(f"cannot write {shown_name(path)}: it is a folder; give a file name")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    except OSError as error:
        raise FileError(f"cannot write {shown_name(path)}: {error.strerror}") from None
    except ValueError:
        raise FileError(f"cannot write {shown(str(path))}: no file can have this name") from None
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise FileError(f"cannot write {shown_name(path)}: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
