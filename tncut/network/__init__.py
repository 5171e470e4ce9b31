"""Tensor networks, how a circuit unfolds to one, and how einsum writes one."""

from ..circuit import LABEL, SITE
from .architecture import NetworkArchitecture, Specified, Subject, build
from .network import TensorNetwork
from .terms import network_of_terms
from .unfolding import UnfoldedSize, unfold, unfolded_size

__all__ = [
    "LABEL",
    "SITE",
    "NetworkArchitecture",
    "Specified",
    "Subject",
    "TensorNetwork",
    "UnfoldedSize",
    "build",
    "network_of_terms",
    "unfold",
    "unfolded_size",
]
