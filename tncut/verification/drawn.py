"""Weights in every form in which a user may give them, in floats and modulo a prime."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..circuit import Circuit
from ..errors import MethodError
from ..network import TensorNetwork
from ..oracle import Floats, Modular, Weights, draw_weights, load_weights, modulo, weights_from
from ..oracle.fields import Array
from ..oracle.networks import GIVEN, RANDOM, SHARED, default_kind, draw_tensors, exact_field, residues
from ..oracle.weights import SUFFIX
from ..tools.words import shown, shown_name

# A kind of weights to draw, an .npz file of them, arrays by the names of their groups, or weights. None: the network's
# own arrays where it has some, random ones elsewhere.
Given = str | Path | Mapping[str, Any] | Weights | None
# The weights of a circuit, or the tensors of a network.
Filling = Weights | tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """The weights of a circuit, or the tensors of a network, in floats; `kind` and `words` say what they are."""

    built: Circuit | TensorNetwork
    floats: Filling
    kind: str
    words: str
    seed: int | None  # None: not drawn

    @classmethod
    def of(
        cls,
        built: Circuit | TensorNetwork,
        weights: Given,
        *,
        seed: int = 0,
        shared: bool = False,
        memory_limit: int | None = None,
    ) -> "Drawn":
        """Drawn, read or taken as they are.

        A MethodError if they are nothing known or in another field, a SpecError if they belong to another circuit.
        """
        if weights is None or (isinstance(weights, str) and not weights.endswith(SUFFIX)):
            return cls._by_kind(built, weights, seed, shared, memory_limit)
        if isinstance(built, TensorNetwork):
            raise MethodError(
                f"the tensors of a network are random, shared, or given as its arrays; not {shown(weights)}"
            )
        if isinstance(weights, Weights):
            if not isinstance(weights.field, Floats):
                raise MethodError("Schmidt values need weights in floats")
            return cls(built, Weights(built, *_parts(weights)), GIVEN, "given weights", None)
        if isinstance(weights, Mapping):
            return cls(built, weights_from(weights, built), GIVEN, "given weights", None)
        if not isinstance(weights, str | Path):
            raise MethodError(
                f"weights are {shown(weights)}; give a kind to draw, a file ({SUFFIX}), arrays by name, "
                "or oracle.Weights"
            )
        found = load_weights(weights, built, memory_limit=memory_limit)
        return cls(built, found, GIVEN, f"weights of {shown_name(Path(weights))}", None)

    @classmethod
    def _by_kind(
        cls, built: Circuit | TensorNetwork, kind: str | None, seed: int, shared: bool, memory_limit: int | None
    ) -> "Drawn":
        """Weights of a kind, drawn with a seed."""
        if isinstance(built, TensorNetwork):
            known = kind or (SHARED if shared else default_kind(built))
            tensors = draw_tensors(built, known, field=Floats(), seed=seed, memory_limit=memory_limit)
            name = "given" if known == GIVEN else known
            return cls(built, tensors, name, _words(name, seed), None if known == GIVEN else seed)
        known = kind or RANDOM
        drawn = draw_weights(built, known, field=Floats(), seed=seed, shared=shared, memory_limit=memory_limit)
        name = kind_words(known, shared=shared)
        return cls(built, drawn, name, _words(name, seed), seed)

    @cached_property
    def field(self) -> Modular:
        """The field of the exact rank."""
        return exact_field(self.built, self.kind) if isinstance(self.built, TensorNetwork) else Modular()

    @cached_property
    def exact(self) -> Filling:
        """The same weights modulo a prime, each float the fraction that it is."""
        if isinstance(self.floats, Weights):
            return modulo(self.floats, self.field)
        return tuple(residues(array, self.field) for array in self.floats)

    @property
    def are_shared(self) -> bool:
        """Whether a circuit has one matrix for all positions, so that nothing proven for unshared weights holds."""
        return isinstance(self.built, Circuit) and self.kind.startswith(SHARED)

    @property
    def are_generic(self) -> bool:
        """Whether their rank is a proven lower end of the network: not if other tensors are asked for than it has."""
        if isinstance(self.built, Circuit):
            return True
        network = self.built
        is_free = network.arrays is None and (network.free or (self.kind == SHARED and network.shares_tensors))
        return self.kind == GIVEN or is_free


def kind_words(kind: str, *, shared: bool) -> str:
    """The name of an ensemble, and whether its weights are shared.

    >>> kind_words("he", shared=True)
    'shared he'
    """
    return f"shared {kind}" if shared and kind != SHARED else kind


def _words(name: str, seed: int) -> str:
    return "given tensors" if name == GIVEN else f"{name} weights, seed {seed}"


def _parts(weights: Weights) -> tuple[Any, ...]:
    return weights.field, weights.matrices, weights.output
