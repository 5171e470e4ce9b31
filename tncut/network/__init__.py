"""Tensor networks, and how a circuit unfolds to one."""

from .network import LABEL, SITE, TensorNetwork
from .unfolding import unfold, unfolded_size

__all__ = ["LABEL", "SITE", "TensorNetwork", "unfold", "unfolded_size"]
