"""The places of sites, and mode trees, for given partitions: held against all of them."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tailored import proper_sides
from tncut import MPS, ConvAC, Layer, Recurrent, Tree, bounds, place_sites, save_spec
from tncut.errors import MethodError, PartitionError, SizeError

OVERLAPPING = (Layer(channels=3, window=2, stride=1), Layer(channels=2, window="all"))
NETS = [
    lambda rng: MPS(sites=6, site_dim=4, bond_dim=rng.integers(2, 5, 5).tolist()),
    lambda rng: Tree(tree=[[0, 1, 2], [3, [4, 5]]], site_dim=3, channels=rng.integers(2, 5, 3).tolist()),
    lambda rng: ConvAC(sites=6, site_dim=2, layers=OVERLAPPING),
    lambda rng: Recurrent(steps=5, site_dim=2, hidden=rng.integers(2, 4, 2).tolist()),
]


def all_trees(leaves):
    """Every rooted binary tree over these leaves."""
    if len(leaves) == 1:
        return [leaves[0]]
    first, *rest = leaves
    return [
        (left, right)
        for size in range(len(rest))
        for chosen in itertools.combinations(rest, size)
        for left in all_trees([first, *chosen])
        for right in all_trees([leaf for leaf in rest if leaf not in chosen])
    ]


@settings(max_examples=5)
@given(st.integers(0, 2**32 - 1), st.sampled_from(NETS))
def test_the_best_order_is_the_best_of_all_orders(seed, make):
    rng = np.random.default_rng(seed)
    net = make(rng)
    sites = 5 if isinstance(net, Recurrent) else 6
    sides = proper_sides(rng, 3, sites)
    found = place_sites(net, sides)
    assert found.optimal
    assert list(found.ranks) == bounds(net, sides[:, list(found.order)]).ranks
    orders = np.array(list(itertools.permutations(range(sites))))
    ranks = np.array(bounds(net, sides[:, orders].transpose(1, 0, 2).reshape(-1, sites)).ranks).reshape(len(orders), -1)
    assert found.rank == ranks.min(axis=1).max()
    assert found.best_possible == found.bits


@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1))
def test_the_best_mode_tree_is_the_best_of_all_trees(seed):
    rng = np.random.default_rng(seed)
    net = Tree(tree=[0, 1, 2, 3, 4], site_dim=rng.integers(2, 6, 5).tolist(), channels=int(rng.integers(2, 5)))
    sides = proper_sides(rng, 4, 5)
    found = place_sites(net, sides, form="tree")
    every = [Tree(tree=tree, site_dim=net.site_dim, channels=net.channels) for tree in all_trees(range(5))]
    assert found.optimal
    assert found.rank == max(min(bounds(one, sides).ranks) for one in every)
    assert list(found.ranks) == bounds(found.architecture, sides).ranks


@pytest.mark.parametrize("seed", range(3))
def test_many_sites_have_a_good_order_and_a_bound_for_all_orders(seed):
    rng = np.random.default_rng(seed)
    net = MPS(sites=14, site_dim=2, bond_dim=4)
    sides = proper_sides(rng, 3, 14)
    found = place_sites(net, sides, seconds=1)
    assert sorted(found.order) == list(range(14))
    assert list(found.ranks) == bounds(net, sides[:, list(found.order)]).ranks
    assert found.rank >= min(bounds(net, sides).ranks)
    orders = [rng.permutation(14) for _ in range(50)]
    assert all(min(bounds(net, sides[:, order]).bits) <= found.best_possible + 1e-5 for order in orders)


def test_many_sites_have_a_good_tree_and_a_bound_for_all_trees():
    net = Tree(tree=list(range(10)), site_dim=2, channels=2)
    found = place_sites(net, ["odd-even", "left-right"], form="tree")
    assert found.rank > 2
    assert found.bits <= found.best_possible <= 5


@pytest.mark.parametrize(
    ("net", "splits", "options", "error", "message"),
    [
        (MPS(sites=4, site_dim=[2, 2, 3, 2], bond_dim=2), "all", {}, MethodError, "only sites of one dimension"),
        (MPS(sites=300, site_dim=2, bond_dim=2), "odd-even", {}, SizeError, "up to 256"),
        (Recurrent(steps=14, site_dim=2, hidden=(2, 2)), "odd-even", {}, SizeError, "re-used up to 12"),
        (MPS(sites=4, site_dim=2, bond_dim=2), "all", {"form": "tree"}, MethodError, "for a Tree with one width"),
        (MPS(sites=4, site_dim=2, bond_dim=2), "all", {"form": "ring"}, MethodError, "unknown form 'ring'"),
        (MPS(sites=4, site_dim=2, bond_dim=2), "all", {"seconds": 0}, MethodError, "seconds is 0; it must be a number"),
        (MPS(sites=4, site_dim=2, bond_dim=2), "all", {"seed": -1}, MethodError, "seed is -1"),
        (MPS(sites=4, site_dim=2, bond_dim=2), [], {}, PartitionError, "no partition is given"),
    ],
)
def test_what_cannot_be_placed_is_one_line(net, splits, options, error, message):
    with pytest.raises(error, match=message):
        place_sites(net, splits, **options)


def test_the_command_line_places_sites(run, tmp_path):
    save_spec(MPS(sites=12, site_dim=2, bond_dim=2), tmp_path / "mps.toml")
    code, printed, _ = run("arrange", tmp_path / "mps.toml", "-p", "odd-even", "-p", "0-3", "--order")
    assert (code, "proven: no other has more" in printed) == (0, True)
    written = tmp_path / "found.json"
    run("arrange", tmp_path / "mps.toml", "-p", "odd-even", "--order", "-o", written, "--json")
    assert sorted(json.loads(written.read_text())["order"]) == list(range(12))
