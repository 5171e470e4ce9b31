"""The best tree and the best order: held against all of them, and against what is known of geometries."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings

from tests.architectures import random_einsum
from tests.circuits import seeds
from tncut import MERA, MPS, PEPS, ConvAC, Einsum, RandomRegular, Recurrent, arrange, bounds
from tncut.errors import MethodError, SizeError, SpecError


def all_trees(leaves):
    """Every binary tree over these leaves, each once, hung up at an edge."""
    if len(leaves) == 1:
        yield leaves[0]
        return
    first, *rest = leaves
    for size in range(len(rest)):
        for chosen in itertools.combinations(rest, size):
            others = [leaf for leaf in rest if leaf not in chosen]
            for left in all_trees([first, *chosen]):
                for right in all_trees(others):
                    yield left, right


def leaves_of(tree):
    return [tree] if isinstance(tree, int) else [leaf for child in tree for leaf in leaves_of(child)]


def edges_of(tree):
    if isinstance(tree, int):
        return [{tree}]
    return [set(leaves_of(tree)), *(edge for child in tree for edge in edges_of(child))]


def width(net, sites, parts):
    sides = [[site in part for site in range(sites)] for part in parts if 0 < len(part) < sites]
    return max(bounds(net, np.array(sides)).ranks)


def random_network(seed, *, sites):
    rng = np.random.default_rng(seed)
    while True:
        einsum = random_einsum(rng)
        if 2 <= len(einsum.output) <= sites:
            return einsum


@settings(max_examples=12, deadline=None)
@given(seeds())
def test_the_best_tree_is_the_best_of_all_trees(seed):
    net = random_network(seed, sites=5)
    count = len(net.output)
    found = arrange(net)
    assert found.optimal
    assert sorted(found.order) == list(range(count))
    assert found.rank == width(net, count, edges_of(found.tree))
    assert found.rank == min(width(net, count, edges_of(tree)) for tree in all_trees(list(range(count))))


@settings(max_examples=12, deadline=None)
@given(seeds())
def test_the_best_order_is_the_best_of_all_orders(seed):
    net = random_network(seed, sites=5)
    count = len(net.output)
    found = arrange(net, form="order")

    def beginnings(order):
        return [set(order[:length]) for length in range(1, count)]

    assert found.optimal
    assert found.rank == width(net, count, beginnings(found.order))
    assert found.rank == min(width(net, count, beginnings(order)) for order in itertools.permutations(range(count)))


@pytest.mark.parametrize("form", ["tree", "order"])
@pytest.mark.parametrize("seed", range(4))
def test_the_search_lies_between_the_limit_and_what_it_finds(form, seed, monkeypatch):
    net = RandomRegular(sites=8, degree=3, site_dim=4, bond_dim=2 + seed % 3, seed=seed)
    exact = arrange(net, form=form)
    monkeypatch.setattr("tncut.proven.arrangement.arrangement.EXACT_SITES", 2)
    found = arrange(net, form=form)
    assert found.method == "search"
    assert found.lower <= exact.rank <= found.rank <= 2 * exact.rank**2
    sets = edges_of(found.tree) if form == "tree" else [set(found.order[:k]) for k in range(1, 8)]
    assert found.rank == width(net, 8, sets)


def test_an_order_that_was_shuffled_is_found_again():
    order = np.random.default_rng(1).permutation(12)
    terms = [f"k{i - 1} x{site} k{i}".split() for i, site in enumerate(order)]
    terms[0], terms[-1] = terms[0][1:], terms[-1][:-1]
    sizes = dict.fromkeys((index for term in terms for index in term), 2)
    chain = Einsum(inputs=terms, output=[f"x{site}" for site in range(12)], sizes=sizes)
    found = arrange(chain, form="order")
    assert found.rank == 2
    assert found.optimal


@pytest.mark.parametrize(
    ("net", "form", "bits"),
    [
        (MPS(sites=20, site_dim=2, bond_dim=4), "order", 2),
        (MPS(sites=16, site_dim=4, bond_dim=4, periodic=True), "order", 4),
        (ConvAC.deep(sites=16, site_dim=2, channels=(2, 2, 2, 2)), "tree", 1),
        (PEPS(sites=(3, 4), site_dim=16, bond_dim=2), "order", 4),
        (MERA(sites=8, site_dim=2, bond_dim=2), "tree", 3),
    ],
)
def test_geometries_have_their_widths(net, form, bits):
    found = arrange(net, form=form)
    assert found.optimal
    assert found.bits == found.lower_bits == bits


def test_a_proven_limit_is_below_what_is_found_on_large_ones():
    found = arrange(PEPS(sites=(5, 5), site_dim=64, bond_dim=2))
    assert 5 <= found.lower_bits <= found.bits <= 6
    assert found.cuts[0][1] == found.bits
    assert "open: proven are" in str(found) or found.optimal


def test_re_used_units_and_labels_are_arranged_by_their_bounds():
    found = arrange(Recurrent(steps=3, site_dim=2, hidden=(2, 2), open_output=2))
    assert sorted(found.order) == list(range(4))
    assert found.optimal


def test_any_function_of_splits_can_be_arranged():
    def pairs(sides):
        """Sites 0 and 7, 1 and 6, ... belong together: one bit for each pair that is parted."""
        return [float(np.count_nonzero(row[:4] != row[:3:-1])) for row in sides]

    found = arrange(pairs, sites=8)
    assert found.bits == 1.0
    below = {frozenset(sites) for sites, _ in found.cuts if len(sites) == 2}
    assert len(below & {frozenset({site, 7 - site}) for site in range(4)}) >= 2
    assert arrange(pairs, sites=8, form="order").bits == 1.0
    large = arrange(lambda sides: [2 ** int(min(row.sum(), (~row).sum())) for row in sides], sites=16)
    assert math.log2(large.rank) >= 5


@pytest.mark.parametrize(
    ("given", "options", "error", "message"),
    [
        (MPS(sites=1, site_dim=2, bond_dim=2), {}, MethodError, "there is 1 site to arrange"),
        (MPS(sites=300, site_dim=2, bond_dim=2), {}, SizeError, "there are 300 sites; up to 256"),
        (MPS(sites=3, site_dim=2, bond_dim=2), {"form": "ring"}, MethodError, "unknown form 'ring'"),
        (MPS(sites=3, site_dim=2, bond_dim=2), {"sites": 3}, MethodError, "has its own"),
        (MPS(sites=3, site_dim=2, bond_dim=2), {"seed": -1}, MethodError, "seed is -1"),
        (len, {}, SpecError, "needs the number of sites"),
        ("mps-32", {}, SpecError, "tncut.load"),
    ],
)
def test_what_cannot_be_arranged_is_one_line(given, options, error, message):
    with pytest.raises(error, match=message):
        arrange(given, **options)


def test_the_command_prints_it_and_writes_it(run, tmp_path):
    code, printed, _ = run("arrange", "ring-4", "--order", "-o", tmp_path / "order.json")
    assert code == 0
    assert "proven: no other has less" in printed
    table = json.loads((tmp_path / "order.json").read_text())
    assert table == json.loads(run("arrange", "ring-4", "--order", "--json")[1])
    assert (table["rank"], table["optimal"], sorted(table["order"])) == (9, True, [0, 1, 2, 3])
