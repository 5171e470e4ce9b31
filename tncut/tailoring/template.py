"""What is the same in all networks of a family: a circuit or a tensor network, and the dimensions that are free."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..circuit import Circuit
from ..errors import SpecError
from ..network import TensorNetwork, build, unfold
from ..tools.arrays import IntArray
from .widths import Family

FIXED = -1  # stands for the group of a dimension that no free width sets
Monomial = tuple[int, ...]  # the groups whose dimensions are multiplied, in order


@dataclass(frozen=True, eq=False)
class Template:
    """The units of a circuit, or the bonds of a tensor network, by the free width that sets their dimensions."""

    built: Circuit | TensorNetwork
    group: IntArray  # (units,) or (bonds,) the number of the free width; FIXED

    @classmethod
    def of(cls, family: Family) -> "Template":
        """Found by giving every free width a number that occurs nowhere else."""
        built = build(family.architecture)
        if isinstance(built, Circuit):
            built.require_products("tailoring")
        dims = _all_dims(built)
        first = int(dims.max()) + 1
        probed = build(family.with_widths(range(first, first + len(family.keys))))
        group = _own_dims(probed) - first
        outside = group < 0
        group[outside] = FIXED
        changed = _own_dims(built)[outside] != _own_dims(probed)[outside]
        if group.max(initial=FIXED) >= len(family.keys) or changed.any():
            raise SpecError("a width sets dimensions that differ from it; such widths cannot be chosen")
        for number, key in enumerate(family.keys):
            if not (group == number).any():
                raise SpecError(f"{key} is free, but no dimension of the network follows it; leave it out of widths")
        return cls(built, group)

    def with_dims(self, dims: IntArray) -> Circuit | TensorNetwork:
        """The same with other dimensions, one for each free width."""
        own = _own_dims(self.built)
        free = self.group >= 0
        own[free] = np.asarray(dims, dtype=np.int64)[self.group[free]]
        if isinstance(self.built, Circuit):
            return replace(self.built, unit_dims=own)
        return replace(self.built, bond_dims=own, axes=self.built.axes)

    @property
    def is_plain(self) -> bool:
        """Whether minimum cuts of a tensor network say all: no unit is re-used, and nothing is added."""
        return isinstance(self.built, TensorNetwork) or not (self.built.reuses_units or self.built.has_sums)

    @property
    def unfolded(self) -> "Template":
        """The tensor network of a circuit that re-uses no unit."""
        if isinstance(self.built, TensorNetwork):
            return self
        first = int(_all_dims(self.built).max()) + 1
        count = int(self.group.max(initial=FIXED)) + 1
        network = unfold(self.built)
        group = unfold(self.with_dims(np.arange(first, first + count))).bond_dims - first
        return Template(network, np.where(group < 0, FIXED, group))

    def rounded_down(self, base: int) -> "Template":
        """With every fixed dimension rounded down to a power of a base."""
        if isinstance(self.built, TensorNetwork):
            return replace(self, built=replace(self.built, bond_dims=floor_power(self.built.bond_dims, base)))
        labels = self.built.open_output
        changed = replace(
            self.built,
            site_dims=floor_power(self.built.site_dims, base),
            unit_dims=floor_power(self.built.unit_dims, base),
            open_output=None if labels is None else int(floor_power(np.array([labels]), base)[0]),
        )
        return replace(self, built=changed)

    @cached_property
    def fixed_dims(self) -> IntArray:
        """The dimensions that no free width sets: of sites, the label, and others."""
        own = _own_dims(self.built)[self.group == FIXED]
        return np.append(self.built.terminal_dims, own) if isinstance(self.built, Circuit) else own

    @property
    def site_dims(self) -> IntArray:
        """The dimensions of the sites, and of the label if the output is open."""
        if isinstance(self.built, Circuit):
            return self.built.terminal_dims
        return self.built.bond_dims[self.built.site_bond[self.built.site_bond >= 0]]

    def monomials(self, cost: str) -> Counter[Monomial]:
        """What a network costs, as a polynomial in the free widths: the coefficient of each monomial."""
        if isinstance(self.built, TensorNetwork):
            return self._entries(self.built)
        found: Counter[Monomial] = Counter()
        circuit, own = self.built, _own_dims(self.built)
        vertex_group = np.concatenate((np.full(circuit.sites, FIXED), self.group))
        columns = np.stack(
            (
                self.group[circuit.factor_unit],
                vertex_group[circuit.factor_child],
                np.where(self.group < 0, own, 1)[circuit.factor_unit],
                np.where(vertex_group < 0, circuit.vertex_dims, 1)[circuit.factor_child],
            )
        )
        for (one, other, *fixed), times in _counted(columns):
            found[_monomial(one, other)] += fixed[0] * fixed[1] * times
        if circuit.root_map:
            root = int(self.group[-1])
            found[_monomial(root)] += (circuit.open_output or 1) * (1 if root >= 0 else int(own[-1]))
        if cost == "multiply_adds":
            further = np.diff(circuit.unit_factors) - 1
            for (group, dim, more), times in _counted(
                np.stack((self.group, np.where(self.group < 0, own, 1), further))
            ):
                found[_monomial(group)] += dim * more * times
        return found

    def _entries(self, network: TensorNetwork) -> Counter[Monomial]:
        found: Counter[Monomial] = Counter()
        dims, groups = network.bond_dims.tolist(), self.group.tolist()
        for bonds in network.all_axes:
            fixed = 1
            for bond in bonds:
                fixed *= dims[bond] if groups[bond] < 0 else 1
            found[_monomial(*(groups[bond] for bond in bonds))] += fixed
        return found


def _monomial(*groups: int) -> Monomial:
    return tuple(sorted(group for group in groups if group >= 0))


def _counted(columns: NDArray[np.int64]) -> list[tuple[list[int], int]]:
    """The distinct columns, and how often each occurs."""
    distinct, times = np.unique(columns, axis=1, return_counts=True)
    return list(zip(distinct.T.tolist(), times.tolist(), strict=True))


def _own_dims(built: Circuit | TensorNetwork) -> IntArray:
    return (built.unit_dims if isinstance(built, Circuit) else built.bond_dims).copy()


def _all_dims(built: Circuit | TensorNetwork) -> IntArray:
    return np.append(built.terminal_dims, built.unit_dims) if isinstance(built, Circuit) else built.bond_dims


def floor_power(dims: IntArray | Sequence[int], base: int) -> IntArray:
    """Every dimension rounded down to a power of a base.

    >>> floor_power(np.array([1, 7, 9]), 3)
    array([1, 3, 9])
    """
    given = np.asarray(dims, dtype=np.int64)
    found, power, most = np.ones_like(given), base, int(given.max(initial=1))
    while power <= most:
        found[given >= power] = power
        power *= base
    return found
