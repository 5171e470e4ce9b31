"""Pictures of tensor networks and their cuts."""

from .files import save
from .network import network

__all__ = ["network", "save"]
