"""The tree, or the order, of the sites whose largest cut is smallest; `arrange` is the way in."""

from .arrangement import Arrangement, arrange

__all__ = ["Arrangement", "arrange"]
