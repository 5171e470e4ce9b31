"""What cannot be is refused at birth, with one short line; what is accepted can be used, and is kept as it was."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tncut
from tncut import errors
from tncut.architectures import (
    ConvAC,
    Dilated,
    GraphNet,
    Layer,
    Linear,
    Mixed,
    Recurrent,
    Surrogate,
    SurrogateLayer,
    Tree,
)
from tncut.circuit import Circuit, compile
from tncut.errors import CircuitError, FileError, MethodError, NetworkError, SpecError, TncutError
from tncut.formats import load, load_spec, parse_spec, spec_text
from tncut.mincut import min_cut
from tncut.network import TensorNetwork, unfold, unfolded_size
from tncut.partition import Partition
from tncut.proven.additive import additive_bound
from tncut.proven.fan import find_fans
from tncut.proven.pairing import best_pairing
from tncut.tools.words import exact_or_size, shown, shown_name


def nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("no text for this")


class ManyLines:
    def __repr__(self) -> str:
        return "one\ntwo\u2028three \ud800"


HOSTILE = {
    "None": None,
    "True": True,
    "0": 0,
    "-1": -1,
    "3": 3,
    "0.5": 0.5,
    "2.0": 2.0,
    "1j": 1j,
    "nan": float("nan"),
    "inf": float("inf"),
    "Fraction": Fraction(4, 2),
    "Decimal": Decimal(4),
    "2**62": 2**62,
    "2**63": 2**63,
    "10**5000": 10**5000,
    "-(10**5000)": -(10**5000),
    "text": "4",
    "bytes": b"4",
    "lines": "a\nb",
    "surrogate": "\ud800",
    "null": "a\0.toml",
    "long": "x" * 3000,
    "list": [],
    "list of a list": [[]],
    "list of a huge integer": [10**5000],
    "list of text": ["4"],
    "list of a float": [2.0],
    "list of a truth value": [True],
    "list of None": [None],
    "pair": (2, 2),
    "wrong pair": (2, 2.5),
    "nested": nested(2000),
    "dict": {},
    "dict of numbers": {0: 1},
    "set": {1, 2},
    "range": range(3),
    "object": object(),
    "type": ConvAC,
    "function": len,
    "unshowable": Unshowable(),
    "many lines": ManyLines(),
    "numpy integer": np.int64(2),
    "numpy byte": np.uint8(2),
    "numpy large": np.uint64(2**63),
    "numpy float": np.float64(2),
    "numpy truth value": np.bool_(True),
    "numpy text": np.str_("4"),
    "array without axes": np.array(2),
    "array": np.array([2, 2]),
    "array of floats": np.array([2.0, np.nan]),
    "array of truth values": np.array([True, False]),
    "array of objects": np.array([None, 10**5000], dtype=object),
    "array of unsigned": np.array([2**63], dtype=np.uint64),
    "empty array": np.zeros(0),
    "matrix": np.ones((2, 2), dtype=np.int64),
    "negative array": np.array([-1, -2]),
    "large array": np.array([2**62, 2**62]),
    "layer": Layer(channels=2, window=2),
}


@dataclass(frozen=True)
class Door:
    """A public constructor or function with arguments that are right, and what is done with its result."""

    build: Callable[..., Any]
    right: dict[str, Any]
    use: Callable[[Any], Any]


def reads_back(architecture: Any) -> None:
    for syntax in ("toml", "json"):
        assert parse_spec(spec_text(architecture, syntax=syntax), syntax=syntax) == architecture
    measured(compile(architecture))


def measured(circuit: Circuit) -> None:
    if unfolded_size(circuit).tensors < 1000 and not circuit.has_sums and circuit.gate == "product":
        cut(unfold(circuit))


def cut(network: TensorNetwork) -> None:
    sides = np.arange(len(network.terminals)) % 2 == 0
    assert min_cut(network, sides).rank_bound == min_cut(network, sides, method="networkx").rank_bound


def one_unit(children: Any, **options: Any) -> Circuit:
    return Circuit.from_units([2, 2], [(2, children)], **options)


SUMS = Circuit.from_units([2, 3], [(2, [("site", 0), ("site", 1)]), (3, [("sum", [("unit", 0), ("site", 1)])])])
SURROGATE = Surrogate(sites=(2, 2), site_dim=2, layers=[SurrogateLayer(name="all", channels=2, window="all")])
CHAIN = TensorNetwork.from_bonds([(2, [0]), (3, [0, 1]), (2, [1])], sites=[0, 2])
TEXT = spec_text(ConvAC.deep(sites=4, site_dim=2, channels=(2, 2)))


def of(item: Any) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


DOORS = {
    "Layer": Door(Layer, {**of(Layer(channels=2, window=2))}, lambda layer: in_a_net(layer)),
    "ConvAC": Door(ConvAC, of(ConvAC(sites=(2, 2), site_dim=2, layers=[Layer(channels=2, window="all")])), reads_back),
    "ConvAC.deep": Door(
        ConvAC.deep,
        {"sites": 4, "site_dim": 2, "channels": (2, 2), "window": 2, "geometry": "square", "name": ""},
        reads_back,
    ),
    "ConvAC.shallow": Door(ConvAC.shallow, {"sites": 4, "site_dim": 2, "channels": 3, "name": ""}, reads_back),
    "Tree": Door(Tree, of(Tree(tree=[[0, 1], [2, 3]], site_dim=2, channels=2)), reads_back),
    "Mixed": Door(Mixed, of(Mixed(tree=[[0, 1], 2], other=[[1, 0], 2], site_dim=2, channels=2)), reads_back),
    "Dilated": Door(Dilated, of(Dilated(length=4, site_dim=2, channels=2)), reads_back),
    "Recurrent": Door(Recurrent, of(Recurrent(steps=3, site_dim=2, hidden=[2, 2])), reads_back),
    "Linear": Door(Linear, of(Linear(widths=[2, 3])), reads_back),
    "GraphNet": Door(GraphNet, of(GraphNet(edges=[[0, 1], [1, 2]], site_dim=2, hidden=[2])), reads_back),
    "GraphNet by name": Door(GraphNet, of(GraphNet(graph="path:3", site_dim=2, hidden=[2], vertex=1)), reads_back),
    "Surrogate": Door(Surrogate, of(SURROGATE), reads_back),
    "SurrogateLayer": Door(
        SurrogateLayer,
        of(SurrogateLayer(name="a", channels=2, window=2)),
        lambda layer: reads_back(replace(SURROGATE, layers=[layer, *SURROGATE.layers])),
    ),
    "Circuit": Door(Circuit, of(SUMS), measured),
    "Circuit.from_units": Door(
        Circuit.from_units,
        {"site_dims": [2, 2], "units": [(2, [("site", 0), ("site", 1)])], "root_map": True, "open_output": None},
        measured,
    ),
    "a unit": Door(
        lambda dim, children: Circuit.from_units([2, 2], [(dim, children)]),
        {"dim": 2, "children": [("site", 0), ("site", 1)]},
        measured,
    ),
    "a child": Door(
        lambda child, kind, index: one_unit([child, (kind, index)]),
        {"child": ("site", 0), "kind": "site", "index": 1},
        measured,
    ),
    "a sum": Door(
        lambda kind, terms: one_unit([(kind, terms)]),
        {"kind": "sum", "terms": [("site", 0), ("site", 1)]},
        measured,
    ),
    "a site's dimension": Door(
        lambda dim: Circuit.from_units([2, dim], [(2, [("site", 0), ("site", 1)])]), {"dim": 2}, measured
    ),
    "TensorNetwork": Door(TensorNetwork, of(CHAIN), cut),
    "TensorNetwork.from_bonds": Door(
        TensorNetwork.from_bonds, {"bonds": [(2, [0]), (3, [0, 1]), (2, [1])], "sites": [0, 2]}, cut
    ),
    "a bond": Door(
        lambda bond, dim, holders, holder, site: TensorNetwork.from_bonds(
            [bond, (dim, holders), (2, [1, holder])], sites=[0, site]
        ),
        {"bond": (2, [0]), "dim": 3, "holders": [0, 1], "holder": 2, "site": 2},
        cut,
    ),
    "load": Door(load, {"source": "deep-16"}, reads_back),
    "load_spec": Door(load_spec, {"path": "nothing.toml"}, reads_back),
    "parse_spec": Door(parse_spec, {"text": TEXT, "name": "net", "syntax": "toml"}, reads_back),
    "spec_text": Door(spec_text, {"architecture": load("deep-16"), "syntax": "toml"}, parse_spec),
    "unfold": Door(unfold, {"architecture": load("deep-16"), "limit": 100}, cut),
    "compile": Door(compile, {"architecture": load("deep-16")}, measured),
}
PLACES = [(name, field) for name, door in DOORS.items() for field in door.right]
WITHIN = {
    "itself": lambda value: value,
    "in a list": lambda value: [value],
    "in a tuple of two": lambda value: (value, value),
    "in a list of a list": lambda value: [[value]],
}


def in_a_net(layer: Layer) -> None:
    reads_back(ConvAC(sites=4, site_dim=2, layers=[layer, Layer(channels=2, window="all")]))


def line_of(error: TncutError) -> str:
    """The message, which is one short line that can be written anywhere."""
    line = str(error)
    assert len(line) < 300
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    return line


@pytest.mark.parametrize("form", WITHIN)
@pytest.mark.parametrize(("door", "field"), PLACES, ids=lambda name: name)
def test_any_value_at_any_door_is_right_or_refused_in_one_line(door, field, form):
    for name, value in HOSTILE.items():
        try:
            DOORS[door].use(DOORS[door].build(**{**DOORS[door].right, field: WITHIN[form](value)}))
        except TncutError as error:
            line_of(error)
        except Exception as error:
            raise AssertionError(f"{name} is neither right nor refused") from error


ALL = Layer(channels=2, window="all")
SITES = [("site", 0), ("site", 1)]


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: ConvAC(sites=4, site_dim=2, layers=5), SpecError, "layers is 5; it must be a list"),
        (lambda: ConvAC.deep(sites=4, site_dim=2, channels=4), SpecError, "channels is 4; it must be a list"),
        (lambda: ConvAC(sites=4, site_dim=2, layers=[ALL], name="\ud800"), SpecError, "half of a surrogate pair"),
        (lambda: ConvAC(sites=4, site_dim=10**5000, layers=[ALL]), SpecError, r"site_dim is about 10\^5000"),
        (lambda: ConvAC(sites=[2**62 - 1] * 300, site_dim=2, layers=[ALL]), SpecError, "sites lists 300 axes"),
        (lambda: ConvAC(sites=[2**62 - 1] * 32, site_dim=2, layers=[ALL]), SpecError, r"grid of about 10\^597"),
        (lambda: Dilated(length=4, site_dim=2, channels=2, order=[[1]]), SpecError, r"order\[0\] is \[1\]"),
        (lambda: Recurrent(steps=0.5, site_dim=2, hidden=[2]), SpecError, "steps is 0.5; it must be an integer"),
        (lambda: Linear(widths=(2, True)), SpecError, r"widths\[1\] is True; it must be an integer"),
        (lambda: Tree(tree=nested(2000), site_dim=2, channels=2), SpecError, "over 100 levels high"),
        (lambda: load(5), SpecError, "the name of a gallery net or a file; given: 5"),
        (lambda: load_spec(5), SpecError, "given by its path; given: 5"),
        (lambda: load("a\0.toml"), FileError, "no file can have this name"),
        (lambda: one_unit([0, 1]), CircuitError, "unit 0 reads 0; a child is"),
        (lambda: one_unit([("site", "0")]), CircuitError, r"reads \('site', '0'\); a child is"),
        (lambda: one_unit([("site", 0.5)]), CircuitError, r"reads \('site', 0.5\); a child is"),
        (lambda: one_unit([("site", True)]), CircuitError, r"reads \('site', True\); a child"),
        (lambda: one_unit([("site", -1)]), CircuitError, "reads site -1; the sites are 0 to 1"),
        (lambda: one_unit([("site", 0, 1)]), CircuitError, "a child is"),
        (lambda: Circuit.from_units([2, 2], [(2,)]), CircuitError, r"unit 0 is \(2,\); it must be \(channels, "),
        (lambda: Circuit.from_units([2, 2], 3), CircuitError, "the units are 3; they must be a list"),
        (lambda: one_unit(SITES, open_output=2**63), CircuitError, "open_output is 92233720"),
        (lambda: one_unit(SITES, open_output=2.5), CircuitError, "open_output is 2.5"),
        (lambda: one_unit(SITES, open_output=True), CircuitError, "open_output is True"),
        (lambda: one_unit(SITES, root_map=1), CircuitError, "root_map is 1; it must be true"),
        (lambda: Circuit.from_units({2, 3}, [(2, SITES)]), CircuitError, "must be a list of integers"),
        (lambda: TensorNetwork.from_bonds([("2", [0])], [0]), NetworkError, "bond 0 has dimension '2'"),
        (lambda: TensorNetwork.from_bonds([(2.5, [0])], [0]), NetworkError, "bond 0 has dimension 2.5"),
        (lambda: TensorNetwork.from_bonds([(2, [True])], [0]), NetworkError, "bond 0 is held by tensor True"),
        (lambda: TensorNetwork.from_bonds([(2, [0.0])], [0]), NetworkError, "bond 0 is held by tensor 0.0"),
        (lambda: TensorNetwork.from_bonds([(2, [2**61])], [0]), NetworkError, "tensors are numbers from 0 to"),
        (lambda: TensorNetwork.from_bonds([(2, 0)], [0]), NetworkError, r"bond 0 is \(2, 0\); it must be \(dimension"),
        (lambda: TensorNetwork.from_bonds([(2, [0])], [False]), NetworkError, "site 0 lies on bond False"),
        (lambda: TensorNetwork.from_bonds([(2, [0])], 0), NetworkError, "the sites are 0; they must be a list"),
    ],
)
def test_what_cannot_be_is_told_with_its_place_and_what_would_be_right(build, error, message):
    with pytest.raises(error, match=message) as caught:
        build()
    line_of(caught.value)


@pytest.mark.parametrize("key", ["site_dim", "sites", "open_output"])
def test_integers_of_thousands_of_digits_in_a_file_are_refused_by_their_size(key):
    lines = {"kind": '"convac"', "sites": "4", "site_dim": "2", "open_output": "2", key: "0x" + "f" * 4000}
    text = "\n".join(f"{name} = {value}" for name, value in lines.items())
    with pytest.raises(SpecError, match=rf"^net: {key} is about 10\^4816; it must be") as caught:
        parse_spec(text + '\n[[layers]]\nchannels = 2\nwindow = "all"', name="net")
    line_of(caught.value)


def test_a_lone_surrogate_in_a_name_is_refused_when_the_file_is_read():
    with pytest.raises(SpecError, match=r"net: name is .* half of a surrogate pair") as caught:
        parse_spec('{"kind": "linear", "widths": [2, 2], "name": "a\\ud800"}', name="net", syntax="json")
    line_of(caught.value)


def test_numbers_of_numpy_are_kept_as_plain_ones():
    net = ConvAC(sites=np.int64(4), site_dim=[np.int32(2)] * 4, layers=[Layer(channels=np.uint8(3), window="all")])
    assert net == ConvAC(sites=4, site_dim=[2] * 4, layers=[Layer(channels=3, window="all")])
    assert {type(net.sites[0]), type(net.site_dim[0]), type(net.layers[0].channels)} == {int}


DILATIONS = [1, 4, 7, 2**31, 2**61, 2**62 - 1]


@pytest.mark.parametrize("dilation", DILATIONS)
@pytest.mark.parametrize("padding", ["same", "circular"])
@pytest.mark.parametrize("window", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 2**62 - 1])
def test_dilations_of_any_length_read_what_whole_numbers_say(window, stride, dilation, padding):
    size = 5
    outputs = -(-size // stride)
    left = max((outputs - 1) * stride + (window - 1) * dilation + 1 - size, 0) // 2
    read = [[o * stride + k * dilation - left for k in range(window)] for o in range(outputs)]
    if padding == "circular":
        expected = [[place % size for place in places] for places in read]
    else:
        expected = [[place for place in places if 0 <= place < size] for places in read]
    layer = Layer(channels=2, window=window, stride=stride, dilation=dilation, padding=padding)
    net = ConvAC(sites=size, site_dim=2, layers=[layer, ALL])
    if [] in expected:
        with pytest.raises(SpecError, match="wholly in the padding"):
            compile(net)
    else:
        circuit = compile(net)
        assert [circuit.factor_child[circuit.factors_of(np.array([o]))].tolist() for o in range(outputs)] == expected


@pytest.mark.parametrize("name", HOSTILE)
def test_a_value_is_quoted_on_one_short_line(name):
    for form in WITHIN.values():
        quoted = shown(form(HOSTILE[name]))
        assert len(quoted) <= 60
        assert quoted.isprintable()
    assert len(shown_name(HOSTILE[name])) <= 200


def test_short_values_are_quoted_whole():
    for value in (None, True, -3, 10**30, 0.5, "net", [1, [2, "three"]], {"a": (1,)}):
        assert shown(value) == repr(value)
    assert exact_or_size(-(10**39)) == str(-(10**39))
    assert shown_name(Path("folder/net.toml")) == "folder/net.toml"


GATED = Circuit(**of(one_unit(SITES)) | {"gate": "max"})
SIDES = Partition.of(2, {0})


ASKED = {
    "unfold": lambda: unfold(GATED),
    "bound": lambda: tncut.bound(GATED, SIDES),
    "bounds": lambda: tncut.bounds(GATED, [SIDES]),
    "symmetric_cut": lambda: tncut.symmetric_cut(GATED, SIDES),
    "explore": lambda: tncut.explore(GATED),
    "additive_bound": lambda: additive_bound(GATED, SIDES),
    "best_pairing": lambda: best_pairing(GATED, SIDES),
    "find_fans": lambda: find_fans(GATED, SIDES),
}


@pytest.mark.parametrize("name", ASKED)
def test_other_gates_are_refused_in_one_form(name):
    with pytest.raises(MethodError, match=r"says nothing about max gates; .* \(its ConvAC surrogate\)$") as caught:
        ASKED[name]()
    line_of(caught.value)


def test_every_error_is_public_and_below_the_base():
    classes = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    assert {name for name in tncut.__all__ if name.endswith("Error")} == set(classes)
    for name, value in classes.items():
        assert getattr(tncut, name) is value
        assert value is TncutError or value.__bases__ == (TncutError,)
