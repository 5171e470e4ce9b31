"""Fans (theorem T5): what the several copies of a hidden vector add to the proven lower end of the rank."""

from .fan import Fan, Stage, Strand, closed, proven_rank
from .find import find_fans
from .weights import weights_of

__all__ = ["Fan", "Stage", "Strand", "closed", "find_fans", "proven_rank", "weights_of"]
