"""The simplest bound over many partitions: all sites of one side."""

import math

import numpy as np

from ...circuit import Circuit
from ...network import TensorNetwork
from ...tools.bits import ByteArray, unpack
from ..upper import read_dims


def all_sites_ranks(subject: Circuit | TensorNetwork, packed: ByteArray) -> list[int]:
    """The `trivial_bound` over each partition, exact."""
    dims = read_dims(subject)
    distinct = np.unique(dims)
    sides = unpack(packed, len(dims))
    on_a = np.stack([np.count_nonzero(sides[:, dims == dim], axis=1) for dim in distinct], axis=1)
    total = np.array([np.count_nonzero(dims == dim) for dim in distinct])
    counts = np.concatenate((on_a, total - on_a))
    rows, row = np.unique(counts, axis=0, return_inverse=True)
    products = [math.prod(map(pow, distinct.tolist(), times)) for times in rows.tolist()]
    on_either = row.reshape(2, -1).T.tolist()
    return [min(products[a], products[b]) for a, b in on_either]
