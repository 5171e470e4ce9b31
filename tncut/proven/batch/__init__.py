"""Rank bounds over many partitions at once: `bounds` is the way in, `Bounds` the way out."""

from .bounds import Bounds, bounds
from .solvers import Solver, solver_for

__all__ = ["Bounds", "Solver", "bounds", "solver_for"]
