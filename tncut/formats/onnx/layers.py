"""Operators that become layers: convolutions, pooling, fully connected layers, sums and concatenations."""

from typing import Any

from ...architectures.graphs.surrogate import SITES
from ...errors import SpecError
from .graph import Import, Node, Place, Tensor
from .values import BATCH, CHANNELS, Known, Value, grid_value, sized
from .windows import Placed, Window

PRODUCT = "product windows, one linear map for each position; bias, if there is one, dropped"
POOLED = "product windows without weights"
ADDED_UP = "sums of linear maps over windows (pooling sum)"
DEPTHWISE = "depthwise, so product windows without weights: a diagonal map is part of the maps that it reads and feeds"
GROUPED = "grouped, but taken with full maps, which hold the grouped ones: upper ends hold, lower ends need not"
PARTIAL = "pools a part of the channels, taken as a product of full maps: upper ends hold, lower ends need not"
POOLED_SITES = "products of one linear map for each position: what is read are the sites themselves"


def activation(node: Node, tensor: Tensor | None) -> Value:
    """What a layer reads must depend on the input."""
    if not isinstance(tensor, Value):
        node.refuse("its first input must depend on the model's input")
    return tensor


def constant(node: Node, tensor: Tensor | None, what: str) -> Known:
    """Weights must not depend on the input."""
    if isinstance(tensor, Value):
        node.refuse(f"its {what} depends on the input: the product of two activations has no counterpart here")
    if tensor is None or tensor.shape is None:
        node.refuse(f"the shape of its {what} is not known")
    return tensor


def on_grid(node: Node, value: Value) -> Value:
    """A tensor with the axes batch, channels, grid."""
    if not value.is_grid:
        node.refuse("its input must have the axes batch, channels, grid; Reshape or Transpose left it another form")
    return value


def convolution(state: Import, node: Node) -> Value:
    """Conv: a product window with one map for each position; a depthwise one joins what it reads."""
    given = state.inputs(node)
    value = on_grid(node, activation(node, given[0]))
    weight = constant(node, given[1] if len(given) > 1 else None, "weight").shape
    assert weight is not None
    channels, group = weight[0], node.integer("group", 1)
    below = state.places[value.layer]
    if len(weight) != len(below.grid) + 2 or weight[1] * group != value.channels:
        node.refuse(f"its weight of shape {weight} does not fit {value.channels} channels in {group} groups")
    window = _window(node, len(below.grid), value, kernel=weight[2:])
    if group == 1:
        return _windowed(state, node, value, window, channels, op="product", what=PRODUCT)
    if group == value.channels == channels and value.layer != SITES:
        return _windowed(state, node, value, window, channels, op="pool", what=DEPTHWISE)
    return _windowed(state, node, value, window, channels, op="product", what=GROUPED)


def pooling(state: Import, node: Node) -> Value:
    """MaxPool, AveragePool, LpPool: a product window without weights, or a sum."""
    value = on_grid(node, activation(node, state.inputs(node)[0]))
    window = _window(node, len(state.places[value.layer].grid), value)
    return _windowed(state, node, value, window, value.channels, **_pool(state, value))


def global_pooling(state: Import, node: Node) -> Value:
    """GlobalAveragePool and its kin: a window over all positions."""
    value = on_grid(node, activation(node, state.inputs(node)[0]))
    return _over_all(state, node, value, value.axes[0], value.channels, **_pool(state, value))


def reduction(state: Import, node: Node) -> Value:
    """ReduceMean and its kin over the whole grid: global pooling."""
    given = state.inputs(node)
    value = activation(node, given[0])
    listed = given[1] if len(given) > 1 else None
    found = listed.value if isinstance(listed, Known) else node.attributes.get("axes")
    rank = len(value.axes)
    axes = {int(axis) % rank for axis in found} if found is not None else set(range(rank))
    inside = {kind for axis in axes for kind, _ in value.axes[axis]}
    if any(kind < 0 for kind in inside) or inside != set(value.grid):
        node.refuse("it reduces other axes than the whole grid")
    pooled = _over_all(state, node, value, sized(BATCH, 1), value.channels, **_pool(state, value))
    kept = [axis for number, axis in enumerate(value.axes) if number not in axes]
    if node.integer("keepdims", 1):
        kept = [() if number in axes else axis for number, axis in enumerate(value.axes)]
    return Value(pooled.layer, tuple(kept))


def fully_connected(state: Import, node: Node) -> Value:
    """Gemm and MatMul by weights: a window over all positions, or a map at every location if the axis holds none."""
    given = state.inputs(node)
    value = activation(node, given[0])
    weight = constant(node, given[1] if len(given) > 1 else None, "weight").shape
    if node.integer("transA", 0) or weight is None or len(weight) != 2:
        node.refuse("its weights must be one matrix on the right")
    channels = weight[0] if node.integer("transB", 0) else weight[1]
    *outer, last = value.axes
    elsewhere = {kind for axis in outer for kind, _ in axis} - {BATCH}
    merged = {kind for kind, _ in last}
    if BATCH in merged or CHANNELS in elsewhere or (elsewhere and merged - {CHANNELS}):
        node.refuse("it maps a part of what one location holds, or of the grid; all channels, or all of both, can be")
    if merged - {CHANNELS}:
        joined = _over_all(state, node, value, sized(BATCH, 1), channels, op="product", what=PRODUCT)
        return Value(joined.layer, (*value.axes[:-1], sized(CHANNELS, channels)))
    place = state.places[value.layer]
    name = state.add(node, Place(place.native, place.grid, channels), channels=channels, inputs=(value.layer,))
    state.note(node, PRODUCT)
    return Value(name, (*value.axes[:-1], sized(CHANNELS, channels)))


