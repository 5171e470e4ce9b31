"""Profiles: bounds against the size of a region."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

import tncut
from tncut.proven.laws import law_of


def test_a_volume_law_up_to_the_width_of_the_overlaps_then_an_area_law():
    """Stride 1, open ends, K = 2: min(M^n, r * M^depth) from one end (Levine, Sharir, Cohen, Shashua, PRL 2019)."""
    found = tncut.profile(tncut.load("overlap-1d-12"), "prefix")
    assert [point.size for point in found.points] == list(range(1, 12))
    assert [point.bits for point in found.points] == [min(n, 4, 12 - n) for n in range(1, 12)]
    assert {point.boundary for point in found.points} == {1}
    assert found.fits == ()
    (law,) = found.laws
    assert law.startswith("both ends: open: ")


def test_points_are_the_bounds_of_reports():
    net = tncut.load("pooling-square-32x32")
    found = tncut.profile(net, "block:3x30")
    for point in found.points[::120]:
        report = tncut.bound(net, point.partition)
        assert (point.rank_bound, point.rank_lower) == (report.rank_bound, report.rank_lower)
        assert point.size == 90


def test_the_boundary_counts_parted_neighbours():
    found = tncut.profile(tncut.load("overlap-2d-4x4"), "block:2x2")
    corner = next(point for point in found.points if point.partition == "block:0,0:2x2")
    assert corner.boundary == 4
    middle = next(point for point in found.points if point.partition == "block:1,1:2x2")
    assert middle.boundary == 8


def test_the_fit_finds_an_exponent_and_its_error():
    x, y = np.array([(np.log(p.size), np.log(p.bits)) for p in tncut.profile(tncut.load("deep-64")).points[1:32]]).T
    slope, cov = np.polyfit(x, y, 1, cov=True)
    fit = tncut.profile(tncut.load("deep-64")).fits[0]
    assert fit.exponent == pytest.approx(slope[0])
    assert fit.error == pytest.approx(np.sqrt(cov[0, 0]))


def test_what_the_sites_alone_say_is_no_law():
    """A global product as wide as all its sites together: bits = n at every size, whatever the network."""
    found = tncut.profile(tncut.ConvAC.shallow(sites=12, site_dim=2, channels=4096), "prefix")
    assert [point.bits for point in found.points[:6]] == [1, 2, 3, 4, 5, 6]
    assert found.fits == ()
    assert found.laws == ("none: every bound is that of the region's own sites, the most there can be",)
    assert "~" not in str(found)


def test_the_laws_of_known_networks():
    """A chain holds what passes one bond, a shallow net what its channels hold."""
    for name in ("mps-32", "recurrent-8", "shallow-64"):
        (law,) = tncut.profile(tncut.load(name)).laws
        assert law.startswith("both ends: area law: ")


@pytest.mark.parametrize(
    ("law", "of"),
    [
        ("area law", lambda size, boundary: 3 * boundary),
        ("volume law", lambda size, boundary: 2 * size + 1),
        ("logarithmic law", lambda size, boundary: 4 * np.log2(size)),
    ],
)
def test_a_law_is_named_by_the_line_that_fits(law, of):
    blocks = [SimpleNamespace(size=k * k, boundary=2 * k) for k in range(2, 9)]
    exact = [float(of(block.size, block.boundary)) for block in blocks]
    assert law_of(blocks, exact).startswith(f"{law}: bits ~ ")
    assert law_of(blocks, np.random.default_rng(0).permutation(exact).tolist()).startswith("none")


def test_no_fit_without_three_sizes():
    assert tncut.profile(tncut.load("deep-16"), "odd-even").fits == ()


def test_the_command_prints_a_table_json_and_a_picture(run, tmp_path):
    picture = tmp_path / "law.svg"
    code, printed, err = run("profile", "deep-16", "shallow-16", "-o", picture)
    assert (code, err) == (0, "")
    assert "deep-16, family prefix: proven for all weights" in printed
    assert "upper end: log2 rank ~ size^" in printed
    assert picture.read_text().lstrip().startswith("<?xml")
    found = json.loads(run("profile", "deep-16", "--json", "--family", "block:4")[1])
    assert found["points"][0] == {
        "partition": "block:0:4",
        "size": 4,
        "boundary": 1,
        "rank_bound": 8,
        "rank_lower": 8,
        "entropy_bound_bits": 3.0,
        "rank_of_sites": 256,
    }
    assert found["laws"] == ["both ends: open: the network, not the region's own sites, sets the bound at 1 size only"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("deep-16", "--family", "nonsense"), "unknown partition 'nonsense'"),
        (("deep-16", "--family", "random:999999999999999"), "MB of memory, over the limit"),
        (("no-such-net",), "no-such-net"),
        (("deep-16", "-o", "law.txt"), "must end in .png, .svg, .pdf"),
    ],
)
def test_a_mistake_is_one_line(run, arguments, message):
    code, out, err = run("profile", *arguments)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert message in err
