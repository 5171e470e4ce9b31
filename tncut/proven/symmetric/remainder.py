"""What the decisions of elimination that are still to come cost at least, whatever was decided before.

Give all units and sites that are decided the dimension 1, and the label too. Any labelling then costs what it charges
for the others alone. This is at least the rank that almost all weights of the changed circuit reach, and so at least
the rank that its pairings prove (theorem T4).
"""

from dataclasses import replace
from functools import cached_property

import numpy as np

from ...mincut.gated import worth_compiling
from ...tools.arrays import BoolArray, IntArray
from ..pairing.blocks import PairCounts
from ..pairing.digits import bases
from .order import Order

CHECKPOINTS = 32  # how often the rest is bounded; between them the next checkpoint counts


class Remainder:
    """Pairings of what is left of a circuit, after some of the steps of an order."""

    def __init__(self, order: Order):
        self.order = order
        dims = order.net.circuit.terminal_dims
        self.base = next(iter(bases(dims[dims > 1].tolist())), 2)

    @cached_property
    def checkpoints(self) -> IntArray:
        """The numbers of the steps after which the rest is bounded; none for a circuit with sums."""
        steps = len(self.order.steps)
        if self.order.net.circuit.has_sums:
            return np.zeros(0, dtype=np.int64)
        return np.unique(np.arange(1, CHECKPOINTS) * steps // CHECKPOINTS)

    @cached_property
    def pairings(self) -> list[PairCounts]:
        """The pairings of what is left at each checkpoint."""
        net, found = self.order.net, []
        site_dims, unit_dims = net.circuit.site_dims.copy(), net.circuit.unit_dims.copy()
        labels = None if net.circuit.open_output is None else 1
        for number, step in enumerate(self.order.steps):
            site_dims[list(step.sites)] = 1
            unit_dims[net.unit_order[step.unit]] = 1
            if number in self.checkpoints:
                left = replace(net.circuit, site_dims=site_dims, unit_dims=unit_dims, open_output=labels)
                found.append(PairCounts(left, self.base))
        return found

    def pairs(self, terminals: BoolArray) -> IntArray:
        """(steps, partitions) the base to this power is a factor of the cost after each step, at least."""
        columns = terminals.shape[1]
        compiled = worth_compiling(len(self.order.net.circuit.factor_child), columns * len(self.checkpoints))
        found = np.zeros((len(self.checkpoints) + 1, columns), dtype=np.int64)
        for index, pairing in enumerate(self.pairings):
            found[index] = pairing.least(terminals, compiled=compiled)
        return found[np.searchsorted(self.checkpoints, np.arange(len(self.order.steps)))]
