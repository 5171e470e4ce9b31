"""Pictures of tensor networks and their cuts, of pairings, of results, of profiles, of demands, and of frontiers."""

from .figures.cells import select
from .figures.demands import demands
from .figures.files import picture_format, save, save_axes
from .figures.network import network
from .figures.pairing import pairing
from .figures.pareto import frontier
from .figures.profiles import profile
from .figures.results import plot

__all__ = [
    "demands",
    "frontier",
    "network",
    "pairing",
    "picture_format",
    "plot",
    "profile",
    "save",
    "save_axes",
    "select",
]
