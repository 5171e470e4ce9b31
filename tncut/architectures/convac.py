"""Convolutional arithmetic circuits: a linear map at each location, then a product over each window.

Source: Cohen, Sharir, Shashua, COLT 2016; pooling geometries: Cohen, Shashua, ICLR 2017; overlapping windows:
Levine, Sharir, Cohen, Shashua, PRL 2019.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..circuit import GATES, Circuit
from ..errors import SpecError
from ..tools.arrays import IntArray
from ..tools.within import within
from ..tools.words import shown
from .checks import (
    KnownKeys,
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
    site_dims,
    text,
    width,
)
from .layered import LayerRows, layered_circuit
from .notebook import DrawnInNotebooks
from .windows import (
    Grid,
    explicit_outputs,
    explicit_windows,
    join,
    mirror_outputs,
    mirror_windows,
    square_outputs,
    square_windows,
)

PADDINGS = ("valid", "same", "circular")
GEOMETRIES = ("square", "mirror")

Window = int | tuple[int, ...] | Literal["all"]


@dataclass(frozen=True, kw_only=True)
class Layer(KnownKeys):
    """One layer: linear maps to `channels` at every location, then a product over each window.

    `window`: a length for all axes, one for each axis, or "all". `stride` defaults to the window. `padding`:
    valid (windows inside), same (ceil(size / stride) windows, what lies outside is dropped), circular (as same,
    but wrapped around). `pool`: a product window without weights after it, joined into the units. `geometry`:
    square, mirror (a location with its reflections), or the windows themselves, as lists of row-major positions.

    `skip`: a residual layer, U (product over the window) + V (what the layer reads at the same location), on a grid
    and channels that the layer leaves as they are. General maps U and V include identities, so every bound from above
    holds for the residual network proper. The sum is a layer of its own in the circuit, after the product's.
    """

    channels: int
    window: Window | None = None
    stride: int | tuple[int, ...] | None = None
    dilation: int | tuple[int, ...] = 1
    padding: str = "valid"
    pool: Window | None = None
    geometry: str | tuple[tuple[int, ...], ...] = "square"
    skip: bool = False

    def __post_init__(self) -> None:
        check_field(self, "channels", width)
        check_field(self, "window", optional(_window))
        check_field(self, "stride", optional(integer_or_integers))
        check_field(self, "dilation", integer_or_integers)
        check_field(self, "padding", one_of(PADDINGS))
        check_field(self, "pool", optional(_window))
        check_field(self, "geometry", _geometry)
        check_field(self, "skip", boolean)
        self._check_together()

    def _check_together(self) -> None:
        if self.explicit != (self.window is None):
            raise SpecError("a layer needs a window, or a geometry that lists its windows; one of the two")
        plain = self.stride is None and self.dilation == 1 and self.padding == "valid"
        if self.geometry != "square" and not plain:
            raise SpecError("stride, dilation and padding are for geometry square; other geometries take none")
        if self.window == "all" and not (plain and self.geometry == "square"):
            raise SpecError('window = "all" takes no stride, dilation, padding or other geometry')

    @property
    def explicit(self) -> bool:
        """Whether the geometry lists the windows."""
        return not isinstance(self.geometry, str)


@dataclass(frozen=True, kw_only=True)
class ConvAC(DrawnInNotebooks):
    """A convolutional arithmetic circuit on a grid of sites; the last layer must leave one location.

    `sites`: how many, or the shape of a grid. `site_dim`: the dimension M of every site's representation, or one
    for each site in row-major order. `root_map` False: no linear map after the last product. `open_output`: the
    number of labels, if the label shall be one more site (the last). `gate`: what joins the factors of a unit; any
    other than the product is for measurement only.

    >>> ConvAC.deep(sites=8, site_dim=2, channels=(4, 4, 4)).layers[0].window
    2
    """

    sites: int | tuple[int, ...]
    site_dim: int | tuple[int, ...]
    layers: tuple[Layer, ...]
    root_map: bool = True
    open_output: int | None = None
    gate: str = "product"
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", grid)
        check_field(self, "site_dim", site_dims(math.prod(self.grid)))
        check_field(self, "layers", _layers)
        check_field(self, "root_map", boolean)
        check_field(self, "open_output", optional(integer))
        check_field(self, "gate", one_of(GATES))
        check_field(self, "name", text)
        if not self.root_map:
            labels_are_channels(self.open_output, self.layers[-1].channels)
        self._check_grids()

    def _check_grids(self) -> None:
        """Each layer fits on what the one before leaves, and the last leaves one location."""
        grid, channels = self.grid, set(np.unique(self.site_dim).tolist())
        for number, layer in enumerate(self.layers):
            with within(f"layer {number}"):
                out = _outputs(layer, grid)
                if layer.skip:
                    _check_skip(layer, channels, grid, out)
            grid, channels = out, {layer.channels}
        if math.prod(grid) != 1:
            raise SpecError(
                f'the last layer leaves {math.prod(grid)} locations, not one; end with window = "all", or add layers'
            )

    @property
    def grid(self) -> Grid:
        """The shape of the grid of sites."""
        assert isinstance(self.sites, tuple)
        return self.sites

    @classmethod
    def shallow(
        cls, *, sites: int | tuple[int, ...], site_dim: int | tuple[int, ...], channels: int, name: str = ""
    ) -> "ConvAC":
        """One layer with one global window: the CP decomposition."""
        return cls(sites=sites, site_dim=site_dim, layers=(Layer(channels=channels, window="all"),), name=name)

    @classmethod
    def deep(
        cls,
        *,
        sites: int | tuple[int, ...],
        site_dim: int | tuple[int, ...],
        channels: Sequence[int],
        window: int | tuple[int, ...] = 2,
        geometry: str = "square",
        name: str = "",
    ) -> "ConvAC":
        """Layers of equal windows that halve the grid (or more) until one location is left: hierarchical Tucker."""
        layers = tuple(Layer(channels=r, window=window, geometry=geometry) for r in items("channels", channels))
        return cls(sites=sites, site_dim=site_dim, layers=layers, name=name)

    def circuit(self) -> Circuit:
        """The circuit; units that nothing reads (a stride that leaves locations out) are left out."""
        dims = np.broadcast_to(np.array(self.site_dim, dtype=np.int64), math.prod(self.grid))
        grid = self.grid
        rows: list[LayerRows] = []
        for number, layer in enumerate(self.layers):
            with within(f"layer {number}"):
                start, flat, out = _windows(layer, grid)
                rows.append(LayerRows(layer.channels, start, flat, out))
                if layer.skip:
                    rows.append(LayerRows.adding(layer.channels, grid))
            grid = out
        circuit = layered_circuit(dims, self.grid, rows, root_map=self.root_map, open_output=self.open_output)
        return circuit if self.gate == circuit.gate else replace(circuit, gate=self.gate)


def _check_skip(layer: Layer, channels: set[int], grid: Grid, out: Grid) -> None:
    """A residual layer must leave the grid and the channels as they are."""
    if out != grid:
        raise SpecError(
            f"skip adds input and output, but the grid goes from {_by(grid)} to {_by(out)}; "
            'stride = 1 and padding = "same" keep it'
        )
    if channels != {layer.channels}:
        raise SpecError(
            f"skip adds input and output, but {layer.channels} channels follow on "
            f"{', '.join(str(r) for r in sorted(channels))}; they must be equal"
        )


def _windows(layer: Layer, grid: Grid) -> tuple[IntArray, IntArray, Grid]:
    """The windows of a layer on a grid of inputs, pooling joined: (start, input locations, grid of outputs)."""
    if not isinstance(layer.geometry, str):
        start, flat, out = explicit_windows(layer.geometry, grid)
    elif layer.geometry == "mirror":
        start, flat, out = mirror_windows(grid, _on_axes("window", layer.window, grid))
    else:
        start, flat, out = square_windows(grid, *_square(layer, grid), layer.padding)
    if layer.pool is None:
        return start, flat, out
    pool = _on_axes("pool", layer.pool, out)
    outer_start, outer_flat, pooled = square_windows(out, pool, pool, (1,) * len(out), "valid")
    return *join(outer_start, outer_flat, start, flat), pooled


def _outputs(layer: Layer, grid: Grid) -> Grid:
    """The grid that a layer leaves."""
    if not isinstance(layer.geometry, str):
        out = explicit_outputs(layer.geometry, grid)
    elif layer.geometry == "mirror":
        out = mirror_outputs(grid, _on_axes("window", layer.window, grid))
    else:
        out = square_outputs(grid, *_square(layer, grid), layer.padding)
    if layer.pool is None:
        return out
    pool = _on_axes("pool", layer.pool, out)
    return square_outputs(out, pool, pool, (1,) * len(out), "valid")


def _square(layer: Layer, grid: Grid) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Window, stride and dilation along every axis."""
    window = _on_axes("window", layer.window, grid)
    stride = window if layer.stride is None else _on_axes("stride", layer.stride, grid)
    return window, stride, _on_axes("dilation", layer.dilation, grid)


