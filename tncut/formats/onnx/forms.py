"""Operators that change no layer: other forms of a tensor, parts of its channels, and what is dropped."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import known_shape
from .graph import Import, Node, Tensor
from .layers import activation
from .values import CHANNELS, Known, Value, sized


def passed_on(what: str) -> Callable[[Import, Node], Tensor]:
    """An operator that is left out; `what` says why."""

    def operator(state: Import, node: Node) -> Tensor:
        value = state.inputs(node)[0]
        if value is None:
            node.refuse("it reads nothing")
        if isinstance(value, Value) and what:
            state.note(node, what)
        return value

    return operator


def multiplication(state: Import, node: Node) -> Tensor:
    """Mul, Div, Pow, ...: by a constant it is part of the maps; of one vector by itself, part of its nonlinearity."""
    values = [tensor for tensor in state.inputs(node) if isinstance(tensor, Value)]
    if len(values) < len(node.inputs):
        state.note(node, "a scale by constants: part of the maps that read it")
        return max(values, key=lambda value: len(value.axes))
    if any(value != values[0] for value in values):
        node.refuse("the product of two activations has no counterpart here")
    state.note(node, "a vector by a function of itself: part of its nonlinearity")
    return values[0]


def reshape(state: Import, node: Node) -> Tensor:
    """Reshape: pieces of axes split and merged."""
    value, shape = state.inputs(node)[0], known_shape(state, node)
    if value is None or value.shape is None:
        return Known(None)
    if isinstance(value, Known):
        sizes = _sizes(node, value.shape, shape)
        return Known(tuple(sizes), None if value.value is None else value.value.reshape(sizes))
    return _reshaped(node, value, _sizes(node, value.shape, shape))


def flatten(state: Import, node: Node) -> Tensor:
    """Flatten: two axes."""
    value = activation(node, state.inputs(node)[0])
    axis = node.integer("axis", 1)
    axis = axis % len(value.axes) if axis < 0 else axis
    return _reshaped(node, value, [math.prod(value.shape[:axis]), math.prod(value.shape[axis:])])


def squeeze(state: Import, node: Node) -> Tensor:
    """Squeeze: axes of one entry left out."""
    value = state.inputs(node)[0]
    given = _axes(state, node)
    if not isinstance(value, Value):
        return _folded(value, lambda array: np.squeeze(array, axis=tuple(given) if given is not None else None))
    rank = len(value.axes)
    axes = [axis % rank for axis in given or ()]
    if given is None:
        axes = [axis for axis, atoms in enumerate(value.axes) if not atoms]
    if any(value.axes[axis] for axis in axes):
        node.refuse("it leaves out an axis of several entries")
    return replace(value, axes=tuple(axis for number, axis in enumerate(value.axes) if number not in axes))


def unsqueeze(state: Import, node: Node) -> Tensor:
    """Unsqueeze: new axes of one entry."""
    value, axes = state.inputs(node)[0], _axes(state, node) or []
    if not isinstance(value, Value):
        return _folded(value, lambda array: np.expand_dims(array, tuple(axes)))
    rank = len(value.axes) + len(axes)
    new = {axis % rank for axis in axes}
    rest = iter(value.axes)
    return replace(value, axes=tuple(() if number in new else next(rest) for number in range(rank)))


def transpose(state: Import, node: Node) -> Tensor:
    """Transpose: axes in another order."""
    value = state.inputs(node)[0]
    if not isinstance(value, Value):
        return _folded(value, lambda array: np.transpose(array, node.attributes.get("perm")))
    rank = len(value.axes)
    order = node.integers("perm", tuple(reversed(range(rank))))
    if sorted(order) != list(range(rank)):
        node.refuse(f"its perm is no order of {rank} axes")
    return value.transposed(order)


def padding(state: Import, node: Node) -> Tensor:
    """Pad: locations that the next window leaves out."""
    given = state.inputs(node)
    value = activation(node, given[0])
    listed = given[1] if len(given) > 1 else None
    found = listed.value if isinstance(listed, Known) else node.attributes.get("pads")
    rank = len(value.axes)
    if found is None or len(found) != 2 * rank or not value.is_grid or min(found) < 0:
        node.refuse("its pads must be known, 0 or more, before and after every axis")
    pads = tuple(int(pad) for pad in found)
    if any(pads[axis] or pads[rank + axis] for axis in (0, 1)):
        node.refuse("it pads the batch or the channels")
    before = value.pads or (0,) * 2 * (rank - 2)
    state.note(node, "padding, of any mode: what lies there is left out of the windows")
    return replace(
        value, pads=tuple(old + new for old, new in zip(before, (*pads[2:rank], *pads[rank + 2 :]), strict=True))
    )


def split(state: Import, node: Node) -> list[Tensor]:
    """Split along the channels: each part read from the whole by full maps."""
    given = state.inputs(node)
    value = activation(node, given[0])
    axis = node.integer("axis", 0) % len(value.axes)
    size = value.shape[axis]
    listed = given[1] if len(given) > 1 else None
    found: Any = listed.value if isinstance(listed, Known) else node.attributes.get("split")
    each = -(-size // len(node.outputs))
    sizes = [int(part) for part in found] if found is not None else [each] * (len(node.outputs) - 1)
    if found is None:
        sizes.append(size - sum(sizes))
    return [_part(state, node, value, axis, part) for part in sizes]


def cutting(state: Import, node: Node) -> Tensor:
    """Slice: of constants computed; of channels, a part that is read from the whole by full maps."""
    value, *given = state.inputs(node)
    keys = ("starts", "ends", "axes", "steps")
    known: dict[str, Any] = {key: node.attributes.get(key) for key in keys}
    known |= {key: tensor.value for key, tensor in zip(keys, given, strict=False) if isinstance(tensor, Known)}
    if known["starts"] is None or known["ends"] is None or value is None or value.shape is None:
        node.refuse("its bounds are not known")
    starts = [int(start) for start in known["starts"]]
    axes = range(len(starts)) if known["axes"] is None else [int(axis) for axis in known["axes"]]
    steps = [1] * len(starts) if known["steps"] is None else [int(step) for step in known["steps"]]
    slices = [slice(None)] * len(value.shape)
    for axis, *bounds in zip(axes, starts, known["ends"], steps, strict=True):
        slices[axis] = slice(*(int(bound) for bound in bounds))
    if not isinstance(value, Value):
        return _folded(value, lambda array: array[tuple(slices)])
    for axis, (size, part) in enumerate(zip(value.shape, slices, strict=True)):
        length = len(range(*part.indices(size)))
        if length != size:
            value = _part(state, node, value, axis, length)
    return value


def _folded(value: Tensor | None, compute: Callable[[NDArray[Any]], NDArray[Any]]) -> Known:
    """A new form of a constant, as numpy computes it by a view; of a large one the shape alone."""
    if not isinstance(value, Known) or value.shape is None:
        return Known(None)
    if value.value is not None:
        return Known.of(compute(value.value))
    return Known(compute(np.broadcast_to(np.int8(0), value.shape)).shape)


def _reshaped(node: Node, value: Value, shape: list[int]) -> Value:
    found = value.reshaped(shape)
    if found is None:
        node.refuse(f"it makes {value.shape} into {tuple(shape)}, which takes the grid of locations apart")
    return found


def _sizes(node: Node, shape: tuple[int, ...], asked: list[int]) -> list[int]:
    """A shape with 0 (as before) and -1 (the rest) filled in."""
    copied = [shape[axis] if size == 0 and axis < len(shape) else size for axis, size in enumerate(asked)]
    others = math.prod(size for size in copied if size != -1)
    if copied.count(-1) > 1 or others < 1 or math.prod(shape) % others:
        node.refuse(f"the shape {tuple(asked)} does not fit {shape}")
    return [math.prod(shape) // others if size == -1 else size for size in copied]


def _axes(state: Import, node: Node) -> list[int] | None:
    """The axes of Squeeze and Unsqueeze: an attribute, or an input."""
    given = state.inputs(node)
    listed = given[1] if len(given) > 1 else None
    found: Any = listed.value if isinstance(listed, Known) else node.attributes.get("axes")
    return None if found is None else [int(axis) for axis in np.ravel(found)]


def _part(state: Import, node: Node, value: Value, axis: int, size: int) -> Value:
    """Some of the channels."""
    if any(kind != CHANNELS for kind, _ in value.axes[axis]):
        node.refuse("it takes a part of the grid, or of the batch; parts of the channels can be taken")
    state.note(node, "a part of the channels, read from all of them by full maps: upper ends hold, lower ends need not")
    axes = [sized(CHANNELS, size) if number == axis else own for number, own in enumerate(value.axes)]
    return replace(value, axes=tuple(axes))
