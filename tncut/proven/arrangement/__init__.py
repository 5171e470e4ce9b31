"""The tree, or the order, of the sites whose largest cut is smallest; and those that serve given partitions best."""

from .arrangement import Arrangement, arrange
from .placement import Placement, place_sites

__all__ = ["Arrangement", "Placement", "arrange", "place_sites"]
