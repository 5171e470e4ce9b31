"""The public names of tncut."""

from . import draw, entanglement, oracle, statements
from .architectures import ConvAC, Dilated, Layer, Linear, Mixed, Recurrent, Tree, compile
from .circuit import Circuit
from .errors import TncutError
from .formats import gallery, load, load_spec, save_spec
from .grids import GridMeasurement, measure_grid
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
    "Dilated",
    "GridMeasurement",
    "Layer",
    "Linear",
    "Mixed",
    "Partition",
    "Recurrent",
    "Report",
    "Summary",
    "SymmetricCut",
    "TensorNetwork",
    "TncutError",
    "Tree",
    "Verification",
    "bound",
    "compile",
    "describe",
    "draw",
    "entanglement",
    "gallery",
    "load",
    "load_spec",
    "measure_grid",
    "min_cut",
    "oracle",
    "save_spec",
    "statements",
    "symmetric_cut",
    "unfold",
    "verify",
]
