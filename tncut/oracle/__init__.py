"""Ranks and Schmidt values measured, not bounded: the oracle shares no code with the cuts."""

from ..tools.memory import free_memory
from .contract import ENGINES, coefficient_tensor
from .elimination import rank_modulo
from .evaluate import evaluate
from .fields import PRIME, Field, Floats, Modular
from .grid_rank import GridRank, grid_rank
from .matrix import matricization, probe_matrix
from .rank import ExactRank, exact_rank
from .schmidt import schmidt_values
from .weights import Weights, draw_weights

__all__ = [
    "ENGINES",
    "PRIME",
    "ExactRank",
    "Field",
    "Floats",
    "GridRank",
    "Modular",
    "Weights",
    "coefficient_tensor",
    "draw_weights",
    "evaluate",
    "exact_rank",
    "free_memory",
    "grid_rank",
    "matricization",
    "probe_matrix",
    "rank_modulo",
    "schmidt_values",
]
