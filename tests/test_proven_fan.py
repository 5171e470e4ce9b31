"""Fans: their proven rank against exact ranks, their conditions, and what the searches find."""

import math

import numpy as np
import pytest

import tncut
from tests.circuits import overlapping, random_partition, random_reuse, random_tree, recurrent
from tests.fans import random_fan
from tncut.circuit import Circuit
from tncut.errors import MethodError, PartitionError
from tncut.oracle import exact_rank, probe_matrix, rank_modulo
from tncut.partition import Partition
from tncut.proven.fan import Fan, Stage, Strand, closed, find_fans, proven_rank
from tncut.proven.fan.pairs import pair_fans
from tncut.proven.fan.sums import Choices, distinct_sums, largest
from tncut.proven.fan.weights import weights_of
from tncut.proven.symmetric import symmetric_cut


def random_circuit(rng: np.random.Generator) -> Circuit:
    draw = int(rng.integers(4))
    if draw == 0:
        return random_reuse(rng, sites=int(rng.integers(3, 6)), most_dim=3)
    if draw == 1:
        return recurrent(int(rng.integers(3, 6)), int(rng.integers(2, 4)), [2] * int(rng.integers(1, 3)))
    if draw == 2:
        return overlapping(int(rng.integers(5, 7)), 2, int(rng.integers(2, 4)), int(rng.integers(2, 4)), 2)
    return random_tree(rng, most_dim=4, read_again=True)


def measured(circuit: Circuit, partition: Partition, fans: list[Fan], seed: int) -> int:
    """The exact rank of the weights that the fans stand for."""
    return rank_modulo(probe_matrix(weights_of(circuit, fans, seed=seed), partition, 512, seed=0))


