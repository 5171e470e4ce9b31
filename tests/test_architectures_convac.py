"""The ConvAC front end: windows from their definition, position by position."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuits import overlapping, pooled
from tncut.architectures import ConvAC, Layer, compile
from tncut.circuit import Circuit
from tncut.errors import SpecError


def windows_by_definition(grid, layer: Layer) -> dict[tuple[int, ...], list[int]]:
    """For each output coordinate the row-major input positions, one at a time (square windows)."""
    axes = len(grid)
    window, dilation = (
        value if isinstance(value, tuple) else (value,) * axes for value in (layer.window, layer.dilation)
    )
    stride = (
        window if layer.stride is None else layer.stride if isinstance(layer.stride, tuple) else (layer.stride,) * axes
    )
    outputs, lefts = [], []
    for n, w, s, d in zip(grid, window, stride, dilation, strict=True):
        span = (w - 1) * d + 1
        outputs.append((n - span) // s + 1 if layer.padding == "valid" else math.ceil(n / s))
        lefts.append(0 if layer.padding == "valid" else max((outputs[-1] - 1) * s + span - n, 0) // 2)
    found = {}
    for out in itertools.product(*(range(n) for n in outputs)):
        found[out] = []
        for offset in itertools.product(*(range(w) for w in window)):
            place = [
                o * s + k * d - left for o, s, k, d, left in zip(out, stride, offset, dilation, lefts, strict=True)
            ]
            if layer.padding == "circular":
                place = [p % n for p, n in zip(place, grid, strict=True)]
            if all(0 <= p < n for p, n in zip(place, grid, strict=True)):
                found[out].append(int(np.ravel_multi_index(place, grid)))
    return found


def children(circuit: Circuit, unit: int) -> list[int]:
    return circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]].tolist()


@st.composite
def first_layers(draw):
    grid = tuple(draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    lengths = st.tuples(*(st.integers(1, 3) for _ in grid))
    layer = Layer(
        channels=2,
        window=draw(lengths),
        stride=draw(st.none() | lengths),
        dilation=draw(lengths),
        padding=draw(st.sampled_from(["valid", "same", "circular"])),
    )
    return grid, layer


@settings(max_examples=200)
@given(first_layers())
def test_units_read_the_windows_of_the_definition(case):
    grid, layer = case
    try:
        circuit = compile(ConvAC(sites=grid, site_dim=2, layers=[layer, Layer(channels=1, window="all")]))
    except SpecError:
        spans = [(w - 1) * d + 1 for w, d in zip(layer.window, layer.dilation, strict=True)]
        empty = layer.padding == "same" and [] in windows_by_definition(grid, layer).values()
        assert empty or (layer.padding == "valid" and any(s > n for s, n in zip(spans, grid, strict=True)))
        return
    expected = windows_by_definition(grid, layer)
    assert circuit.grids[1] == tuple(np.array(list(expected)).max(axis=0) + 1)
    assert [children(circuit, unit) for unit in range(circuit.units - 1)] == list(expected.values())


def test_pooling_joins_the_factors_of_the_pooled_units():
    plain = compile(ConvAC(sites=8, site_dim=2, layers=[Layer(channels=3, window=4), Layer(channels=2, window=2)]))
    joined = compile(
        ConvAC(
            sites=8, site_dim=2, layers=[Layer(channels=3, window=2, pool=2), Layer(channels=2, window=1, pool="all")]
        )
    )
    assert joined.factor_child.tolist() == plain.factor_child.tolist()
    assert joined.factor_start.tolist() == plain.factor_start.tolist()
    assert joined.grids == ((8,), (2,), (1,))


def test_overlapping_windows_pooled_read_a_site_twice():
    circuit = compile(ConvAC(sites=3, site_dim=2, layers=[Layer(channels=2, window=2, stride=1, pool=2)]))
    assert children(circuit, 0) == [0, 1, 1, 2]


def test_mirror_windows_hold_a_location_with_its_reflections():
    circuit = compile(ConvAC.deep(sites=8, site_dim=2, channels=(2, 2, 2), geometry="mirror"))
    assert [sorted(children(circuit, unit)) for unit in range(4)] == [[0, 7], [1, 6], [2, 5], [3, 4]]
    square = compile(ConvAC.deep(sites=(4, 4), site_dim=2, channels=(2, 2), geometry="mirror"))
    assert sorted(children(square, 0)) == [0, 3, 12, 15]
    fourfold = compile(ConvAC.deep(sites=16, site_dim=2, channels=(2, 2), window=4, geometry="mirror"))
    assert sorted(children(fourfold, 0)) == [0, 7, 8, 15]


def test_explicit_windows_permute_and_overlap():
    layers = [Layer(channels=2, geometry=[[0, 3], [1, 2], [3, 2, 1]]), Layer(channels=2, window="all")]
    circuit = compile(ConvAC(sites=(2, 2), site_dim=2, layers=layers))
    assert [children(circuit, unit) for unit in range(3)] == [[0, 3], [1, 2], [3, 2, 1]]


def test_constructors_are_the_families_of_the_literature():
    deep = compile(ConvAC.deep(sites=8, site_dim=3, channels=(4, 5, 6)))
    by_hand = pooled(3, (2, 2, 2), (4, 5, 6))
    assert deep.factor_child.tolist() == by_hand.factor_child.tolist()
    assert deep.unit_dims.tolist() == by_hand.unit_dims.tolist()
    shallow = compile(ConvAC.shallow(sites=5, site_dim=3, channels=7))
    assert (shallow.units, shallow.unit_dims.tolist(), children(shallow, 0)) == (1, [7], [0, 1, 2, 3, 4])
    stride_1 = [Layer(channels=2, window=2, stride=1)] * 3
    net = compile(ConvAC(sites=6, site_dim=2, layers=[*stride_1, Layer(channels=2, window="all")]))
    assert net.factor_child.tolist() == overlapping(6, 2, 2, 2, 3).factor_child.tolist()


def test_locations_that_nothing_reads_are_left_out():
    layers = [Layer(channels=2, window=1), Layer(channels=2, window=2, stride=3), Layer(channels=2, window="all")]
    circuit = compile(ConvAC(sites=8, site_dim=2, layers=layers))
    assert circuit.unit_position.tolist() == [0, 1, 3, 4, 6, 7, 0, 1, 2, 0]
    assert circuit.use_counts[:8].tolist() == [1, 1, 0, 1, 1, 0, 1, 1]


def test_site_dimensions_may_differ():
    circuit = compile(ConvAC(sites=(1, 3), site_dim=[2, 3, 4], layers=[Layer(channels=2, window="all")]))
    assert circuit.site_dims.tolist() == [2, 3, 4]


def test_an_open_output_is_one_more_site():
    layers = (Layer(channels=5, window="all"),)
    assert compile(ConvAC(sites=3, site_dim=2, layers=layers, open_output=7)).terminal_dims.tolist() == [2, 2, 2, 7]
    without = ConvAC(sites=3, site_dim=2, layers=layers, open_output=5, root_map=False)
    assert compile(without).terminal_dims.tolist() == [2, 2, 2, 5]
    assert compile(ConvAC(sites=3, site_dim=2, layers=layers, root_map=False)).unit_dims.tolist() == [1]


@pytest.mark.parametrize(
    ("sites", "layers", "message"),
    [
        (4, [Layer(channels=2, window=5)], "layer 0: the window spans 5 locations on axis 0, of 4"),
        (4, [Layer(channels=2, window=2, dilation=4)], "spans 5"),
        (4, [Layer(channels=2, window=2)], "leaves 2 locations"),
        (4, [Layer(channels=2, window=2), Layer(channels=2, window=[2, 2])], "layer 1: window has 2 lengths"),
        (4, [Layer(channels=2, window=2, pool=3)], "layer 0: the window spans 3"),
        (4, [Layer(channels=2, geometry=[[0, 1], [2, 4]])], "window 1 reads location 4, of 0 to 3"),
        (6, [Layer(channels=2, window=4, geometry="mirror")], "do not fold"),
        (1, [Layer(channels=2, window=2, dilation=4, padding="same")], "wholly in the padding"),
        (2**20, [Layer(channels=2, window=2**19, stride=1)], "over the limit"),
    ],
)
def test_windows_that_do_not_fit_are_refused_with_their_layer(sites, layers, message):
    with pytest.raises(SpecError, match=message):
        compile(ConvAC(sites=sites, site_dim=2, layers=layers))


def test_what_is_no_architecture_is_refused():
    with pytest.raises(SpecError, match="int is no architecture"):
        compile(3)
