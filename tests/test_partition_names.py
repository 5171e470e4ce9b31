"""Names of partitions: each means the same wherever a partition is asked for, and one is never taken for many."""

import json
import re

import numpy as np
import pytest

import tncut
from tncut import ConvAC, Layer, Partition
from tncut.comparison import make_sweep
from tncut.comparison.plan import plan_of
from tncut.errors import PartitionError
from tncut.partition.names import NAMES

GRID = (2, 4)
SITES = np.arange(8)
ROW, COLUMN = np.divmod(SITES, 4)
LAYERS = (Layer(channels=3, window=2), Layer(channels=2, window="all"))
NET = ConvAC(sites=GRID, site_dim=2, layers=LAYERS, name="net")
OPEN = ConvAC(sites=GRID, site_dim=2, layers=LAYERS, name="open", open_output=3)

SINGLE = {
    "odd-even": SITES % 2 == 0,
    "left-right": COLUMN < 2,
    "top-bottom": ROW < 1,
    "checkerboard": (ROW + COLUMN) % 2 == 0,
    "halves:0": ROW < 1,
    "halves:1": COLUMN < 2,
    "prefix:3": SITES < 3,
    "alternating:2": SITES // 2 % 2 == 0,
    "block:0,1:2x2": (COLUMN == 1) | (COLUMN == 2),
    "random:seed=5": np.random.default_rng(5).permutation(8) < 4,
    "mask:mask.txt": SITES % 3 == 0,
    "0-2,5": np.isin(SITES, [0, 1, 2, 5]),
    "prefix:0": SITES < 0,
}
SEVERAL = {
    "prefix": [np.isin(SITES, range(length)) for length in range(1, 8)],
    "canonical": [SITES // width % 2 == 0 for width in (1, 2, 4)],
    "dyadic": [*(site == SITES for site in range(8)), COLUMN < 2, COLUMN > 1],
    "block": [SITES == 1, (COLUMN == 1) | (COLUMN == 2), COLUMN < 3],
    "block:2x3": [COLUMN < 3, COLUMN > 0],
    "all": [number >> SITES & 1 == 1 for number in range(2**7)],
    "random:5": [partition.sides for partition in Partition.parse_all("random:5:0", GRID)],
    "random:3:7": [partition.sides for partition in Partition.parse_all("random:3:7", GRID)],
}


@pytest.fixture(autouse=True)
def mask(tmp_path, monkeypatch):
    """The file that a name names lies in the folder that we are in."""
    (tmp_path / "mask.txt").write_text("".join("01"[side] for side in SINGLE["mask:mask.txt"].tolist()))
    monkeypatch.chdir(tmp_path)


def start_of_page(net, text):
    sides = json.loads(re.search(r'"start":(\{.*?\})', tncut.explore(net, partition=text))[1])["sides"]
    return np.array([side == "1" for side in sides])


# What asks for one partition, and the sides that it takes.
ONE = {
    "Partition.parse": lambda net, text: Partition.parse(text, GRID, label=net is OPEN).sides,
    "bound": lambda net, text: tncut.bound(net, text).partition.sides,
    "verify": lambda net, text: tncut.verify(net, text, contract=False).report.partition.sides,
    "measure_grid": lambda net, text: tncut.measure_grid(net, text).partition.sides,
    "min_cut": lambda net, text: tncut.min_cut(net, text).partition.sides,
    "min_cut of a network": lambda net, text: tncut.min_cut(tncut.unfold(net), text).partition.sides,
    "symmetric_cut": lambda net, text: tncut.symmetric_cut(net, text).partition.sides,
    "explore": start_of_page,
}
# What takes many partitions, and the sides of each in their order.
MANY = {
    "Partition.parse_all": lambda net, text: [p.sides for p in Partition.parse_all(text, GRID, label=net is OPEN)],
    "bounds": lambda net, text: list(tncut.bounds(net, text).sides),
    "bounds of a list": lambda net, text: list(tncut.bounds(net, [text]).sides),
    "reports": lambda net, text: [report.partition.sides for report in tncut.reports(net, text)],
    "reports of a list": lambda net, text: [report.partition.sides for report in tncut.reports(net, [text])],
}


def test_every_name_of_the_registry_is_defined_here():
    for name in NAMES:
        assert any(name.match(text) for text in [*SINGLE, *SEVERAL]), name.form


@pytest.mark.parametrize("text", SINGLE)
@pytest.mark.parametrize("door", ONE)
def test_a_name_of_one_partition_means_the_same_at_every_door(door, text):
    assert ONE[door](NET, text).tolist() == SINGLE[text].tolist()


@pytest.mark.parametrize("text", [*SINGLE, *SEVERAL])
@pytest.mark.parametrize("door", MANY)
def test_a_name_of_one_or_many_means_the_same_at_every_door_for_many(door, text):
    expected = SEVERAL.get(text) or [SINGLE[text]]
    assert np.array_equal(MANY[door](NET, text), expected)


@pytest.mark.parametrize(
    ("door", "text"),
    [(door, text) for door in ONE | MANY for text in ("odd-even", "0-2", "random:seed=5")]
    + [(door, text) for door in MANY for text in ("prefix", "canonical", "random:5")],
)
def test_the_label_is_on_side_b_unless_the_name_says_y(door, text):
    sides_of = (ONE | MANY)[door]
    label = {words: np.atleast_2d(sides_of(OPEN, words))[:, -1] for words in (text, f"{text}+y")}
    assert not label[text].any()
    assert label[f"{text}+y"].all()
    with pytest.raises(PartitionError, match="the output is not open"):
        sides_of(NET, f"{text}+y")


@pytest.mark.parametrize("text", SEVERAL)
@pytest.mark.parametrize("door", ONE)
def test_a_name_of_many_is_refused_where_one_is_needed_with_one_line(door, text):
    told = f"'{text}' names {len(SEVERAL[text])} partitions where one is needed"
    if text.startswith("random"):
        count = text.split(":")[1]
        told += f"; random:seed={count} is one partition, drawn with seed {count}"
    with pytest.raises(PartitionError) as error:
        ONE[door](NET, text)
    assert str(error.value) == told


@pytest.mark.parametrize(
    "text", ["oddeven", "", "random:", "random:seed=", "prefix:9", "0-8", "block:3x3", "mask:no.txt"]
)
def test_a_name_that_means_nothing_is_refused_with_the_same_line_everywhere(text):
    told = set()
    for door in [*ONE.values(), *MANY.values()]:
        with pytest.raises(PartitionError) as error:
            door(NET, text)
        told.add(str(error.value))
    assert len(told) == 1
    assert "\n" not in told.pop()


@pytest.mark.parametrize("text", [*SINGLE, *SEVERAL])
def test_profiles_and_sweeps_take_the_partitions_that_a_name_means(text):
    """A profile lists its regions by size, a sweep by name, each once."""
    expected = {row.tobytes() for row in SEVERAL.get(text) or [SINGLE[text]]}
    points = tncut.profile(NET, text).points
    assert len(points) == len(SEVERAL.get(text, [text]))
    assert {Partition.parse(point.partition, GRID).sides.tobytes() for point in points if point.size} == {
        sides for sides in expected if any(sides)
    }
    tncut.save_spec(NET, "net.toml")
    jobs = plan_of(make_sweep(["net.toml"], partitions=[text], measures=["rank_bound"])).jobs
    assert {job.sides for job in jobs} == expected


@pytest.mark.parametrize("text", [*SINGLE, *SEVERAL])
def test_commands_take_the_partitions_that_a_name_means(run, text):
    ranks = [tncut.bound(NET, Partition(sides)).rank_bound for sides in SEVERAL.get(text) or [SINGLE[text]]]
    tncut.save_spec(NET, "net.toml")
    code, out, err = run("bound", "net.toml", "-p", text, "--json")
    assert (code, err) == (0, "")
    assert [json.loads(line)["rank_bound"] for line in out.splitlines()] == ranks
    points = json.loads(run("profile", "net.toml", "--family", text, "--json")[1])["points"]
    assert sorted(point["rank_bound"] for point in points) == sorted(ranks)
    code, out, err = run("verify", "net.toml", "-p", text, "--rank-only", "--json")
    if text in SINGLE:
        assert json.loads(out)["rank_bound"] == ranks[0]
    else:
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert f"names {len(ranks)} partitions where one is needed" in err
