"""A circuit as the search for labellings sees it: what a unit reads several times is counted, not repeated.

Factors of one unit that read the same children may take one side together: with everything else fixed, the cost of a
labelling is concave in the number of copies on either side, so it is smallest at an end. They are one *use* here, with
a count. A factor that reads one site alone is no use but a *read*: where its unit's version is crossed it lies on the
site's own side, which costs nothing, and elsewhere on the version's side. So a read needs no label.

Units are in the order of their levels, so that each level is a slice. Vertices are the sites, then the units.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...circuit import Circuit
from ...mincut.capacities import Capacities
from ...tools.arrays import BoolArray, FloatArray, Groups, IntArray, ranges, starts


@dataclass(frozen=True, eq=False)
class Level:
    """One level of the circuit: its units, their uses, and the pairs of a use and a child."""

    units: slice  # among the units in the order of levels
    uses: slice
    by_unit: Groups  # the level's uses by unit, both counted from the level's first
    pairs: slice
    by_use: Groups  # the level's pairs by use, both counted from the level's first
    child_order: IntArray  # the level's pairs, ordered by child
    by_child: Groups  # the ordered pairs by child


@dataclass(frozen=True, eq=False)
class Condensed:
    """A circuit in the order of its levels, with uses and reads (see above), and the levels from the sites up."""

    circuit: Circuit
    unit_order: IntArray  # (units,) the circuit's unit at each place
    read_site: IntArray  # (reads,)
    read_unit: IntArray  # (reads,) not decreasing
    read_count: IntArray  # (reads,) how many factors a read stands for
    use_unit: IntArray  # (uses,) not decreasing
    use_count: IntArray  # (uses,) how many factors a use stands for
    pair_start: IntArray  # (uses + 1,)
    child: IntArray  # (pairs,) vertices
    factor_use: IntArray  # (factors,) the use that each factor of the circuit belongs to, or -1 - its read
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, circuit: Circuit) -> "Condensed":
        order = np.concatenate(circuit.levels)
        vertex = np.arange(circuit.sites + circuit.units)
        vertex[circuit.sites + order] = circuit.sites + np.arange(len(order))
        first = circuit.factor_pairs[:-1]
        length = np.diff(circuit.factor_pairs)
        unit = vertex[circuit.sites + circuit.factor_unit[first]] - circuit.sites
        child = vertex[circuit.factor_child]
        is_read = (length == 1) & (child[first] < circuit.sites)
        factor_use = np.empty(circuit.factors, dtype=np.int64)
        read = _refined(unit[is_read], child[first[is_read]])
        factor_use[is_read] = -1 - read
        _, one, read_count = np.unique(read, return_index=True, return_counts=True)
        inner = np.flatnonzero(~is_read)
        chosen, which, count = _equal_factors(unit[inner], child, first[inner], length[inner])
        factor_use[inner] = which
        factors = inner[chosen]
        use_unit, pair_start = unit[factors], starts(length[factors])
        children = child[ranges(first[factors], length[factors])]
        levels = _levels(circuit, use_unit, pair_start, children)
        return cls(
            circuit=circuit,
            unit_order=order,
            read_site=child[first[is_read]][one],
            read_unit=unit[is_read][one],
            read_count=read_count,
            use_unit=use_unit,
            use_count=count,
            pair_start=pair_start,
            child=children,
            factor_use=factor_use,
            levels=levels,
        )

    @property
    def sites(self) -> int:
        return self.circuit.sites

    @property
    def terminals(self) -> int:
        """All that a partition splits: the sites, and the label if the output is open."""
        return len(self.circuit.terminal_dims)

    @property
    def units(self) -> int:
        return len(self.unit_order)

    @property
    def uses(self) -> int:
        return len(self.use_unit)

    @cached_property
    def pair_use(self) -> IntArray:
        """(pairs,) the use of each pair."""
        return np.repeat(np.arange(self.uses), np.diff(self.pair_start))

    @cached_property
    def reads_by_unit(self) -> Groups:
        return Groups.of(self.read_unit)

    @cached_property
    def site_order(self) -> IntArray:
        """(reads,) the reads, ordered by site."""
        return np.argsort(self.read_site, kind="stable")

    @cached_property
    def reads_by_site(self) -> Groups:
        """The reads in `site_order`, by site."""
        return Groups.of(self.read_site[self.site_order])

    @cached_property
    def inhomogeneous(self) -> BoolArray:
        """(vertices,) whether some path from the output to the vertex passes a sum of several children."""
        found = np.zeros(self.sites + self.units, dtype=bool)
        if self.circuit.has_sums:
            several = (np.diff(self.pair_start) > 1)[self.pair_use]
            found[self.child[several]] = True
            for level in reversed(self.levels):
                below = found[self.sites + self.use_unit[self.pair_use[level.pairs]]]
                found[self.child[level.pairs][below]] = True
            found[self.read_site[found[self.sites + self.read_unit]]] = True
        return found

    @cached_property
    def unit_dims(self) -> IntArray:
        """(units,) the dimension from which a charge is computed: one more where a copy may be absent from a term."""
        return self.circuit.unit_dims[self.unit_order] + self.inhomogeneous[self.sites :]

    @cached_property
    def fingerprints(self) -> NDArray[np.uint64]:
        """(terminals + units,) numbers that add up where dimensions multiply: equal products have equal sums.

        Every dimension is a product of powers of a few integers; each of these has a random number, modulo 2^64.
        """
        exponents = Capacities.of(np.concatenate((self.circuit.terminal_dims, self.unit_dims))).exponents
        numbers = np.random.default_rng(0).integers(2**64, size=exponents.shape[1], dtype=np.uint64)
        found: NDArray[np.uint64] = (exponents.astype(np.uint64) * numbers).sum(axis=1, dtype=np.uint64)
        return found

    @cached_property
    def lone(self) -> BoolArray:
        """(units,) whether one version of a unit is used at most: one use reads it, in a lone unit, or the output."""
        found = np.zeros(self.units, dtype=bool)
        found[-1] = True
        inner = np.flatnonzero(self.child >= self.sites)
        once = np.bincount(self.child[inner] - self.sites, minlength=self.units) == 1
        for level in reversed(self.levels):
            readers = self.use_unit[self.pair_use[level.pairs]]
            child = self.child[level.pairs] - self.sites
            below = child[found[readers] & (child >= 0)]
            found[below] = once[below]
        return found

    @cached_property
    def read_once(self) -> BoolArray:
        """(units,) whether one version of each reader can be used, so that every copy of the unit counts once."""
        inner = np.flatnonzero((self.child >= self.sites) & ~self.lone[self.use_unit[self.pair_use]])
        twice = np.bincount(self.child[inner] - self.sites, minlength=self.units) > 0
        return ~twice

    @cached_property
    def copies(self) -> FloatArray:
        """(units,) the number of paths from the output to each unit, as floats for the search."""
        return as_floats(self.circuit.multiplicities[self.sites :][self.unit_order])


def as_floats(copies: NDArray[Any]) -> FloatArray:
    """Numbers of copies as floats, for the search. Above 2^1000, near the largest float, 2^1000 is taken."""
    if copies.dtype == object:
        copies = np.minimum(copies, 2**1000)
    return np.minimum(copies.astype(np.float64), 2.0**1000)


def _equal_factors(
    unit: IntArray, child: IntArray, first: IntArray, length: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Factors of a unit that read the same children, as sets: one factor of each, the set of each factor, the sizes.

    Factors come in the order of their units. Factor f reads child[first[f] : first[f] + length[f]].
    """
    key = _refined(unit, length)
    for position in range(int(length.max(initial=0))):
        column = np.full(len(unit), -1)
        column[position < length] = child[first[position < length] + position]
        key = _refined(key, column)
    _, chosen, count = np.unique(key, return_index=True, return_counts=True)
    return chosen, key, count


def _refined(key: IntArray, column: IntArray) -> IntArray:
    """(rows,) numbers of the pairs (key, column), in the order of these pairs; `column` is -1 or more."""
    _, numbers = np.unique(key * (column.max(initial=0) + 2) + column + 1, return_inverse=True)
    return numbers


def _levels(circuit: Circuit, use_unit: IntArray, pair_start: IntArray, child: IntArray) -> tuple[Level, ...]:
    found, begin = [], 0
    for level in circuit.levels:
        units = slice(begin, begin + len(level))
        uses = slice(*np.searchsorted(use_unit, (units.start, units.stop)).tolist())
        pairs = slice(int(pair_start[uses.start]), int(pair_start[uses.stop]))
        use = np.repeat(np.arange(uses.stop - uses.start), np.diff(pair_start[uses.start : uses.stop + 1]))
        order = np.argsort(child[pairs], kind="stable")
        by_unit = Groups.of(use_unit[uses] - units.start)
        found.append(Level(units, uses, by_unit, pairs, Groups.of(use), order, Groups.of(child[pairs][order])))
        begin = units.stop
    return tuple(found)
