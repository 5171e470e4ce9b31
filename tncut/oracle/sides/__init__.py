"""Each side of a cut contracted to a small factor, by isometries from the sites towards the cut.

The cut is data: a side for every tensor, from wherever. Any sides give the true Schmidt values and the true rank; a
minimum cut only keeps the factors small.
"""

from .centre import Contraction, Tensor
from .pieces import FloatArithmetic, ModularArithmetic

__all__ = ["Contraction", "FloatArithmetic", "ModularArithmetic", "Tensor"]
