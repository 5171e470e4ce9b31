"""A cut of a tensor network: a side for every tensor, and the bonds that are cut."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..network import TensorNetwork
from ..partition import Partition
from ..tools.arrays import BoolArray, IntArray, product, row_sums


@dataclass(frozen=True, eq=False)
class Cut:
    """A minimum cut: a side for every tensor, for one partition of the sites.

    `method` found it (see `min_cut`). `certificate` says in words why no cut has a smaller product.
    """

    network: TensorNetwork
    partition: Partition
    sides: BoolArray  # (tensors,) True: side A
    method: str
    certificate: str

    @cached_property
    def bonds(self) -> IntArray:
        """The indices of the cut bonds: those with holders, or a site, on both sides."""
        return cut_bonds(self.network, self.partition.sides, self.sides)

    @property
    def dims(self) -> IntArray:
        """The dimension of each cut bond."""
        return self.network.bond_dims[self.bonds]

    @property
    def layers(self) -> IntArray:
        """The layer of each cut bond; -1 for the bond of a site, -2 for that of the label."""
        return self.network.bond_layer[self.bonds]

    @property
    def names(self) -> list[str]:
        """The name of each cut bond."""
        return [self.network.bond_name(bond) for bond in self.bonds.tolist()]

    @cached_property
    def rank_bound(self) -> int:
        """The exact product of the dimensions of the cut bonds: an upper bound on the Schmidt rank."""
        return product(self.dims)

    @property
    def entropy_bound(self) -> float:
        """The most entanglement entropy that this cut lets through, in bits."""
        return math.log2(self.rank_bound)

    def _repr_html_(self) -> str:
        """The network with the cut, as notebooks show it; only text above 2000 tensors."""
        from ..draw.notebook import cut_html

        return cut_html(self)


def cut_bonds(network: TensorNetwork, side_a: BoolArray, sides: BoolArray) -> IntArray:
    """The indices of the bonds that have holders, or a site, on both sides.

    `side_a`: (terminals,) and `sides`: (tensors,) booleans, True: side A.
    """
    on_a = row_sums(sides[network.bond_tensor].astype(np.int64), network.bond_start)
    on_b = network.holder_counts - on_a
    on_a[network.read_bonds(side_a)] += 1
    on_b[network.read_bonds(~side_a)] += 1
    return np.flatnonzero((on_a > 0) & (on_b > 0))
