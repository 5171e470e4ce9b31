"""The state of an import: the layers made so far, the tensors known so far, and what was replaced."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ...architectures import SurrogateLayer
from ...architectures.graphs.surrogate import SITES
from ...errors import SpecError
from ...tools.words import shown, shown_name
from .values import Known, Value

Tensor = Known | Value


@dataclass(frozen=True)
class Node:
    """An operator of the graph."""

    op: str
    name: str  # the first output's, if it has none of its own
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]
    named: bool = True

    def refuse(self, why: str) -> NoReturn:
        """An error that names the node and its operator."""
        raise SpecError(f"node {shown_name(self.name)} ({shown_name(self.op)}): {why}")

    def integers(self, key: str, default: Sequence[int]) -> tuple[int, ...]:
        """An attribute that lists integers."""
        found = self.attributes.get(key, default)
        if not isinstance(found, list | tuple) or not all(isinstance(item, int) for item in found):
            self.refuse(f"its {key} is {shown(found)}; it must be a list of integers")
        return tuple(found)

    def integer(self, key: str, default: int) -> int:
        found = self.attributes.get(key, default)
        if not isinstance(found, int):
            self.refuse(f"its {key} is {shown(found)}; it must be an integer")
        return found

    def text(self, key: str, default: str) -> str:
        found = self.attributes.get(key, default)
        return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)


@dataclass(frozen=True)
class Place:
    """A layer: its grid at the size in the file, its grid at the size that is asked for, and its channels."""

    native: tuple[int, ...]
    grid: tuple[int, ...]
    channels: int


@dataclass
class Import:
    """What has been read of a graph."""

    pooling: str
    resized: bool  # whether the sites are other ones than those in the file
    tensors: dict[str, Tensor] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    layers: list[SurrogateLayer] = field(default_factory=list)
    done: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # what was done -> operators
    remarks: list[str] = field(default_factory=list)

    def inputs(self, node: Node) -> list[Tensor | None]:
        """The tensors that a node reads; None for one that is left out."""
        return [self._tensor(node, name) if name else None for name in node.inputs]

    def _tensor(self, node: Node, name: str) -> Tensor:
        if name not in self.tensors:
            node.refuse(f"reads {shown(name)}, which no node before it gives, or only as a further output")
        return self.tensors[name]

    def note(self, node: Node, what: str) -> None:
        """Say what became of a node."""
        self.done[what][node.op] += 1

    def add(self, node: Node, place: Place, **keys: Any) -> str:
        """A new layer, called as the node is; its name."""
        base = shown_name(node.name) if node.named else node.op.lower()
        number = sum(layer.name == base or layer.name.startswith(f"{base}-") for layer in self.layers)
        taken = {layer.name for layer in self.layers} | {SITES}
        while (name := f"{base}-{number + 1}" if number or not node.named else base) in taken:
            number += 1
        self.layers.append(SurrogateLayer(name=name, **keys))
        self.places[name] = place
        return name

    @property
    def notes(self) -> tuple[str, ...]:
        """What was replaced and dropped, one line for each thing that was done."""
        lines = []
        for what, operators in self.done.items():
            counts = ", ".join(op if times == 1 else f"{times} {op}" for op, times in operators.items())
            lines.append(f"{counts}: {what}")
        return (*lines, *self.remarks)
