"""Proven against measured: `verify` for networks of products, `measure_grid` for other gates."""

from .grid import GridMeasurement, measure_grid
from .verify import Verification, verify

__all__ = ["GridMeasurement", "Verification", "measure_grid", "verify"]
