"""The cheapest labelling at fixed prices of copies: one recursion from the sites up, over many partitions side by side.

If every copy of a version has a price, and it is fixed which sites may be charged, then the best sides below a copy
depend on its unit and on the side of its reader alone.
"""

import math

import numpy as np

from ...tools.arrays import BoolArray, FloatArray
from .labelling import A, B, Charges, Labelling, Task


def copy_prices(charges: Charges, linear: bool) -> FloatArray:
    """(2, units, partitions) what one copy of a version costs: log2 r; or its part of the charge, if it is charged."""
    plain = np.log2(charges.task.condensed.unit_dims)[None, :, None]
    prices = np.broadcast_to(plain, charges.is_crossed.shape).copy()
    if linear:
        np.divide(charges.unit_bits, charges.copies, out=prices, where=charges.crossed)
    return prices


def cheapest_at(task: Task, charged: BoolArray, prices: FloatArray) -> Labelling:
    """The cheapest labelling that charges only these sites, (sites, partitions), and for each copy its price in bits.

    `prices`: (2, units, partitions). Where no labelling charges these sites alone, more sites are charged.
    """
    net, apart = task.condensed, prices.copy()
    value = np.zeros((2, net.sites + net.units, task.partitions))
    value[A, : net.sites][~task.sites & ~charged] = math.inf
    value[B, : net.sites][task.sites & ~charged] = math.inf
    # (2, units, partitions) what a copy costs that is not crossed; it may not read a site that may not be charged.
    reads_other = ~charged[net.read_site] & np.stack((~task.read_sides, task.read_sides))
    stay = np.stack([np.where(net.reads_by_unit.any(reads, net.units), math.inf, 0.0) for reads in reads_other])
    uses = np.empty((2, net.uses, task.partitions), dtype=bool)
    crossed = np.empty(stay.shape, dtype=bool)
    for level in net.levels:
        below = value[:, net.child[level.pairs]]
        if len(level.by_use.start) != below.shape[1]:
            below = np.add.reduceat(below, level.by_use.start, axis=1)
        with np.errstate(over="ignore"):  # infinity stands for what floats can't hold
            below = below * net.use_count[level.uses, None]
        units, owners = level.units, level.units.start + level.by_unit.owners
        stay[:, owners] += np.add.reduceat(below, level.by_unit.start, axis=1)
        apart[:, owners] += np.add.reduceat(below.min(axis=0), level.by_unit.start, axis=0)
        crossed[:, units] = apart[:, units] < stay[:, units]
        value[:, net.sites + units.start : net.sites + units.stop] = np.minimum(apart[:, units], stay[:, units])
        # Where a version is crossed, each use takes its cheaper side.
        leaves = crossed[:, net.use_unit[level.uses]] & (below[::-1] < below)
        uses[:, level.uses] = leaves ^ np.array([True, False])[:, None, None]
    return Labelling(uses, crossed, _cheaper_output(task, *value[:, -1]))


def _cheaper_output(task: Task, on_a: FloatArray, on_b: FloatArray) -> BoolArray:
    """(partitions,) the side of the output's use, from the cost of either side without that of the label."""
    side: BoolArray = task.terminals[-1]
    if task.output_is_free:
        labels = math.log2(task.condensed.circuit.open_output or 1)
        side = on_a + labels * ~side <= on_b + labels * side
    return side
