"""Tensor networks as hypergraphs: tensors, and the bonds they hold.

A bond may be held by any number of tensors (more than two: a copy tensor joins them). A site is an open
index: a terminal on one bond. Networks as einsum writes them are made in terms.py, those of circuits in unfolding.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..circuit import LABEL, SITE
from ..errors import NetworkError
from ..partition import Terminals
from ..tools.arrays import BoolArray, FloatArray, IntArray, ranges, read_only, row_sums, rows, starts
from ..tools.fields import check_range, check_starts, own_array
from ..tools.values import LARGEST_DIM, integers
from ..tools.words import shown
from .by_hand import listed_bonds, listed_sites
from .details import Arrays, Axes, check_details


@dataclass(frozen=True, eq=False)
class TensorNetwork:
    """Tensors joined by the bonds they hold, with the sites as terminals. All arrays are read-only.

    A bond knows where it comes from: its layer (SITE and LABEL for those), the position in that layer, and which
    duplicate it is. A tensor knows the factor of the circuit whose matrix it is, and which duplicate; tensors of one
    factor are one and the same tensor.

    `free`: each tensor is generic and independent of the others, so that almost all of them reach a lower end (theorems
    T2 and T3, docs/theory.md); else only upper ends are proven. `axes`: the bonds on the axes of each tensor, in order
    (a bond twice: the diagonal of two axes); None for an unfolded circuit. `bond_names`, those of sites among them;
    `arrays`: given tensors, with their axes in this order, real or complex; `positions` for pictures.
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
    name: str = ""
    free: bool = False
    axes: Axes | None = None  # (tensors,)
    bond_names: tuple[str, ...] | None = None  # (bonds,)
    arrays: Arrays | None = None  # (tensors,)
    positions: FloatArray | None = None  # (tensors + terminals, 2) (x, y), neighbours at a distance of 1

    def __post_init__(self) -> None:
        for key in ("bond_dims", "bond_tensor", "site_bond", "tensor_factor"):
            own_array(self, key, NetworkError)
        own_array(self, "bond_start", NetworkError, length=self.bonds + 1)
        for key in ("bond_layer", "bond_position", "bond_copy"):
            own_array(self, key, NetworkError, length=self.bonds)
        own_array(self, "tensor_copy", NetworkError, length=self.tensors)
        self._check_bonds()
        self._check_sites()
        check_details(self)

    def _check_bonds(self) -> None:
        check_range(self, "bond_dims", NetworkError, least=1, most=LARGEST_DIM)
        check_starts(self, "bond_start", NetworkError, end=len(self.bond_tensor))
        check_range(self, "bond_tensor", NetworkError, least=0, most=self.tensors - 1)
        check_range(self, "bond_layer", NetworkError, least=LABEL, most=LARGEST_DIM)
        for key in ("bond_position", "bond_copy", "tensor_copy"):
            check_range(self, key, NetworkError, least=0, most=LARGEST_DIM)
        check_range(self, "tensor_factor", NetworkError, least=-1, most=LARGEST_DIM)
        self._check_holders()

    def _check_holders(self) -> None:
        """A bond whose holders rise holds each once; those of the others are sorted."""
        starts_bond = np.zeros(len(self.bond_tensor) + 1, dtype=bool)
        starts_bond[self.bond_start] = True
        falls = np.flatnonzero((self.bond_tensor[1:] <= self.bond_tensor[:-1]) & ~starts_bond[1:-1])
        bonds = np.unique(np.searchsorted(self.bond_start, falls, side="right") - 1)
        bond, tensor = np.repeat(bonds, self.holder_counts[bonds]), self.holders(bonds)
        order = np.lexsort((tensor, bond))
        twice = order[1:][(np.diff(bond[order]) == 0) & (np.diff(tensor[order]) == 0)]
        if len(twice):
            raise NetworkError(f"bond {bond[twice[0]]} is held twice by tensor {tensor[twice[0]]}")

    def _check_sites(self) -> None:
        check_range(self, "site_bond", NetworkError, least=-1, most=self.bonds - 1)
        if (np.bincount(self.site_bond[self.site_bond >= 0]) > 1).any():
            raise NetworkError("two sites lie on one bond; each site needs a bond of its own")
        if not isinstance(self.label, bool):
            raise NetworkError(f"label is {shown(self.label)}; it must be true or false")
        sites = len(self.site_bond) - self.label
        if self.grid is not None:
            object.__setattr__(self, "grid", integers("grid", self.grid, NetworkError))
            if math.prod(self.grid) != sites:
                raise NetworkError(f"the grid of the sites is {shown(self.grid)}; there are {sites} sites")
        elif sites < 0:
            raise NetworkError("the label is the last terminal, but there is no terminal")

    @classmethod
    def from_bonds(
        cls, bonds: Sequence[tuple[int, Sequence[int]]], sites: Sequence[int], *, free: bool = True
    ) -> "TensorNetwork":
        """A network by hand: each bond is (dimension, holding tensors); `sites` names the bond of each site.

        A site on bond -1, or on a bond that no tensor holds, is not read: no tensor depends on it. The tensors are
        `free` unless they are said not to be.

        >>> TensorNetwork.from_bonds([(2, [0]), (3, [0, 1]), (2, [1])], sites=[0, 2]).tensors
        2
        """
        dims, holders = listed_bonds(bonds)
        bond_start, bond_tensor = rows(holders)
        tensors = int(bond_tensor.max(initial=-1)) + 1
        return cls(
            bond_dims=np.array(dims, dtype=np.int64),
            bond_start=bond_start,
            bond_tensor=bond_tensor,
            site_bond=np.array(listed_sites(sites, len(dims)), dtype=np.int64),
            bond_layer=np.zeros(len(dims), dtype=np.int64),
            bond_position=np.arange(len(dims)),
            bond_copy=np.zeros(len(dims), dtype=np.int64),
            tensor_factor=np.arange(tensors),
            tensor_copy=np.zeros(tensors, dtype=np.int64),
            free=free,
        )

    def network(self) -> "TensorNetwork":
        """Itself: a tensor network is an architecture that needs no building."""
        return self

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
        names = None if self.bond_names is None else tuple(self.bond_name(bond) for bond in self.site_bond.tolist())
        return Terminals((sites,) if self.grid is None else self.grid, self.label, names)

    @cached_property
    def holder_counts(self) -> IntArray:
        """(bonds,) how many tensors hold each bond."""
        return read_only(np.diff(self.bond_start))

    @cached_property
    def read(self) -> BoolArray:
        """(terminals,) whether a tensor holds the bond of each site. A site that is not read parts nothing."""
        read = self.site_bond >= 0
        read[read] = self.holder_counts[self.site_bond[read]] > 0
        return read_only(read)

    def read_bonds(self, side: BoolArray) -> IntArray:
        """The bonds of those terminals of a side, (terminals,) booleans, that are read."""
        return self.site_bond[self.read & side]

    @property
    def has_duplicates(self) -> bool:
        """Whether a hidden vector occurs more than once."""
        return bool((self.bond_copy > 0).any())

    def holders(self, bonds: IntArray) -> IntArray:
        """The tensors that hold these bonds, bond after bond."""
        return self.bond_tensor[ranges(self.bond_start[bonds], self.holder_counts[bonds])]

    def bond_name(self, bond: int) -> str:
        """Its own name; or x3: site 3; y: the label; u1[4]: the vector at position 4 of layer 1; u1[4]#2: its second
        duplicate.
        """
        if self.bond_names is not None:
            return self.bond_names[bond] if bond >= 0 else ""
        layer, position, copy = self.bond_layer[bond], self.bond_position[bond], self.bond_copy[bond]
        if layer == LABEL:
            return "y"
        return f"x{position}" if layer == SITE else f"u{layer}[{position}]" + (f"#{copy}" if copy else "")

    def layer_name(self, layer: int) -> str:
        """What a layer of bonds is called: sites, label, layer 3; bonds, where there are no layers."""
        if layer in (SITE, LABEL):
            return "sites" if layer == SITE else "label"
        layered = self.axes is None or bool((self.bond_layer > 0).any())
        return f"layer {layer}" if layered else "bonds"

    @property
    def all_axes(self) -> Axes:
        """(tensors,) the bonds on the axes of each tensor; in rising order, where the network does not say."""
        if self.axes is not None:
            return self.axes
        start, held = self.tensor_bonds
        return tuple(tuple(held[a:b].tolist()) for a, b in pairwise(start.tolist()))

    @property
    def shares_tensors(self) -> bool:
        """Whether several of its tensors are one and the same."""
        return len(np.unique(self.tensor_factor)) < self.tensors

    @cached_property
    def tensor_bonds(self) -> tuple[IntArray, IntArray]:
        """The bonds of each tensor, as ragged rows (start, bonds)."""
        order = np.argsort(self.bond_tensor, kind="stable")
        bond_of = np.repeat(np.arange(self.bonds), self.holder_counts)
        counts = np.bincount(self.bond_tensor, minlength=self.tensors)
        return read_only(starts(counts)), read_only(bond_of[order])

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
                below = (frontier, bond_start, bonds, tensor_start, tensors)
                levels.append(Level(*(read_only(array) for array in below)))
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
