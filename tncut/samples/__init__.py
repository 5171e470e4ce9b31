"""The entanglement of data: samples embedded as product vectors, what they demand of a network, and in which order."""

from .demand import Demand, Estimate
from .embeddings import EMBEDDINGS
from .entanglement import DataEntanglement, data_entanglement
from .matching import Match, Matches, match
from .ordering import Ordering, order_sites
from .reading import READERS, load_samples
from .samples import SCALES, Samples

__all__ = [
    "EMBEDDINGS",
    "READERS",
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
