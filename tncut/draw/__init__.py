"""Pictures of tensor networks and their cuts, of results, and of profiles."""

from .cells import select
from .files import save, save_axes
from .network import network
from .profiles import profile
from .results import results

__all__ = ["network", "profile", "results", "save", "save_axes", "select"]
