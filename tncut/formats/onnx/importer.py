"""From an ONNX file to the ConvAC surrogate of its model: nothing is executed, and no weights are read."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...architectures import Surrogate
from ...architectures.checks import grid as checked_grid
from ...architectures.checks import integer, one_of
from ...architectures.graphs.surrogate import SITES
from ...errors import SpecError
from ...tools.within import within
from ...tools.words import one_line, shown, shown_name
from .constants import tensor_constant
from .file import read_model
from .graph import Import, Node, Place
from .operators import run
from .values import BATCH, CHANNELS, Value, sized

POOLINGS = ("product", "sum")


def from_onnx(
    path: str | Path,
    sites: int | Sequence[int] | None = None,
    *,
    site_dim: int | None = None,
    pooling: str = "product",
    open_output: bool = False,
) -> Surrogate:
    """The ConvAC surrogate of the model in an ONNX file: its layers, with products in the place of nonlinearities.

    A convolution is a product window with one linear map for each position, a fully connected layer a window over all
    positions; pooling a product window without weights, or with `pooling` "sum" a sum; Add and Concat are sums of
    linear maps. What is replaced or dropped (nonlinearities, normalisation, biases, dropout) stands in the `notes`. A
    cut of the surrogate proves nothing of the model itself: it is no polynomial (docs/theory.md).

    `sites`: another grid of inputs than that of the file, a smaller one for quick profiles; windows longer than what is
    left are shortened. `site_dim`: the dimension of each site, by default the channels of the input, and 2 for one
    channel. `open_output`: the scores of the classes are one more site. Needs the extra `onnx`.

    Nothing is executed, weights are passed over, and external data need not be there. A FileError for what is no ONNX
    file, a SpecError that names the node and its operator for what has no counterpart: attention, products of two
    activations, loops.
    """
    one_of(POOLINGS)("pooling", pooling)
    if not isinstance(path, str | Path):
        raise SpecError(f"an ONNX file is given by its path; given: {shown(path)}")
    model = read_model(Path(path))
    with within(path):
        return _Reader(model.graph, pooling).surrogate(one_line(Path(path).stem), sites, site_dim, open_output)


class _Reader:
    """One graph: its input, the nodes that its first output needs, and what they become."""

    def __init__(self, graph: Any, pooling: str) -> None:
        self.graph, self.pooling = graph, pooling
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.output = graph.output[0].name if graph.output else graph.node[-1].output[0]
        self.nodes = self._needed()

    def surrogate(self, name: str, sites: Any, site_dim: int | None, open_output: bool) -> Surrogate:
        state = self._begin(sites, site_dim)
        for node in self.nodes:
            run(state, node)
        if len(self.graph.output) > 1:
            state.remarks.append(f"the first of {len(self.graph.output)} outputs, {shown_name(self.output)}, is taken")
        found = state.tensors.get(self.output)
        if not isinstance(found, Value) or not state.layers:
            raise SpecError(f"its output {shown(self.output)} does not depend on its input by any layer")
        return _finished(state, found, name, open_output)

    def _needed(self) -> list[Node]:
        """The nodes that the output depends on, in the order of the file."""
        from onnx.helper import get_attribute_value

        wanted, kept = {self.output}, []
        for proto in reversed(self.graph.node):
            if wanted & set(proto.output):
                wanted |= set(proto.input)
                kept.append(proto)
        nodes = []
        for proto in reversed(kept):
            name = proto.name or (proto.output[0] if proto.output else "")
            with within(f"node {shown_name(name)} ({shown_name(proto.op_type)})"):
                try:
                    attributes = {a.name: get_attribute_value(a) for a in proto.attribute}
                except ValueError as error:
                    raise SpecError(f"an attribute has no value: {shown_name(str(error))}") from None
            nodes.append(
                Node(proto.op_type, name, tuple(proto.input), tuple(proto.output), attributes, bool(proto.name))
            )
        self.wanted = wanted
        return nodes

    def _begin(self, sites: Any, site_dim: int | None) -> Import:
        """The state before the first node: constants, and the input as the sites."""
        given = [i for i in self.graph.input if i.name not in self.constants and i.name in self.wanted]
        if len(given) != 1:
            names = ", ".join(shown_name(i.name) for i in given[:5]) or "none"
            raise SpecError(f"its output depends on {len(given)} inputs ({names}); a surrogate has one")
        batch, channels, axes, kinds = self._axes(given[0])
        native = _sizes(given[0].name, axes, sites)
        grid = native if sites is None else checked_grid("sites", sites)
        if len(grid) != len(native):
            raise SpecError(f"sites is {shown(grid)}; the input {shown_name(given[0].name)} has {len(native)} axes")
        dim = max(channels, 2) if site_dim is None else integer("site_dim", site_dim)
        state = Import(self.pooling, resized=grid != native)
        state.tensors |= {name: tensor_constant(tensor) for name, tensor in self.constants.items()}
        state.places[SITES] = Place(native, checked_grid("sites", grid), dim)
        atoms = {BATCH: batch, CHANNELS: channels} | dict(enumerate(native))
        state.tensors[given[0].name] = Value(SITES, tuple(sized(kind, atoms[kind]) for kind in kinds))
        if dim != channels:
            state.remarks.append(f"the input has {channels} channels at each location; every site has dimension {dim}")
        if state.resized:
            state.remarks.append(f"the sites are {_by(grid)}; the file has {_by(native)}")
        return state

    def _axes(self, given: Any) -> tuple[int, int, list[Any], list[int]]:
        """Batch, channels, the sizes of the grid (or their names), and what each axis of the input is."""
        kind = given.type.tensor_type
        dims = [max(dim.dim_value, 0) or dim.dim_param or "?" for dim in kind.shape.dim]
        if len(dims) < 2:
            raise SpecError(f"its input {shown(given.name)} has {len(dims)} known axes; a batch and a grid are needed")
        batch = dims[0] if isinstance(dims[0], int) else 1
        if len(dims) == 2:
            return batch, 1, dims[1:], [BATCH, 0]
        last = len(dims) - 1
        channel_axis = last if self._channels_last(given.name, last) else 1
        channels = dims[channel_axis]
        if not isinstance(channels, int):
            raise SpecError(f"its input {shown(given.name)} has no fixed number of channels (axis {channel_axis})")
        kinds = [BATCH, *range(last - 1)]
        kinds.insert(channel_axis, CHANNELS)
        return batch, channels, [size for axis, size in enumerate(dims) if axis not in (0, channel_axis)], kinds

    def _channels_last(self, name: str, last: int) -> bool:
        """Whether the first thing done to the input moves its last axis to the place of the channels."""
        first = next((node for node in self.nodes if name in node.inputs), None)
        return first is not None and first.op == "Transpose" and first.integers("perm", ())[1:2] == (last,)


def _sizes(name: str, axes: list[Any], sites: Any) -> tuple[int, ...]:
    """The grid in the file; where it is dynamic, the sites that are asked for."""
    if all(isinstance(size, int) for size in axes):
        return tuple(axes)
    if sites is None:
        sizes = " x ".join(str(size) for size in axes)
        example = "H, W" if len(axes) == 2 else ", ".join("N" * len(axes))
        raise SpecError(
            f"its input {shown(name)} has a dynamic shape, {shown_name(sizes)}; "
            f"give sites=({example}) in Python, --sites {'x'.join(example.split(', '))} on the command line"
        )
    grid = checked_grid("sites", sites)
    if len(grid) != len(axes):
        raise SpecError(f"sites is {shown(grid)}; the input {shown_name(name)} has {len(axes)} axes")
    return tuple(size if isinstance(size, int) else asked for size, asked in zip(axes, grid, strict=True))


def _finished(state: Import, found: Value, name: str, open_output: bool) -> Surrogate:
    """The surrogate; a last layer that only maps one vector linearly is the map of the root."""
    place, last = state.places[found.layer], state.layers[-1]
    if math.prod(place.grid) != 1 or found.grid:
        raise SpecError(
            f"its output has {_by(place.grid)} locations; one vector is needed, as a classifier gives: "
            "end the model by a global pooling"
        )
    layers, labels, root_map = state.layers, found.channels, False
    below = state.places[last.inputs[0]]
    linear = last.op == "product" and math.prod(below.grid) == 1 and last.inputs[0] != SITES
    if found.layer == last.name and linear:
        layers, root_map = layers[:-1], True
    names = [SITES, *(layer.name for layer in layers)]
    layers = [
        replace(layer, inputs=()) if layer.inputs == (before,) else layer
        for before, layer in zip(names, layers, strict=False)
    ]
    return Surrogate(
        sites=state.places[SITES].grid,
        site_dim=state.places[SITES].channels,
        layers=tuple(layers),
        root_map=root_map,
        open_output=labels if open_output else None,
        notes=state.notes,
        name=name,
    )


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape)
