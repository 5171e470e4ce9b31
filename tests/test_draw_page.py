"""The interactive page as text: one file, whole, small, the same each time; and one line for what has no page."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

import tncut
from tests.circuits import overlapping
from tncut import Circuit, ConvAC, Dilated, Layer, Linear, Partition, Recurrent
from tncut.draw.layout.circuit import UNIT_LIMIT
from tncut.draw.page import explore
from tncut.draw.page.network import TENSOR_LIMIT
from tncut.draw.page.numbers import DIM_LIMIT
from tncut.errors import MethodError, PartitionError, SizeError
from tncut.formats import gallery, load
from tncut.network import build

DEEP = ConvAC.deep(sites=16, site_dim=4, channels=(8, 8, 8, 8), name="deep")
HOSTILE = "</script><script>alert(1)</script>"
VOID = {"meta", "link", "input", "img", "br"}


class Reader(HTMLParser):
    """The elements of a page, each closed; the text of its title, and of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, key, value) for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def data_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1])


def test_wasted_widths_are_those_that_trimming_lowers():
    wide = ConvAC.deep(sites=8, site_dim=2, channels=(9, 3, 5))
    found = tncut.trim(wide).widths.values()
    lowered = {str(layer): after for layer, (before, after) in enumerate(found) if after < before}
    assert data_of(explore(wide))["useful"] == lowered == {"0": 4, "2": 3}
    assert data_of(explore(DEEP))["useful"] == {}


def test_the_page_is_well_formed_and_fetches_nothing():
    reader = read(explore(DEEP))
    fetched = [value for _, key, value in reader.attributes if key in ("src", "href", "action", "srcset")]
    assert fetched == ["data:,"]
    assert not re.search(r"\b(?:fetch|XMLHttpRequest|WebSocket|import)\b *\(|@import|url\(", explore(DEEP))
    policy = next(value for tag, key, value in reader.attributes if tag == "meta" and "default-src" in (value or ""))
    assert policy.startswith("default-src 'none'")


def test_no_part_of_the_template_is_left():
    assert "{{" not in explore(DEEP)


@pytest.mark.parametrize("channels", [8, (3, 5, 7, 11, 13, 17, 19, 23)])
def test_a_page_of_256_sites_is_below_300_kb(channels):
    widths = (channels,) * 8 if isinstance(channels, int) else channels
    assert len(explore(ConvAC.deep(sites=256, site_dim=3, channels=widths)).encode()) < 300_000
    overlapping = (Layer(channels=3, window=3, stride=1), Layer(channels=5, window=2, stride=1))
    net = ConvAC(sites=256, site_dim=3, layers=(*overlapping, Layer(channels=4, window="all")))
    assert len(explore(net).encode()) < 300_000


def test_the_same_architecture_gives_the_same_page():
    again = ConvAC.deep(sites=16, site_dim=4, channels=(8, 8, 8, 8), name="deep")
    assert explore(DEEP) == explore(again)


@pytest.mark.parametrize("name", [HOSTILE, "<!--<script>", "{{script}}", "a & b \" ' < > \u2028", "\\u003c"])
def test_a_name_stays_text(name):
    html = explore(Recurrent(steps=3, site_dim=2, hidden=(2,), name=name))
    assert read(html).texts["h1"] == name
    assert data_of(html)["name"] == name
    assert len(re.findall("<script", html)) == 2


@pytest.mark.parametrize(
    "net",
    [
        DEEP,
        Linear(widths=(5, 3, 4)),
        Dilated(length=8, site_dim=2, channels=3, order=(2, 1, 4)),
        Recurrent(steps=4, site_dim=2, hidden=(3,), open_output=3),
        Circuit.from_units([2, 2, 2], [(2, [("site", 0), ("site", 2)])]),
    ],
)
def test_the_page_holds_the_unfolded_network(net):
    data = data_of(explore(net))
    network = tncut.unfold(tncut.compile(net))
    assert data["model"]["dims"] == network.bond_dims.tolist()
    assert data["model"]["holder"] == network.bond_tensor.tolist()
    assert data["model"]["siteBond"] == network.site_bond.tolist()
    assert len(data["layout"]["tensors"]) == 2 * network.tensors
    assert len(data["start"]["sides"]) == len(network.terminals)


@pytest.mark.parametrize("name", ["residual-8", "recurrent-deep-6", "overlap-2d-4x4"])
def test_the_page_of_re_used_units_or_sums_holds_the_circuit(name):
    net = load(name)
    circuit, data = tncut.compile(net), data_of(explore(net))
    model, layout = data["model"], data["layout"]
    assert data["kind"] == "circuit"
    assert sorted(model["dims"][circuit.sites :]) == sorted(circuit.unit_dims.tolist())
    assert len(model["pairChild"]) == len(circuit.factor_child)
    assert len(layout["lines"]) == len(circuit.factor_child) + circuit.root_map
    assert len(layout["bonds"]) == 2 * (circuit.sites + circuit.units)


def test_the_page_opens_with_the_partition_that_is_asked_for():
    assert data_of(explore(DEEP, partition="0-3,8"))["start"] == {"name": "0-3,8", "sides": "1111000010000000"}
    with pytest.raises(PartitionError, match="no site 16"):
        explore(DEEP, partition="16")


def test_families_are_named_once_and_part_something():
    families = data_of(explore(ConvAC.deep(sites=(4, 4), site_dim=2, channels=(2, 2))))["families"]
    assert [family["name"] for family in families] == [
        "odd-even",
        "left-right",
        "top-bottom",
        "checkerboard",
        "alternating:4",
    ]
    for family in families:
        sides = np.array([int(side) for side in family["sides"]], dtype=bool)
        assert Partition(sides) == Partition.parse(family["name"], (4, 4))


@pytest.mark.parametrize("name", gallery())
def test_every_architecture_of_the_gallery_has_a_page_or_a_reason(name):
    net = load(name)
    built = build(net)
    if isinstance(built, tncut.Circuit) and built.gate != "product":
        with pytest.raises(MethodError, match=r"the page shows cuts"):
            explore(net)
    else:
        read(explore(net))


def test_what_is_too_large_is_refused_with_its_size():
    with pytest.raises(SizeError, match=rf"has {TENSOR_LIMIT + 1} tensors; a page .* up to {TENSOR_LIMIT}"):
        explore(ConvAC.shallow(sites=TENSOR_LIMIT, site_dim=2, channels=2))
    with pytest.raises(SizeError, match=rf"circuits of up to {UNIT_LIMIT} can be drawn"):
        explore(overlapping(UNIT_LIMIT // 3 + 3, 2, 2, 2, 3))
    with pytest.raises(SizeError, match=rf"dimension {DIM_LIMIT + 1}; .* up to 2\^53 - 1"):
        explore(ConvAC.shallow(sites=2, site_dim=2, channels=DIM_LIMIT + 1))


def test_the_command_writes_the_page_or_one_line(run, tmp_path):
    path = tmp_path / "page.html"
    assert run("explore", "deep-16", "-o", str(path), "-p", "left-right") == (0, f"wrote {path}\n", "")
    assert path.read_text("utf-8") == explore(load("deep-16"), partition="left-right")
    for arguments in (
        ("rectifier-average-6", "-o", str(tmp_path / "no.html")),
        ("deep-16", "-p", "99", "-o", str(tmp_path / "no.html")),
        ("deep-16", "-o", str(tmp_path / "none" / "no.html")),
    ):
        code, out, err = run("explore", *arguments)
        assert (code, out, err.count("\n")) == (1, "", 1)
    assert list(tmp_path.iterdir()) == [path]
