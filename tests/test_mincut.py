"""The minimum cut, held against all labellings and against each other engine, as exact integers."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuits import overlapping, random_partition, random_tree, reuses, trees, with_partition
from tncut.errors import MethodError, PartitionError, SizeError
from tncut.mincut import METHODS, TreeCuts, min_cut
from tncut.network import TensorNetwork, unfold
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven.generic import rank_lower
from tncut.tools.bits import pack

SMALL = 11  # tensors whose labellings are all tried


def smallest_of_all_labellings(network: TensorNetwork, partition: Partition) -> int:
    """The smallest product of cut bonds, by trying a side for every tensor."""
    holders = [set(network.bond_tensor[a:b].tolist()) for a, b in itertools.pairwise(network.bond_start.tolist())]
    ends = {
        bond: bool(side) for bond, side in zip(network.site_bond.tolist(), partition.sides, strict=True) if bond >= 0
    }

    def cost(sides: tuple[bool, ...]) -> int:
        parted = [
            int(network.bond_dims[bond])
            for bond, held in enumerate(holders)
            if len({sides[t] for t in held} | ({ends[bond]} if bond in ends else set())) > 1
        ]
        return math.prod(parted)

    return min(cost(sides) for sides in itertools.product((False, True), repeat=network.tensors))


def bounds_by_all_methods(network: TensorNetwork, partition: Partition) -> dict[str, int]:
    methods = [m for m in METHODS if m != "tree" or network.forest is not None]
    found = {method: min_cut(network, partition, method=method).rank_bound for method in methods}
    if network.tensors <= SMALL:
        found["all labellings"] = smallest_of_all_labellings(network, partition)
    return found


@settings(max_examples=400, deadline=None)
@given(with_partition(trees() | trees(read_again=True) | reuses()))
def test_all_methods_give_the_smallest_of_all_labellings(case):
    circuit, partition = case
    found = bounds_by_all_methods(unfold(circuit), partition)
    assert len(set(found.values())) == 1, found


@st.composite
def odd_networks(draw: st.DrawFn) -> tuple[TensorNetwork, Partition]:
    """Bonds that no tensor holds, sites on them or on none, tensors without bonds, sides without sites."""
    tensors = st.lists(st.integers(0, 4), max_size=3, unique=True)
    bonds = draw(st.lists(st.tuples(st.integers(1, 4), tensors), max_size=8))
    carried = draw(st.lists(st.integers(0, len(bonds) - 1), unique=True)) if bonds else []
    sites = draw(st.permutations([*carried, *[-1] * draw(st.integers(not carried, 2))]))
    sides = draw(st.lists(st.booleans(), min_size=len(sites), max_size=len(sites)))
    return TensorNetwork.from_bonds(bonds, sites), Partition(np.array(sides))


@settings(max_examples=300)
@given(odd_networks())
def test_what_no_tensor_reads_parts_nothing(case):
    network, partition = case
    found = bounds_by_all_methods(network, partition) | {"auto": min_cut(network, partition).rank_bound}
    if network.forest is not None:
        found["batch"] = TreeCuts(network).products(pack(partition.sides[None]))[0]
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("method", ["auto", "flow", "networkx"])
def test_a_site_on_a_bond_that_no_tensor_holds_is_not_read(method):
    network = TensorNetwork.from_bonds([(2, []), (2, [0, 1]), (2, [0, 1]), (2, [0])], sites=[0, 3])
    assert network.read.tolist() == [False, True]
    cut = min_cut(network, Partition.of(2, {1}), method=method)
    assert (cut.rank_bound, cut.names) == (1, [])


@settings(max_examples=150, deadline=None)
@given(with_partition(trees() | trees(read_again=True) | reuses()))
def test_exact_rank_lies_in_the_proven_interval(case):
    circuit, partition = case
    cut = min_cut(unfold(circuit), partition)
    rank = exact_rank(circuit, partition).rank
    assert rank <= cut.rank_bound
    if not circuit.reuses_units:
        lower = rank_lower(cut)
        assert lower.rank <= rank
        assert lower.theorem == "T3" or lower.rank == rank == cut.rank_bound


@pytest.mark.parametrize("base", [2, 3])
@pytest.mark.parametrize("seed", range(20))
def test_rank_is_the_bound_where_dimensions_are_powers_of_one_integer(seed, base):
    rng = np.random.default_rng([seed, base])
    drawn = random_tree(rng, most_dim=3, read_again=seed % 2 == 0)
    circuit = type(drawn)(
        **{
            **{name: getattr(drawn, name) for name in drawn.__dataclass_fields__},
            "site_dims": base ** (drawn.site_dims - 1),
            "unit_dims": base ** (drawn.unit_dims - 1),
            "open_output": drawn.open_output and base ** (drawn.open_output - 1),
        }
    )
    partition = random_partition(rng, circuit)
    cut = min_cut(unfold(circuit), partition)
    assert rank_lower(cut).theorem == "T2"
    if cut.rank_bound <= 600:
        assert exact_rank(circuit, partition).rank == cut.rank_bound


def near_tie(rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Two bundles of 16 dimensions whose products differ by a factor below 1 + 2^-50."""
    x = int(rng.integers(2**26, 2**27)) * 2
    filling = [int(n) for n in rng.integers(2, 40, 14)]
    return [x - 1, x + 1, *filling], [x, x, *rng.permutation(filling).tolist()]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", ["flow", "networkx"])
