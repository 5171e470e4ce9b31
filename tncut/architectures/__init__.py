"""What a user writes: frozen specifications of architectures, each of which builds a circuit."""

from ..circuit import Architecture, compile
from .convac import ConvAC, Layer
from .dilated import Dilated
from .linear import Linear
from .mixed import Mixed
from .recurrent import Recurrent
from .tree import Tree

__all__ = ["Architecture", "ConvAC", "Dilated", "Layer", "Linear", "Mixed", "Recurrent", "Tree", "compile"]
