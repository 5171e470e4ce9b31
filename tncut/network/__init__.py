"""Tensor networks, and how a circuit unfolds to one."""

from ..circuit import LABEL, SITE
from .network import TensorNetwork
from .unfolding import network_of, unfold, unfolded_size

__all__ = ["LABEL", "SITE", "TensorNetwork", "network_of", "unfold", "unfolded_size"]
