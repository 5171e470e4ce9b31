"""A tensor network at a glance: its sites, its tensors, its bonds, and what is known of their entries."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..network import TensorNetwork
from ..tools.arrays import IntArray
from ..tools.words import counted, exact_or_size
from .cost import count_entries


@dataclass(frozen=True)
class NetworkSummary:
    """What `show` tells of a tensor network; all numbers are exact."""

    name: str
    grid: tuple[int, ...]
    sites: int
    site_dims: tuple[int, ...]  # the distinct ones
    tensors: int
    legs: tuple[int, int]  # fewest and most bonds that a tensor holds
    bonds: int  # those of sites among them
    bond_dims: tuple[int, ...]  # the distinct ones of bonds that are no sites
    copy_tensors: int  # bonds of more than two ends
    entries: int  # of all tensors, each counted by itself
    distinct_entries: int  # of all tensors, those that are the same counted once
    free: bool
    given: bool  # whether the network holds arrays
    cycles: bool

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact."""
        return dict(vars(self))

    def __str__(self) -> str:
        few, most = self.legs
        legs = f"{few}" if few == most else f"{few} to {most}"
        copies = f", {counted(self.copy_tensors, 'copy tensor')} among them" if self.copy_tensors else ""
        return "\n".join(
            [
                self.name or "tensor network",
                f"sites     {' x '.join(map(str, self.grid))}, dimension {_either(self.site_dims)}",
                f"tensors   {self.tensors}, each of {legs} bonds, {'with' if self.cycles else 'without'} cycles",
                f"bonds     {self.bonds - self.sites} beside those of the sites, "
                f"dimension {_either(self.bond_dims)}{copies}",
                f"entries   {exact_or_size(self.entries)}, of distinct tensors {exact_or_size(self.distinct_entries)}",
                f"known     {self._known()}",
            ]
        )

    def _known(self) -> str:
        if self.free:
            return "each tensor is free: generic, and independent of the others"
        return "the tensors are given as arrays" if self.given else "the tensors are not free"


def describe_network(network: TensorNetwork, name: str) -> NetworkSummary:
    """The summary of a tensor network."""
    inner = np.ones(network.bonds, dtype=bool)
    inner[network.site_bond[network.site_bond >= 0]] = False
    ends = network.holder_counts + ~inner
    held = np.diff(network.tensor_bonds[0])
    entries, distinct_entries = count_entries(network)
    return NetworkSummary(
        name=name,
        grid=network.terminals.grid,
        sites=len(network.site_bond),
        site_dims=_distinct(network.bond_dims[~inner]),
        tensors=network.tensors,
        legs=(int(held.min()), int(held.max())),
        bonds=network.bonds,
        bond_dims=_distinct(network.bond_dims[inner]),
        copy_tensors=int(np.count_nonzero(ends > 2)),
        entries=entries,
        distinct_entries=distinct_entries,
        free=network.free,
        given=network.arrays is not None,
        cycles=network.forest is None,
    )


def _distinct(dims: IntArray) -> tuple[int, ...]:
    return tuple(np.unique(dims).tolist())


def _either(values: tuple[int, ...]) -> str:
    if not values:
        return "none"
    return str(values[0]) if len(values) == 1 else f"{values[0]} to {values[-1]}"
