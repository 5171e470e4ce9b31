"""What a user writes: frozen specifications of architectures, each of which builds a circuit."""

from .common import Architecture, compile
from .convac import ConvAC, Layer

__all__ = ["Architecture", "ConvAC", "Layer", "compile"]
