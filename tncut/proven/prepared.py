"""A circuit with product gates, or a tensor network, and what the bounds over all its partitions share."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from ..circuit import Architecture, Circuit, compile
from ..network import Subject, TensorNetwork, build, unfold
from ..partition import Terminals
from .symmetric import Search

BOUND_SURROGATE = (
    "surrogate=True, or --surrogate, bounds the network with product gates in their place (its ConvAC surrogate)"
)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A circuit with product gates, unfolded or condensed once for any number of partitions."""

    circuit: Circuit
    name: str = ""  # of the architecture
    surrogate: bool = False  # whether products stand for other gates

    @classmethod
    def of(cls, architecture: Architecture | Circuit, *, surrogate: bool = False) -> "Prepared":
        """The circuit of an architecture; a MethodError for other gates, unless its `surrogate` is asked for."""
        circuit = compile(architecture)
        if not surrogate:
            circuit.require_products("the cut", BOUND_SURROGATE)
        return cls(circuit.surrogate, getattr(architecture, "name", ""), circuit.gate != "product")

    @property
    def built(self) -> Circuit:
        return self.circuit

    @property
    def terminals(self) -> Terminals:
        return self.circuit.terminals

    @property
    def unfolds_to_a_plain_network(self) -> bool:
        """Whether the cut of the unfolded network says all: no unit is re-used, and nothing is added."""
        return not (self.circuit.reuses_units or self.circuit.has_sums)

    @cached_property
    def network(self) -> TensorNetwork:
        """The unfolded network; a MethodError or a SizeError says why there is none."""
        return unfold(self.circuit)

    @cached_property
    def search(self) -> Search:
        """The search for symmetric cuts."""
        return Search(self.circuit)


@dataclass(frozen=True, eq=False)
class PreparedNetwork:
    """A tensor network that was given as such: its minimum cut says all."""

    network: TensorNetwork
    name: str = ""
    surrogate: ClassVar[bool] = False

    @property
    def built(self) -> TensorNetwork:
        return self.network

    @property
    def terminals(self) -> Terminals:
        return self.network.terminals


def prepare(architecture: Subject, *, surrogate: bool = False) -> Prepared | PreparedNetwork:
    """A circuit or a tensor network, ready to be bounded; a MethodError for gates other than the product."""
    built = build(architecture)
    name = getattr(architecture, "name", "")
    if isinstance(built, TensorNetwork):
        return PreparedNetwork(built, name)
    return replace(Prepared.of(built, surrogate=surrogate), name=name)
