"""The public names of tncut."""

from . import draw, oracle
from .architectures import (
    MERA,
    MPS,
    PEPS,
    ConvAC,
    Dilated,
    Einsum,
    Layer,
    Linear,
    Mixed,
    RandomRegular,
    Recurrent,
    Tree,
    compile,
)
from .architectures.cost import Cost, count_cost
from .architectures.network_summary import NetworkSummary
from .architectures.summary import Summary, describe
from .circuit import Circuit
from .comparison import Row, Sweep, compare, load_sweep, read_results
from .draw.page import explore
from .errors import (
    CircuitError,
    ExtraError,
    FileError,
    MethodError,
    NetworkError,
    PartitionError,
    ResultsError,
    SizeError,
    SpecError,
    TncutError,
)
from .formats import gallery, load, load_spec, save_spec
from .mincut import Cut, min_cut
from .network import TensorNetwork, unfold
from .oracle import entanglement
from .partition import Partition
from .proven import (
    Bounds,
    LowerBound,
    Profile,
    Report,
    SymmetricCut,
    UpperBound,
    bound,
    profile,
    reports,
    symmetric_cut,
    theorems,
)
from .proven.batch import bounds
from .proven.fan import Fan, find_fans, proven_rank
from .proven.pairing import Pairing, best_pairing, check_pairing, pairing_weights
from .verification import GridMeasurement, Verification, measure_grid, verify

__all__ = [
    "MERA",
    "MPS",
    "PEPS",
    "Bounds",
    "Circuit",
    "CircuitError",
    "ConvAC",
    "Cost",
    "Cut",
    "Dilated",
    "Einsum",
    "ExtraError",
    "Fan",
    "FileError",
    "GridMeasurement",
    "Layer",
    "Linear",
    "LowerBound",
    "MethodError",
    "Mixed",
    "NetworkError",
    "NetworkSummary",
    "Pairing",
    "Partition",
    "PartitionError",
    "Profile",
    "RandomRegular",
    "Recurrent",
    "Report",
    "ResultsError",
    "Row",
    "SizeError",
    "SpecError",
    "Summary",
    "Sweep",
    "SymmetricCut",
    "TensorNetwork",
    "TncutError",
    "Tree",
    "UpperBound",
    "Verification",
    "best_pairing",
    "bound",
    "bounds",
    "check_pairing",
    "compare",
    "compile",
    "count_cost",
    "describe",
    "draw",
    "entanglement",
    "explore",
    "find_fans",
    "gallery",
    "load",
    "load_spec",
    "load_sweep",
    "measure_grid",
    "min_cut",
    "oracle",
    "pairing_weights",
    "profile",
    "proven_rank",
    "read_results",
    "reports",
    "save_spec",
    "symmetric_cut",
    "theorems",
    "unfold",
    "verify",
]
