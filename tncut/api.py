"""The public names of tncut."""

from . import draw, entanglement, oracle, statements
from .architectures import ConvAC, Dilated, Layer, Linear, Mixed, Recurrent, Tree, compile
from .bulk import Bounds, bounds
from .circuit import Circuit
from .comparison import Row, Sweep, compare, load_sweep, read_results
from .cost import Cost, count_cost
from .errors import TncutError
from .formats import gallery, load, load_spec, save_spec
from .grids import GridMeasurement, measure_grid
from .mincut import Cut, SymmetricCut, min_cut, symmetric_cut
from .network import TensorNetwork
from .page import explore
from .partition import Partition
from .profiles import Profile, profile
from .report import Report, bound
from .summary import Summary, describe
from .unfolding import unfold
from .verification import Verification, verify

__all__ = [
    "Bounds",
    "Circuit",
    "ConvAC",
    "Cost",
    "Cut",
    "Dilated",
    "GridMeasurement",
    "Layer",
    "Linear",
    "Mixed",
    "Partition",
    "Profile",
    "Recurrent",
    "Report",
    "Row",
    "Summary",
    "Sweep",
    "SymmetricCut",
    "TensorNetwork",
    "TncutError",
    "Tree",
    "Verification",
    "bound",
    "bounds",
    "compare",
    "compile",
    "count_cost",
    "describe",
    "draw",
    "entanglement",
    "explore",
    "gallery",
    "load",
    "load_spec",
    "load_sweep",
    "measure_grid",
    "min_cut",
    "oracle",
    "profile",
    "read_results",
    "save_spec",
    "statements",
    "symmetric_cut",
    "unfold",
    "verify",
]
