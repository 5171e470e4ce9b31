"""The symmetric cut: sound for every labelling, as small as the smallest of all, and equal to known ranks."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.circuits import (
    overlapping,
    random_partition,
    random_reuse,
    recurrent,
    reuses,
    seeds,
    sums,
    trees,
    with_partition,
)
from tncut.architectures import ConvAC, Layer, compile
from tncut.circuit import Circuit
from tncut.errors import MethodError, PartitionError, SizeError
from tncut.mincut import min_cut
from tncut.network import unfold
from tncut.oracle import Modular, draw_weights, evaluate, exact_rank, rank_modulo
from tncut.partition import Partition
from tncut.proven import symmetric_cut
from tncut.proven.symmetric import Charges, Found, Labelling, Search, SymmetricCut, Task
from tncut.proven.symmetric.condensed import Condensed
from tncut.proven.upper import trivial_bound


def cost_by_definition(circuit: Circuit, side_a: list[bool], own: dict[bool, list[bool]], output: bool) -> int:
    """The cost of sides for the factors of both versions of each unit, walked path by path (no sums)."""
    sites = circuit.sites
    rows = [range(a, b) for a, b in itertools.pairwise(circuit.factor_start.tolist())]
    child = circuit.factor_child.tolist()
    used: dict[int, list[bool]] = {vertex: [] for vertex in range(sites + circuit.units)}

    def walk(vertex: int, side: bool) -> None:
        used[vertex].append(side)
        for factor in rows[vertex - sites] if vertex >= sites else ():
            walk(child[factor], own[side][factor])

    def pure(vertex: int, side: bool) -> bool:
        if vertex < sites:
            return side_a[vertex] == side
        return all(own[side][f] == side and pure(child[f], side) for f in rows[vertex - sites])

    walk(sites + circuit.root, output)
    total = 1
    for vertex, sides in used.items():
        if vertex < sites:
            total *= int(circuit.site_dims[vertex]) if (not side_a[vertex]) in sides else 1
            continue
        r, factors = int(circuit.unit_dims[vertex - sites]), rows[vertex - sites]
        for side in set(sides):
            n, across = sides.count(side), [f for f in factors if own[side][f] != side]
            if across:
                total *= math.comb(r + n - 1, n) if all(pure(child[f], not side) for f in across) else r**n
    if circuit.open_output is not None and circuit.root_map and output != side_a[-1]:
        total *= circuit.open_output
    return total


def random_labelling(task: Task, rng: np.random.Generator) -> Labelling:
    net, n = task.condensed, task.partitions
    output = rng.random(n) < 0.5 if task.output_is_free else task.terminals[-1]
    return Labelling(rng.random((2, net.uses, n)) < 0.5, rng.random((2, net.units, n)) < 0.5, output)


@settings(max_examples=150)
@given(with_partition(reuses()), seeds())
def test_a_labelling_costs_what_the_definition_says(case, seed):
    circuit, partition = case
    task = Task(Condensed.of(circuit), partition.sides[:, None])
    labelling = random_labelling(task, np.random.default_rng(seed))
    cut = SymmetricCut.of(Found.of(task, labelling), partition)
    own = {True: cut.sides[0].tolist(), False: cut.sides[1].tolist()}
    assert cut.rank_bound == cost_by_definition(circuit, partition.sides.tolist(), own, cut.output)
    assert Charges.of(task, labelling).bits[0] == pytest.approx(math.log2(cut.rank_bound), abs=1e-9)
    assert math.prod(charge.charge for charge in cut.charges) == cut.rank_bound


@settings(max_examples=100)
@given(with_partition(reuses() | sums()))
def test_the_search_lies_between_the_exact_rank_and_the_trivial_bound(case):
    circuit, partition = case
    found = symmetric_cut(circuit, partition).rank_bound
    assert exact_rank(circuit, partition).rank <= found <= trivial_bound(circuit, partition)


@settings(max_examples=300)
@given(with_partition(reuses() | sums()), seeds())
def test_no_labelling_undercuts_the_exact_rank(case, seed):
    circuit, partition = case
    task = Task(Condensed.of(circuit), np.repeat(partition.sides[:, None], 30, axis=1))
    charges = Charges.of(task, random_labelling(task, np.random.default_rng(seed)), exact=True)
    rank = exact_rank(circuit, partition).rank
    assert all(rank <= charges.bound(index) for index in range(30))


@pytest.mark.parametrize("seed", range(100))
def test_the_search_finds_the_smallest_of_all_labellings(seed):
    rng = np.random.default_rng([seed, 1])
    circuit = random_reuse(rng)
    partition = random_partition(rng, circuit)
    if len(circuit.factor_child) <= 8:
        smallest = symmetric_cut(circuit, partition, method="exhaustive").rank_bound
        assert symmetric_cut(circuit, partition).rank_bound <= smallest


@settings(max_examples=100)
@given(with_partition(reuses()))
def test_the_symmetric_cut_is_never_above_the_cut_of_the_unfolded_network(case):
    circuit, partition = case
    assert symmetric_cut(circuit, partition).rank_bound <= min_cut(unfold(circuit), partition).rank_bound


@settings(max_examples=20)
@given(reuses() | sums(), seeds())
def test_many_partitions_side_by_side_have_the_cuts_of_each(circuit, seed):
    terminals, search = np.random.default_rng(seed).random((len(circuit.terminals), 9)) < 0.5, Search(circuit)
    found = search.cheapest(terminals)
    assert found.bits.tolist() == [search.cheapest(terminals[:, [at]]).bits[0] for at in range(9)]
    exact = Charges.of(found.task, found.labelling, exact=True)
    assert found.bits == pytest.approx([math.log2(exact.bound(at)) for at in range(9)], abs=1e-9)


@settings(max_examples=40)
@given(with_partition(trees() | trees(read_again=True)))
def test_without_reuse_it_is_the_minimum_cut(case):
    circuit, partition = case
    assert symmetric_cut(circuit, partition).rank_bound == min_cut(unfold(circuit), partition).rank_bound


@pytest.mark.parametrize("steps", [2, 4, 6, 8, 10])
def test_start_end_ranks_of_recurrent_nets_of_depth_two_are_the_closed_form(steps):
    half = steps // 2
    for site_dim, hidden in itertools.product(range(1 if steps < 6 else 2, 5), repeat=2):
        circuit = recurrent(steps, site_dim, (hidden, hidden))
        partition = Partition.of(steps, range(half))
        caps = (site_dim**half, min(site_dim, hidden) * site_dim ** (half - 1))
        expected = min(hidden * math.comb(hidden + half - 1, half), *caps)
        assert symmetric_cut(circuit, partition).rank_bound == expected
        if site_dim**half <= 256:
            # The closed form is a bound: here, and nowhere else in this range, almost all weights stay below it.
            rank = 220 if (steps, site_dim, hidden) == (10, 3, 4) else expected
            assert exact_rank(circuit, partition).rank == rank


@pytest.mark.parametrize(("site_dim", "rank", "duplicated"), [(5, 40, 50), (6, 48, 72)])
def test_deep_overlaps_are_below_the_duplicated_cut(site_dim, rank, duplicated):
    circuit = overlapping(6, site_dim, 2, 2, 5)
    partition = Partition.of(6, range(3))
    assert symmetric_cut(circuit, partition).rank_bound == rank
    assert min_cut(unfold(circuit), partition).rank_bound == duplicated
    assert exact_rank(circuit, partition).rank == rank


@pytest.mark.parametrize(("window", "depth", "site_dim", "channels"), [(2, 3, 2, 2), (2, 4, 3, 4), (3, 2, 2, 3)])
def test_overlapping_nets_follow_the_volume_law(window, depth, site_dim, channels):
    circuit = overlapping(14, site_dim, channels, window, depth)
    for length in range(1, 8):
        law = min(site_dim**length, channels * site_dim ** ((window - 1) * depth))
        assert symmetric_cut(circuit, Partition.of(14, range(length))).rank_bound <= law


def test_ten_thousand_sites_saturate_at_the_area_law():
    layers = [Layer(channels=4, window=3, stride=1)] * 6 + [Layer(channels=4, window="all")]
    circuit = compile(ConvAC(sites=10_000, site_dim=4, layers=layers))
    bits = [symmetric_cut(circuit, Partition.of(10_000, range(n))).entropy_bound for n in (4, 12, 5000)]
    assert bits == [8.0, 24.0, 26.0]


def test_astronomic_multiplicities_are_exact():
    units = [(2, [("site", 0), ("site", 1)])] + [(2, [("unit", k), ("unit", k), ("unit", k)]) for k in range(60)]
    circuit = Circuit.from_units([50, 50], units)
    cut = symmetric_cut(circuit, Partition.of(2, [0]))
    assert circuit.multiplicities[2] == 3**60
    assert cut.rank_bound == 50
    far = Circuit.from_units([10**15, 10**15], [(2, [("site", 0)]), *units[1:], (2, [("unit", 60), ("site", 1)])])
    assert symmetric_cut(far, Partition.of(2, [0])).rank_bound == 2


def test_more_copies_than_floats_or_memory_can_hold_are_answered_without_unfolding():
    units = [(2, [("site", 0), ("site", 1)])] + [(2, [("unit", k)] * 16) for k in range(258)]
    circuit = Circuit.from_units([3, 3], units)
    assert circuit.multiplicities[0] == 16**258 == 2**1032
    with pytest.raises(SizeError):
        unfold(circuit)
    assert symmetric_cut(circuit, Partition.of(2, [0])).rank_bound == 3


@pytest.mark.parametrize("seed", range(40))
def test_function_mode_bounds_the_separation_rank_over_all_inputs(seed):
    rng = np.random.default_rng(seed)
    drawn = random_reuse(rng) if seed % 2 else overlapping(4, 2, 2, 2, 2)
    circuit = replace(drawn, open_output=None, root_map=True)
    partition = random_partition(rng, circuit)
    field = Modular()
    weights = draw_weights(circuit, field=field, seed=seed)
    inputs = [
        field.random(rng, (60, 1, int(dim)) if side else (1, 60, int(dim)))
        for dim, side in zip(circuit.site_dims, partition.sides, strict=False)
    ]
    bound = symmetric_cut(circuit, Partition(partition.sides[: circuit.sites]), site_mode="function").rank_bound
    values = np.broadcast_to(evaluate(weights, inputs), (60, 60))
    assert rank_modulo(np.ascontiguousarray(values)) <= bound


def test_charges_tell_what_is_crossed():
    cut = symmetric_cut(recurrent(6, 3, (2, 2)), Partition.of(6, range(3)))
    assert cut.rank_bound == math.prod(charge.charge for charge in cut.charges) == 8
    crossed = {(charge.dim, charge.copies, charge.symmetric, charge.charge) for charge in cut.charges}
    assert crossed == {(2, 3, True, 4), (2, 1, True, 2)}
    assert cut.layers.tolist() == [charge.layer for charge in cut.charges]
    assert cut.entropy_bound == 3.0


def test_wrong_requests_are_refused():
    circuit = overlapping(4, 2, 2, 2, 2)
    partition = Partition.of(4, [0])
    with pytest.raises(PartitionError, match="5 sides; the network needs 4"):
        symmetric_cut(circuit, Partition.of(5, [0]))
    with pytest.raises(MethodError, match="site mode 'bases'; choose from basis, function"):
        symmetric_cut(circuit, partition, site_mode="bases")
    with pytest.raises(MethodError, match="method 'all'; choose from flow, exhaustive, elimination"):
        symmetric_cut(circuit, partition, method="all")
    with pytest.raises(MethodError, match="surrogate"):
        symmetric_cut(replace(circuit, gate="relu-max"), partition)
    with pytest.raises(SizeError, match="up to 18 choices"):
        symmetric_cut(overlapping(12, 2, 2, 2, 2), Partition.of(12, [0]), method="exhaustive")


@pytest.mark.parametrize("method", ["flow", "exhaustive", "elimination"])
def test_integers_decide_where_floats_cannot(method):
    units = [(2**30 - 1, [("site", 0)]), (2**30 + 1, [("site", 1)]), (2**60, [("unit", 0), ("unit", 1)])]
    circuit = Circuit.from_units([2**40, 2**40, 2**61], [*units, (2**61, [("unit", 2), ("site", 2)])])
    for split in (Partition.of(3, {0, 1}), Partition.of(3, {2})):
        assert symmetric_cut(circuit, split, method=method).rank_bound == 2**60 - 1


@pytest.mark.parametrize(("sites", "site_dim", "channels", "depth"), [(6, 8, 2, 2), (6, 8, 3, 2), (8, 4, 2, 3)])
def test_overlaps_on_few_channels_cost_no_more_than_their_duplicates(sites, site_dim, channels, depth):
    circuit = overlapping(sites, site_dim, channels, 2, depth)
    split = Partition.parse("left-right", (sites,))
    assert symmetric_cut(circuit, split).rank_bound <= min_cut(unfold(circuit), split).rank_bound
