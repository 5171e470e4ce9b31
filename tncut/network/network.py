"""Tensor networks as hypergraphs: tensors, and the bonds they hold.

A bond may be held by any number of tensors (more than two: a copy tensor joins them). A site is an open
index: a terminal on one bond.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import NetworkError
from ..partition import Terminals
from ..tools.arrays import BoolArray, IntArray, ranges, row_sums, rows, starts

SITE, LABEL = -1, -2  # the layer of a site's bond, and of the label's


@dataclass(frozen=True, eq=False)
class TensorNetwork:
    """Tensors joined by the bonds they hold, with the sites as terminals.

    A bond knows where it comes from: its layer (SITE and LABEL for those), the position in that layer, and which
    duplicate it is. A tensor knows the factor of the circuit whose matrix it is, and which duplicate.
    """

    bond_dims: IntArray  # (bonds,)
    bond_start: IntArray  # (bonds + 1,) the holders of bond b are bond_tensor[bond_start[b]:bond_start[b + 1]]
    bond_tensor: IntArray  # (incidences,)
    site_bond: IntArray  # (terminals,) the bond that carries each site; -1: no tensor reads it
    bond_layer: IntArray  # (bonds,)
    bond_position: IntArray  # (bonds,)
    bond_copy: IntArray  # (bonds,)
    tensor_factor: IntArray  # (tensors,) -1: the tensor of the output
    tensor_copy: IntArray  # (tensors,)
    grid: tuple[int, ...] | None = None  # of the sites; None: they lie on a line
    label: bool = False  # whether the last terminal is the label of an open output

    def __post_init__(self) -> None:
        if (self.bond_dims < 1).any():
            raise NetworkError(f"bond {int(np.argmin(self.bond_dims))} has dimension {self.bond_dims.min()}, not >= 1")
        if len(self.bond_tensor) and not 0 <= self.bond_tensor.min() <= self.bond_tensor.max() < self.tensors:
            raise NetworkError(f"a bond is held by a tensor outside 0 .. {self.tensors - 1}")
        if len(self.site_bond) and self.site_bond.min() < -1:
            raise NetworkError(f"a site lies on bond {self.site_bond.min()}; -1 stands for a site that no tensor reads")
        carried = self.site_bond[self.site_bond >= 0]
        if len(carried) and carried.max() >= self.bonds:
            raise NetworkError(f"a site lies on bond {carried.max()}; the bonds are 0 to {self.bonds - 1}")
        if len(np.unique(carried)) < len(carried):
            raise NetworkError("two sites lie on one bond; each site needs a bond of its own")
        if len(self.terminals) != len(self.site_bond):
            raise NetworkError(f"{len(self.site_bond)} terminals are given for a grid of {len(self.terminals)}")

    @classmethod
    def from_bonds(cls, bonds: Sequence[tuple[int, Sequence[int]]], sites: Sequence[int]) -> "TensorNetwork":
        """A network by hand: each bond is (dimension, holding tensors); `sites` names the bond of each site.

        >>> TensorNetwork.from_bonds([(2, [0]), (3, [0, 1]), (2, [1])], sites=[0, 2]).tensors
        2
        """
        for number, (dim, holders) in enumerate(bonds):
            if len(set(holders)) < len(holders):
                raise NetworkError(f"bond {number} is held twice by one tensor: {list(holders)}")
            if not 1 <= dim < 2**62:
                raise NetworkError(f"bond {number} has dimension {dim}; it must be an integer from 1 to 2^62 - 1")
        bond_start, bond_tensor = rows([holders for _, holders in bonds])
        tensors = int(bond_tensor.max()) + 1 if len(bond_tensor) else 0
        return cls(
            bond_dims=np.array([dim for dim, _ in bonds], dtype=np.int64),
            bond_start=bond_start,
            bond_tensor=bond_tensor,
            site_bond=np.array(sites, dtype=np.int64),
            bond_layer=np.zeros(len(bonds), dtype=np.int64),
            bond_position=np.arange(len(bonds)),
            bond_copy=np.zeros(len(bonds), dtype=np.int64),
            tensor_factor=np.arange(tensors),
            tensor_copy=np.zeros(tensors, dtype=np.int64),
        )

    @property
    def bonds(self) -> int:
        """Number of bonds."""
        return len(self.bond_dims)

    @property
    def tensors(self) -> int:
        """Number of tensors."""
        return len(self.tensor_factor)

    @cached_property
    def terminals(self) -> Terminals:
        """What a partition splits: the sites on their grid, and the label of an open output."""
        sites = len(self.site_bond) - self.label
        return Terminals((sites,) if self.grid is None else self.grid, self.label)

    @cached_property
    def holder_counts(self) -> IntArray:
        """(bonds,) how many tensors hold each bond."""
        return np.diff(self.bond_start)

    @property
    def has_duplicates(self) -> bool:
        """Whether a hidden vector occurs more than once."""
        return bool((self.bond_copy > 0).any())

    def holders(self, bonds: IntArray) -> IntArray:
        """The tensors that hold these bonds, bond after bond."""
        return self.bond_tensor[ranges(self.bond_start[bonds], self.holder_counts[bonds])]

    def bond_name(self, bond: int) -> str:
        """x3: site 3; y: the label; u1[4]: the vector at position 4 of layer 1; u1[4]#2: its second duplicate."""
        layer, position, copy = self.bond_layer[bond], self.bond_position[bond], self.bond_copy[bond]
        if layer == LABEL:
            return "y"
        return f"x{position}" if layer == SITE else f"u{layer}[{position}]" + (f"#{copy}" if copy else "")

    @cached_property
    def tensor_bonds(self) -> tuple[IntArray, IntArray]:
        """The bonds of each tensor, as ragged rows (start, bonds)."""
        order = np.argsort(self.bond_tensor, kind="stable")
        bond_of = np.repeat(np.arange(self.bonds), self.holder_counts)
        return starts(np.bincount(self.bond_tensor, minlength=self.tensors)), bond_of[order]

    @cached_property
    def forest(self) -> "tuple[Level, ...] | None":
        """The network hung up by one tensor of each part, level by level; None if it has a cycle."""
        if len(self.bond_tensor) >= max(self.tensors + self.bonds, 1):
            return None
        start, held = self.tensor_bonds
        parent_bond = np.full(self.tensors, -1)
        seen_bond = np.zeros(self.bonds, dtype=bool)
        seen_tensor = np.zeros(self.tensors, dtype=bool)
        levels: list[Level] = []
        unseen = 0
        while unseen < self.tensors:
            frontier = np.array([unseen])
            seen_tensor[unseen] = True
            while len(frontier):
                count = start[frontier + 1] - start[frontier]
                bonds = held[ranges(start[frontier], count)]
                down = bonds != np.repeat(parent_bond[frontier], count)
                bonds, bond_start = bonds[down], starts(row_sums(down, starts(count)))
                above = np.repeat(frontier, np.diff(bond_start))
                tensors = self.holders(bonds)
                other = tensors != np.repeat(above, self.holder_counts[bonds])
                tensors = tensors[other]
                if not (_mark(seen_bond, bonds) and _mark(seen_tensor, tensors)):
                    return None
                tensor_start = starts(self.holder_counts[bonds] - 1)
                parent_bond[tensors] = np.repeat(bonds, np.diff(tensor_start))
                levels.append(Level(frontier, bond_start, bonds, tensor_start, tensors))
                frontier = tensors
            rest = np.flatnonzero(~seen_tensor[unseen:])
            unseen = unseen + int(rest[0]) if len(rest) else self.tensors
        return tuple(levels)


@dataclass(frozen=True, eq=False)
class Level:
    """Tensors, the bonds that hang from them, and the tensors that hang from those bonds."""

    parents: IntArray
    bond_start: IntArray  # (parents + 1,) from parent p hang bonds[bond_start[p]:bond_start[p + 1]]
    bonds: IntArray
    tensor_start: IntArray  # (bonds + 1,) from bond b hang tensors[tensor_start[b]:tensor_start[b + 1]]
    tensors: IntArray


def _mark(seen: BoolArray, items: IntArray) -> bool:
    """Mark items as seen; False if one of them was seen before or comes twice."""
    before = int(np.count_nonzero(seen))
    seen[items] = True
    return int(np.count_nonzero(seen)) == before + len(items)
