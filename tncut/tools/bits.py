"""Batches of partitions as packed bits: one bit for each side, eight sides in a byte.

Row k of a packed array is partition k, as numpy.packbits(sides, axis=1) writes it. The highest bit of the first byte is
site 0. A set bit is side A. The bits after the last site fill up the last byte.
"""

import numpy as np
from numpy.typing import NDArray

from .arrays import BoolArray

ByteArray = NDArray[np.uint8]


def packed_width(sites: int) -> int:
    """The number of bytes of one partition."""
    return (sites + 7) // 8


def pack(sides: BoolArray) -> ByteArray:
    """(batch, sites) booleans as (batch, packed_width(sites)) bytes.

    >>> pack(np.array([[True, False, True]]))
    array([[160]], dtype=uint8)
    """
    return np.packbits(sides, axis=1)


def unpack(packed: ByteArray, sites: int) -> BoolArray:
    """(batch, packed_width(sites)) bytes as (batch, sites) booleans: the inverse of `pack`."""
    return np.unpackbits(packed, axis=1, count=sites).view(np.bool_)


def cleared(packed: ByteArray, sites: int) -> ByteArray:
    """A copy whose bits after the last site are 0, so that equal partitions are equal bytes."""
    copy = packed.copy()
    if sites % 8:
        copy[:, -1] &= np.uint8(256 - (1 << (8 - sites % 8)))
    return copy


def side_rows(packed: ByteArray, out: NDArray[np.int8] | None = None) -> NDArray[np.int8]:
    """(8 * bytes, batch) masks: entry (i, k) is -1 if site i lies on side A in partition k, and 0 on side B.

    All bits of -1 are set. So `mask & w` is w on side A and 0 on side B, for integers w of any width.
    The result is written to `out`, if that is given.
    """
    # The bytes are transposed while they still hold eight sides each: an eighth of the work.
    bytes_by_site = np.ascontiguousarray(packed.T)
    width, batch = bytes_by_site.shape
    rows = np.empty((8 * width, batch), dtype=np.int8) if out is None else out
    for bit in range(8):
        # Multiplying by 2^bit moves the side of each byte's site number `bit` into the highest bit, the sign.
        np.multiply(bytes_by_site, np.uint8(1 << bit), out=rows.view(np.uint8)[bit::8])
    # An arithmetic shift by 7 copies the sign to all other bits.
    np.right_shift(rows, np.int8(7), out=rows)
    return rows
