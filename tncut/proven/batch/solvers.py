"""What solves a block of partitions: all side by side where the network has no cycles, one by one elsewhere."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from ...circuit import Circuit
from ...errors import MethodError
from ...mincut import TreeCuts, min_cut
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray
from ...tools.bits import ByteArray, unpack
from ..prepared import Prepared

CHUNKS = 4  # for each worker process, so that none waits long for another

FloatArray = NDArray[np.float64]


class Engine(Protocol):
    """The rank bounds of one network over packed partitions (see bits.py)."""

    method: ClassVar[str]
    certificate: ClassVar[str]

    @property
    def network(self) -> TensorNetwork | None:
        """The unfolded network whose cuts `sides` describes; None: there is none, or it is too large."""

    def solve(self, packed: ByteArray) -> tuple[FloatArray, list[int] | None]:
        """(batch,) log2 of the bounds, and the bounds themselves if they are at hand."""

    def ranks(self, packed: ByteArray) -> list[int]:
        """The bounds, exact."""

    def sides(self, packed: ByteArray) -> BoolArray:
        """(batch, tensors) the sides of the unfolded network's tensors in a minimum cut, True: A."""


def engine_for(circuit: Circuit, *, workers: int = 1, block: int | None = None) -> Engine:
    """The batched tree program if the unfolded network has no cycle; else the bounds of `report`, one by one."""
    for name, value in (("workers", workers), ("block", 1 if block is None else block)):
        if not isinstance(value, int) or value < 1:
            raise MethodError(f"{name} must be an integer of 1 or more; given: {value!r}")
    prepared = Prepared(circuit)
    network = None if prepared.has_other_bounds else prepared.network
    if network is not None and network.forest is not None:
        return SideBySide(TreeCuts(network, block), workers)
    return OneByOne(prepared, workers)


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The batched tree program; workers are threads, since numpy works on several blocks at once."""

    cuts: TreeCuts
    workers: int
    method: ClassVar[str] = "tree"
    certificate: ClassVar[str] = "exact comparisons at every bond of the tree, many partitions side by side"

    @property
    def network(self) -> TensorNetwork:
        return self.cuts.network

    def solve(self, packed: ByteArray) -> tuple[FloatArray, None]:
        if self.workers == 1:
            return self.cuts.bits(packed), None
        with ThreadPoolExecutor(self.workers) as pool:
            parts = list(pool.map(self.cuts.bits, np.array_split(packed, self.workers)))
        return np.concatenate(parts), None

    def ranks(self, packed: ByteArray) -> list[int]:
        return self.cuts.products(packed)

    def sides(self, packed: ByteArray) -> BoolArray:
        return self.cuts.sides(packed)


@dataclass(frozen=True, eq=False)
class OneByOne:
    """The smallest of the bounds that a report gives, each different partition once; workers are processes."""

    prepared: Prepared
    workers: int
    method: ClassVar[str] = "flow"
    certificate: ClassVar[str] = "max-flow of equal value, one partition after another"

    @property
    def network(self) -> TensorNetwork | None:
        return self.prepared.network

    def solve(self, packed: ByteArray) -> tuple[FloatArray, list[int]]:
        ranks = self.ranks(packed)
        return np.array([math.log2(rank) for rank in ranks]), ranks

    def ranks(self, packed: ByteArray) -> list[int]:
        distinct, which = np.unique(packed, axis=0, return_inverse=True)
        if self.workers == 1:
            found = _smallest_bounds(self.prepared, distinct)
        else:
            from loky import get_reusable_executor

            chunks = np.array_split(distinct, max(1, min(len(distinct), CHUNKS * self.workers)))
            pool = get_reusable_executor(max_workers=self.workers)
            parts = pool.map(partial(_smallest_bounds, Prepared(self.prepared.circuit)), chunks)
            found = [rank for part in parts for rank in part]
        return [found[place] for place in which.ravel().tolist()]

    def sides(self, packed: ByteArray) -> BoolArray:
        network = self.prepared.network
        if network is None:
            raise MethodError("the circuit is not unfolded, so no tensor has a side")
        splits = (Partition(sides) for sides in unpack(packed, network.terminals))
        return np.array([min_cut(network, split).sides for split in splits]).reshape(len(packed), network.tensors)


def _smallest_bounds(prepared: Prepared, packed: ByteArray) -> list[int]:
    sides = unpack(packed, len(prepared.circuit.terminal_dims))
    return [prepared.upper_ends(Partition(row)).rank_bound for row in sides]
