"""Geometries of tensor networks: their sizes, and the laws that physics knows."""

import math

import numpy as np
import pytest

from tncut import MERA, MPS, PEPS, RandomRegular, bound, bounds, profile, unfold

quimb = pytest.importorskip("quimb.tensor", reason="needs quimb (the test extra)")


def shape_of(network):
    """The sizes of all tensors, in any order."""
    return sorted(sorted(network.bond_dims[list(bonds)].tolist()) for bonds in network.all_axes)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (MPS(sites=7, site_dim=2, bond_dim=3), lambda: quimb.MPS_rand_state(7, 3)),
        (MPS(sites=5, site_dim=3, bond_dim=2, periodic=True), lambda: quimb.MPS_rand_state(5, 2, 3, cyclic=True)),
        (PEPS(sites=(3, 4), site_dim=2, bond_dim=3), lambda: quimb.PEPS.rand(3, 4, 3)),
        (PEPS(sites=(3, 4), site_dim=2, bond_dim=2, periodic=True), lambda: quimb.PEPS.rand(3, 4, 2, cyclic=True)),
        (PEPS(sites=(2, 2, 3), site_dim=2, bond_dim=2), lambda: quimb.PEPS3D.rand(2, 2, 3, 2)),
    ],
)
def test_geometries_are_those_of_quimb(ours, theirs):
    assert shape_of(ours.network()) == sorted(sorted(tensor.shape) for tensor in theirs())


def test_a_mera_has_the_tensors_of_quimbs():
    """But for one: quimb has a disentangler below the tensor at the top, which can absorb it."""
    ours, theirs = MERA(sites=16, site_dim=2, bond_dim=2).network(), quimb.MERA.rand_invar(16)
    inner = [shape for shape in shape_of(ours) if len(shape) > 2]
    assert sorted([*inner, [2, 2, 2, 2]]) == sorted(sorted(tensor.shape) for tensor in theirs if tensor.ndim > 2)


@pytest.mark.parametrize("periodic", [False, True])
def test_an_interval_of_a_chain_has_a_constant_bound(periodic):
    net = MPS(sites=24, site_dim=2, bond_dim=4, periodic=periodic)
    inner = [point.rank_bound for point in profile(net).points if 4 <= point.size <= 20]
    assert inner == [16 if periodic else 4] * 17


def test_a_block_of_a_grid_is_bounded_by_its_boundary():
    net = PEPS(sites=(9, 9), site_dim=16, bond_dim=2)
    for length in range(1, 8):
        report = bound(net, f"block:1,1:{length}x{length}")
        assert report.tight
        assert math.log2(report.rank_bound) == 4 * length


def test_an_interval_of_a_mera_grows_with_the_logarithm_of_its_length():
    points = {point.size: point.bits for point in profile(MERA(sites=256, site_dim=2, bond_dim=2)).points}
    assert [points[2**k] for k in range(1, 8)] == [2 * k for k in range(1, 8)]
    assert all(points[size] <= 2 * math.log2(size) + 1 for size in range(1, 129))


def test_one_seed_gives_one_graph():
    nets = [RandomRegular(sites=40, degree=3, site_dim=2, bond_dim=2, seed=seed).network() for seed in (1, 1, 2)]
    axes = [net.axes for net in nets]
    assert axes[0] == axes[1] != axes[2]
    assert all(len(bonds) == 4 for bonds in axes[0])


def test_a_volume_law_on_an_expander():
    found = bounds(RandomRegular(sites=64, degree=3, site_dim=2, bond_dim=4, seed=0), "prefix")
    assert np.array_equal(found.bits, np.minimum(np.arange(1, 64), 64 - np.arange(1, 64)))


def test_large_ones_are_built_and_bounded_in_a_moment():
    net = MPS(sites=4096, site_dim=2, bond_dim=4)
    assert unfold(net).tensors == 4096
    assert bound(net, "left-right").rank_bound == 4
    assert bound(PEPS(sites=(64, 64), site_dim=2, bond_dim=2), "block:16,16:32x32").rank_bound == 2**128
