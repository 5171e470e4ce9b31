"""Symmetric cuts over many partitions: blocks side by side, and the labellings kept as bits."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...partition import Partition
from ...tools.arrays import BoolArray, FloatArray
from ...tools.bits import ByteArray, unpack
from ...tools.progress import told
from ..symmetric import Charges, Found, Labelling, Search, SymmetricCut, Task

BLOCK_BYTES = 2**25  # what a block of partitions may take
MOST_PARTITIONS = 2**11  # of a block


@dataclass(frozen=True, eq=False)
class Labelled:
    """The symmetric cuts of a batch."""

    search: Search
    packed: ByteArray  # (batch, bytes) the partitions
    labels: ByteArray  # (bytes, batch) the bits of each labelling
    bits: FloatArray  # (batch,) log2 of the bounds, in floats
    settled: BoolArray  # (batch,) whether a pairing proves that no labelling costs less, and that weights reach it

    @classmethod
    def of(cls, search: Search, packed: ByteArray, *, block: int | None, workers: int) -> "Labelled":
        """The cuts of a batch in blocks of so many partitions, in so many threads."""
        size = block or max(1, min(MOST_PARTITIONS, BLOCK_BYTES // _bytes_of_partition(search)))
        blocks = [packed[start : start + size] for start in range(0, len(packed), size)]
        if workers == 1:
            parts = [_cheapest(search, part) for part in told(blocks, f"{len(packed)} partitions, block", len(blocks))]
        else:
            _ = search.relaxation, search.pair_counts  # made once, before the threads need them
            with ThreadPoolExecutor(workers) as pool:
                parts = list(pool.map(partial(_cheapest, search), blocks))
        labels = np.concatenate([labels for labels, _, _ in parts], axis=1) if parts else np.zeros((0, 0), np.uint8)
        bits = np.concatenate([np.zeros(0), *(bits for _, bits, _ in parts)])
        settled = np.concatenate([np.zeros(0, dtype=bool), *(settled for _, _, settled in parts)])
        return cls(search, packed, labels, bits, settled)

    def ranks(self, places: Sequence[int]) -> list[int]:
        """The exact bounds at these places of the batch."""
        size = max(1, min(MOST_PARTITIONS, BLOCK_BYTES // _bytes_of_partition(self.search)))
        found: list[int] = []
        for start in range(0, len(places), size):
            charges = self.charges(places[start : start + size])
            found += [charges.bound(partition) for partition in range(charges.task.partitions)]
        return found

    def charges(self, places: Sequence[int]) -> Charges:
        """What makes up the bounds at these places of the batch, exact."""
        part = self._found(places)
        return Charges.of(part.task, part.labelling, exact=True)

    def cut(self, place: int) -> SymmetricCut:
        """The cut at one place of the batch."""
        found = self._found([place])
        return SymmetricCut.of(found, Partition(found.task.terminals[:, 0]))

    def _found(self, places: Sequence[int]) -> Found:
        net, at = self.search.condensed, np.asarray(places, dtype=np.int64)
        task = Task(net, np.ascontiguousarray(unpack(self.packed[at], net.terminals).T))
        labels = np.unpackbits(self.labels[:, at], axis=0).astype(bool)
        labelling = Labelling(
            labels[: 2 * net.uses].reshape(2, net.uses, len(at)),
            labels[2 * net.uses : 2 * (net.uses + net.units)].reshape(2, net.units, len(at)),
            labels[2 * (net.uses + net.units)],
        )
        bits, settled, unknown = self.bits[at], self.settled[at], np.zeros(len(at), dtype=np.uint64)
        return Found(task, labelling, bits, unknown, np.where(settled, bits, 0.0), settled)


def _cheapest(search: Search, packed: ByteArray) -> tuple[ByteArray, FloatArray, BoolArray]:
    """The bits of the labellings, what they cost, and whether a pairing proves it, of one block."""
    found = search.cheapest(np.ascontiguousarray(unpack(packed, search.condensed.terminals).T))
    labelling = found.labelling
    rows = [part.reshape(-1, len(packed)) for part in (labelling.uses, labelling.crossed, labelling.output[None])]
    return np.packbits(np.concatenate(rows), axis=0), found.bits, found.settled


def _bytes_of_partition(search: Search) -> int:
    """About what the arrays of the search take for each partition."""
    net = search.condensed
    return math.ceil(8 * (8 * net.units + 12 * net.uses + net.terminals) + 4 * len(net.read_unit))
