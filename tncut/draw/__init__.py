"""Pictures of tensor networks and their cuts, of results, and of profiles."""

from .cells import select
from .files import picture_format, save, save_axes
from .network import network
from .profiles import profile
from .results import results

__all__ = ["network", "picture_format", "profile", "results", "save", "save_axes", "select"]
