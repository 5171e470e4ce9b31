"""A circuit, and what the bounds over all its partitions share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..circuit import Circuit
from ..mincut import Cut, min_cut
from ..network import TensorNetwork, unfold, unfolded_size
from ..partition import Partition
from ..tools.arrays import product
from .additive import additive_bound
from .symmetric import SymmetricCut, symmetric_cut

DUPLICATE_LIMIT = 2**22  # tensors of an unfolded network beyond which the symmetric cut answers alone


@dataclass(frozen=True, eq=False)
class UpperEnds:
    """The bounds over one partition that hold for all weights."""

    trivial: int  # the product of the dimensions of all sites of one side
    cut: Cut | None  # of the unfolded network; None: there is none, or it is too large
    symmetric: SymmetricCut | None  # of the circuit itself; None: no unit is re-used, so the other is as small
    additive: int | None  # by adding the ranks of what is added; None: nothing is

    @property
    def rank_bound(self) -> int:
        cuts = [cut.rank_bound for cut in (self.cut, self.symmetric) if cut is not None]
        return min(self.trivial, *cuts, *([] if self.additive is None else [self.additive]))


@dataclass(frozen=True, eq=False)
class Prepared:
    """A circuit with product gates, unfolded once for any number of partitions."""

    circuit: Circuit

    @property
    def has_other_bounds(self) -> bool:
        """Whether there are bounds beside the cut of the unfolded network."""
        return self.circuit.reuses_units or self.circuit.has_sums

    @cached_property
    def network(self) -> TensorNetwork | None:
        """The unfolded network; None if there is none, or if it is too large and the symmetric cut answers alone."""
        circuit = self.circuit
        if circuit.has_sums or (self.has_other_bounds and unfolded_size(circuit).tensors > DUPLICATE_LIMIT):
            return None
        return unfold(circuit)

    def upper_ends(self, split: Partition, *, method: str = "auto") -> UpperEnds:
        circuit, network = self.circuit, self.network
        return UpperEnds(
            trivial=trivial_bound(circuit, split),
            cut=None if network is None else min_cut(network, split, method=method),
            symmetric=symmetric_cut(circuit, split) if self.has_other_bounds else None,
            additive=additive_bound(circuit, split) if circuit.has_sums else None,
        )


def trivial_bound(circuit: Circuit, partition: Partition) -> int:
    """The product of the dimensions of all sites on one side that the network reads, the smaller one."""
    read = np.append(circuit.use_counts[: circuit.sites] > 0, True)[: len(partition)]
    return min(product(circuit.terminal_dims[read & side]) for side in (partition.sides, ~partition.sides))
