"""Tensor networks as einsum writes them, in Python and in files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...errors import SpecError
from ...network import TensorNetwork, network_of_terms
from ...tools.values import as_tuple
from ...tools.words import shown
from ..checks import boolean, check_field, grid, integer, items, optional, text, width
from ..notebook import DrawnInNotebooks

TERM_LIMIT = 2**20
Term = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Einsum(DrawnInNotebooks):
    """A tensor network as einsum writes it: the indices of each tensor, those that stay open, and their sizes.

    `inputs`: a term for each tensor, either text with a letter for each index ("ab") or a list of names. `output`: the
    open indices, in the order of the sites. `sizes`: a dimension for each index, or one for all. An index of more than
    two terms is a copy tensor; one that a term has twice is a diagonal. `grid`: of the sites. `same`: a number for each
    term, equal where the tensor is one and the same. `free` (theorems T2 and T3 hold): by default where no two are.

    >>> Einsum(inputs=["ab", "bc"], output="ac", sizes={"a": 2, "b": 3, "c": 2}).network().tensors
    2
    """

    inputs: tuple[Term, ...]
    output: Term
    sizes: int | Mapping[str, int] = field(hash=False)
    grid: tuple[int, ...] | None = None
    same: tuple[int, ...] | None = None
    free: bool | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "inputs", _terms)
        check_field(self, "output", _term)
        check_field(self, "sizes", _sizes)
        check_field(self, "grid", optional(grid))
        check_field(self, "same", optional(_numbers))
        check_field(self, "free", optional(boolean))
        check_field(self, "name", text)
        known = {index for term in self.inputs for index in term}
        if not isinstance(self.sizes, int):
            for index in self.sizes:
                if index not in known:
                    raise SpecError(f"sizes: no term has the index {shown(index)}")
        if self.same is not None and len(self.same) != len(self.inputs):
            raise SpecError(f"same lists {len(self.same)} numbers; there are {len(self.inputs)} terms")

    def network(self) -> TensorNetwork:
        """The tensor network; a NetworkError if the indices make none."""
        sizes = self.sizes
        if isinstance(sizes, int):
            sizes = {index: sizes for term in self.inputs for index in term}
        network = network_of_terms(self.inputs, self.output, sizes, free=self.free, same=self.same)
        return replace(network, name=self.name, grid=self.grid)

    @classmethod
    def of(cls, network: TensorNetwork) -> "Einsum":
        """A tensor network as einsum writes it; arrays are left out. A SpecError if a site is held by no tensor."""
        unread = (~network.read).nonzero()[0]
        if len(unread):
            raise SpecError(f"no tensor holds site {unread[0]}, so that einsum has no index for it")
        axes, names = network.all_axes, [network.bond_name(bond) for bond in range(network.bonds)]
        held = {bond for bonds in axes for bond in bonds}
        numbers = np.unique(network.tensor_factor, return_inverse=True)[1]  # the output of a circuit has number -1
        same = tuple(numbers.tolist()) if network.shares_tensors else None
        return cls(
            inputs=tuple(tuple(names[bond] for bond in bonds) for bonds in axes),
            output=tuple(names[bond] for bond in network.site_bond.tolist()),
            sizes={names[bond]: int(network.bond_dims[bond]) for bond in sorted(held)},
            grid=None if network.label else network.grid,  # the label of an open output is a site like the others
            same=same,
            free=network.free if network.free is not (same is None) else None,
            name=network.name,
        )


def _terms(key: str, value: Any) -> tuple[Term, ...]:
    terms = items(key, value)
    if not 0 < len(terms) <= TERM_LIMIT:
        raise SpecError(f"{key} lists {len(terms)} terms; there must be 1 to {TERM_LIMIT}")
    return tuple(_term(f"{key}[{number}]", term) for number, term in enumerate(terms))


def _term(key: str, value: Any) -> Term:
    """Letters, or a list of names."""
    found = tuple(value) if isinstance(value, str) else as_tuple(value)
    if found is None:
        raise SpecError(f"{key} is {shown(value)}; it must be text with a letter for each index, or a list of names")
    for index in found:
        text(f"an index of {key}", index)
        if not index or index in ",->." or any(letter.isspace() for letter in index):
            raise SpecError(f"{key} has an index {shown(index)}; an index is a letter or a name without spaces")
    return found


def _sizes(key: str, value: Any) -> int | dict[str, int]:
    if not isinstance(value, Mapping):
        return width(key, value)
    return {text(f"an index of {key}", index): width(f"{key}.{index}", size) for index, size in value.items()}


def _numbers(key: str, value: Any) -> tuple[int, ...]:
    found: Sequence[Any] = items(key, value)
    return tuple(integer(f"{key}[{number}]", item, least=0) for number, item in enumerate(found))
