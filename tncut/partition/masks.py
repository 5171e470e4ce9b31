"""Masks: files that say which sites lie on side A."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import PartitionError
from ..tools.arrays import BoolArray
from ..tools.words import shown, shown_name

MASK_BYTES = 2**26


def read_mask(path: Path, sites: int) -> BoolArray:
    """(sites,) the sides in a file: an array (.npy), an image (.png: what is not black) or a text of 0 and 1 (.txt).

    A PartitionError if the file can't be read, or has another number of sites.
    """
    readers = {".npy": _read_npy, ".png": _read_png, ".txt": _read_txt}
    if path.suffix not in readers:
        raise PartitionError(f"mask file {shown_name(path)} must end in {', '.join(readers)}")
    try:
        if path.stat().st_size > MASK_BYTES:
            raise PartitionError(
                f"mask file {shown_name(path)} has {path.stat().st_size} bytes; the limit is {MASK_BYTES}"
            )
        values = np.asarray(readers[path.suffix](path))
    except OSError as error:
        raise PartitionError(f"cannot read mask file {shown_name(path)}: {error.strerror or error}") from None
    except (ValueError, SyntaxError, EOFError) as error:
        raise PartitionError(f"cannot read mask file {shown_name(path)}: {str(error).splitlines()[0]}") from None
    if values.dtype.kind not in "biuf" or (values.dtype.kind == "f" and not np.isfinite(values).all()):
        raise PartitionError(f"mask file {shown_name(path)} must hold booleans or finite numbers")
    if values.size != sites:
        raise PartitionError(f"mask file {shown_name(path)} has {values.size} sides; the network has {sites} sites")
    sides: BoolArray = values.ravel() != 0
    return sides


def _read_npy(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, allow_pickle=False)
    return array


def _read_png(path: Path) -> ArrayLike:
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def _read_txt(path: Path) -> ArrayLike:
    text = path.read_text(encoding="utf-8")
    if found := re.search(r"[^01\s,;]", text):
        raise ValueError(f"a text mask holds 0 and 1; it has {shown(found[0])}")
    return [int(digit) for digit in re.findall("[01]", text)]
