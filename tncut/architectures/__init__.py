"""What a user writes: frozen specifications of architectures, each of which builds a circuit or a tensor network.

A new architecture is a module here, a kind in `KINDS` of formats/spec.py, a public name in api.py, random instances in
tests/architectures.py, and a table in docs/specifications.md; tests fail until all are there.
"""

from ..circuit import Architecture, compile
from .convac import ConvAC, Layer
from .dilated import Dilated
from .graphs import GraphNet, Surrogate, SurrogateLayer
from .linear import Linear
from .mixed import Mixed
from .networks import MERA, MPS, PEPS, Einsum, RandomRegular
from .recurrent import Recurrent
from .tree import Tree

__all__ = [
    "MERA",
    "MPS",
    "PEPS",
    "Architecture",
    "ConvAC",
    "Dilated",
    "Einsum",
    "GraphNet",
    "Layer",
    "Linear",
    "Mixed",
    "RandomRegular",
    "Recurrent",
    "Surrogate",
    "SurrogateLayer",
    "Tree",
    "compile",
]
