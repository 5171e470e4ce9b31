"""Architectures on graphs: of layers (surrogates of real models), and of vertices (graph networks)."""

from .gnn import GraphNet
from .surrogate import Surrogate, SurrogateLayer

__all__ = ["GraphNet", "Surrogate", "SurrogateLayer"]
