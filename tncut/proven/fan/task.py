"""A circuit as plain lists, for searches that visit few of its units at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...circuit import Circuit
from ...partition import Partition
from .fan import Fan


@dataclass(frozen=True, eq=False)
class Task:
    """A closed circuit and the sides of its sites."""

    circuit: Circuit
    side_a: list[bool]
    dims: list[int]
    start: list[int]
    child: list[int]
    unit: list[int]  # the vertex of each factor's unit
    uses: list[list[int]]  # the factors that read each vertex; the output's use of the root is the last of all
    copies: list[int]

    @classmethod
    def of(cls, circuit: Circuit, partition: Partition) -> "Task":
        uses: list[list[int]] = [[] for _ in range(circuit.sites + circuit.units)]
        for factor, child in enumerate(circuit.factor_child.tolist()):
            uses[child].append(factor)
        uses[-1].append(len(circuit.factor_child))
        return cls(
            circuit,
            partition.sides.tolist(),
            circuit.vertex_dims.tolist(),
            circuit.factor_start.tolist(),
            circuit.factor_child.tolist(),
            (circuit.sites + circuit.factor_unit).tolist(),
            uses,
            circuit.multiplicities.tolist(),
        )

    @property
    def sites(self) -> int:
        return self.circuit.sites

    def factors(self, vertex: int) -> range:
        """The factors of the unit at a vertex."""
        return range(self.start[vertex - self.sites], self.start[vertex - self.sites + 1])

    def room(self, fans: Iterable[Fan]) -> list[int]:
        """What fans leave of each vertex: its dimension divided by what they keep, rounded down."""
        kept = [1] * len(self.dims)
        for fan in fans:
            for vertex in {self.unit[factor] for factor in fan.carried}:
                kept[vertex] *= fan.channels
            for site, dim in fan.sites.items():
                kept[site] *= dim
        return [dim // used for dim, used in zip(self.dims, kept, strict=True)]
