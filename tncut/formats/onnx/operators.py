"""The operators that an import knows."""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import constants, forms, layers
from .graph import Import, Node, Tensor
from .values import Known, Value

Operator = Callable[[Import, Node], Tensor | list[Tensor]]

NONLINEAR = "nonlinearities: the products of the windows take their place"
NORMALISED = "normalisation: dropped"
DROPPED = "dropped"
AT_THE_END = "dropped; the vector that it normalises is the output"

# What inputs and attributes that contradict each other raise in arithmetic on shapes, whatever the operator.
BAD_FILE = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

NONLINEARITIES = (
    *("Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Elu", "Selu", "Celu", "Gelu", "Mish", "Swish", "Clip"),
    *("Sigmoid", "HardSigmoid", "HardSwish", "Softplus", "Softsign", "Tanh", "Erf", "Exp", "Log", "Sqrt", "Abs"),
    *("Neg", "Reciprocal", "Sin", "Cos"),
)
NORMALISATIONS = (
    *("BatchNormalization", "InstanceNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization"),
    *("LpNormalization", "LRN", "MeanVarianceNormalization"),
)


def _either(of_constants: Operator, of_activations: Operator) -> Operator:
    """One operator for constants alone, another if an input depends on the model's."""

    def operator(state: Import, node: Node) -> Tensor | list[Tensor]:
        active = any(isinstance(tensor, Value) for tensor in state.inputs(node))
        return of_activations(state, node) if active else of_constants(state, node)

    return operator


def _gathered(node: Node, array: Any, index: Any) -> Any:
    return np.take(array, index.astype(int), axis=node.integer("axis", 0))


def _joined(node: Node, *arrays: Any) -> Any:
    return np.concatenate([np.atleast_1d(array) for array in arrays], axis=node.integer("axis", 0))


def _quotient(node: Node, left: Any, right: Any) -> Any:
    whole = np.issubdtype(np.asarray(left).dtype, np.integer)
    return left // right if whole else left / right


def _plain(compute: Callable[..., Any]) -> Operator:
    """Arithmetic of constants."""
    return constants.folded(lambda node, *arrays: compute(*arrays))


def _add_all(*arrays: Any) -> Any:
    return sum(arrays)


OPERATORS: dict[str, Operator] = {
    "Conv": layers.convolution,
    "Gemm": layers.fully_connected,
    "MatMul": layers.fully_connected,
    **dict.fromkeys(("MaxPool", "AveragePool", "LpPool"), layers.pooling),
    **dict.fromkeys(("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"), layers.global_pooling),
    **dict.fromkeys(("ReduceMean", "ReduceMax", "ReduceSum", "ReduceL2"), layers.reduction),
    "Add": _either(_plain(np.add), layers.addition),
    "Sum": _either(_plain(_add_all), layers.addition),
    "Sub": _either(_plain(np.subtract), layers.addition),
    "Concat": _either(constants.folded(_joined), layers.concatenation),
    "Mul": _either(_plain(np.multiply), forms.multiplication),
    "Div": _either(constants.folded(_quotient), forms.multiplication),
    "Pow": _either(_plain(np.power), forms.multiplication),
    "Reshape": forms.reshape,
    "Flatten": forms.flatten,
    "Squeeze": forms.squeeze,
    "Unsqueeze": forms.unsqueeze,
    "Transpose": forms.transpose,
    "Pad": forms.padding,
    "Split": forms.split,
    "Slice": forms.cutting,
    "Shape": constants.shape_of,
    "Constant": constants.constant_value,
    "ConstantOfShape": constants.constant_of_shape,
    "Gather": constants.folded(_gathered),
    "Identity": forms.passed_on(""),
    "Cast": forms.passed_on(""),
    "Dropout": forms.passed_on(DROPPED),
    **dict.fromkeys(("Softmax", "LogSoftmax"), forms.passed_on(AT_THE_END)),
    **dict.fromkeys(NONLINEARITIES, forms.passed_on(NONLINEAR)),
    **dict.fromkeys(NORMALISATIONS, forms.passed_on(NORMALISED)),
}


def run(state: Import, node: Node) -> None:
    """Take one node in: its outputs become tensors of the state."""
    if node.op not in OPERATORS:
        given = state.inputs(node)
        if any(isinstance(tensor, Value) for tensor in given) or node.op in ("If", "Loop", "Scan"):
            node.refuse("this operator has no counterpart in a ConvAC surrogate")
        found: Tensor | list[Tensor] = Known(None)
    else:
        try:
            found = OPERATORS[node.op](state, node)
        except BAD_FILE as error:
            node.refuse(f"its inputs and attributes do not fit each other ({type(error).__name__})")
    outputs = found if isinstance(found, list) else [found]
    state.tensors |= dict(zip(node.outputs, outputs, strict=False))
