"""The unfolded network as a tree of matrices over the sites, and the positions of its parts from left to right."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...network import SITE, TensorNetwork
from ...tools.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class MatrixTree:
    """The matrices of all copies of units, each between the bond that it reads and the bond of its copy.

    The copies are numbered from the root down, as unfolding does: a copy comes before those that it reads, and so
    do its matrices.
    """

    above: IntArray  # (matrices,) the bond of the copy
    below: IntArray  # (matrices,) the bond that is read
    bond_site: IntArray  # (root,) the site of each bond that carries one

    @classmethod
    def of(cls, network: TensorNetwork, matrices: int) -> "MatrixTree":
        carried = network.bond_layer == SITE
        pairs = network.tensor_bonds[1][: 2 * matrices].reshape(matrices, 2).T
        reads_site = carried[pairs[0]]
        above, below = np.where(reads_site, pairs[::-1], pairs)
        return cls(above, below, network.bond_position[carried])

    @property
    def root(self) -> int:
        """The bond of the root's copy: the first one that carries no site."""
        return len(self.bond_site)

    @property
    def bonds(self) -> int:
        """The number of bonds of sites and copies; the bond of the label is not counted."""
        return int(self.above.max()) + 1

    @cached_property
    def leaves(self) -> BoolArray:
        """(matrices,) True: it reads a site."""
        return self.below < self.root

    def across(self, site_x: FloatArray, width: float) -> tuple[FloatArray, FloatArray]:
        """x of the matrices and of the bonds: each matrix above what it reads, each copy above its matrices' middle.

        Subtrees lie side by side, in the order of the mean of the sites they read, and leaves are at least one slot
        apart. Leaves stand above their sites if they have the same order as these, else at even distances.
        """
        slot = self._slots(site_x)
        leaf_site = np.empty(np.count_nonzero(self.leaves), dtype=np.int64)
        leaf_site[slot[self.leaves]] = self.bond_site[self.below[self.leaves]]
        in_order = bool((np.diff(leaf_site) > 0).all())
        leaf_x = site_x[leaf_site] if in_order else (np.arange(len(leaf_site)) + 0.5) * width / len(leaf_site)
        x = np.zeros(len(self.above))
        low, high = np.full(self.bonds, np.inf), np.full(self.bonds, -np.inf)
        for matrix in reversed(range(len(x))):
            above, below = self.above[matrix], self.below[matrix]
            x[matrix] = leaf_x[slot[matrix]] if below < self.root else (low[below] + high[below]) / 2
            low[above], high[above] = min(low[above], x[matrix]), max(high[above], x[matrix])
        low[: self.root] = high[: self.root] = site_x[self.bond_site]
        return x, (low + high) / 2

    def _slots(self, site_x: FloatArray) -> IntArray:
        """(matrices,) the number of the first leaf below each matrix, from left to right."""
        leaves, total = np.zeros(self.bonds, dtype=np.int64), np.zeros(self.bonds)
        leaves[: self.root], total[: self.root] = 1, site_x[self.bond_site]
        for matrix in reversed(range(len(self.above))):
            above, below = self.above[matrix], self.below[matrix]
            leaves[above] += leaves[below]
            total[above] += total[below]
        mean = total[self.below] / leaves[self.below]
        slot, free = np.zeros(len(self.above), dtype=np.int64), np.zeros(self.bonds, dtype=np.int64)
        for matrix in np.lexsort((mean, self.above)):
            above, below = self.above[matrix], self.below[matrix]
            slot[matrix] = free[below] = free[above]
            free[above] += leaves[below]
        return slot
