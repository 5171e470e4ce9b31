"""From a circuit to its tensor network: each re-used unit duplicated with all that is below it.

Re-using a hidden vector is no copy tensor (a vector cannot be cloned by a linear map), so every path from the
output to a unit gets a copy of its own. Sites are not duplicated: on a basis of inputs, copying f(x_i) *is* a
copy tensor (Levine, Sharir, Cohen, Shashua, PRL 2019).
"""

from dataclasses import dataclass

import numpy as np

from ..circuit import LABEL, SITE, Circuit
from ..errors import MethodError, SizeError
from ..tools.arrays import IntArray, occurrence, ranges, read_only, starts
from ..tools.values import integer
from ..tools.words import shown
from .architecture import Subject, build
from .by_hand import TENSOR_LIMIT
from .network import TensorNetwork


@dataclass(frozen=True)
class UnfoldedSize:
    """Exact numbers of tensors and bonds that unfolding a circuit gives."""

    tensors: int
    bonds: int


def unfolded_size(circuit: Circuit) -> UnfoldedSize:
    """The size of the unfolded network, computed from the multiplicities alone."""
    copies = circuit.multiplicities[circuit.sites :]
    read = int(np.count_nonzero(circuit.use_counts[: circuit.sites]))
    label = circuit.root_map and circuit.open_output is not None
    return UnfoldedSize(
        tensors=int((copies * np.diff(circuit.factor_start)).sum()) + circuit.root_map,
        bonds=int(copies.sum()) + read + label,
    )


def unfold(architecture: Subject, *, limit: int = TENSOR_LIMIT) -> TensorNetwork:
    """The tensor network of an architecture or a circuit; refused with a SizeError above `limit` tensors.

    A tensor network is returned as it is, and an architecture that builds one gives it. A MethodError for a circuit
    that is no tensor network: one that adds children, or has gates other than the product.

    Bonds: the sites that are read, the copies of the units (the root first), the label. Tensors: one matrix for
    each factor of each copy of a unit, and the output's if there is one.
    """
    circuit, most = build(architecture), integer("limit", limit, MethodError, least=0)
    if isinstance(circuit, TensorNetwork):
        return circuit
    circuit.require_products("the unfolded network")
    if circuit.has_sums:
        raise MethodError("a circuit with sums of several children is no tensor network, so it cannot be unfolded")
    size = unfolded_size(circuit)
    if size.tensors > most:
        raise SizeError(
            f"unfolding needs {shown(size.tensors)} tensors, over the limit of {most}; "
            "a bound on the circuit itself (symmetric cut) needs no unfolding"
        )
    return _Unfolding.of(circuit).network()


