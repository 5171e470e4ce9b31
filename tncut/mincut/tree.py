"""The minimum cut of a network without cycles, by a dynamic program with exact comparisons.

Root each connected part of the network at one tensor. Let f(v, s) be the cost of the cheapest cut of everything below
tensor v if v lies on side s, and d(v) = f(v, B) - f(v, A). A bond of capacity w below a tensor is either cut, for w, or
*kept*: then all tensors below it lie on the side of the tensor above. The extra costs of keeping it are

    p = sum of max(d(v), 0) over the tensors v below it, on side B; infinite if its site lies on side A,
    q = sum of max(-d(v), 0) over the same tensors, on side A; infinite if its site lies on side B.

So the bond adds min(p, w) - min(q, w) to d of the tensor above. A bond with several tensors below it is cut once.
"""

import numpy as np

from ..errors import MethodError
from ..network import TensorNetwork
from ..network.network import Level
from ..tools.arrays import BoolArray, row_sums
from .capacities import Capacities


def tree_sides(network: TensorNetwork, capacities: Capacities, side_a: BoolArray) -> tuple[BoolArray, str]:
    """The sides of the tensors (True: A) in a minimum cut, and why it is minimal."""
    if network.forest is None:
        raise MethodError("the network has cycles (some vector is read twice); method tree cannot cut it, flow can")
    program = _Program(network, capacities, side_a)
    for level in reversed(network.forest):
        program.ascend(level)
    for level in network.forest:
        program.descend(level)
    return program.sides, "exact comparisons at every bond of the tree"


class _Program:
    """The state of one run: what is known of each tensor and each bond so far."""

    def __init__(self, network: TensorNetwork, capacities: Capacities, side_a: BoolArray):
        self.capacities = capacities
        self.only_a = np.zeros(network.bonds, dtype=bool)  # the bond's site lies on side A
        self.only_b = np.zeros(network.bonds, dtype=bool)
        self.only_a[network.read_bonds(side_a)] = True
        self.only_b[network.read_bonds(~side_a)] = True
        self.keep_a = np.zeros(network.bonds, dtype=bool)  # the bond is kept if the tensor above lies on side A
        self.keep_b = np.zeros(network.bonds, dtype=bool)
        self.sign = np.zeros(network.tensors, dtype=np.int64)  # of d; positive: side A is cheaper
        # (tensors, generators) d of the tensors one level below, as exponents
        self.difference = np.zeros((0, capacities.exponents.shape[1]), dtype=np.int64)
        self.sides = np.ones(network.tensors, dtype=bool)

    def ascend(self, level: Level) -> None:
        """From the differences of the tensors below the level's bonds to those of its parents."""
        difference = self.difference[: len(level.tensors)]
        sign = self.sign[level.tensors][:, None]
        extra_b = row_sums(difference * (sign > 0), level.tensor_start)
        extra_a = row_sums(-difference * (sign < 0), level.tensor_start)
        capacity = self.capacities.exponents[level.bonds]
        keep_b = (self.capacities.signs(extra_b - capacity) <= 0) & ~self.only_a[level.bonds]
        keep_a = (self.capacities.signs(extra_a - capacity) <= 0) & ~self.only_b[level.bonds]
        self.keep_a[level.bonds], self.keep_b[level.bonds] = keep_a, keep_b
        added = np.where(keep_b[:, None], extra_b, capacity) - np.where(keep_a[:, None], extra_a, capacity)
        self.difference = row_sums(added, level.bond_start)
        self.sign[level.parents] = self.capacities.signs(self.difference)
        self.sides[level.parents] = self.sign[level.parents] >= 0

    def descend(self, level: Level) -> None:
        """From the sides of the level's parents to those of the tensors below its bonds."""
        above = np.repeat(self.sides[level.parents], np.diff(level.bond_start))
        kept = np.where(above, self.keep_a[level.bonds], self.keep_b[level.bonds])
        tensors_below = np.diff(level.tensor_start)
        above, kept = np.repeat(above, tensors_below), np.repeat(kept, tensors_below)
        sign = self.sign[level.tensors]
        self.sides[level.tensors] = np.where(kept | (sign == 0), above, sign > 0)