def addition(state: Import, node: Node) -> Tensor:
    """Add, Sum, Sub: of constants dropped, of activations a sum of linear maps."""
    given = state.inputs(node)
    values = [tensor for tensor in given if isinstance(tensor, Value)]
    if len(values) < len(given):
        state.note(node, "a constant is added, as a bias: dropped")
    distinct = list({value.layer: value for value in values}.values())
    if len(distinct) == 1 and all(value.axes == values[0].axes for value in values):
        return values[0]
    largest = max(values, key=lambda value: len(value.grid))
    for value in values:
        if value.axes != largest.axes and (value.grid or not (value.is_grid and largest.is_grid)):
            node.refuse(f"it adds tensors of different forms, {value.shape} and {largest.shape}")
    state.note(node, "sums of linear maps")
    return _summed(state, node, values, largest, largest.channels)


def concatenation(state: Import, node: Node) -> Value:
    """Concat along the channels: a sum of block maps."""
    values = [tensor for tensor in state.inputs(node) if isinstance(tensor, Value)]
    if len(values) < len(node.inputs):
        state.note(node, "a constant is joined to channels: dropped")
    first = values[0]
    axis = node.integer("axis", 1) % len(first.axes)
    for value in values:
        others = [own for number, own in enumerate(value.axes) if number != axis]
        if others != [own for number, own in enumerate(first.axes) if number != axis]:
            node.refuse(f"it joins tensors of different forms, {first.shape} and {value.shape}")
        if any(kind != CHANNELS for kind, _ in value.axes[axis]):
            node.refuse("it joins parts of a grid, or whole grids; channels can be joined")
    channels = sum(value.channels for value in values)
    state.note(node, "sums of block maps")
    return _summed(state, node, values, first, channels)


def _summed(state: Import, node: Node, values: list[Value], like: Value, channels: int) -> Value:
    """A sum layer of these, on the grid of one of them."""
    place = state.places[like.layer]
    for value in values:
        own = state.places[value.layer].grid
        if own != place.grid and any(size > 1 for size in own):
            node.refuse(f"on this grid of sites it adds {own} and {place.grid} locations; take another one")
    layers = tuple(value.layer for value in values)
    name = state.add(node, Place(place.native, place.grid, channels), op="sum", channels=channels, inputs=layers)
    return like.on(name, channels)


def _windowed(state: Import, node: Node, value: Value, window: Window, channels: int, *, op: str, what: str) -> Value:
    """A layer of windows on the grid of another one."""
    below = state.places[value.layer]
    native = _placed(node, window, below.native)
    placed = _placed(node, window, below.grid, clip=True) if state.resized else native
    if op == "pool" and channels != below.channels:
        op, what = "product", PARTIAL
    if placed.clipped:
        state.note(node, "windows longer than the smaller grid: shortened to it")
    keys: dict[str, Any] = {"window": _short(placed.kernel), "stride": _short(placed.stride)}
    keys |= {"dilation": _short(placed.dilation), "pads": _short(placed.pads)}
    name = state.add(
        node, Place(native.out, placed.out, channels), op=op, channels=channels, inputs=(value.layer,), **keys
    )
    state.note(node, what)
    batch = value.shape[0]
    return grid_value(name, batch, channels, native.out)


def _over_all(
    state: Import, node: Node, value: Value, batch: tuple[tuple[int, int], ...], channels: int, *, op: str, what: str
) -> Value:
    """A layer with one location, whose window is the whole grid."""
    ones = (1,) * len(state.places[value.layer].grid)
    name = state.add(node, Place(ones, ones, channels), op=op, channels=channels, inputs=(value.layer,), window="all")
    state.note(node, what)
    return Value(name, (batch, sized(CHANNELS, channels), *(() for _ in ones)))


def _pool(state: Import, value: Value) -> dict[str, str]:
    """How a pool is read: its operation, and the words for it."""
    if state.pooling == "sum":
        return {"op": "sum", "what": ADDED_UP}
    return {"op": "pool", "what": POOLED_SITES if value.layer == SITES else POOLED}


def _window(node: Node, axes: int, value: Value, kernel: tuple[int, ...] | None = None) -> Window:
    """The window of a node, from its attributes."""
    found = node.integers("kernel_shape", kernel or ())
    pads = node.integers("pads", (0,) * 2 * axes)
    auto_pad = node.text("auto_pad", "NOTSET")
    if auto_pad != "NOTSET":
        pads = (0,) * 2 * axes
    stride, dilation = node.integers("strides", (1,) * axes), node.integers("dilations", (1,) * axes)
    if (
        any(len(each) != axes or min(each) < 1 for each in (found, stride, dilation))
        or len(pads) != 2 * axes
        or min(pads) < 0
    ):
        node.refuse(f"its window does not fit a grid of {axes} axes")
    if auto_pad not in ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"):
        node.refuse(f"its auto_pad is {auto_pad!r}; NOTSET, VALID, SAME_UPPER and SAME_LOWER are known")
    before = value.pads or (0,) * 2 * axes
    both = tuple(own + more for own, more in zip(pads, before, strict=True))
    return Window(found, stride, dilation, both, auto_pad, bool(node.integer("ceil_mode", 0)))


def _placed(node: Node, window: Window, grid: tuple[int, ...], *, clip: bool = False) -> Placed:
    """A window on a grid; the error names the node."""
    try:
        return window.on(grid, clip=clip)
    except SpecError as error:
        node.refuse(str(error))


def _short(lengths: tuple[int, ...]) -> int | tuple[int, ...]:
    """One number for equal lengths."""
    return lengths[0] if len(set(lengths)) == 1 else lengths
