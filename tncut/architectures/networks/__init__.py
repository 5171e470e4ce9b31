"""Architectures that are tensor networks: any one as einsum writes it, and the geometries of physics."""

from .einsum import Einsum
from .mera import MERA
from .mps import MPS
from .peps import PEPS
from .random_graph import RandomRegular

__all__ = ["MERA", "MPS", "PEPS", "Einsum", "RandomRegular"]
