"""Partitions: families, text forms, masks, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tncut.errors import PartitionError
from tncut.partition import Partition, family


def rows(partition: Partition, columns: int) -> list[str]:
    text = "".join("A" if side else "." for side in partition.sides)
    return [text[i : i + columns] for i in range(0, len(text), columns)]


@pytest.mark.parametrize(
    ("text", "grid", "expected"),
    [
        ("odd-even", (6,), ["A.A.A."]),
        ("left-right", (5,), ["AA..."]),
        ("left-right", (2, 4), ["AA..", "AA.."]),
        ("top-bottom", (3, 2), ["AA", "..", ".."]),
        ("checkerboard", (3, 3), ["A.A", ".A.", "A.A"]),
        ("checkerboard", (2, 2, 2), ["A.", ".A", ".A", "A."]),
        ("halves:0", (2, 3), ["AAA", "..."]),
        ("block:0,1:2x2", (3, 3), [".AA", ".AA", "..."]),
        ("block:2:3", (6,), ["..AAA."]),
        ("prefix:4", (2, 3), ["AAA", "A.."]),
        ("alternating:2", (8,), ["AA..AA.."]),
        ("0-1,5", (6,), ["AA...A"]),
        ("3", (4,), ["...A"]),
    ],
)
def test_text_forms_name_the_families(text, grid, expected):
    partition = Partition.parse(text, grid)
    assert rows(partition, grid[-1]) == expected
    assert partition.name == text


def test_names_of_a_family_of_one_give_the_name_back():
    for text in ("odd-even", "left-right", "checkerboard", "halves:1", "block:1,2:2x3", "prefix:7", "random:seed=5"):
        assert Partition.parse(text, (4, 6)).name == text


@pytest.mark.parametrize("grid", [(1,), (2,), (5,), (6,), (7,), (16,), (3, 5), (2, 4), (5, 5), (1, 9), (3, 4, 2)])
def test_the_dyadic_family_has_every_cube_once_as_many_as_it_says(grid):
    named = family("dyadic", grid)
    found = [sides.tobytes() for _, sides in named.listed()]
    assert len(set(found)) == len(found) == named.count
    assert all(0 < np.frombuffer(sides, dtype=bool).sum() < math.prod(grid) for sides in found)
    if grid == (16,):
        assert named.count == 16 + 8 + 4 + 2


def test_the_canonical_family_has_runs_of_powers_of_two():
    found = list(Partition.parse_all("canonical", 16))
    assert found == [Partition.parse(f"alternating:{width}", 16) for width in (1, 2, 4, 8)]
    assert [partition.name for partition in found] == [
        "alternating:1",
        "alternating:2",
        "alternating:4",
        "alternating:8",
    ]


@given(st.integers(2, 12))
def test_all_partitions_are_every_split_once(sites):
    found = list(Partition.parse_all("all", sites))
    splits = {frozenset((p.sides.tobytes(), (~p.sides).tobytes())) for p in found}
    assert len(found) == len(splits) == 2 ** (sites - 1)


@given(st.integers(1, 40), st.integers(0, 99))
def test_random_partitions_are_halves_and_repeat_with_their_seed(sites, seed):
    partition = Partition.parse(f"random:seed={seed}", sites)
    assert len(partition.sites_a) == sites // 2
    assert partition == Partition.parse(f"random:seed={seed}", sites)


@given(st.sets(st.integers(0, 30)))
def test_the_name_of_a_site_list_reads_back(side_a):
    partition = Partition.of(31, side_a)
    if side_a:
        assert Partition.parse(partition.name, 31) == partition
    assert set(partition.sites_a.tolist()) == side_a
    assert sorted([*partition.sites_a, *partition.sites_b]) == list(range(31))


def test_the_label_is_one_more_site():
    assert rows(Partition.parse("odd-even", 4, label=True), 9) == ["A.A.."]
    assert rows(Partition.parse("odd-even+y", 4, label=True), 9) == ["A.A.A"]
    assert rows(Partition.parse("0,y", 4, label=True), 9) == ["A...A"]
    assert rows(Partition.parse("y", 4, label=True), 9) == ["....A"]
    assert rows(Partition.parse("2-4", 4, label=True), 9) == ["..AAA"]


@pytest.mark.parametrize("suffix", ["npy", "txt", "png"])
def test_masks_are_read_from_files(tmp_path, suffix):
    sides = np.array([[1, 0, 1], [0, 0, 1]])
    path = tmp_path / f"mask.{suffix}"
    if suffix == "npy":
        np.save(path, sides)
    elif suffix == "txt":
        path.write_text("1 0 1\n001\n")
    else:
        from PIL import Image

        Image.fromarray((sides * 255).astype(np.uint8)).save(path)
    partition = Partition.parse(f"mask:{path}", (2, 3))
    assert rows(partition, 3) == ["A.A", "..A"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.txt", b"0 1 2", "holds 0 and 1"),
        ("m.txt", b"\xff\xfe", "cannot read mask file"),
        ("m.txt", b"0101", "has 4 sides; the network has 6 sites"),
        ("m.npy", b"not an array", "cannot read mask file"),
        ("m.png", b"not an image", "cannot read mask file"),
        ("m.csv", b"0,1", "must end in"),
    ],
)
def test_masks_that_cannot_be_read_are_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PartitionError, match=message):
        Partition.parse(f"mask:{tmp_path / name}", 6)


def test_a_mask_of_objects_or_nan_is_refused(tmp_path):
    np.save(tmp_path / "o.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "n.npy", np.array([np.nan, 1.0]))
    for name in ("o", "n", "missing"):
        with pytest.raises(PartitionError, match="mask file"):
            Partition.parse(f"mask:{tmp_path / name}.npy", 2)


@pytest.mark.parametrize(
    ("text", "grid", "message"),
    [
        ("", (4,), "empty text"),
        ("odd_even", (4,), "unknown partition 'odd_even'; did you mean 'odd-even'"),
        ("odd-even:3", (4,), "unknown"),
        ("halves:2", (4, 4), "no axis 2"),
        ("halves", (4, 4), "unknown partition 'halves'"),
        ("top-bottom", (4,), "two axes"),
        ("prefix:9", (4,), "0 to 4 sites"),
        ("alternating:0", (4,), "1 or more"),
        ("block:0:2x2", (4, 4), "2 starts and 2 lengths"),
        ("block:3,0:2x2", (4, 4), "covers 3 to 4 on axis 0, of 0 to 3"),
        ("block:a:b", (4,), "unknown"),
        ("0-9", (4,), "no site 9"),
        ("3-1", (4,), "runs backwards"),
        ("1,1", (4,), "site 1 is given 2 times"),
        ("0,,1", (4,), "is no site"),
        ("0,y", (4,), "is no site"),
        ("odd-even+y", (4,), "not open"),
        ("all", (40,), "names 549755813888 partitions where one is needed"),
        ("random:5", (4,), "names 5 partitions where one is needed; random:seed=5 is one partition"),
        ("prefix", (4,), "names 3 partitions where one is needed"),
        ("canonical", (8,), "names 3 partitions"),
    ],
)
def test_texts_that_name_nothing_are_refused_with_what_would_be_right(text, grid, message):
    with pytest.raises(PartitionError, match=message):
        Partition.parse(text, grid)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Partition(np.zeros(0, dtype=bool)), "one row of sides"),
        (lambda: Partition(np.zeros((2, 2), dtype=bool)), "one row of sides"),
        (lambda: Partition(np.array([0, 1])), "booleans"),
        (lambda: Partition.of(3, [3]), "no site 3"),
        (lambda: Partition.of(3, [True]), "no site True"),
        (lambda: Partition.parse("odd-even", 0), "at least one site"),
    ],
)
def test_arrays_that_are_no_partition_are_refused(build, message):
    with pytest.raises(PartitionError, match=message):
        build()


def test_a_partition_cannot_be_changed_through_its_source():
    source = np.array([True, False])
    partition = Partition(source)
    source[0] = False
    assert partition.sides.tolist() == [True, False]
    with pytest.raises(ValueError, match="read-only"):
        partition.sides[0] = False
