"""Mode trees: which units they build, their bounds, and what is refused."""

import numpy as np
import pytest
from hypothesis import given

from tests.architectures import random_nodes
from tests.circuits import random_partition, seeds
from tncut.architectures import ConvAC, Tree, compile
from tncut.errors import SpecError
from tncut.formats import parse_spec, spec_text
from tncut.oracle import exact_rank
from tncut.proven import bound
from tncut.proven.generic import rank_lower


def children(circuit, unit: int) -> list[int]:
    return circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]].tolist()


def test_nodes_are_units_children_before_parents():
    circuit = compile(Tree(tree=[[4, 1], [[3, 0], 2]], site_dim=2, channels=[3, 5, 7]))
    assert [children(circuit, unit) for unit in range(4)] == [[4, 1], [3, 0], [6, 2], [5, 7]]
    assert circuit.unit_dims.tolist() == [3, 3, 5, 7]
    assert circuit.unit_layer.tolist() == [0, 0, 1, 2]
    assert circuit.unit_position.tolist() == [0, 1, 0, 0]
    assert circuit.grids == ((5,), (2,), (1,), (1,))


def test_a_star_is_the_shallow_network_and_a_binary_tree_the_deep_one():
    star = compile(Tree(tree=list(range(6)), site_dim=2, channels=5))
    shallow = compile(ConvAC.shallow(sites=6, site_dim=2, channels=5))
    binary = compile(Tree(tree=[[[0, 1], [2, 3]], [[4, 5], [6, 7]]], site_dim=2, channels=[3, 4, 5]))
    deep = compile(ConvAC.deep(sites=8, site_dim=2, channels=[3, 4, 5]))
    for tree, convac in ((star, shallow), (binary, deep)):
        assert sorted(tree.unit_dims.tolist()) == convac.unit_dims.tolist()
        assert bound(tree, "left-right").rank_bound == bound(convac, "left-right").rank_bound
        assert bound(tree, "odd-even").rank_bound == bound(convac, "odd-even").rank_bound


def test_site_dimensions_and_outputs():
    tree = Tree(tree=[[0, 2], 1], site_dim=[2, 3, 4], channels=5, open_output=7)
    assert compile(tree).terminal_dims.tolist() == [2, 3, 4, 7]
    assert compile(Tree(tree=[0, 1], site_dim=2, channels=5, root_map=False)).unit_dims.tolist() == [1]
    open_root = Tree(tree=[0, 1], site_dim=2, channels=5, root_map=False, open_output=5)
    assert compile(open_root).terminal_dims.tolist() == [2, 2, 5]


@pytest.mark.parametrize("base", [2, 3])
@given(seed=seeds())
def test_with_powers_of_one_integer_the_bound_is_the_rank(base, seed):
    rng = np.random.default_rng(seed)
    sites = int(rng.integers(2, 7))
    tree = Tree(
        tree=random_nodes(rng, sites),
        site_dim=(base ** rng.integers(0, 3 if base == 2 else 2, sites)).tolist(),
        channels=base ** int(rng.integers(0, 3)),
        root_map=bool(rng.random() < 0.5),
    )
    partition = random_partition(rng, compile(tree))
    report = bound(tree, partition)
    assert rank_lower(report.cut).theorem == "T2"
    assert exact_rank(compile(tree), partition, seed=seed).rank == report.rank_bound


def nested(levels: int) -> list:
    tree = [0]
    for site in range(1, levels):
        tree = [tree, site]
    return tree


def test_high_trees_read_back_and_higher_ones_are_refused():
    train = Tree(tree=nested(100), site_dim=2, channels=2)
    assert len(train.circuit().levels) == 100
    for syntax in ("toml", "json"):
        assert parse_spec(spec_text(train, syntax=syntax), syntax=syntax) == train
    for levels in (101, 5000):
        with pytest.raises(SpecError, match="tree is over 100 levels high"):
            Tree(tree=nested(levels), site_dim=2, channels=2)
