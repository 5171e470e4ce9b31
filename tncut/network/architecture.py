"""Architectures that are tensor networks, beside those that are circuits; and what either of them is cut as."""

from typing import Protocol, runtime_checkable

from ..circuit import Architecture, Circuit, compile, require_chosen
from ..errors import SpecError
from .network import TensorNetwork


@runtime_checkable
class NetworkArchitecture(Protocol):
    """A specification that builds a tensor network, or a tensor network itself."""

    @property
    def name(self) -> str: ...

    def network(self) -> TensorNetwork: ...


# What a file may describe.
Specified = Architecture | NetworkArchitecture
# Whatever a user may ask about: a circuit, a tensor network, or an architecture that builds one of them.
Subject = Architecture | Circuit | NetworkArchitecture


def build(subject: Subject) -> Circuit | TensorNetwork:
    """The circuit or the tensor network that an architecture stands for. A SpecError for anything else."""
    if isinstance(subject, NetworkArchitecture):
        if isinstance(subject, type):
            raise SpecError(f"{subject.__name__} is a class of architectures; give one of its instances")
        if not isinstance(subject, TensorNetwork):
            require_chosen(subject)
        return subject.network()
    return compile(subject)