@pytest.mark.parametrize("seed", range(60))
def test_random_fans_never_prove_more_than_their_weights_reach(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(4):
        circuit, partition = (c := random_circuit(rng)), random_partition(rng, c)
        inner, sides = closed(circuit, partition)
        if fan := random_fan(rng, inner, sides):
            claimed = proven_rank(circuit, partition, [fan])
            reached = measured(inner, sides, [fan], seed)
            assert claimed <= reached <= exact_rank(circuit, partition, seed=seed).rank


@pytest.mark.parametrize("seed", range(25))
def test_found_fans_lie_between_the_pairs_and_the_exact_rank(seed: int) -> None:
    rng = np.random.default_rng(seed)
    circuit, partition = (c := random_circuit(rng)), random_partition(rng, c)
    inner, sides = closed(circuit, partition)
    rank = proven_rank(circuit, partition, fans := find_fans(circuit, partition, tries=20))
    assert proven_rank(inner, sides, pair_fans(inner, sides, inner.vertex_dims.tolist())) <= rank
    assert rank <= measured(inner, sides, fans, seed) <= exact_rank(circuit, partition, seed=seed).rank


@pytest.mark.parametrize(
    ("steps", "site_dim", "hidden", "rank"),
    [
        (4, 2, (2, 2), 4),
        (4, 3, (2, 2), 6),
        (6, 3, (2, 2), 8),
        (6, 4, (3, 3), 30),
        (10, 3, (3, 3), 63),
        (6, 3, (2, 2, 2), 18),
    ],
)
def test_fans_reach_the_symmetric_cut_of_deep_recurrent_nets(
    steps: int, site_dim: int, hidden: tuple[int, ...], rank: int
) -> None:
    circuit, partition = by_layers(steps, site_dim, hidden), Partition.parse("left-right", steps)
    assert proven_rank(circuit, partition, find_fans(circuit, partition, tries=0)) == rank
    assert symmetric_cut(circuit, partition).rank_bound == rank


def by_layers(steps: int, site_dim: int, hidden: tuple[int, ...]) -> Circuit:
    """The same net as `recurrent`, its units layer after layer."""
    units = []
    for layer, dim in enumerate(hidden):
        for t in range(steps):
            below = ("unit", (layer - 1) * steps + t) if layer else ("site", t)
            units.append((dim, [below, *([("unit", layer * steps + t - 1)] if t else [])]))
    circuit = Circuit.from_units([site_dim] * steps, units)
    place = np.arange(len(hidden) * steps)
    return Circuit(
        site_dims=circuit.site_dims,
        unit_dims=circuit.unit_dims,
        factor_start=circuit.factor_start,
        factor_child=circuit.factor_child,
        unit_layer=place // steps,
        unit_position=place % steps,
        grids=((steps,),) * (len(hidden) + 1),
    )


@pytest.mark.parametrize("size", [(6, 2, 2, 2, 2), (8, 2, 2, 2, 3), (8, 2, 2, 3, 2), (8, 3, 3, 2, 2), (10, 2, 2, 3, 2)])
def test_fans_reach_the_cut_of_overlapping_windows(size: tuple[int, int, int, int, int]) -> None:
    circuit, partition = overlapping(*size), Partition.parse("left-right", size[0])
    rank = proven_rank(circuit, partition, find_fans(circuit, partition))
    assert rank == symmetric_cut(circuit, partition).rank_bound == exact_rank(circuit, partition).rank


@pytest.mark.parametrize(("channels", "copies"), [(2, 3), (3, 2), (2, 7), (4, 3)])
def test_copies_of_one_unit_that_sees_both_sides_fill_its_symmetric_power(channels: int, copies: int) -> None:
    full = math.comb(channels + copies - 1, copies)
    circuit = Circuit.from_units([full, full], [(channels, [("site", 0), ("site", 1)]), (1, [("unit", 0)] * copies)])
    fan = Fan(
        channels,
        (Strand({0: full}, (Stage({1: full}),)),),
        carried=frozenset({0, 1}),
        exits=frozenset(range(2, 2 + copies)),
    )
    partition = Partition.of(2, [0])
    assert proven_rank(circuit, partition, [fan]) == full == exact_rank(circuit, partition).rank
    assert measured(circuit, partition, [fan], 0) == full


# u 2:(s1, s2), v1 2:(u, c1), v2 2:(u, c2), root 1:(v1, v2): rank 3, since two copies of u are symmetric.
TWO_COPIES = Circuit.from_units(
    [2, 2, 2, 2],
    [
        (2, [("site", 0), ("site", 1)]),
        (2, [("unit", 0), ("site", 2)]),
        (2, [("unit", 0), ("site", 3)]),
        (1, [("unit", 1), ("unit", 2)]),
    ],
)
LEFT = Partition.of(4, [0, 1])
CARRIED, EXITS = frozenset(range(6)), frozenset({6, 7})


def test_one_source_may_be_steered_twice_but_two_sources_seen_alike_are_refused() -> None:
    stages = (Stage({2: 2}, 0), Stage({3: 2}, 1))
    both = Fan(2, (Strand({0: 2, 1: 2}, stages),), CARRIED, EXITS)
    assert proven_rank(TWO_COPIES, LEFT, [both]) == 3 == exact_rank(TWO_COPIES, LEFT).rank
    each = Fan(2, (Strand({0: 2}, stages[:1]), Strand({1: 2}, stages[1:])), CARRIED, EXITS)
    with pytest.raises(MethodError, match="later strand"):
        proven_rank(TWO_COPIES, LEFT, [each])


SOME = CARRIED - {1}
STAGES = (Stage({2: 2}, 0), Stage({3: 2}, 1))
VALID = Fan(2, (Strand({0: 2}, STAGES),), SOME, EXITS)


@pytest.mark.parametrize(
    ("fan", "message"),
    [
        (Fan(3, VALID.strands, SOME, EXITS), "keep 3 channels"),
        (Fan(2, (Strand({0: 3}, STAGES),), SOME, EXITS), "keep 3 channels"),
        (Fan(2, VALID.strands, SOME - {2}, EXITS), "must agree"),
        (Fan(2, VALID.strands, SOME - {2, 4}, EXITS), "must see all"),
        (Fan(2, VALID.strands, SOME - {0}, EXITS), "does not hold"),
        (Fan(2, VALID.strands, SOME - {5}, EXITS), "stages of one side"),
        (Fan(2, VALID.strands, SOME, frozenset({2})), "carry nothing"),
        (Fan(2, (Strand({0: 2}, (Stage({1: 2}),)),), SOME, EXITS), "one side"),
        (Fan(2, (Strand({0: 2}, (Stage({2: 2}), Stage({3: 2}))),), SOME, EXITS), "time"),
        (Fan(2, (Strand({0: 2}, STAGES[:1]),), SOME, EXITS), "does not hold"),
        (Fan(2, (Strand({0: 2}, (STAGES[0], Stage({3: 2}, 1, {7: (1, 2)}))),), SOME, EXITS), "steps"),
    ],
)
def test_a_fan_that_breaks_a_condition_is_refused(fan: Fan, message: str) -> None:
    assert proven_rank(TWO_COPIES, LEFT, [VALID]) == 2
    with pytest.raises(MethodError, match=message):
        proven_rank(TWO_COPIES, LEFT, [fan])


ONE_UNIT = Circuit.from_units([4, 4], [(2, [("site", 0), ("site", 1)]), (1, [("unit", 0), ("unit", 0)])])


@pytest.mark.parametrize(
    "fans",
    [
        [Fan(2, (Strand({0: 4}, (Stage({1: 4}),)),), frozenset({0, 1}), frozenset({2, 3, -1}))],  # an exit twice
        [Fan(2, (Strand({0: 4}, (Stage({1: 4}),)),), frozenset({0, 1, -4}), frozenset({2, 3}))],
        [Fan(2, (Strand({0: 4}, (Stage({1: 4}),)),), frozenset({0, 1}), frozenset({2, 3, 9}))],
        [Fan(2, (Strand({0: -4}, (Stage({1: 4}),)),), frozenset({0, 1}), frozenset({2, 3}))],
        [Fan(2, (Strand({0: 3.5}, (Stage({1: 4}),)),), frozenset({0, 1}), frozenset({2, 3}))],  # type: ignore[dict-item]
        [Fan(2, (Strand({2: 2}, (Stage({1: 4}),)),), frozenset({0, 1}), frozenset({2, 3}))],  # a unit as a site
        [  # a count of 0 would make room
            Fan(2, (Strand({0: 9}, (Stage({1: 9}),)),), frozenset({0, 1}), frozenset({2, 3})),
            Fan(1, (Strand({0: 1}, (Stage({1: 0}),)),), frozenset(), frozenset()),
            Fan(1, (Strand({1: 1}, (Stage({0: 0}),)),), frozenset(), frozenset()),
        ],
        [Fan(2, (Strand({0: 4}, (Stage({1: 4}, 0, {2: (1,)}),)),), frozenset({0, 1}), frozenset({2, 3}))],
    ],
)
def test_numbers_that_would_count_twice_or_make_room_are_refused(fans: list[Fan]) -> None:
    with pytest.raises(MethodError):
        proven_rank(ONE_UNIT, Partition.of(2, [0]), fans)


def test_a_partition_of_another_circuit_is_refused() -> None:
    with pytest.raises(PartitionError, match="needs 2"):
        proven_rank(ONE_UNIT, Partition.of(3, [0]), [])


def test_two_fans_may_not_keep_the_same_channels() -> None:
    with pytest.raises(MethodError, match="keep 4"):
        proven_rank(TWO_COPIES, LEFT, [VALID, VALID])


@pytest.mark.parametrize("seed", range(40))
def test_the_number_of_sums_is_the_number_of_distinct_vectors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    channels = int(rng.integers(2, 4))
    stages = [_random_choices(rng, channels) for _ in range(int(rng.integers(1, 4)))]
    sums = {(0,) * channels}
    for stage in stages:
        offered = [stage.vectors()] if stage.steps is not None else [set(list(_ordered(stage))[: stage.indices])]
        sums = {tuple(np.add(x, y).tolist()) for x in sums for y in offered[0]}
    assert distinct_sums(channels, stages) == len(sums)


def _random_choices(rng: np.random.Generator, channels: int) -> Choices:
    copies = rng.integers(1, 3, int(rng.integers(1, 3))).tolist()
    indices = int(rng.integers(1, 6))
    steps = [tuple(sorted(rng.integers(0, 6, channels - 1).tolist())) for _ in copies]
    return Choices(indices, copies, steps if rng.random() < 0.7 else None, tuple(range(channels)))


def _ordered(stage: Choices) -> list[tuple[int, ...]]:
    every = np.ndindex(*[stage.degree + 1] * len(stage.order))
    return sorted((v for v in every if sum(v) == stage.degree), reverse=True)


def test_the_largest_vectors_come_first() -> None:
    assert list(largest(3, 2)) == [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 2, 0), (0, 1, 1), (0, 0, 2)]


def test_the_largest_vectors_come_first_with_many_channels() -> None:
    assert next(largest(5000, 1))[0] == 1


@pytest.mark.parametrize("hidden", [(2, 1, 2), (1, 2, 2), (3, 2, 1)])
def test_layers_carry_no_more_than_the_narrowest_below_them(hidden):
    net = tncut.Recurrent(steps=4, site_dim=3, hidden=hidden)
    report = tncut.bound(net, [0])
    assert report.rank_lower <= tncut.oracle.exact_rank(net, [0]).rank <= report.rank_bound
