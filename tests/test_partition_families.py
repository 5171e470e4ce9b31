"""Families of partitions by name."""

import math

import numpy as np
import pytest

from tncut.errors import PartitionError, SizeError
from tncut.partition import Partition, family
from tncut.partition.families import BLOCK
from tncut.tools.bits import pack, unpack


def sides(text: str, grid: tuple[int, ...], *, label: bool = False) -> np.ndarray:
    named = family(text, grid, label=label)
    found = unpack(named.packed, named.terminals)
    assert len(found) == named.count
    return found


def test_prefixes_grow_site_by_site():
    assert sides("prefix", (2, 3)).astype(int).tolist() == [[1] * k + [0] * (6 - k) for k in range(1, 6)]


def test_blocks_grow_in_the_middle():
    boxes = sides("block", (5, 7)).reshape(-1, 5, 7)
    assert [int(box.sum()) for box in boxes] == [1, 4, 9, 16, 25, 30]
    assert boxes[0][2, 3]
    assert all((large | small == large).all() for small, large in zip(boxes, boxes[2:], strict=False))


def test_a_block_of_one_shape_stands_at_every_place():
    boxes = sides("block:2x3", (4, 5)).reshape(-1, 4, 5)
    assert len({box.tobytes() for box in boxes}) == len(boxes) == 3 * 3
    assert all(box.sum() == 6 for box in boxes)


@pytest.mark.parametrize("label", [False, True])
def test_all_lists_every_split_once(label):
    found = sides("all", (9,), label=label)
    assert len({row.tobytes() for row in found}) == len(found) == 2 ** (8 + label)
    assert not found[:, -1].any()


def test_random_sides_are_seeded_and_fair():
    one, again, other = (sides(text, (20,)) for text in ("random:2000", "random:2000:0", "random:2000:1"))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert abs(one.mean() - 0.5) < 5 * math.sqrt(0.25 / one.size)


@pytest.mark.parametrize("text", ["prefix", "canonical", "random:50", "odd-even", "0-2,5"])
def test_the_label_lies_on_side_b_unless_it_is_asked_for(text):
    assert not sides(text, (8,), label=True)[:, 8].any()
    assert sides(text + "+y", (8,), label=True)[:, 8].all()
    assert np.array_equal(sides(text, (8,), label=True)[:, :8], sides(text + "+y", (8,), label=True)[:, :8])


def test_one_partition_is_a_family_too():
    assert np.array_equal(sides("odd-even", (6,))[0], Partition.parse("odd-even", (6,)).sides)


def test_long_families_come_in_blocks():
    blocks = list(family(f"random:{BLOCK + 5}", (9,)).blocks())
    assert [len(block) for block in blocks] == [BLOCK, 5]
    assert sum(len(block) for block in family("prefix", (5000,)).blocks()) == 4999


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "unknown partition 'nonsense'; choose from odd-even"),
        ("random:x", "unknown partition"),
        ("block:0x1", "does not fit: the grid of the sites is 4x5"),
        ("block:2", "does not fit: the grid of the sites is 4x5"),
        ("all+y", "places a label, but the output is not open"),
        ("prefix:100", "a prefix has 0 to 20 sites; given: 100"),
        ("block:5,5:2x2", "the block covers 5 to 6 on axis 0, of 0 to 3"),
        ("prefix+y", "places a label, but the output is not open"),
        ("0-99", "there is no site 99"),
    ],
)
def test_mistakes_are_named(text, message):
    with pytest.raises(PartitionError, match=message):
        family(text, (4, 5))


def test_a_list_of_sites_may_hold_the_label():
    assert sides("0-1,y", (3,), label=True).tolist() == [[True, True, False, True]]
    with pytest.raises(PartitionError, match="side B keeps"):
        family("all+y", (3,), label=True)
    with pytest.raises(SizeError, match="70 sides have 2\\^69 splits"):
        family("all", (70,))


def test_bits_beyond_the_sites_are_zero():
    for text in ("random:50", "all", "prefix"):
        packed = family(text, (11,)).packed
        assert np.array_equal(packed, pack(unpack(packed, 11)))


@pytest.mark.parametrize(("text", "grid"), [("all", (60,)), ("random:999999999999999", (8,)), ("prefix", (2**20,))])
def test_what_does_not_fit_memory_is_refused(text, grid):
    with pytest.raises(SizeError, match=r"needs .* MB of memory"):
        _ = family(text, grid).packed
