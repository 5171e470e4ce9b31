"""How much dependence between its inputs can a network architecture model? Exact min-cut bounds on entanglement."""

from .architectures import ConvAC, Layer, compile
from .circuit import Circuit
from .mincut import Cut, min_cut
from .network import TensorNetwork
from .partition import Partition
from .report import Report, bound
from .unfold import unfold

__all__ = [
    "Circuit",
    "ConvAC",
    "Cut",
    "Layer",
    "Partition",
    "Report",
    "TensorNetwork",
    "bound",
    "compile",
    "min_cut",
    "oracle",
    "unfold",
]
