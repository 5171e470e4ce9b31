"""Tensor networks as einsum writes them: the indices of each tensor in order, and those that stay open.

Every other form of a tensor network is turned into this one.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from ..circuit import SITE
from ..errors import NetworkError
from ..tools.arrays import rows
from ..tools.values import integer
from ..tools.words import shown
from .network import TensorNetwork


def network_of_terms(
    terms: Sequence[Sequence[Hashable]],
    output: Sequence[Hashable],
    sizes: Mapping[Any, int],
    *,
    free: bool | None = None,
    same: Sequence[int] | None = None,
) -> TensorNetwork:
    """The network of these terms, a tensor each; the indices of `output` are its sites, in this order.

    An index in more than two terms, or in two and the output, is a copy tensor; twice in one term, the diagonal of
    that tensor; in one term alone, summed over it. `same`: a number for each term, equal where the tensor is one and
    the same. `free`: by default where no tensors are the same. A name, a grid, arrays and positions are added by
    `replace`. A NetworkError if the output has an index twice or one that no term has, or if a size is missing.
    """
    if not terms:
        raise NetworkError("there is no term; a network has one tensor or more")
    held: dict[Hashable, list[int]] = {}
    for tensor, term in enumerate(terms):
        for index in dict.fromkeys(term):
            held.setdefault(index, []).append(tensor)
    opened: set[Hashable] = set()
    for index in output:
        if index not in held:
            raise NetworkError(f"index {shown(index)} of the output is in no term")
        if index in opened:
            raise NetworkError(f"index {shown(index)} is twice in the output; each site is one open index")
        opened.add(index)
    indices = [*output, *(index for index in held if index not in opened)]
    number = {index: bond for bond, index in enumerate(indices)}
    start, tensors = rows([held[index] for index in indices])
    factor = np.arange(len(terms)) if same is None else np.array(same, dtype=np.int64)
    return TensorNetwork(
        bond_dims=np.array([_size(index, sizes) for index in indices], dtype=np.int64),
        bond_start=start,
        bond_tensor=tensors,
        site_bond=np.arange(len(output)),
        bond_layer=np.where(np.arange(len(indices)) < len(output), SITE, 0),
        bond_position=np.arange(len(indices)),
        bond_copy=np.zeros(len(indices), dtype=np.int64),
        tensor_factor=factor,
        tensor_copy=np.zeros(len(terms), dtype=np.int64),
        free=len(np.unique(factor)) == len(terms) if free is None else free,
        axes=tuple(tuple(number[index] for index in term) for term in terms),
        bond_names=tuple(map(str, indices)),
    )


def _size(index: Hashable, sizes: Mapping[Any, int]) -> int:
    if index not in sizes:
        raise NetworkError(f"index {shown(index)} has no size")
    return integer(f"the size of index {shown(index)}", sizes[index], NetworkError)
