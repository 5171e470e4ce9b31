"""What all architectures have in common, and how one becomes a circuit."""

from typing import Protocol, runtime_checkable

from ..circuit import Circuit
from ..errors import SpecError


@runtime_checkable
class Architecture(Protocol):
    """A specification that builds a circuit."""

    @property
    def name(self) -> str: ...

    def circuit(self) -> Circuit: ...


class Shown:
    """An architecture that notebooks show as its tensor network."""

    def _repr_html_(self: Architecture) -> str | None:
        """The unfolded network; None, so that text stands in, if there is none, or above 2000 tensors."""
        from ..draw.notebook import architecture_html

        return architecture_html(self)


def compile(architecture: Architecture | Circuit) -> Circuit:
    """The circuit of an architecture; a circuit is returned as it is."""
    if isinstance(architecture, Circuit):
        return architecture
    if not isinstance(architecture, Architecture):
        raise SpecError(f"{type(architecture).__name__} is no architecture; give for example a ConvAC, or a Circuit")
    return architecture.circuit()
