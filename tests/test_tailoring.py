"""Tailored widths: equal to trying all of them, and what is proven holds for all of them."""

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tncut
from tncut import ConvAC, Layer, Partition, Recurrent, Tree, frontier, sensitivities, tailor, trim
from tncut.errors import MethodError, PartitionError, SpecError
from tncut.proven.pairing import most_pairs

OBJECTIVES = ("smallest", "mean", "share", "cost")


def deep(rng):
    return ConvAC.deep(sites=8, site_dim=int(rng.integers(2, 5)), channels=(1, 1, 1))


def on_tree(rng):
    return Tree(tree=[[0, 1, 2], [3, [4, 5]]], site_dim=int(rng.integers(2, 5)), channels=[1, 1, 1])


def overlapping(rng):
    layers = (Layer(channels=1, window=2, stride=1), Layer(channels=1, window=2), Layer(channels=1, window="all"))
    return ConvAC(sites=6, site_dim=int(rng.integers(2, 4)), layers=layers)


def recurrent(rng):
    return Recurrent(steps=4, site_dim=int(rng.integers(2, 4)), hidden=(1, 1, 1))


CLUSTERS = np.repeat(np.arange(8)[:, None] >> np.array([0, 1, 2, 0, 0, 1, 2, 0]) & 1, 20, axis=0)
FAMILIES = [deep, on_tree, overlapping, recurrent]


def every(net, lists):
    """All networks of a family, by their widths: built here without tailoring."""
    for widths in itertools.product(*lists):
        if isinstance(net, Recurrent):
            yield widths, Recurrent(steps=net.steps, site_dim=net.site_dim, hidden=widths)
        elif isinstance(net, Tree):
            yield widths, Tree(tree=net.tree, site_dim=net.site_dim, channels=widths)
        else:
            layers = [
                Layer(channels=r, window=old.window, stride=old.stride)
                for r, old in zip(widths, net.layers, strict=True)
            ]
            yield widths, ConvAC(sites=net.sites, site_dim=net.site_dim, layers=layers)


def rounded(net, base):
    """The circuit with all dimensions rounded down to powers of a base."""
    circuit = tncut.compile(net)
    down = [
        np.array([base ** math.floor(math.log(d, base) + 1e-9) for d in dims.tolist()])
        for dims in (circuit.site_dims, circuit.unit_dims)
    ]
    return replace(circuit, site_dims=down[0], unit_dims=down[1])


def counted(net, sides, guarantee, base):
    """What tailoring counts of one network over all partitions, from the library's other doors."""
    if guarantee == "upper":
        return tncut.bounds(net, sides).ranks
    circuit = rounded(net, base)
    if not circuit.reuses_units:
        return tncut.bounds(circuit, sides).ranks
    return [base ** most_pairs(circuit, Partition(row), base) for row in sides]


def score(ranks, cost, objective, asked):
    bits = np.log2(np.array(ranks, dtype=float))
    if objective == "smallest":
        return math.log2(min(ranks))
    if objective == "mean":
        return float(bits @ asked / asked.sum())
    if objective == "share":
        return min(1.0, float((bits / asked).min()))
    return -cost if (bits >= asked - 1e-9).all() else -math.inf


def proper_sides(rng, count, sites):
    sides = rng.random((count, sites)) < 0.5
    sides[:, 0], sides[:, -1] = True, False
    return sides


@settings(max_examples=12)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(FAMILIES),
    st.sampled_from(OBJECTIVES),
    st.sampled_from(["lower", "upper"]),
)
def test_tailored_widths_equal_the_best_of_all_widths(seed, make, objective, guarantee):
    rng = np.random.default_rng(seed)
    net = make(rng)
    base = 2
    lists = [
        sorted({base ** int(e) for e in rng.integers(0, 5, 4)})
        if guarantee == "lower" or rng.random() < 0.3
        else sorted(set(rng.integers(1, 9, 4).tolist()))
        for _ in range(3)
    ]
    if guarantee == "lower":
        net = type(net)(**{**vars(net), "site_dim": int(rng.choice([2, 4]))})
    sides = proper_sides(rng, int(rng.integers(1, 6)), len(tncut.compile(net).site_dims))
    all_nets = list(every(net, lists))
    ranks = [counted(one, sides, guarantee, base) for _, one in all_nets]
    costs = [tncut.count_cost(one).parameters for _, one in all_nets]
    asked = rng.integers(1, 6, len(sides)).astype(float)
    budget = int(rng.choice(costs))
    scores = [score(r, c, objective, asked) if c <= budget else -math.inf for r, c in zip(ranks, costs, strict=True)]
    best = max(scores)
    names = {"Recurrent": "hidden.{}", "Tree": "channels.{}", "ConvAC": "layers.{}.channels"}[type(net).__name__]
    widths = {names.format(number): listed for number, listed in enumerate(lists)}
    options = {"budget": budget, "widths": widths, "objective": objective, "guarantee": guarantee}
    if objective == "mean":
        options["weights"] = asked.tolist()
    elif objective != "smallest":
        options["demands"] = asked.tolist()
    try:
        found = tailor(net, sides, **options)
    except (MethodError, PartitionError):
        largest = all_nets[-1][1]
        assert best == -math.inf or 1 in counted(largest, sides, guarantee, base)
        return
    exact = make in (deep, on_tree) or guarantee == "lower"
    sign = -1 if objective == "cost" else 1
    assert found.optimal
    assert found.cost == tncut.count_cost(found.architecture).parameters <= budget
    if exact:
        assert sign * found.value == pytest.approx(best, abs=2e-5)
        own = counted(found.architecture, sides, guarantee, base)
        assert found.rank == min(own)
        assert found.partition_bits == pytest.approx(np.log2(np.array(own, dtype=float)), abs=1e-9)
    else:
        # The cheapest labelling that is known for a choice may come from another one.
        assert found.value <= best + 2e-5 if sign > 0 else found.value >= -best
    if exact and objective in ("smallest", "share"):
        equal = [c for s, c in zip(scores, costs, strict=True) if s >= best - 1e-9]
        assert found.cheapest
        assert found.cost == min(equal)


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


def test_an_interruption_keeps_the_best_so_far():
    net = ConvAC.deep(sites=64, site_dim=4, channels=(1,) * 6)

    def interrupt(line):
        raise KeyboardInterrupt

    found = tailor(net, "random:30", budget=20_000, widths=list(range(1, 20)), guarantee="upper", watch=interrupt)
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
        (DEEP, {"budget": 100, "seconds": 0}, MethodError, "seconds is 0"),
        (DEEP, {"budget": 100, "widths": "cubes"}, SpecError, "write integers, powers:2"),
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
    net = make(rng)
    _, net = next(every(net, [[int(r)] for r in rng.integers(1, 40, 3)]))
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
    net = overlapping(rng) if seed % 2 else recurrent(rng)
    _, net = next(every(net, [[int(r)] for r in rng.integers(1, 12, 3)]))
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
    assert "proven: no widths in the lists are better" in printed
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