def _on_axes(key: str, value: Window | None, grid: Grid) -> tuple[int, ...]:
    """A length for every axis of a grid."""
    if value == "all":
        return grid
    if isinstance(value, int):
        return (value,) * len(grid)
    assert isinstance(value, tuple)
    if len(value) != len(grid):
        raise SpecError(f"{key} has {len(value)} lengths; the grid there, {_by(grid)}, has {len(grid)} axes")
    return value


def _window(key: str, value: object) -> Window:
    return "all" if isinstance(value, str) and value == "all" else integer_or_integers(key, value)


def _geometry(key: str, value: object) -> str | tuple[tuple[int, ...], ...]:
    """The name of a geometry, or windows as lists of positions."""
    if isinstance(value, str):
        one_of(GEOMETRIES)(key, value)
        return value
    if not isinstance(value, list | tuple) or not value:
        raise SpecError(f"{key} is {shown(value)}; it must be {', '.join(GEOMETRIES)}, or lists of positions")
    return tuple(integers(f"{key}[{index}]", window, least=0) for index, window in enumerate(value))


def _layers(key: str, value: object) -> tuple[Layer, ...]:
    layers = items(key, value)
    if not layers:
        raise SpecError("a ConvAC needs at least one layer; it has none")
    for number, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise SpecError(f"layer {number} is a {type(layer).__name__}; it must be a Layer")
    return layers


def _by(shape: Grid) -> str:
    return " x ".join(str(n) for n in shape)
