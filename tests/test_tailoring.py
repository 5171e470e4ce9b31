"""Tailored widths: equal to trying all of them, and what is proven holds for all of them."""

import json
import math
import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tests.tailored import (
    FAMILIES,
    GUARANTEES,
    OBJECTIVES,
    Case,
    counted,
    deep,
    on_tree,
    overlapping,
    proper_sides,
    recurrent,
    score,
    with_widths,
)
from tncut import ConvAC, Layer, Partition, Recurrent, Tree, frontier, sensitivities, tailor, trim
from tncut.errors import MethodError, PartitionError, SpecError
from tncut.formats import spec_table
from tncut.tailoring.costs import Costs
from tncut.tailoring.program import Program
from tncut.tools.progress import heard_by

# Three bits in 8 sites, each in 20 samples.
CLUSTERS = np.repeat(np.arange(8)[:, None] >> np.array([0, 1, 2, 0, 0, 1, 2, 0]) & 1, 20, axis=0)


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1), st.sampled_from(FAMILIES), st.sampled_from(OBJECTIVES), st.sampled_from(GUARANTEES))
def test_tailored_widths_equal_the_best_of_all_widths(seed, make, objective, guarantee):
    case = Case.drawn(np.random.default_rng(seed), make, objective, guarantee, lengths=(3, 3), partitions=4)
    found, value, best, least = case.compared()
    if found is None:
        assert best in (0.0, -math.inf)
        return
    assert found.optimal
    assert value == pytest.approx(best, abs=2e-5)
    assert found.cost == tncut.count_cost(found.architecture).parameters <= case.budget
    own = counted(found.architecture, case.sides, found.base)
    assert found.rank == min(own)
    assert found.partition_bits == pytest.approx(np.log2(np.array(own, dtype=float)), abs=1e-9)
    if found.cheapest:
        assert found.cost == least


def test_the_guaranteed_rank_beats_that_of_equal_widths():
    net = ConvAC.deep(sites=16, site_dim=4, channels=(1, 1, 1, 1))
    found = tailor(net, "left-right", budget=2000)
    assert (found.rank, found.cost, found.optimal, found.cheapest) == (16, 976, True, True)
    assert tncut.bound(found.architecture, "left-right").rank_lower == 16
    equal = ConvAC.deep(sites=16, site_dim=4, channels=(9, 9, 9, 9))
    assert tncut.count_cost(equal).parameters == 1719
    assert tncut.bound(equal, "left-right").rank_lower < 16


def test_each_point_of_a_frontier_is_optimal():
    net = ConvAC.deep(sites=16, site_dim=4, channels=(1, 1, 1, 1))
    splits = ["left-right", "odd-even", "0-3"]
    points = frontier(net, splits, budgets=[4000, 200, 1000])
    assert [point.budget for point in points] == [200, 1000, 4000]
    for point in points:
        alone = tailor(net, splits, budget=point.budget)
        assert (point.rank, point.cost, point.optimal) == (alone.rank, alone.cost, True)


CHAIN = [
    tncut.SurrogateLayer(name="conv", channels=2, window=2, pads=(0, 1)),
    tncut.SurrogateLayer(name="pool", op="pool", window=2, stride=2),
    tncut.SurrogateLayer(name="dense", channels=2, window="all"),
]
BRANCHES = [
    tncut.SurrogateLayer(name="one", channels=2, window=2, stride=2),
    tncut.SurrogateLayer(name="other", channels=2, inputs=("sites",), window=2, stride=2),
    tncut.SurrogateLayer(name="joined", op="sum", channels=2, inputs=("one", "other")),
    tncut.SurrogateLayer(name="dense", channels=2, window="all"),
]
NETWORKS = [
    (tncut.MPS(sites=6, site_dim=2, bond_dim=1), "left-right"),
    (tncut.PEPS(sites=(2, 3), site_dim=2, bond_dim=1), "0-2"),
    (tncut.MERA(sites=8, site_dim=2, bond_dim=1), "left-right"),
    (tncut.RandomRegular(sites=6, degree=3, site_dim=2, bond_dim=1), "left-right"),
    (tncut.GraphNet(graph="path:4", site_dim=2, hidden=(1, 1)), "left-right"),
    (tncut.Linear(widths=(4, 1, 1, 4)), "0"),
    (tncut.Dilated(length=8, site_dim=2, channels=1), "odd-even"),
    (tncut.Tree(tree=[[0, 1], [2, 3]], site_dim=2, channels=(1, (1,), (1,))), "left-right"),
    (tncut.load("residual-8"), "left-right"),
    (tncut.Surrogate(sites=4, site_dim=2, layers=CHAIN), "left-right"),
    (tncut.Surrogate(sites=4, site_dim=2, layers=BRANCHES), "odd-even"),
    (tncut.Einsum(inputs=["axe", "eby", "ycf", "fdx"], output="abcd", sizes=2), "left-right"),
    (tncut.from_einsum("ax,bx,xy,cy,yd->abcd", dict.fromkeys("abcdxy", 2)), "left-right"),
]