def test_near_ties_of_bundles_in_series_come_out_exactly(seed, method):
    low, high = near_tie(np.random.default_rng(seed))
    assert 0 < math.log2(math.prod(high) / math.prod(low)) < 2**-50 or math.prod(high) / math.prod(low) == 1.0
    for first, second in ((low, high), (high, low)):
        ends = [(2**60, [0])] * 3 + [(2**60, [2])] * 3
        bundles = [(d, [0, 1]) for d in first] + [(d, [1, 2]) for d in second]
        network = TensorNetwork.from_bonds(ends + bundles, sites=range(6))
        cut = min_cut(network, Partition.of(6, {0, 1, 2}), method=method)
        assert cut.rank_bound == math.prod(low) < math.prod(high)


@pytest.mark.parametrize("seed", range(10))
def test_near_ties_at_a_tensor_of_a_tree_come_out_exactly(seed):
    low, high = near_tie(np.random.default_rng(seed))
    network = TensorNetwork.from_bonds([(d, [0]) for d in low + high], sites=range(32))
    for side_a in (range(16), range(16, 32)):
        for method in METHODS:
            assert min_cut(network, Partition.of(32, side_a), method=method).rank_bound == math.prod(low)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(6, 12), (6, 12, 18), (2, 3, 5, 7, 11), (4, 8), (10, 100)]))
def test_flow_agrees_with_networkx_on_grids_full_of_ties(seed, dims):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 8))
    cells = np.arange(size * size).reshape(size, size)
    bonds = [(10**6, [int(cell)]) for cell in (*cells[:, 0], *cells[:, -1])]
    pairs = np.concatenate((np.stack((cells[:-1].ravel(), cells[1:].ravel()), 1),
                            np.stack((cells[:, :-1].ravel(), cells[:, 1:].ravel()), 1)))  # fmt: skip
    bonds += [(int(rng.choice(dims)), pair) for pair in pairs.tolist()]
    network = TensorNetwork.from_bonds(bonds, sites=range(2 * size))
    partition = Partition.of(2 * size, range(size))
    flow, slow = (min_cut(network, partition, method=method) for method in ("flow", "networkx"))
    assert flow.rank_bound == slow.rank_bound


@settings(max_examples=60, deadline=None)
@given(with_partition(trees() | reuses()))
def test_the_cut_bonds_part_the_sides(case):
    circuit, partition = case
    cut = min_cut(unfold(circuit), partition)
    network, kept = cut.network, set(range(cut.network.bonds)) - set(cut.bonds.tolist())
    for bond in kept:
        sides = {bool(cut.sides[t]) for t in network.holders(np.array([bond])).tolist()}
        sides |= {bool(s) for b, s in zip(network.site_bond.tolist(), partition.sides, strict=True) if b == bond}
        assert len(sides) <= 1
    assert cut.rank_bound == math.prod(cut.dims.tolist())
    assert len(cut.names) == len(cut.bonds) == len(cut.layers)


def test_an_empty_side_has_rank_bound_one():
    network = unfold(random_tree(np.random.default_rng(3)))
    for chosen in ((), range(len(network.terminals))):
        for method in METHODS:
            assert min_cut(network, Partition.of(len(network.terminals), chosen), method=method).rank_bound == 1


def test_a_chain_of_ten_thousand_tensors_is_cut():
    length = 10_000
    bonds = [(2, [t]) for t in range(length)] + [(3 + t % 5, [t, t + 1]) for t in range(length - 1)]
    network = TensorNetwork.from_bonds(bonds, sites=range(length))
    left = Partition(np.arange(length) < length // 2)
    # Site 4999 changes sides, 2, to cut the bond of dimension 3 before it rather than the one of 7 behind it.
    assert min_cut(network, left, method="tree").rank_bound == min_cut(network, left, method="flow").rank_bound == 6


def test_separate_parts_multiply():
    network = TensorNetwork.from_bonds([(2, [0]), (2, [0]), (3, [1]), (5, [1])], sites=range(4))
    assert min_cut(network, Partition.of(4, {0, 2})).rank_bound == 6


def test_wrong_requests_are_refused():
    network = unfold(overlapping(sites=4, site_dim=2, channels=2, size=2, depth=2))
    partition = Partition.of(len(network.terminals), {0})
    with pytest.raises(MethodError, match="method tree cannot"):
        min_cut(network, partition, method="tree")
    with pytest.raises(MethodError, match="choose from auto, tree, flow, networkx"):
        min_cut(network, partition, method="dinic")
    with pytest.raises(PartitionError, match="needs"):
        min_cut(network, Partition.of(len(network.terminals) + 1, {0}))
    wide = TensorNetwork.from_bonds([(2, [0, 1, 2])] * 2 + [(2, [0, 1])] * 60_000, sites=[0, 1])
    with pytest.raises(SizeError, match="arcs"):
        min_cut(wide, Partition.of(2, {0}), method="networkx")
