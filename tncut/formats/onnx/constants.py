"""Tensors that do not depend on the input: shapes of weights, and the small values that shapes are computed of."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .graph import Import, Node, Tensor
from .values import Known, Value

MOST_ENTRIES = 1024  # of a constant whose value is kept


def shape_of(state: Import, node: Node) -> Tensor:
    """Shape: the sizes in the file."""
    value = state.inputs(node)[0]
    if value is None or value.shape is None:
        return Known(None)
    end = node.attributes.get("end")
    return Known.of(np.array(value.shape[node.integer("start", 0) : end], dtype=np.int64))


def constant_value(state: Import, node: Node) -> Tensor:
    """Constant: its value, if it is small."""
    for key, value in node.attributes.items():
        if key == "value":
            return tensor_constant(value)
        if key.startswith("value_") and not key.startswith("value_string"):
            return Known.of(np.array(value))
    return Known(None)


def constant_of_shape(state: Import, node: Node) -> Tensor:
    """ConstantOfShape: as the small weights of an architecture without weights are given."""
    shape = tuple(known_shape(state, node, place=0))
    if math.prod(shape) > MOST_ENTRIES:
        return Known(shape)
    fill = node.attributes.get("value")
    known = tensor_constant(fill).value if fill is not None else None
    return Known.of(np.full(shape, 0 if known is None else known.ravel()[0]))


def folded(compute: Callable[..., Any]) -> Callable[[Import, Node], Tensor]:
    """An operator on small constants, such as those that a shape is computed of."""

    def operator(state: Import, node: Node) -> Tensor:
        given = state.inputs(node)
        if any(isinstance(tensor, Value) for tensor in given):
            node.refuse("it is known for constants only; of an activation it has no counterpart here")
        arrays = [tensor.value for tensor in given if isinstance(tensor, Known) and tensor.value is not None]
        return Known.of(compute(node, *arrays)) if len(arrays) == len(given) else Known(_joint_shape(given))

    return operator


def tensor_constant(tensor: Any) -> Known:
    """A TensorProto: its shape, and its value if it is small and lies in the file."""
    from onnx import TensorProto
    from onnx.numpy_helper import to_array

    shape = tuple(tensor.dims)
    if math.prod(shape) > MOST_ENTRIES or tensor.data_location == TensorProto.EXTERNAL:
        return Known(shape)
    try:
        return Known.of(to_array(tensor))
    except (LookupError, TypeError, ValueError):  # a type that onnx does not know, data that does not fit
        return Known(shape)


def _joint_shape(given: list[Tensor | None]) -> tuple[int, ...] | None:
    """The shape of an elementwise operation on constants; None if it is not known."""
    shapes = [tensor.shape for tensor in given if isinstance(tensor, Known)]
    try:
        return np.broadcast_shapes(*(shape for shape in shapes if shape is not None)) if None not in shapes else None
    except ValueError:
        return None


def known_shape(state: Import, node: Node, place: int = 1) -> list[int]:
    """The shape that a node asks for: an input, or an attribute."""
    given = state.inputs(node)
    listed = given[place] if len(given) > place else None
    found = listed.value if isinstance(listed, Known) else node.attributes.get("shape")
    if found is None:
        node.refuse("the shape that it asks for is not known")
    return [int(size) for size in np.ravel(found)]