@pytest.mark.parametrize(("net", "split"), NETWORKS, ids=lambda part: type(part).__name__)
def test_every_kind_of_network_can_be_tailored(net, split):
    found = tailor(net, split, budget=10_000, widths=[1, 2, 4])
    assert found.optimal
    assert found.cost == tncut.count_cost(found.architecture).parameters
    interval = tncut.bound(found.architecture, split)
    counted_rank = interval.rank_lower if found.guarantee == "lower" else interval.rank_bound
    assert found.rank <= counted_rank
    assert found.rank == tailor(net, split, budget=10**9, widths=[4]).rank


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (tncut.Mixed(tree=[[0, 1], [2, 3]], other=[[1, 0], 2, 3], site_dim=2, channels=2), "tailor one of its hybrids"),
        (tncut.compile(tncut.load("deep-16")), "a Circuit by hand has no widths to choose; give what has"),
    ],
)
def test_what_has_no_widths_says_what_would_work(net, message):
    with pytest.raises(SpecError, match=message):
        tailor(net, "left-right", budget=1000)


def test_a_frontier_is_drawn_as_it_was_found():
    points = frontier(tncut.load("deep-16"), ["left-right", "0-3"], budgets=[200, 500, 2000], widths=[2, 4, 8, 16])
    ax = tncut.draw.frontier(points)
    [line] = ax.lines
    assert list(zip(*line.get_data(), strict=True)) == [(point.cost, point.bits) for point in points]
    assert "proven optimal" in ax.get_legend().get_texts()[0].get_text()
    assert "parameters" in ax.get_xlabel()
    left_open = replace(points[0], optimal=False, best_possible=5.0)
    [bars] = tncut.draw.frontier([left_open], ax).collections
    assert bars.get_segments()[0][:, 1].tolist() == [points[0].bits, 5.0]
    for wrong in ([], [3], [points[0], replace(points[1], counted="multiply_adds")]):
        with pytest.raises(tncut.ResultsError):
            tncut.draw.frontier(wrong)


def test_multiply_adds_are_those_of_the_network_found():
    net = ConvAC.deep(sites=8, site_dim=3, channels=(1, 1, 1))
    found = tailor(net, "left-right", budget=600, cost="multiply_adds", widths=list(range(1, 10)))
    assert found.cost == tncut.count_cost(found.architecture).multiply_adds <= 600
    assert found.optimal


def test_widths_are_tied_by_a_star_and_fixed_where_no_key_names_them():
    net = ConvAC.deep(sites=8, site_dim=2, channels=(3, 5, 7))
    tied = tailor(net, "left-right", budget=500, widths={"layers.*.channels": [2, 3, 4]}).architecture
    assert len({layer.channels for layer in tied.layers}) == 1
    one = tailor(net, "left-right", budget=500, widths={"layers.1.channels": [2, 3, 4]}).architecture
    assert (one.layers[0].channels, one.layers[2].channels) == (3, 7)


@pytest.mark.parametrize("objective", ["smallest", "mean"])
def test_what_time_leaves_open_has_a_gap(objective):
    net = ConvAC.deep(sites=64, site_dim=4, channels=(1,) * 6)
    found = tailor(
        net, "random:30", budget=20_000, widths=list(range(1, 40)), objective=objective, guarantee="upper", seconds=0.3
    )
    assert found.value <= found.best_possible
    assert found.optimal == (found.gap == 0.0)


