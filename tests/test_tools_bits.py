"""Packed sides."""

import numpy as np
import pytest

from tncut.tools.bits import pack, packed_width, side_rows, unpack


@pytest.mark.parametrize("sites", [1, 7, 8, 9, 64, 100])
def test_packed_sides_come_back_and_stand_in_rows(sites):
    sides = np.random.default_rng(sites).random((37, sites)) < 0.5
    packed = pack(sides)
    assert packed.shape == (37, packed_width(sites))
    assert np.array_equal(unpack(packed, sites), sides)
    rows = side_rows(packed)
    assert np.array_equal(rows[:sites], -sides.T.astype(np.int8))
    assert not rows[sites:].any()
    out = np.empty((len(rows), 50), dtype=np.int8)[:, :37]
    assert np.array_equal(side_rows(packed, out), rows)
