"""Proven against measured: `verify` and `measure` for networks of products, `measure_grid` for other gates."""

from .cut_subject import CutSubject
from .drawn import Drawn
from .grid import GridMeasurement, measure_grid
from .measure import Measurement, measure
from .measured_profile import measure_profile
from .typical import Typical, typical
from .verify import Verification, verify

__all__ = [
    "CutSubject",
    "Drawn",
    "GridMeasurement",
    "Measurement",
    "Typical",
    "Verification",
    "measure",
    "measure_grid",
    "measure_profile",
    "typical",
    "verify",
]