def test_a_bound_that_the_solver_had_no_time_to_set_is_none():
    lists = tuple(np.arange(1, 80) for _ in range(5))
    costs = Costs(Counter({(group, group + 1): 3 for group in range(4)}), lists)
    answer = Program(costs, 10**5, "smallest", [0], most=1000).solve([0] * 5, seconds=0.0)
    assert answer.bound >= 1000  # no cut is known, so that all is possible


def test_an_interruption_keeps_the_best_so_far():
    net = ConvAC.deep(sites=64, site_dim=4, channels=(1,) * 6)

    def interrupt(line):
        raise KeyboardInterrupt

    with heard_by(interrupt):
        found = tailor(net, "random:30", budget=20_000, widths=list(range(1, 20)), guarantee="upper")
    assert found.rank == min(tncut.bounds(found.architecture, "random:30"))
    assert found.cost <= 20_000
    assert found.value <= found.best_possible


def test_a_width_that_no_partition_tests_is_named():
    net = Tree(tree=[[0, 1], [2, 3]], site_dim=2, channels=(2, (2,), (2,)))
    found = tailor(net, [[0]], budget=100, widths=[2, 4])
    assert found.untested == ("channels.0", "channels.1.0", "channels.2.0")
    assert "untested" in str(found)


DEEP = ConvAC.deep(sites=8, site_dim=2, channels=(2, 2, 2))


@pytest.mark.parametrize(
    ("net", "options", "error", "message"),
    [
        (DEEP, {}, MethodError, "a budget is needed"),
        (DEEP, {"budget": 10}, MethodError, "the budget is 10; the smallest widths .* cost 58 parameters"),
        (DEEP, {"budget": 2**60}, tncut.SizeError, "must be below"),
        (DEEP, {"budget": 100, "objective": "best"}, MethodError, "unknown objective 'best'"),
        (DEEP, {"budget": 100, "cost": "watts"}, MethodError, "unknown cost 'watts'"),
        (DEEP, {"budget": 100, "objective": "share"}, MethodError, "needs demands"),
        (DEEP, {"budget": 100, "demands": 3}, MethodError, "demands are given, but objective is smallest"),
        (DEEP, {"objective": "cost", "demands": 5}, MethodError, "partition 0 asks for 5 bits; .* give 4"),
        (DEEP, {"objective": "cost", "demands": 3, "budget": 70}, MethodError, "no widths .* meet all demands"),
        (DEEP, {"objective": "cost", "demands": [1, 2]}, MethodError, "one for each of the 1 partition"),
        (DEEP, {"objective": "cost", "demands": -1}, MethodError, "must be above 0"),
        (DEEP, {"budget": 100, "shapes": {"layers.*.channels": [2]}}, SpecError, "is no shape: widths are chosen"),
        (
            DEEP,
            {"budget": 100, "shapes": {"layers.0.geometry": []}},
            SpecError,
            "must be a list of what to choose from",
        ),
        (
            DEEP,
            {"budget": 9, "widths": {}, "shapes": {"layers.0.geometry": ["square"]}},
            MethodError,
            "network costs 58",
        ),
        (DEEP, {"budget": 100, "seconds": 0}, MethodError, "seconds is 0"),
        (DEEP, {"budget": 100, "widths": "cubes"}, SpecError, "write a list of integers, 4,6,8, powers:2"),
        (DEEP, {"budget": 100, "widths": [0, 2]}, SpecError, "must be from 1"),
        (DEEP, {"budget": 100, "widths": {"layers.9.channels": [2]}}, SpecError, "no width 'layers.9.channels'"),
        (tncut.load("residual-8"), {"budget": 1000, "guarantee": "lower"}, MethodError, "vectors are added"),
        (tncut.compile(DEEP), {"budget": 100}, SpecError, "a Circuit by hand has no widths"),
        (tncut.Linear(widths=(2, 3)), {"budget": 100}, SpecError, "no width of this architecture is free"),
        (replace(DEEP, gate="max"), {"budget": 100}, MethodError, "says nothing about max gates"),
        (tncut.MPS(sites=8, site_dim=2, bond_dim=2), {"budget": 100, "cost": "multiply_adds"}, MethodError, "order of"),
    ],
)
def test_what_cannot_be_tailored_is_one_line(net, options, error, message):
    with pytest.raises(error, match=message) as raised:
        tailor(net, "left-right", **options)
    assert "\n" not in str(raised.value)


