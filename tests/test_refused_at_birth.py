"""What cannot be is refused at birth, with one short line; what is accepted can be used, and is kept as it was."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tncut.architectures import ConvAC, Dilated, Layer, Linear, Mixed, Recurrent, Tree
from tncut.circuit import Circuit, compile
from tncut.errors import TncutError
from tncut.formats import load, load_spec, parse_spec, spec_text
from tncut.mincut import min_cut
from tncut.network import TensorNetwork, unfold, unfolded_size


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


SUMS = Circuit.from_units([2, 3], [(2, [("site", 0), ("site", 1)]), (3, [("sum", [("unit", 0), ("site", 1)])])])
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
        lambda child, kind, index: Circuit.from_units([2, 2], [(2, [child, (kind, index)])]),
        {"child": ("site", 0), "kind": "site", "index": 1},
        measured,
    ),
    "a sum": Door(
        lambda kind, terms: Circuit.from_units([2, 2], [(2, [(kind, terms)])]),
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
PLACES = [(door, field) for door, (_, right) in ((d, (0, DOORS[d].right)) for d in DOORS) for field in right]
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
    for value in HOSTILE.values():
        arguments = {**DOORS[door].right, field: WITHIN[form](value)}
        try:
            DOORS[door].use(DOORS[door].build(**arguments))
        except TncutError as error:
            line_of(error)
