"""Networks whose gates are not products: what can be measured of them, beside what is known of their ceilings."""

from dataclasses import dataclass
from typing import Any

from ..architectures import Architecture, compile
from ..circuit import Circuit
from ..errors import MethodError
from ..oracle import GridRank, grid_rank
from ..partition import Partition, Split
from ..proven.report import heading
from ..proven.theorems import Statement, grid_ceiling
from ..tools.words import brief


@dataclass(frozen=True, repr=False)
class GridMeasurement:
    """The rank of a grid tensor, measured for one draw of weights and templates; `ceiling`: what it cannot exceed."""

    name: str
    partition: Partition
    grid: GridRank
    ceiling: Statement | None  # None: none is known for this network
    weights: str = "random"

    def __repr__(self) -> str:
        least = "" if self.grid.complete else "at least "
        name, split = brief(self.name or "circuit"), brief(self.partition.name or "(none)")
        return f"<GridMeasurement: {name}, {split}: grid rank {least}{self.grid.rank} of {self.weights} weights>"

    def to_dict(self) -> dict[str, Any]:
        """The measurement and its ceiling as plain data, integers exact."""
        ceiling = None if self.ceiling is None else vars(self.ceiling)
        return {
            "name": self.name,
            "partition": self.partition.name,
            "sites_a": len(self.partition.sites_a),
            "sites_b": len(self.partition.sites_b),
            "measured": {"weights": self.weights, "grid_rank": vars(self.grid) | {"shape": list(self.grid.shape)}},
            "ceiling": ceiling,
        }

    def __str__(self) -> str:
        grid = self.grid
        least = "" if grid.complete else "at least "
        joined = "no tensor network, so no cut bounds its rank" if grid.gate != "product" else "the cut bounds its rank"
        arithmetic = grid.arithmetic if grid.arithmetic.startswith("modulo") else f"in {grid.arithmetic}"
        lines = [
            heading(self.name, self.partition),
            f"gates      {grid.gate}: {joined}",
            f"measured   grid rank {least}{grid.rank} of {self.weights} weights and random templates, "
            f"seed {grid.seed}, {arithmetic}, {grid.shape[0]} x {grid.shape[1]}",
            f"ceiling    {self.ceiling or 'none is known for this network'}",
        ]
        return "\n".join(lines)


def measure_grid(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    seed: int = 0,
    weights: str = "random",
    memory_limit: int | None = None,
) -> GridMeasurement:
    """Measure the rank of the grid tensor over a partition, for any gates."""
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    try:
        ceiling = grid_ceiling(circuit, split)
    except MethodError:
        ceiling = None
    found = grid_rank(circuit, split, seed=seed, weights=weights, memory_limit=memory_limit)
    return GridMeasurement(getattr(architecture, "name", ""), split, found, ceiling, weights)