def test_a_partition_without_two_sides_is_one_line():
    with pytest.raises(PartitionError, match="partition 1: the rank is 1 whatever the widths"):
        tailor(DEEP, ["left-right", []], budget=100)
    with pytest.raises(PartitionError, match="no partition is given"):
        tailor(DEEP, [], budget=100)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(FAMILIES))
def test_trimming_changes_no_bound_of_trees_and_leaves_nothing_to_trim(seed, make):
    rng = np.random.default_rng(seed)
    net = with_widths(make(rng, 3), rng.integers(1, 40, 3).tolist())
    found = trim(net)
    sides = proper_sides(rng, 4, len(tncut.compile(net).site_dims))
    before, after = tncut.bounds(net, sides).ranks, tncut.bounds(found.architecture, sides).ranks
    if make in (deep, on_tree):
        assert after == before
        assert "every rank bound" in found.kept
    assert found.parameters == tuple(tncut.count_cost(one).parameters for one in (net, found.architecture))
    assert not trim(found.architecture).wasted


@pytest.mark.parametrize("seed", range(12))
def test_trimming_changes_no_exact_rank(seed):
    rng = np.random.default_rng(seed)
    net = with_widths((overlapping if seed % 2 else recurrent)(rng, 3), rng.integers(1, 12, 3).tolist())
    small = trim(net).architecture
    for row in proper_sides(rng, 2, len(tncut.compile(net).site_dims)):
        ranks = [tncut.oracle.exact_rank(one, Partition(row)).rank for one in (net, small)]
        assert ranks[0] == ranks[1]


def test_trimming_of_tensor_networks_changes_no_bound():
    for net in (tncut.MPS(sites=6, site_dim=2, bond_dim=30), tncut.PEPS(sites=(2, 3), site_dim=2, bond_dim=(9, 60))):
        found = trim(net)
        assert found.wasted
        assert tncut.bounds(found.architecture, "all").ranks == tncut.bounds(net, "all").ranks
    assert trim(tncut.MPS(sites=6, site_dim=2, bond_dim=30)).architecture.bond_dim == (2, 4, 8, 4, 2)


def test_sensitivities_are_the_changes_of_the_smallest_bound():
    net = ConvAC.deep(sites=8, site_dim=2, channels=(20, 3, 5))
    rows = sensitivities(net, ["left-right", "odd-even"])
    assert [row.key for row in rows] == [f"layers.{number}.channels" for number in range(3)]
    assert [row.useful for row in rows] == [4, 3, 3] == [pair[1] for pair in trim(net).widths.values()]
    own = min(tncut.bounds(net, ["left-right", "odd-even"]))
    more = ConvAC.deep(sites=8, site_dim=2, channels=(20, 4, 5))
    assert rows[1].more_bits == pytest.approx(
        math.log2(min(tncut.bounds(more, ["left-right", "odd-even"]))) - math.log2(own)
    )
    assert rows[1].more_parameters == tncut.count_cost(more).parameters - tncut.count_cost(net).parameters
    assert rows[1].fewer_bits < 0


def test_the_command_line_tailors_and_trims(run, tmp_path):
    code, printed, _ = run("tailor", "deep-16", "-p", "left-right", "--budget", "2000", "-o", tmp_path / "net.toml")
    assert code == 0
    assert "proven: nothing in the lists is better" in printed
    table = json.loads(run("tailor", "deep-16", "-p", "left-right", "--budget", "2000", "--json")[1])
    assert tncut.count_cost(tncut.load_spec(tmp_path / "net.toml")).parameters == table["cost"] <= 2000
    points = run("tailor", "deep-16", "-p", "left-right", "--frontier", "500,2000", "-w", "2,4", "--json")[1]
    assert [json.loads(line)["budget"] for line in points.splitlines()] == [500, 2000]
    tied = run("tailor", "deep-16", "-p", "odd-even", "--budget", "900", "-w", "layers.*.channels=2,3", "--json")[1]
    assert json.loads(tied)["widths"] == {"layers.*.channels": 3}
    assert "trimmed" in run("trim", tmp_path / "net.toml")[1]
    assert "one more gives" in run("sensitivities", "deep-16", "-p", "left-right")[1]
    code, _, error = run("tailor", "deep-16", "-p", "left-right", "--budget", "3")
    assert (code, error.count("\n")) == (1, 1)


