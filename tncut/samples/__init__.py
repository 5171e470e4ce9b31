"""The entanglement of data: samples embedded as product vectors, what they demand of a network, and in which order."""

from .embeddings import EMBEDDINGS
from .entanglement import DataEntanglement, Demand, Estimate, data_entanglement
from .matching import Match, Matches, match
from .ordering import Ordering, order_sites
from .reading import load_samples
from .samples import SCALES, Samples

__all__ = [
    "EMBEDDINGS",
    "SCALES",
    "DataEntanglement",
    "Demand",
    "Estimate",
    "Match",
    "Matches",
    "Ordering",
    "Samples",
    "data_entanglement",
    "load_samples",
    "match",
    "order_sites",
]
