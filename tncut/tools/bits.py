"""Many partitions at once: a bit for every side, packed eight to a byte as numpy.packbits(sides, axis=1) does."""

import numpy as np
from numpy.typing import NDArray

from .arrays import BoolArray

ByteArray = NDArray[np.uint8]


def packed_width(sites: int) -> int:
    return (sites + 7) // 8


def pack(sides: BoolArray) -> ByteArray:
    """(batch, sites) booleans as (batch, ceil(sites / 8)) bytes.

    >>> pack(np.array([[True, False, True]]))
    array([[160]], dtype=uint8)
    """
    return np.packbits(sides, axis=1)


def unpack(packed: ByteArray, sites: int) -> BoolArray:
    """(batch, sites) booleans."""
    return np.unpackbits(packed, axis=1, count=sites).view(np.bool_)


def cleared(packed: ByteArray, sites: int) -> ByteArray:
    """A copy, with zeros for the bits beyond the sites, so that equal partitions are equal bytes."""
    kept = packed.copy()
    if sites % 8:
        kept[:, -1] &= np.uint8(256 - (1 << (8 - sites % 8)))
    return kept


def side_rows(packed: ByteArray, out: NDArray[np.int8] | None = None) -> NDArray[np.int8]:
    """(8 * bytes, batch) of 0 (side B) and -1 (side A): all bits set, so that `& w` is w or 0.

    Turned while packed, an eighth of the bytes; then eight products spread the bits over rows, each as a sign.
    """
    turned = np.ascontiguousarray(packed.T)
    width, batch = turned.shape
    rows = np.empty((8 * width, batch), dtype=np.int8) if out is None else out
    for bit in range(8):
        np.multiply(turned, np.uint8(1 << bit), out=rows.view(np.uint8)[bit::8])
    np.right_shift(rows, np.int8(7), out=rows)
    return rows
