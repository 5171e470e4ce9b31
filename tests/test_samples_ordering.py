"""Orders of sites: halves with little correlation between them, and less entanglement on samples kept apart."""

import itertools
import json

import numpy as np
import pytest

from tncut import MethodError, Samples, SizeError, load, match, order_sites
from tncut.samples.ordering import bisected, correlations, halved


def pairs(count: int, sites: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Binary sites in equal pairs, in random order, and the pair of each."""
    rng = np.random.default_rng(seed)
    pair = rng.permutation(np.repeat(np.arange(sites // 2), 2))
    return rng.integers(0, 2, (count, sites // 2))[:, pair], pair


@pytest.mark.parametrize("seed", range(5))
def test_correlations_are_those_of_pearson_for_numbers(seed):
    values = np.random.default_rng(seed).random((50, 5))
    values[:, 4] = values[:, 0] + 0.3 * values[:, 1]
    samples = Samples.of(values[..., None], embedding="vectors")
    flat = Samples(tuple(values.T[..., None]), samples.weights, (5,), False, "vectors")
    expected = np.abs(np.corrcoef(values.T)) - np.eye(5)
    np.testing.assert_allclose(correlations(flat), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_a_bisection_cuts_little_weight(seed):
    rng = np.random.default_rng(seed)
    weights = rng.random((8, 8)) ** 4
    weights = weights + weights.T
    np.fill_diagonal(weights, 0)
    side = bisected(weights, 4)
    assert side.sum() == 4
    cuts = [
        weights[np.ix_(chosen, sorted(set(range(8)) - set(chosen)))].sum()
        for chosen in map(list, itertools.combinations(range(8), 4))
    ]
    assert weights[np.ix_(side, ~side)].sum() <= np.quantile(cuts, 0.1)


@pytest.mark.parametrize("grid", [(16,), (4, 4), (5,), (3, 5)])
def test_every_place_gets_one_site(grid):
    weights = np.random.default_rng(0).random((int(np.prod(grid)),) * 2)
    assert sorted(halved(weights + weights.T, grid).tolist()) == list(range(int(np.prod(grid))))


@pytest.mark.parametrize("seed", range(3))
def test_equal_sites_become_neighbours_and_the_entanglement_falls(seed):
    inputs, pair = pairs(800, 8, seed)
    found = order_sites(Samples.of(inputs, embedding="one-hot"), tries=20, seed=seed)
    assert all(pair[a] == pair[b] for a, b in zip(found.order[::2], found.order[1::2], strict=True))
    gain, error = found.gain
    unordered = sum(pair[0::2] != pair[1::2])
    assert (gain > 2 * error) == (unordered > 0)
    assert found.after.mean.bits == pytest.approx(8 / 14, abs=0.1)  # each of 8 single sites has its pair cut: 1 bit


def test_equal_seeds_give_equal_orders_and_a_label_stays_last():
    inputs, _ = pairs(100, 8, 0)
    samples = Samples.of(inputs, inputs[:, 0], embedding="one-hot", classes=True)
    assert order_sites(samples, tries=5).to_dict() == order_sites(samples, tries=5).to_dict()
    assert len(order_sites(samples, tries=5).order) == 8


def test_bad_questions_are_one_line():
    with pytest.raises(MethodError, match="is no data"):
        order_sites(np.zeros((9, 2)))
    with pytest.raises(MethodError, match="give 8 or more"):
        order_sites(Samples.of(np.zeros((4, 2))))
    with pytest.raises(SizeError, match="up to 1024 can be ordered"):
        order_sites(Samples.of(np.zeros((8, 1025))))


@pytest.mark.parametrize("grid", [(8,), (2, 4)])
def test_halves_make_a_tree_and_a_network_as_wide_as_the_data_ask(grid):
    inputs, pair = pairs(300, 8, 2)
    label = inputs[:, 0]
    samples = Samples.of(inputs.reshape(-1, *grid), label, embedding="one-hot", classes=True)
    found = order_sites(samples, tries=20)
    net = found.network()
    assert net.tree == found.tree
    assert (net.sites, net.open_output) == (8, 2)
    below = [node for half in found.tree for quarter in half for node in [quarter]]
    assert all(pair[a] == pair[b] for a, b in below)
    within = match(samples, net, [set(node) for node in below] + ["left-right", "y"])
    assert "cannot" not in {row.verdict for row in within}
    assert net.node_channels[0] >= 2  # the label is known from one site


def test_the_command_writes_a_network_on_the_tree(run, tmp_path):
    inputs, _ = pairs(100, 8, 1)
    np.savetxt(tmp_path / "data.csv", inputs, delimiter=",")
    target = tmp_path / "net.toml"
    asked = ("arrange", tmp_path / "data.csv", "--embedding", "one-hot")
    assert run(*asked, "-o", target)[0] == 0
    net = load(str(target))
    assert run(*asked, "-o", tmp_path / "order.json")[0] == 0
    written = json.loads((tmp_path / "order.json").read_text())["tree"]
    assert json.loads(json.dumps(net.tree)) == written
    code, _, error = run("arrange", "tree-8", "-o", target)
    assert (code, error.count("\n")) == (1, 1)
    assert "a .toml file is for the tree of data" in error


def test_the_command_writes_the_order(run, tmp_path):
    inputs, pair = pairs(100, 8, 1)
    np.savetxt(tmp_path / "data.csv", inputs, delimiter=",")
    target = tmp_path / "order.json"
    code, text, _ = run("arrange", str(tmp_path / "data.csv"), "--embedding", "one-hot", "-o", str(target))
    assert code == 0
    assert "samples kept apart" in text
    order = json.loads(target.read_text())["order"]
    assert all(pair[a] == pair[b] for a, b in zip(order[::2], order[1::2], strict=True))
