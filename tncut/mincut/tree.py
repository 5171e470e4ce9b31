"""The minimum cut of a network without cycles, by a dynamic program that compares exactly.

Hang the network up by one tensor. For a tensor v let d(v) = f(v, B) - f(v, A), the difference between the
cheapest cuts of all that hangs from v with v on either side. For a bond of capacity w let p (q) be what the
tensors hanging from it lose if all are put on side B (A): the sum of their positive (negative) differences,
infinite if its site lies on side A (B). Seen from the tensor above, the bond costs q or w on side A, p or w on
side B, so it adds min(p, w) - min(q, w) to the difference there. A bond held by many tensors is paid once.
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
    """The state of one run: what is known of each tensor and bond so far."""

    def __init__(self, network: TensorNetwork, capacities: Capacities, side_a: BoolArray):
        self.capacities = capacities
        self.only_a = np.zeros(network.bonds, dtype=bool)  # the bond's site lies on side A
        self.only_b = np.zeros(network.bonds, dtype=bool)
        read = network.site_bond >= 0
        self.only_a[network.site_bond[read & side_a]] = True
        self.only_b[network.site_bond[read & ~side_a]] = True
        self.join_a = np.zeros(network.bonds, dtype=bool)  # below a tensor on A all join it, rather than cut the bond
        self.join_b = np.zeros(network.bonds, dtype=bool)
        self.sign = np.zeros(network.tensors, dtype=np.int64)  # of d; positive: side A is cheaper
        self.below = np.zeros((0, capacities.exponents.shape[1]), dtype=np.int64)  # d of the tensors one level down
        self.sides = np.ones(network.tensors, dtype=bool)

    def ascend(self, level: Level) -> None:
        """From the differences of the tensors below the level's bonds to those of its parents."""
        below = self.below[: len(level.tensors)]
        sign = self.sign[level.tensors][:, None]
        loss_b = row_sums(below * (sign > 0), level.tensor_start)
        loss_a = row_sums(-below * (sign < 0), level.tensor_start)
        capacity = self.capacities.exponents[level.bonds]
        join_b = (self.capacities.signs(loss_b - capacity) <= 0) & ~self.only_a[level.bonds]
        join_a = (self.capacities.signs(loss_a - capacity) <= 0) & ~self.only_b[level.bonds]
        self.join_a[level.bonds], self.join_b[level.bonds] = join_a, join_b
        message = np.where(join_b[:, None], loss_b, capacity) - np.where(join_a[:, None], loss_a, capacity)
        self.below = row_sums(message, level.bond_start)
        self.sign[level.parents] = self.capacities.signs(self.below)
        self.sides[level.parents] = self.sign[level.parents] >= 0

    def descend(self, level: Level) -> None:
        """From the sides of the level's parents to those of the tensors below its bonds."""
        above = np.repeat(self.sides[level.parents], np.diff(level.bond_start))
        joins = np.where(above, self.join_a[level.bonds], self.join_b[level.bonds])
        hanging = np.diff(level.tensor_start)
        above, joins = np.repeat(above, hanging), np.repeat(joins, hanging)
        sign = self.sign[level.tensors]
        self.sides[level.tensors] = np.where(joins | (sign == 0), above, sign > 0)
