"""ConvAC surrogates of real models: layers that read any earlier layers, with products in the place of nonlinearities.

What a convolution with a nonlinearity computes is no polynomial. Its ConvAC surrogate (Cohen, Shashua, ICML 2016;
Levine et al., ICLR 2018) has the same windows, widths and connections, and multiplies where the model does not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...circuit import Circuit
from ...errors import SpecError
from ...tools.within import within
from ...tools.words import nearest, shown
from ..checks import (
    SITE_LIMIT,
    boolean,
    check_field,
    grid,
    integer,
    integer_or_integers,
    integers,
    items,
    labels_are_channels,
    one_of,
    optional,
    text,
    width,
)
from ..notebook import DrawnInNotebooks
from ..windows import Grid, Windows, padded_windows
from .joined import Rows, added_rows, joined_circuit, pooled_rows, product_rows

OPERATIONS = ("product", "pool", "sum")
SITES = "sites"  # what a layer calls the inputs of the network

Window = int | tuple[int, ...] | str


@dataclass(frozen=True, kw_only=True)
class SurrogateLayer:
    """One layer, which reads the layers that `inputs` names ("sites": the inputs of the network), or the one before.

    `op`: product, of linear maps over a window, one map for each position; pool, a product over a window without
    weights, joined into the maps below; or sum, of linear maps over a window of every input. `channels` may be left out
    in a pool. `window`: a length for all axes, one for each, or "all". `pads`: locations before every axis, then after
    every axis, or one number; what lies there is dropped, and so is a location that reads nothing else. In a sum, an
    input of one location is added at every location.
    """

    name: str
    op: str = "product"
    channels: int | None = None
    inputs: tuple[str, ...] = ()
    window: Window = 1
    stride: int | tuple[int, ...] = 1
    dilation: int | tuple[int, ...] = 1
    pads: int | tuple[int, ...] = 0

    def __post_init__(self) -> None:
        check_field(self, "name", text)
        check_field(self, "op", one_of(OPERATIONS))
        check_field(self, "channels", optional(width))
        check_field(self, "inputs", _texts)
        check_field(self, "window", _window)
        check_field(self, "stride", integer_or_integers)
        check_field(self, "dilation", integer_or_integers)
        check_field(self, "pads", _pads)
        if self.name in ("", SITES):
            raise SpecError(f"a layer is called {self.name!r}; it needs a name of its own, other than {SITES}")
        if self.channels is None and self.op != "pool":
            raise SpecError(f"key 'channels' is missing; only a pool may leave it out, this is a {self.op}")
        if self.op != "sum" and len(self.inputs) > 1:
            raise SpecError(f"a {self.op} reads one input, not {len(self.inputs)}; only a sum has several")
        if self.window == "all" and (self.stride, self.dilation, self.pads) != (1, 1, 0):
            raise SpecError('window = "all" takes no stride, dilation or pads')


@dataclass(frozen=True, kw_only=True)
class Surrogate(DrawnInNotebooks):
    """The ConvAC surrogate of a model: `layers` on a grid of `sites`, the last of them with one location.

    `site_dim`: the dimension of every site's representation. `notes`: what was replaced or dropped of the model, in
    words. `root_map` and `open_output` are as in ConvAC. `from_onnx` makes one of a model's file.

    >>> layers = [SurrogateLayer(name="a", channels=4, window=3), SurrogateLayer(name="b", channels=2, window="all")]
    >>> Surrogate(sites=[4, 4], site_dim=3, layers=layers).circuit().units
    5
    """

    sites: tuple[int, ...]
    site_dim: int
    layers: tuple[SurrogateLayer, ...]
    root_map: bool = True
    open_output: int | None = None
    notes: tuple[str, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", grid)
        check_field(self, "site_dim", integer)
        check_field(self, "layers", _layers)
        check_field(self, "root_map", boolean)
        check_field(self, "open_output", optional(integer))
        check_field(self, "notes", _texts)
        check_field(self, "name", text)
        self._check_layers()

    def _check_layers(self) -> None:
        """Names are told apart, and what is read comes before."""
        channels = {SITES: self.site_dim}
        before = SITES
        for layer in self.layers:
            with within(f"layer {layer.name}"):
                if layer.name in channels:
                    raise SpecError("there are two layers of this name")
                for name in layer.inputs:
                    if name not in channels:
                        raise SpecError(f"reads {shown(name)}, which is no layer before it; {nearest(name, channels)}")
                below = channels[layer.inputs[0] if layer.inputs else before]
                if layer.op == "pool" and layer.channels not in (None, below):
                    raise SpecError(f"a pool keeps the channels of what it reads, {below}; it has {layer.channels}")
                channels[layer.name] = layer.channels or below
            before = layer.name
        if not self.root_map:
            labels_are_channels(self.open_output, channels[before])

    def circuit(self) -> Circuit:
        """The circuit, built by array operations; what the output does not depend on is left out."""
        sites = Rows.of_sites(self.site_dim, self.sites, math.prod(self.sites))
        known, before = {SITES: sites}, sites
        for layer in self.layers:
            with within(f"layer {layer.name}"):
                before = _rows([known[name] for name in layer.inputs] or [before], layer, first=before.end)
                known[layer.name] = before
        if before.locations != 1:
            raise SpecError(
                f'the last layer leaves {before.locations} locations, not one; end with window = "all", or add layers'
            )
        rows = [(name, layer) for name, layer in known.items() if name != SITES]
        dims = np.full(sites.locations, self.site_dim)
        return joined_circuit(
            sites, rows, site_dims=dims, root_map=self.root_map, open_output=self.open_output, notes=self.notes
        )


def _rows(inputs: Sequence[Rows], layer: SurrogateLayer, *, first: int) -> Rows:
    """The pairs at all locations of a layer that reads these."""
    if layer.op == "sum":
        assert layer.channels is not None
        return added_rows(layer.channels, [(rows, _windows(layer, rows.grid)) for rows in inputs], first)
    below = inputs[0]
    windows = _windows(layer, below.grid)
    if layer.op == "pool":
        return pooled_rows(below, windows, first)
    assert layer.channels is not None
    return product_rows(layer.channels, below, windows, first)


def _windows(layer: SurrogateLayer, below: Grid) -> Windows:
    """The windows of a layer on a grid; one location is read by a sum as it is, whatever its window."""
    axes = len(below)
    window = below if layer.window == "all" else _each("window", layer.window, axes)
    lengths = (_each("stride", layer.stride, axes), _each("dilation", layer.dilation, axes))
    return padded_windows(below, window, *lengths, _each("pads", layer.pads, 2 * axes))


def _each(key: str, value: Window, count: int) -> tuple[int, ...]:
    """A length for every axis, or for both ends of every axis."""
    if isinstance(value, int):
        return (value,) * count
    assert isinstance(value, tuple)
    if len(value) != count:
        raise SpecError(f"{key} has {len(value)} lengths; the grid that it reads needs {count}")
    return value


def _window(key: str, value: object) -> Window:
    return "all" if isinstance(value, str) and value == "all" else integer_or_integers(key, value)


def _pads(key: str, value: object) -> int | tuple[int, ...]:
    """Lengths from 0 on, not so large that positions leave 64 bits."""
    found = integers(key, value, least=0) if isinstance(value, list | tuple) else integer(key, value, least=0)
    if max(found if isinstance(found, tuple) else (found,)) > SITE_LIMIT:
        raise SpecError(f"{key} is {shown(value)}; the limit is {SITE_LIMIT} locations")
    return found


def _texts(key: str, value: object) -> tuple[str, ...]:
    return tuple(text(f"{key}[{index}]", item) for index, item in enumerate(items(key, value)))


def _layers(key: str, value: object) -> tuple[SurrogateLayer, ...]:
    layers = items(key, value)
    if not layers:
        raise SpecError("a surrogate needs at least one layer; it has none")
    for number, layer in enumerate(layers):
        if not isinstance(layer, SurrogateLayer):
            raise SpecError(f"layer {number} is a {type(layer).__name__}; it must be a SurrogateLayer")
    return layers
