"""Weights of a circuit: drawn from ensembles, those of known states, and those in files."""

from .files import SUFFIX, load_weights, save_weights, weights_from
from .weights import KINDS, Weights, draw_weights, modulo

__all__ = [
    "KINDS",
    "SUFFIX",
    "Weights",
    "check_weights_name",
    "draw_weights",
    "load_weights",
    "modulo",
    "save_weights",
    "weights_from",
]
