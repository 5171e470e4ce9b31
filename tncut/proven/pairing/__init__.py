"""Pairings (theorem T4), a proven lower end for any circuit: digits of A and B that meet on their way up."""

from .best import best_pairing, most_pairs
from .check import check_pairing
from .paths import Path, paths
from .plan import Pairing
from .weights import pairing_weights

__all__ = ["Pairing", "Path", "best_pairing", "check_pairing", "most_pairs", "pairing_weights", "paths"]
