"""Architectures: what a user writes, and the circuit that it stands for."""

from typing import Protocol, runtime_checkable

from ..errors import MethodError, SpecError
from ..tools.words import shown
from .circuit import Circuit
from .free import require_chosen


@runtime_checkable
class Architecture(Protocol):
    """A specification that builds a circuit."""

    @property
    def name(self) -> str: ...

    def circuit(self) -> Circuit: ...


def compile(architecture: Architecture | Circuit) -> Circuit:
    """The circuit of an architecture; a circuit is returned as it is. A SpecError for anything else.

    A MethodError for a tensor network, and for an architecture that builds one: it has no units, and so no circuit.
    """
    if isinstance(architecture, Circuit):
        return architecture
    if isinstance(architecture, str):
        name = shown(architecture)
        raise SpecError(f"{name} is a name, no architecture; tncut.load gives the one that it stands for")
    if callable(getattr(architecture, "network", None)) and not isinstance(architecture, type):
        raise MethodError(f"{type(architecture).__name__} is a tensor network, no circuit: it has no units to ask for")
    if isinstance(architecture, type) or not isinstance(architecture, Architecture):
        raise SpecError(f"{type(architecture).__name__} is no architecture; give for example a ConvAC, or a Circuit")
    require_chosen(architecture)
    return architecture.circuit()
