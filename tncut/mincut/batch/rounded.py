"""Minimum cuts of many partitions in many roundings of the dimensions, all side by side.

One program serves all roundings, since it leaves out no cap.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...network import TensorNetwork
from ...tools.arrays import IntArray
from ...tools.bits import ByteArray, side_rows
from ..capacities import Capacities
from .integers import child_sums
from .program import TreeProgram, narrowest

BLOCK_BYTES = 2**21  # of the extra costs on one side
MOST_PARTITIONS = 2**9


def rounded_values(
    network: TensorNetwork, capacities: Capacities, bases: Sequence[int], packed: ByteArray
) -> NDArray[np.int64]:
    """(bases, batch) the capacity of each minimum cut, with every dimension rounded down to a power of the base.

    A network with cycles is a MethodError.
    """
    program = TreeProgram.of(network, np.zeros(network.bonds, dtype=np.int64), slack=1)
    exponents = [capacities.rounded_down(base).exponents[:, 0] for base in bases]
    caps = np.array(exponents, dtype=np.int64).reshape(len(bases), network.bonds)
    caps = caps.astype(narrowest(int(caps.sum(axis=1).max(initial=0))))
    width = max(1, min(MOST_PARTITIONS, len(packed)))
    together = max(1, BLOCK_BYTES // (caps.itemsize * max(program.leaves, 1) * width))
    found = np.empty((len(bases), len(packed)), dtype=np.int64)
    for start in range(0, len(packed), width):
        part = slice(start, start + width)
        for first in range(0, len(bases), together):
            rows = slice(first, first + together)
            found[rows, part] = _ascend(program, caps[rows], packed[part])
    return found


def _ascend(program: TreeProgram, caps: IntArray, packed: ByteArray) -> NDArray[np.int64]:
    """(bases, batch) the values of one block."""
    leaf_caps = caps[:, program.leaf_bond, None]
    on_b = side_rows(packed)[program.leaf_terminal] & leaf_caps
    on_a = leaf_caps - on_b
    total = np.zeros((len(caps), len(packed)), dtype=np.int64)
    for step in program.steps:
        p, q = child_sums(on_b, step), child_sums(on_a, step)
        if step.bonds is not None:
            cap = caps[:, step.bonds, None]
            p, q = np.minimum(p, cap), np.minimum(q, cap)
        common = np.minimum(p, q)
        on_b[:, step.slots], on_a[:, step.slots] = p - common, q - common
        total += common.sum(axis=1, dtype=np.int64)
    return total
