"""What can be drawn: reports, cuts, networks, circuits and architectures; one line for anything else."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

import tncut
from tests.circuits import overlapping, recurrent
from tests.test_draw_circuit import REPORTS as CIRCUIT_REPORTS
from tests.test_draw_network import REPORTS
from tncut import Circuit, ConvAC, Cut, Partition, TensorNetwork
from tncut.draw import network, save
from tncut.draw.figures.scale import LEAST_STROKE
from tncut.draw.figures.subject import TENSOR_LIMIT
from tncut.draw.svg import CUT_COLOUR, SIDE_COLOURS
from tncut.errors import MethodError, SizeError, TncutError
from tncut.tools.numbers import show_integer


def ring(size: int) -> TensorNetwork:
    """Tensors in a ring, a site on each, and a copy tensor that joins three of them."""
    sites = [(2, [tensor]) for tensor in range(size)]
    bonds = [(3, [tensor, (tensor + 1) % size]) for tensor in range(size)]
    return TensorNetwork.from_bonds([*sites, *bonds, (5, [0, 2, 4])], sites=range(size))


TREE = [(2, [k]) for k in range(4)] + [(4, [0, 4]), (4, [1, 4]), (4, [2, 5]), (4, [3, 5]), (8, [4, 5])]
WITHOUT_CUT: dict[str, Callable[[], object]] = {
    "architecture": lambda: tncut.load("deep-16"),
    "grid": lambda: tncut.load("overlap-2d-4x4"),
    "circuit": lambda: overlapping(6, 2, 2, 2, 2),
    "chain": lambda: recurrent(5, 3, [2, 2]),
    "unfolded": lambda: tncut.unfold(tncut.load("tree-8")),
    "by hand": lambda: ring(7),
    "tree by hand": lambda: TensorNetwork.from_bonds(TREE, sites=range(4)),
    "a site that is not read": lambda: TensorNetwork.from_bonds([(2, [0]), (3, [0, 1])], sites=[0, -1]),
    "no sites": lambda: TensorNetwork.from_bonds([(2, [0, 1]), (3, [1, 2])], sites=[]),
    "sums": lambda: tncut.load("mixed-16"),
    "other gates": lambda: tncut.load("rectifier-average-6"),
    "too large to unfold": lambda: overlapping(16, 2, 2, 2, 12),
    "open label": lambda: Circuit.from_units([2, 2], [(3, [("site", 0), ("site", 1)])], open_output=3),
}


@cache
def drawn(name: str) -> tuple[object, Axes]:
    subject = WITHOUT_CUT[name]()
    return subject, network(subject)


def parts(ax: Axes) -> dict[str, tuple[list, np.ndarray]]:
    """By name: where symbols and lines are, and their colours, edges included."""
    found = {}
    for part in ax.collections:
        at = part.get_segments() if isinstance(part, LineCollection) else part.get_offsets()
        if len(at):
            edges = part.get_edgecolor()
            colours = edges if isinstance(part, LineCollection) else np.concatenate((part.get_facecolor(), edges))
            found[part.get_gid()] = ([np.asarray(points).tolist() for points in at], colours.tolist())
    return found


def markers(ax: Axes) -> dict[str, np.ndarray]:
    """By name: x, y and the size with the edge, in points."""
    found = {}
    for symbol in ax.collections:
        if hasattr(symbol, "get_sizes") and len(symbol.get_offsets()):
            at = ax.transData.transform(symbol.get_offsets()) * 72 / ax.figure.dpi
            size = np.sqrt(symbol.get_sizes()) + (symbol.get_linewidths() if len(symbol.get_edgecolors()) else 0)
            found[symbol.get_gid()] = np.column_stack((at, np.broadcast_to(size, len(at))))
    return found


@pytest.mark.parametrize("name", WITHOUT_CUT)
def test_without_a_cut_there_are_no_sides(name):
    _, ax = drawn(name)
    colours = {to_hex(colour) for _, used in parts(ax).values() for colour in used}
    colours |= {to_hex(text.get_color()) for text in ax.texts}
    assert not colours & {to_hex(colour) for colour in (CUT_COLOUR, *SIDE_COLOURS.values())}
    assert not any(re.search(r"side|cut", text.get_text()) for text in ax.get_legend().get_texts())
    assert "rank" not in ax.get_title()


@pytest.mark.parametrize("name", WITHOUT_CUT)
def test_without_a_cut_every_part_is_drawn_once(name):
    subject, ax = drawn(name)
    count = {part: len(at) for part, at in markers(ax).items()}
    if isinstance(subject, TensorNetwork) or "units" not in count:
        net = subject if isinstance(subject, TensorNetwork) else tncut.unfold(subject)
        assert count["tensors"] + count.get("duplicates", 0) == net.tensors
        sites, read = len(net.site_bond), np.count_nonzero(net.site_bond >= 0)
        assert f"{net.tensors} tensors, {net.bonds} bond" in ax.get_title()
    else:
        circuit = tncut.compile(subject)
        assert count["units"] == circuit.units
        assert count["matrices-both"] == len(circuit.factor_child) + circuit.root_map
        sites = read = circuit.sites
        assert f"{circuit.sites} sites, {circuit.units} unit" in ax.get_title()
    assert (count.get("sites", 0), count.get("unread-sites", 0)) == (read, sites - read)


@pytest.mark.parametrize("name", WITHOUT_CUT)
def test_no_two_symbols_overlap(name):
    found = markers(drawn(name)[1])
    found.pop("sum-signs", None)
    x, y, size = np.concatenate(list(found.values())).T
    apart = np.maximum(abs(x[:, None] - x), abs(y[:, None] - y)) - (size[:, None] + size) / 2
    assert apart[~np.eye(len(x), dtype=bool)].min() > 0


@pytest.mark.parametrize("name", REPORTS)
def test_a_cut_is_drawn_as_in_its_report(name):
    report = REPORTS[name]()
    ax = network(report.cut)
    assert parts(ax) == parts(network(report))
    assert f"rank ≤ {show_integer(report.cut.rank_bound)} (bound, proven for all weights)" in ax.get_title()
    assert (report.partition.name or "no site on side A") in ax.get_title()


@pytest.mark.parametrize("name", CIRCUIT_REPORTS)
def test_a_symmetric_cut_is_drawn_as_in_its_report(name):
    report = CIRCUIT_REPORTS[name]()
    ax = network(report.symmetric)
    assert parts(ax) == parts(network(report))
    assert f"rank ≤ {show_integer(report.symmetric.rank_bound)} (bound, proven for all weights)" in ax.get_title()


def test_the_cut_of_a_network_by_hand_has_its_dimensions():
    cut = tncut.min_cut(ring(7), {0, 1, 2})
    ax = network(cut)
    told = [int(text.get_text()) for text in ax.texts if text.get_color() == CUT_COLOUR]
    assert sorted(told) == sorted(cut.dims.tolist())
    assert "site on side A, cut off by itself" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_layers_are_named_without_a_report_too():
    for subject in (tncut.load("deep-16"), tncut.min_cut(tncut.load("deep-16"), "odd-even"), tncut.load("mixed-16")):
        names = {text.get_text().split("\n")[0] for text in network(subject).texts}
        assert {"sites", "layer 0", "layer 1", "layer 2", "layer 3"} <= names
    assert not any("layer" in text.get_text() for text in drawn("by hand")[1].texts)


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
@pytest.mark.parametrize("name", ["architecture", "by hand", "sums"])
def test_all_of_them_are_saved(tmp_path, name, suffix):
    save(drawn(name)[0], tmp_path / f"net.{suffix}")
    assert (tmp_path / f"net.{suffix}").stat().st_size > 3000


NO_SUBJECTS = [5, None, "deep-16", [], ConvAC, Partition.of(4, {0}), tncut.profile(tncut.load("deep-16"))]


@pytest.mark.parametrize("subject", NO_SUBJECTS, ids=lambda subject: type(subject).__name__)
def test_anything_else_is_one_clear_line(tmp_path, subject):
    for call in (network, lambda what: save(what, tmp_path / "net.png")):
        with pytest.raises(TncutError, match="no architecture") as error:
            call(subject)
        assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_network_without_tensors_is_refused():
    with pytest.raises(MethodError, match="no tensors"):
        network(TensorNetwork.from_bonds([(2, [])], sites=[0]))


def test_what_is_too_large_is_refused_before_it_is_unfolded(monkeypatch):
    monkeypatch.setattr("tncut.draw.figures.subject.unfold", None)
    with pytest.raises(SizeError, match=rf"{TENSOR_LIMIT + 1} tensors; networks of up to {TENSOR_LIMIT}"):
        network(ConvAC.shallow(sites=TENSOR_LIMIT, site_dim=2, channels=2))
    chain = TensorNetwork.from_bonds([(2, [k]) for k in range(TENSOR_LIMIT + 1)], sites=[0])
    cut = Cut(chain, Partition.of(1, []), np.zeros(TENSOR_LIMIT + 1, dtype=bool), "tree", "")
    for subject in (chain, cut):
        with pytest.raises(SizeError, match=f"{TENSOR_LIMIT + 1} tensors"):
            network(subject)


def test_where_the_symmetric_cut_decides_it_is_drawn():
    report = tncut.bound(tncut.load("recurrent-deep-6"), "left-right")
    assert (report.rank_bound, report.cut.rank_bound) == (8, 16)
    ax = network(report)
    assert parts(ax) == parts(network(report.symmetric))
    assert "rank ≤ 8 (bound, proven for all weights)" in ax.get_title()
    assert {"2", "C(4, 3) = 4"} <= {text.get_text() for text in ax.texts}


def test_a_report_of_a_net_too_large_to_unfold_draws_its_circuit(monkeypatch):
    report = tncut.bound(tncut.load("overlap-2d-4x4"), "left-right")
    monkeypatch.setattr("tncut.draw.figures.subject.TENSOR_LIMIT", 84)
    monkeypatch.setattr("tncut.proven.report.min_cut", None)
    ax = network(report)
    assert len(markers(ax)["units"]) + len(markers(ax).get("charged-units", [])) == report.circuit.units
    assert len(ax.figure.axes) == 2


def test_rows_of_recurrent_nets_are_named():
    for name, last in (("recurrent-8", "u0[7]"), ("recurrent-deep-6", "u1[5]")):
        texts = {text.get_text() for text in network(tncut.bound(tncut.load(name), "left-right")).texts}
        assert {"u0[0]", last} <= texts
    assert "u0[1] u1[0]" in texts


def test_lines_of_large_circuits_are_seen():
    ax = network(overlapping(200, 2, 2, 2, 3))
    widths = [part.get_linewidths() for part in ax.collections if isinstance(part, LineCollection)]
    assert min(np.concatenate(widths)) >= LEAST_STROKE
