"""The fields of frozen dataclasses that are arrays: read-only from birth, of one type, of the right length and range.

Every check takes the item, the key of its field, and the error that is raised if something is wrong.
"""

import numpy as np

from ..errors import TncutError
from .arrays import IntArray, read_only
from .words import shown

KINDS = {np.int64: ("iu", "integers"), np.bool_: ("b", "truth values")}


def own_array(
    item: object, key: str, error: type[TncutError], *, dtype: type = np.int64, length: int | None = None
) -> None:
    """Make a field a read-only array with one axis, of this type and length. Only what can be written to is copied."""
    values = getattr(item, key)
    kinds, name = KINDS[dtype]
    if not isinstance(values, np.ndarray) or values.ndim != 1 or values.dtype.kind not in kinds:
        raise error(f"{key} is {shown(values)}; it must be an array of {name} with one axis")
    if length not in (None, len(values)):
        raise error(f"{key} has {len(values)} entries; it must have {length}")
    frozen = not values.flags.writeable and values.base is None and values.dtype == dtype
    object.__setattr__(item, key, values if frozen else read_only(np.array(values, dtype=dtype)))


def check_range(item: object, key: str, error: type[TncutError], *, least: int, most: int) -> None:
    """Every entry of an array of integers must be from `least` to `most`."""
    values: IntArray = getattr(item, key)
    if len(values) and not least <= values.min() <= values.max() <= most:
        index = int(np.flatnonzero((values < least) | (values > most))[0])
        raise error(f"{key}[{index}] is {values[index]}; it must be from {least} to {most}")


def check_starts(item: object, key: str, error: type[TncutError], *, end: int) -> None:
    """Row i of a flat array lies between entries i and i + 1: they must rise from 0 to its length."""
    start: IntArray = getattr(item, key)
    if not len(start) or start[0] != 0 or start[-1] != end or (np.diff(start) < 0).any():
        raise error(f"{key} is {shown(start)}; it must rise from 0 to {end}")