def test_the_demands_of_data_are_those_of_their_entropies():
    net = ConvAC.deep(sites=8, site_dim=2, channels=(1, 1, 1))
    asked = ["left-right", "0,1"]
    found = tncut.data_entanglement(CLUSTERS, partitions=asked, embedding="one-hot")
    numbers = [demand.entropy.bits for demand in found]
    assert numbers == pytest.approx([3.0, 2.0])
    by_data, by_numbers = (tailor(net, asked, objective="cost", demands=given) for given in (found, numbers))
    assert by_data.architecture == by_numbers.architecture
    assert [
        tncut.bound(by_data.architecture, split).rank_lower >= 2**bits
        for split, bits in zip(asked, (3, 2), strict=True)
    ] == [True] * 2
    assert tailor(net, found.partitions, objective="cost", demands=found).architecture == by_data.architecture
    with pytest.raises(MethodError, match="over other partitions"):
        tailor(net, ["0,1", "left-right"], objective="cost", demands=found)


def test_the_command_takes_demands_from_data(run, tmp_path):
    np.savez(tmp_path / "data.npz", inputs=CLUSTERS)
    target = tmp_path / "net.toml"
    tncut.save_spec(ConvAC.deep(sites=8, site_dim=2, channels=(1, 1, 1)), target)
    asked = ("tailor", target, "-p", "left-right", "--objective", "cost", "--json", "--demands")
    code, text, warned = run(*asked, tmp_path / "data.npz", "--embedding", "one-hot")
    assert code == 0
    assert json.loads(text)["widths"] == json.loads(run(*asked, "3")[1])["widths"]
    assert warned == "" or warned.startswith("warning    left-right")
    for file, options, message in [
        ("nowhere.npz", (), "cannot be read"),
        ("data.npz", ("--embedding", "fourier:1"), "site 0 of"),
        ("data.npz", ("--embedding", "sine"), "unknown embedding"),
    ]:
        code, _, error = run(*asked, tmp_path / file, *options)
        assert (code, error.count("\n")) == (1, 1)
        assert message in error


FREE = {
    ConvAC.deep(sites=8, site_dim=2, channels=("free", 3, "2,4")): ["layers.0.channels", "layers.2.channels"],
    ConvAC.deep(sites=8, site_dim=2, channels=("free:low", "free:low", "free")): ["low", "layers.2.channels"],
    Recurrent(steps=4, site_dim=2, hidden=("powers:2:2", 3)): ["hidden.0"],
    Tree(tree=[[0, 1], [2, 3]], site_dim=2, channels="free"): ["channels"],
    tncut.MPS(sites=4, site_dim=2, bond_dim=("free:a", 3, "free:a")): ["a"],
    tncut.Einsum(inputs=["axe", "eb"], output="ab", sizes={"a": 2, "b": 4, "x": 2, "e": "free"}): ["sizes.e"],
}


def agree(said, chosen):
    """Whether two specifications are the same but for widths that the first one calls free."""
    if isinstance(said, dict):
        return all(agree(said[key], chosen[key]) for key in said)
    if isinstance(said, list):
        return len(said) == len(chosen) and all(map(agree, said, chosen))
    return said == chosen or (isinstance(said, str) and isinstance(chosen, int))


