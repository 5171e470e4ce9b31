"""The public names of tncut."""

from . import draw, entanglement, oracle
from .architectures import ConvAC, Layer, compile
from .circuit import Circuit
from .errors import TncutError
from .formats import gallery, load, load_spec, save_spec
from .mincut import Cut, SymmetricCut, min_cut, symmetric_cut
from .network import TensorNetwork
from .partition import Partition
from .report import Report, bound
from .summary import Summary, describe
from .unfolding import unfold
from .verification import Verification, verify

__all__ = [
    "Circuit",
    "ConvAC",
    "Cut",
    "Layer",
    "Partition",
    "Report",
    "Summary",
    "SymmetricCut",
    "TensorNetwork",
    "TncutError",
    "Verification",
    "bound",
    "compile",
    "describe",
    "draw",
    "entanglement",
    "gallery",
    "load",
    "load_spec",
    "min_cut",
    "oracle",
    "save_spec",
    "symmetric_cut",
    "unfold",
    "verify",
]