@dataclass(frozen=True, eq=False)
class _Unfolding:
    """Copies of units in breadth-first order, and the tensors that each of them holds."""

    circuit: Circuit
    copy_unit: IntArray  # (copies,) the unit of each copy; copy 0 is the root
    copy_reader: IntArray  # (copies,) the tensor that reads it; -1 for the root
    tensor_factor: IntArray  # (tensors,) grouped by copy
    tensor_below: IntArray  # (tensors,) the site, or sites + the copy, that it reads

    @classmethod
    def of(cls, circuit: Circuit) -> "_Unfolding":
        frontier = np.array([circuit.root])
        units, readers = [frontier], [np.array([-1])]
        factors, belows = [], []
        copies, tensors = 1, 0
        while len(frontier):
            factor = circuit.factors_of(frontier)
            child = circuit.factor_child[factor]
            inner = np.flatnonzero(child >= circuit.sites)
            below = child.copy()
            below[inner] = circuit.sites + copies + np.arange(len(inner))
            frontier = child[inner] - circuit.sites
            units.append(frontier)
            readers.append(tensors + inner)
            factors.append(factor)
            belows.append(below)
            copies += len(inner)
            tensors += len(factor)
        return cls(circuit, *(np.concatenate(parts) for parts in (units, readers, factors, belows)))

    def network(self) -> TensorNetwork:
        circuit = self.circuit
        read = circuit.use_counts[: circuit.sites] > 0
        site_bond = np.where(read, np.cumsum(read) - 1, -1)
        seen_sites = np.flatnonzero(read)
        site_start, site_reader = self._site_holders(seen_sites)
        copy_start, copy_holder = self._copy_holders()
        bond_start = np.concatenate((site_start, site_start[-1] + copy_start[1:]))
        bond_tensor = np.concatenate((site_reader, copy_holder))
        bond_dims = np.concatenate((circuit.site_dims[seen_sites], circuit.unit_dims[self.copy_unit]))
        bond_layer = np.concatenate((np.full(len(seen_sites), SITE), circuit.unit_layer[self.copy_unit]))
        bond_position = np.concatenate((seen_sites, circuit.unit_position[self.copy_unit]))
        bond_copy = np.concatenate((np.zeros(len(seen_sites), dtype=np.int64), self._duplicate(self.copy_unit)))
        tensor_factor, tensor_copy = self.tensor_factor, self._duplicate(self.tensor_factor)
        if circuit.root_map:
            tensor_factor, tensor_copy = np.append(tensor_factor, -1), np.append(tensor_copy, 0)
        if circuit.open_output is not None and circuit.root_map:
            site_bond = np.append(site_bond, len(bond_dims))
            bond_start = np.append(bond_start, bond_start[-1] + 1)
            bond_tensor = np.append(bond_tensor, len(tensor_factor) - 1)
            bond_dims = np.append(bond_dims, circuit.open_output)
            bond_layer = np.append(bond_layer, LABEL)
            bond_position, bond_copy = np.append(bond_position, 0), np.append(bond_copy, 0)
        elif circuit.open_output is not None:
            site_bond = np.append(site_bond, len(seen_sites))
        # What is read-only the network takes as it is; anything else it would copy.
        for array in (bond_dims, bond_start, bond_tensor, bond_layer, bond_position, bond_copy):
            read_only(array)
        for array in (tensor_factor, tensor_copy, site_bond):
            read_only(array)
        return TensorNetwork(
            bond_dims=bond_dims,
            bond_start=bond_start,
            bond_tensor=bond_tensor,
            site_bond=site_bond,
            bond_layer=bond_layer,
            bond_position=bond_position,
            bond_copy=bond_copy,
            tensor_factor=tensor_factor,
            tensor_copy=tensor_copy,
            grid=circuit.terminals.grid,
            label=circuit.terminals.label,
            free=not circuit.reuses_units,
        )

    def _duplicate(self, origin: IntArray) -> IntArray:
        """Which duplicate of its origin each item is: 0, 1, 2, ..."""
        return occurrence(origin) if self.circuit.reuses_units else np.zeros(len(origin), dtype=np.int64)

    def _site_holders(self, sites: IntArray) -> tuple[IntArray, IntArray]:
        readers = np.flatnonzero(self.tensor_below < self.circuit.sites)
        order = np.argsort(self.tensor_below[readers], kind="stable")
        count = np.bincount(self.tensor_below[readers], minlength=self.circuit.sites)
        return starts(count[sites]), readers[order]

    def _copy_holders(self) -> tuple[IntArray, IntArray]:
        """The holders of each copy's bond: the tensor that reads it, then the matrices of its factors."""
        factors = np.diff(self.circuit.factor_start)[self.copy_unit]
        reader = self.copy_reader
        if self.circuit.root_map:
            reader = np.concatenate(([len(self.tensor_factor)], reader[1:]))
        has_reader = (reader >= 0).astype(np.int64)
        start = starts(factors + has_reader)
        holder = np.empty(start[-1], dtype=np.int64)
        first = starts(factors)[:-1]
        holder[ranges(start[:-1] + has_reader, factors)] = ranges(first, factors)
        holder[start[:-1][reader >= 0]] = reader[reader >= 0]
        return start, holder