@pytest.mark.parametrize("net", FREE, ids=lambda net: type(net).__name__)
def test_what_a_specification_calls_free_is_chosen_and_all_else_stays(net, tmp_path):
    tncut.save_spec(net, tmp_path / "net.toml")
    assert tncut.load_spec(tmp_path / "net.toml") == net == pickle.loads(pickle.dumps(net))
    found = tailor(tncut.load(tmp_path / "net.toml"), "all", budget=10_000, objective="mean")
    assert list(found.widths) == FREE[net]
    chosen = spec_table(found.architecture)
    if isinstance(net, Tree | tncut.MPS):
        key = "channels" if isinstance(net, Tree) else "bond_dim"
        assert len({*chosen[key], *found.widths.values()}) == len(set(chosen[key]))
    else:
        assert agree(spec_table(net), chosen)
    with pytest.raises(SpecError, match="not chosen yet"):
        tncut.bound(net, "all")


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        (("wide", 2), "channels is 'wide'; it must be an integer, or free, free:NAME"),
        (("powers:9:3", 2), "it must be an integer, or free"),
        (("free:a", "free:a"), "widths: 'b' is not free in the specification; choose from a"),
        (("free:a", "free"), "layers.1.channels is free, and widths has no list for it"),
    ],
)
def test_what_is_wrong_with_free_widths_is_one_line(channels, message):
    widths = {"b": [2]} if "free" not in channels else {"a": [2]}
    with pytest.raises(SpecError, match=message):
        tailor(ConvAC.deep(sites=4, site_dim=2, channels=channels), "left-right", budget=100, widths=widths)


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["smallest", "mean", "cost"]), st.booleans())
def test_tailored_shapes_equal_the_best_of_all_shapes(seed, objective, fixed):
    rng = np.random.default_rng(seed)
    net = ConvAC.deep(sites=(4, 4), site_dim=2, channels=rng.integers(2, 5, 2).tolist())
    sides = proper_sides(rng, 3, 16)
    windows = rng.permutation(16).reshape(4, 4).tolist()
    geometries = ["square", "mirror", windows]
    lists = {} if fixed else {"layers.1.channels": [2, 3, 4]}
    asked = {"cost": {"demands": 1.0}, "mean": {"weights": [1.0, 2.0, 3.0]}, "smallest": {}}[objective]
    options = {"widths": lists, "objective": objective, "guarantee": "upper", **asked}
    if not fixed and objective != "cost":
        options["budget"] = 180

    def value_of(geometry, width):
        first = {"geometry": geometry} if geometry is windows else {"window": 2, "geometry": geometry}
        last = net.layers[1].channels if fixed else width
        layers = [Layer(channels=net.layers[0].channels, **first), Layer(channels=last, window="all")]
        one = ConvAC(sites=(4, 4), site_dim=2, layers=layers)
        cost = tncut.count_cost(one).parameters
        value = score(tncut.bounds(one, sides).ranks, cost, objective, np.array(asked.get("weights", [1.0] * 3)))
        return value if cost <= options.get("budget", cost) else -math.inf

    net = replace(net, layers=(net.layers[0], Layer(channels=net.layers[1].channels, window="all")))
    tables = [{"window": 2}, {"window": 2, "geometry": "mirror"}, {"geometry": windows}]
    shapes = {"layers.0": [{"channels": net.layers[0].channels, **table} for table in tables]}
    best = max(value_of(geometry, width) for geometry in geometries for width in ([0] if fixed else [2, 3, 4]))
    if best == -math.inf:
        with pytest.raises((MethodError, PartitionError)):
            tailor(net, sides, shapes=shapes, **options)
        return
    found = tailor(net, sides, shapes=shapes, **options)
    assert found.optimal
    assert abs(found.value) == pytest.approx(abs(best), abs=2e-5)
    assert tncut.bounds(found.architecture, sides).bits == pytest.approx(found.partition_bits)


def test_what_was_tailored_or_trimmed_is_compared(tmp_path):
    net = tncut.load("deep-16")
    found = [tailor(net, "left-right", budget=budget) for budget in (500, 2000)]
    sweep = tncut.Sweep(architectures=[net, *found, trim(net)], partitions=["left-right"])
    assert [one.name for one in sweep.architectures] == [
        *("deep-16", "deep-16 tailored 2,4,8,8", "deep-16 tailored 2,4,16,16", "deep-16 trimmed")
    ]
    assert tncut.compare(sweep, tmp_path / "store", workers=0).computed == 8
