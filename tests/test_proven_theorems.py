"""Statements about architectures, against exact ranks and the figures of the literature."""

import math

import numpy as np
import pytest

from tests.circuits import pooled
from tncut.architectures import ConvAC, Dilated, Layer, Mixed, Recurrent, Tree, compile
from tncut.errors import MethodError, SizeError
from tncut.oracle import exact_rank, grid_rank
from tncut.oracle.entanglement import entropy
from tncut.partition import Partition
from tncut.proven import bound, symmetric_cut
from tncut.proven.theorems import (
    capacity,
    depth_truncation,
    fit_needs,
    fit_suffices,
    grid_ceiling,
    light_cones,
    network_capacity,
    shared_weights,
    start_end,
)
from tncut.proven.upper import SHARED_MAPS


@pytest.mark.parametrize(("sites", "site_dim", "width"), [(8, 2, 3), (16, 4, 8), (64, 4, 4)])
def test_a_shallow_network_needs_as_many_channels_as_the_theorem_says(sites, site_dim, width):
    depth = sites.bit_length() - 1
    found = network_capacity(ConvAC.deep(sites=sites, site_dim=site_dim, channels=[width] * depth))
    assert found.value == min(width, site_dim) ** (sites // 2)
    assert found.kind == "proven"
    assert "odd-even" in found.text


def test_the_capacity_is_the_largest_over_the_partitions_given():
    network = ConvAC.deep(sites=16, site_dim=2, channels=[2] * 4)
    assert network_capacity(network, ["left-right"]).value == 2
    assert network_capacity(network, ["left-right", Partition.of(16, range(0, 16, 2)), {0, 1}]).value == 256
    assert network_capacity(network, ["canonical"]).value == 256
    with pytest.raises(MethodError, match="no partition is given"):
        network_capacity(network, [])


def test_the_capacity_beyond_a_pairing_is_a_measured_rank():
    found = network_capacity(Recurrent(steps=10, site_dim=3, hidden=[4, 4]), ["left-right"])
    assert found.value == 220
    assert "exact rank of random weights, prime" in found.source
    swapped = Dilated(length=8, site_dim=2, channels=2, order=[2, 1, 4]).tree
    mixed = Mixed(tree=Dilated(length=8, site_dim=2, channels=2).tree, other=swapped, site_dim=2, channels=4)
    assert "theorem T4" in network_capacity(mixed).source


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_layers_cut_off_cost_channels_doubly_exponentially(layers):
    found = depth_truncation(ConvAC.deep(sites=16, site_dim=2, channels=[4] * 4), layers)
    block = min(4, 2**2 ** (layers - 1))
    assert found.value == block**2 ** (4 - layers)


def test_a_truncated_network_has_no_more_rank_than_its_last_layer_has_channels():
    deep = ConvAC.deep(sites=8, site_dim=2, channels=[2, 4, 2])
    needed = depth_truncation(deep, 2).value
    split = Partition(np.arange(8) // 2 % 2 == 0)
    for channels in (1, 2, 3):
        layers = [Layer(channels=9, window=2), Layer(channels=channels, window="all")]
        truncated = compile(ConvAC(sites=8, site_dim=2, layers=layers))
        assert exact_rank(truncated, split).rank == channels < needed
    assert exact_rank(compile(deep), split).rank >= needed


def test_truncation_is_refused_where_it_is_not_stated():
    overlapping = ConvAC(
        sites=4, site_dim=2, layers=[Layer(channels=2, window=2, stride=1), Layer(channels=2, window="all")]
    )
    with pytest.raises(MethodError, match="do not overlap"):
        depth_truncation(overlapping, 1)
    for layers in (0, 3):
        with pytest.raises(MethodError, match=f"{layers} layers are to be left of 3; it must be 1 to 2"):
            depth_truncation(ConvAC.deep(sites=8, site_dim=2, channels=[2, 2, 2]), layers)


@pytest.mark.parametrize(
    ("steps", "site_dim", "hidden", "value"),
    [(4, 2, [3], 3), (6, 3, [10], 10), (6, 2, [10], 8), (6, 3, [2, 2], 8), (8, 4, [3, 3], 45), (1, 3, [2, 2], 1)],
)
def test_start_end_separation_has_the_closed_forms_of_the_literature(steps, site_dim, hidden, value):
    found = start_end(Recurrent(steps=steps, site_dim=site_dim, hidden=hidden))
    assert found.value == value
    assert found.kind == ("proven" if len(hidden) == 1 else "bound")


@pytest.mark.parametrize("seed", range(30))
def test_the_start_end_separation_is_never_exceeded(seed):
    rng = np.random.default_rng(seed)
    steps, depth = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    network = Recurrent(
        steps=steps, site_dim=rng.integers(1, 4, steps).tolist(), hidden=rng.integers(1, 4, depth).tolist()
    )
    found = start_end(network).value
    rank = exact_rank(compile(network), "left-right", seed=seed).rank
    assert rank <= found
    assert depth > 1 or rank == found
    assert symmetric_cut(compile(network), "left-right").rank_bound <= found


def test_the_memory_of_two_layers_grows_with_the_sequence_that_of_one_does_not():
    for steps in (10, 20, 40):
        one, two = (start_end(Recurrent(steps=steps, site_dim=9, hidden=[4] * depth)).value for depth in (1, 2))
        assert one == 4
        assert two == 4 * math.comb(4 + steps // 2 - 1, steps // 2)


def test_the_start_end_statement_is_for_one_fixed_label():
    with pytest.raises(MethodError, match="the output of this network is open"):
        start_end(Recurrent(steps=4, site_dim=2, hidden=[2], open_output=3))


def test_light_cones_grow_by_the_window_in_every_layer():
    layers = [Layer(channels=2, window=3, stride=1, dilation=1 + layer) for layer in range(3)]
    network = ConvAC(sites=(20, 20), site_dim=2, layers=[*layers, Layer(channels=2, window="all")])
    cones = light_cones(network)
    assert [cone.extent for cone in cones] == [(3, 3), (7, 7), (13, 13), (20, 20)]
    assert [cone.whole for cone in cones] == [False, False, False, True]


@pytest.mark.parametrize("seed", range(5))
def test_a_light_cone_is_the_extent_of_the_receptive_fields(seed):
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(2, 6))
    circuit = compile(Recurrent(steps=steps, site_dim=2, hidden=[2] * int(rng.integers(1, 4))))
    for cone in light_cones(circuit):
        fields = [circuit.receptive_field(unit) for unit in np.flatnonzero(circuit.unit_layer == cone.layer)]
        assert cone.extent == (max(int(field[-1] - field[0]) + 1 for field in fields),)


@pytest.mark.parametrize(
    ("architecture", "partition", "value"),
    [
        (ConvAC.shallow(sites=6, site_dim=2, channels=5), {0, 1, 2}, 4),
        (ConvAC.shallow(sites=6, site_dim=2, channels=5), {0, 1}, 3),
        (ConvAC.shallow(sites=6, site_dim=3, channels=5), {0, 1}, 5),
        (ConvAC.deep(sites=4, site_dim=2, channels=[4, 4]), "left-right", 3),
        (ConvAC.deep(sites=8, site_dim=2, channels=[2, 9, 9]), "left-right", 3),
        (ConvAC.deep(sites=8, site_dim=2, channels=[4, 3, 9]), "left-right", 3),
        (ConvAC.deep(sites=8, site_dim=2, channels=[9, 9, 9]), "left-right", 6),
        (ConvAC.deep(sites=9, site_dim=2, channels=[3, 9], window=3), {0, 1, 2}, 3),
        (ConvAC.deep(sites=9, site_dim=2, channels=[9, 9], window=3), {0, 1, 2}, 4),
        (ConvAC.deep(sites=8, site_dim=2, channels=[3, 4, 5]), set(), 1),
    ],
)
def test_shared_weights_attain_their_closed_forms(architecture, partition, value):
    assert shared_weights(architecture, partition).value == value
    report = bound(architecture, partition, shared=True)
    assert report.rank_bound == value
    assert report.upper[-1].name == SHARED_MAPS
    split = Partition.of(compile(architecture).sites, partition) if isinstance(partition, set) else "left-right"
    assert exact_rank(compile(architecture), split, weights="shared").rank == value


@pytest.mark.parametrize(
    ("architecture", "partition"),
    [
        (ConvAC.deep(sites=8, site_dim=2, channels=[4, 4, 4]), "odd-even"),
        (ConvAC(sites=3, site_dim=[2, 3, 2], layers=[Layer(channels=2, window="all")]), {0}),
        (Recurrent(steps=4, site_dim=2, hidden=[2, 2]), "left-right"),
        (Tree(tree=[[0, 1], 2], site_dim=2, channels=2), {2}),
        (pooled(2, [2, 2], [2, 2], open_output=3), "left-right"),
    ],
)
def test_where_no_closed_form_applies_there_is_none(architecture, partition):
    with pytest.raises(MethodError, match="closed form"):
        shared_weights(architecture, partition)
    assert all(upper.name != SHARED_MAPS for upper in bound(architecture, partition, shared=True).upper)


def test_all_statements_that_apply_are_collected():
    values = [found.value for found in capacity(ConvAC.deep(sites=8, site_dim=2, channels=[2, 2, 2]), "left-right")]
    assert values == [2, 16, 4, 2]
    assert [found.value for found in capacity(Recurrent(steps=6, site_dim=3, hidden=[2, 2]), "left-right")] == [8, 8]
    assert [found.value for found in capacity(ConvAC(sites=4, site_dim=2, layers=[Layer(channels=3, window="all")],
                                                       gate="relu-average"))] == [2]  # fmt: skip


@pytest.mark.parametrize(("gate", "ceiling"), [("relu-average", 2), ("average", 2), ("relu-max", 12), ("max", 12)])
@pytest.mark.parametrize("channels", [1, 2])
def test_grid_ranks_stay_below_their_ceilings(gate, ceiling, channels):
    network = ConvAC(sites=6, site_dim=4, layers=[Layer(channels=channels, window="all")], gate=gate)
    found = grid_ceiling(network)
    assert found.value == (2 if "average" in gate else ceiling * channels)
    assert grid_rank(compile(network), Partition.of(6, {0, 2, 4}), seed=1).rank <= found.value


def test_ceilings_are_stated_for_shallow_networks_with_other_gates():
    with pytest.raises(MethodError, match="product gates have no such ceiling"):
        grid_ceiling(ConvAC.shallow(sites=4, site_dim=2, channels=2))
    deep = ConvAC(sites=4, site_dim=2, layers=[Layer(channels=2, window=2)] * 2, gate="max")
    with pytest.raises(MethodError, match="shallow networks"):
        grid_ceiling(deep)


def test_a_statement_says_its_kind_and_its_source():
    text = str(start_end(Recurrent(steps=4, site_dim=2, hidden=[3])))
    assert "at most 3" in text
    assert "proven: Levine, Sharir, Ziv, Shashua 2017" in text


def near_product(rng, dims):
    """A random tensor of norm 1 with little entanglement."""
    parts = [rng.normal(size=(dim, 3)) * [1.0, *10.0 ** -rng.uniform(0.3, 2, 2)] for dim in dims]
    tensor = parts[0]
    for part in parts[1:]:
        tensor = np.einsum("...k,ik->...ik", tensor, part)
    tensor = tensor.sum(axis=-1) + 10.0 ** -rng.uniform(1, 3) * rng.normal(size=dims)
    return tensor / np.linalg.norm(tensor)


def projected(tensor, axes, rank):
    """On its leading singular vectors over a partition, and its entropy over it."""
    rest = [axis for axis in range(tensor.ndim) if axis not in axes]
    moved = tensor.transpose(axes + rest)
    left, values, right = np.linalg.svd(moved.reshape(math.prod(moved.shape[: len(axes)]), -1), full_matrices=False)
    near = ((left[:, :rank] * values[:rank]) @ right[:rank]).reshape(moved.shape)
    return near.transpose(np.argsort(axes + rest)), values


@pytest.mark.parametrize("seed", range(20))
def test_no_tensor_of_less_rank_than_the_fit_needs_comes_near(seed):
    rng = np.random.default_rng(seed)
    dims = tuple(rng.integers(2, 5, 3).tolist())
    tensor = near_product(rng, dims)
    values = projected(tensor, [0], 1)[1]
    size = min(dims[0], dims[1] * dims[2])
    for rank in range(1, len(values) + 1):
        near = projected(tensor, [0], rank)[0]
        for tried in (near, near + 0.1 * rng.normal() * projected(rng.normal(size=dims), [0], 1)[0]):
            found = np.linalg.matrix_rank(tried.reshape(dims[0], -1), tol=1e-9)
            distance = min(float(np.linalg.norm(tried - tensor)), 1.0)
            assert found >= fit_needs(entropy(values), size, distance).value


def test_without_any_distance_the_fit_needs_two_to_the_entropy():
    assert [fit_needs(bits, 100, 0.0).value for bits in (0, 1, 1.5, 3, 20)] == [1, 2, 3, 8, 2**20]
    assert fit_needs(3, 100, 1.0).value == 1
    assert fit_needs(3, 100, 0.1).kind == "bound"


@pytest.mark.parametrize("seed", range(20))
def test_a_tree_as_wide_as_suffices_comes_near(seed):
    """Hierarchical Tucker on four sites, cut off from the root down: each edge of the tree once."""
    rng = np.random.default_rng(seed)
    tensor = near_product(rng, (4, 3, 4, 3))
    edges = [[0, 1], [0], [1], [2], [3]]
    entropies = [entropy(projected(tensor, axes, 1)[1]) for axes in edges]
    for distance in (0.2, 0.5, 0.8, 1.0):
        found = fit_suffices(entropies, distance) if sum(entropies) / distance**2 < 1000 else None
        if found is not None:
            near = tensor
            for axes in edges:
                near = projected(near, axes, found.value)[0]
            assert np.linalg.norm(near - tensor) <= distance
            assert found.kind == "attained"
            assert math.log2(found.value + 1) >= sum(entropies) / distance**2 - 1e-9


def test_bad_questions_of_fit_are_one_line():
    for call, message in [
        (lambda: fit_needs("a", 4, 0.1), "bits are 'a'"),
        (lambda: fit_needs(-1.0, 4, 0.1), "bits are -1; they must be 0 or more"),
        (lambda: fit_needs(math.nan, 4, 0.1), "bits are nan"),
        (lambda: fit_needs(1.0, 0, 0.1), "dim"),
        (lambda: fit_needs(1.0, 4, 2), "distance is 2; it must be a number from 0 to 1"),
        (lambda: fit_suffices([1.0], "a"), "distance is 'a'"),
        (lambda: fit_suffices([1.0], 0), "no width suffices"),
    ]:
        with pytest.raises(MethodError, match=message):
            call()
    with pytest.raises(SizeError, match="too many digits"):
        fit_suffices([10.0], 1e-3)
