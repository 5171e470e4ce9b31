"""Ranks and Schmidt values measured, not bounded: the oracle shares no code with the cuts."""

from ..tools.memory import free_memory
from .contract import ENGINES, coefficient_tensor
from .elimination import rank_modulo
from .evaluate import evaluate
from .fields import PRIME, Field, Floats, Modular
from .grid_rank import GridRank, grid_rank
from .matrix import matricization, probe_matrix
from .rank import ExactRank, exact_rank, exact_rank_of
from .schmidt import schmidt_values
from .spectrum import Spectrum, rank_across, spectrum
from .weights import Weights, draw_weights, load_weights, modulo, save_weights, weights_from
from .wide_floats import WideFloats

__all__ = [
    "ENGINES",
    "PRIME",
    "ExactRank",
    "Field",
    "Floats",
    "GridRank",
    "Modular",
    "Spectrum",
    "Weights",
    "WideFloats",
    "coefficient_tensor",
    "draw_weights",
    "evaluate",
    "exact_rank",
    "exact_rank_of",
    "free_memory",
    "grid_rank",
    "load_weights",
    "matricization",
    "modulo",
    "probe_matrix",
    "rank_across",
    "rank_modulo",
    "save_weights",
    "schmidt_values",
    "spectrum",
    "weights_from",
]
