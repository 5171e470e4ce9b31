"""Labellings of a circuit and what they cost: the exact bound of the symmetric cut.

Every unit has two *versions* that compute the same vector: one for its uses on side A, one for its uses on side B. A
*labelling* gives a side to every factor of every version, and to the output's use of the root. A factor on side s
reads the version for side s of its child. A factor is *pure* if what it reads is computed on the factor's own side
alone, from sites of that side.

Let the version for side s of a unit with r channels have n copies (paths from the output to it). It is *crossed* if one
of its factors lies on the other side. Its *charge* is

    1                if n = 0, or if it is not crossed,
    C(r + n - 1, n)  if every factor of it on the other side is pure,
    r ** n           otherwise.

A unit is *inhomogeneous* if some path from the output to it passes a sum of several children: a copy may then be
absent from a term of the expanded sum, and r + 1 takes the place of r. A site of dimension M that is read on the other
side has the charge M. The label of an open output has the number of labels as its charge, if the output's use lies on
the other side.

The cost of a labelling is the product of all charges. For every labelling it bounds the Schmidt rank, for all weights;
docs/symmetric-cut.md has the proof.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, FloatArray, Groups, IntArray, product
from .condensed import Condensed, as_floats

SITE_MODES = ("basis", "function")
A, B = 0, 1  # the versions of a unit, in the first axis of arrays
NEAR = 1e-9  # bits; costs that differ by less are compared by integers
SURE = 29  # bits; lower costs that differ at all differ by more than that


@dataclass(frozen=True, eq=False)
class Task:
    """A circuit with sides for its terminals, for each of a block of partitions: the last axis of all arrays."""

    condensed: Condensed
    terminals: BoolArray  # (terminals, partitions) True: side A
    site_mode: str = "basis"  # see `symmetric_cut`

    @property
    def partitions(self) -> int:
        return int(self.terminals.shape[1])

    @property
    def sites(self) -> BoolArray:
        """(sites, partitions) True: side A."""
        return self.terminals[: self.condensed.sites]

    @property
    def output_is_free(self) -> bool:
        """Whether the output's use may lie on either side: the root's vector is mapped, or it is not open."""
        circuit = self.condensed.circuit
        return circuit.open_output is None or circuit.root_map

    def only(self, indices: IntArray | slice) -> "Task":
        """The same for some of the partitions."""
        return Task(self.condensed, self.terminals[:, indices], self.site_mode)

    def bits(self, site_copies: NDArray[Any], label: BoolArray) -> FloatArray:
        """(partitions,) log2 of the charges of sites and the label, in floats."""
        circuit = self.condensed.circuit
        dims = circuit.site_dims.astype(np.float64)
        if self.site_mode == "basis":
            sites = np.log2(dims) @ (site_copies > 0)
        else:
            sites = log2_symmetric(dims[:, None], as_floats(site_copies)).sum(axis=0)
        found: FloatArray = sites + label * math.log2(circuit.open_output or 1)
        return found

    def fingerprints(self, site_copies: NDArray[Any], label: BoolArray) -> NDArray[np.uint64]:
        """(partitions,) the fingerprints of the charges of sites and the label (see Charges)."""
        net = self.condensed
        prints = net.fingerprints[: net.terminals, None]
        sites = prints[: net.sites] * (site_copies > 0)
        if self.site_mode == "function":
            dims = net.circuit.site_dims.astype(np.uint64)[:, None]
            sites = np.where(site_copies > 1, _hashed(dims, as_floats(site_copies).view(np.uint64)), sites)
        found: NDArray[np.uint64] = sites.sum(axis=0) + label * prints[-1]
        return found

    @cached_property
    def read_sides(self) -> BoolArray:
        """(reads, partitions) the side of the site of each read."""
        return self.sites[self.condensed.read_site]

    @cached_property
    def reads_other(self) -> BoolArray:
        """(2, units, partitions) whether a unit reads a site on the side other than the version's."""
        groups, units = self.condensed.reads_by_unit, self.condensed.units
        return np.stack((groups.any(~self.read_sides, units), groups.any(self.read_sides, units)))

    @cached_property
    def depends(self) -> BoolArray:
        """(2, vertices, partitions) whether each vertex depends on some site of side A, and of side B."""
        net = self.condensed
        found = np.empty((2, net.sites + net.units, self.partitions), dtype=bool)
        found[:, : net.sites] = self.sites, ~self.sites
        found[:, net.sites :] = self.reads_other[::-1]
        for level in net.levels:
            if level.pairs.start < level.pairs.stop:
                units = slice(net.sites + level.units.start, net.sites + level.units.stop)
                for side in (A, B):
                    below = _by_use(np.logical_or, found[side][net.child[level.pairs]], level.by_use.start)
                    found[side, units] |= level.by_unit.any(below, level.units.stop - level.units.start)
        return found

    @cached_property
    def depends_only(self) -> BoolArray:
        """(2, vertices, partitions) whether each vertex depends on side A alone, and on side B alone."""
        return self.depends & ~self.depends[::-1]

    @cached_property
    def can_be_pure(self) -> BoolArray:
        """(2, uses, partitions) whether all that each use reads depends on side A alone, and on side B alone."""
        net = self.condensed
        found = np.empty((2, net.uses, self.partitions), dtype=bool)
        for level in net.levels:
            for side in (A, B):
                below = self.depends_only[side][net.child[level.pairs]]
                found[side, level.uses] = _by_use(np.logical_and, below, level.by_use.start)
        return found

    @cached_property
    def some_pure(self) -> BoolArray:
        """(2, units, partitions) whether some factor of each unit can be pure on side A, and on side B."""
        found = self.reads_other[::-1].copy()
        groups = Groups.of(self.condensed.use_unit)
        for side in (A, B):
            found[side] |= groups.any(self.can_be_pure[side], self.condensed.units)
        return found


@dataclass(frozen=True, eq=False)
class Labelling:
    """A labelling for each partition of a block. True: side A."""

    uses: BoolArray  # (2, uses, partitions) the sides of the uses of the versions for side A and for side B
    crossed: BoolArray  # (2, units, partitions) whether reads may lie on the other side even if no use does
    output: BoolArray  # (partitions,) the side of the output's use of the root

    def only(self, indices: IntArray | slice) -> "Labelling":
        """The same for some of the partitions."""
        return Labelling(self.uses[..., indices], self.crossed[..., indices], self.output[indices])

    def better(self, other: "Labelling", improved: BoolArray) -> "Labelling":
        """The other labelling where that is `improved`, (partitions,), and this one elsewhere."""
        return Labelling(
            np.where(improved, other.uses, self.uses),
            np.where(improved, other.crossed, self.crossed),
            np.where(improved, other.output, self.output),
        )


@dataclass(frozen=True, eq=False)
class Charges:
    """What makes up the cost of the labellings of a block."""

    task: Task
    copies: NDArray[Any]  # (2, units, partitions) copies of each version: floats for the search, or exact
    is_crossed: BoolArray  # (2, units, partitions) whether the version is crossed, used or not
    symmetric: BoolArray  # (2, units, partitions) whether its charge is C(r + n - 1, n), if it is charged
    site_copies: NDArray[Any]  # (sites, partitions) how often a site is charged: 0 or 1, in function mode all copies
    label: BoolArray  # (partitions,) whether the label is charged

    @classmethod
    def of(cls, task: Task, labelling: Labelling, *, exact: bool = False) -> "Charges":
        """The charges of one labelling for each partition; `exact`: no number of copies is rounded."""
        net = task.condensed
        crossed = labelling.crossed & task.reads_other
        across = np.stack((~labelling.uses[A], labelling.uses[B]))
        for level in net.levels:
            for side in (A, B):
                crossed[side, level.units] |= level.by_unit.any(
                    across[side, level.uses], level.units.stop - level.units.start
                )
        copies, in_sums = _count_copies(task, labelling, np.dtype(np.float64))
        # Floats hold all integers below 2^53.
        counted = copies if task.site_mode == "function" else copies[crossed]
        if exact and counted.max(initial=0) >= 2.0**53:
            copies, in_sums = _count_copies(task, labelling, np.dtype(object))
        impure = across & ~_pure_children(task, labelling.uses, crossed)[::-1]
        mixed = np.zeros_like(crossed)
        for level in net.levels:
            for side in (A, B):
                mixed[side, level.units] = level.by_unit.any(
                    impure[side, level.uses], level.units.stop - level.units.start
                )
        site_copies = _site_copies(task, copies, crossed, in_sums)
        label = np.zeros(task.partitions, dtype=bool)
        if net.circuit.open_output is not None and net.circuit.root_map:
            label = labelling.output != task.terminals[-1]
        return cls(task, copies, crossed, ~mixed, site_copies, label)

    @cached_property
    def crossed(self) -> BoolArray:
        """(2, units, partitions) whether the version is charged: it is crossed, and it has copies."""
        return self.is_crossed & (self.copies > 0)

    @cached_property
    def unit_bits(self) -> FloatArray:
        """(2, units, partitions) log2 of the charge of each version, in floats."""
        bits = np.zeros(self.is_crossed.shape)
        charged = np.nonzero(self.crossed)
        dims = self.task.condensed.unit_dims[charged[1]]
        copies = as_floats(self.copies[charged])
        bits[charged] = np.where(self.symmetric[charged], log2_symmetric(dims, copies), copies * np.log2(dims))
        return bits

    @cached_property
    def bits(self) -> FloatArray:
        """(partitions,) log2 of the cost, in floats."""
        total: FloatArray = self.unit_bits.sum(axis=(0, 1))
        return total + self.task.bits(self.site_copies, self.label)

    @cached_property
    def fingerprints(self) -> NDArray[np.uint64]:
        """(partitions,) numbers that differ where the costs do, but for one chance in 2^64; of equal costs they may."""
        net, charged = self.task.condensed, np.nonzero(self.crossed)
        unit, partition = charged[1:]
        copies = as_floats(self.copies[charged])
        powers = net.fingerprints[net.terminals :][unit] * np.minimum(copies, 2.0**53).astype(np.uint64)
        hashed = _hashed(net.unit_dims[unit].astype(np.uint64), copies.view(np.uint64))
        is_power = (copies < 2.0**53) & ~(self.symmetric[charged] & (copies > 1))
        found = self.task.fingerprints(self.site_copies, self.label)
        np.add.at(found, partition, np.where(is_power, powers, hashed))
        return found

    def columns(self, partition: int = 0) -> tuple[IntArray, IntArray, list[int], list[bool]]:
        """Of the charged versions over one partition: which version, unit, how many copies, and if it is symmetric."""
        version, unit = np.nonzero(self.crossed[..., partition])
        copies = [int(n) for n in self.copies[version, unit, partition].tolist()]
        return version, unit, copies, self.symmetric[version, unit, partition].tolist()

    def values(self, partition: int = 0) -> list[int]:
        """The charges of versions over one partition, as integers."""
        _, unit, copies, symmetric = self.columns(partition)
        return [
            math.comb(dim + n - 1, n) if one_vector else dim**n
            for dim, n, one_vector in zip(self.task.condensed.unit_dims[unit].tolist(), copies, symmetric, strict=True)
        ]

    def site_values(self, partition: int = 0) -> list[int]:
        """The charges of the charged sites over one partition, as integers."""
        sites = np.flatnonzero(self.site_copies[:, partition])
        copies = self.site_copies[sites, partition].tolist()
        dims = self.task.condensed.circuit.site_dims[sites].tolist()
        return [math.comb(dim + int(n) - 1, int(n)) for dim, n in zip(dims, copies, strict=True)]

    def bound(self, partition: int = 0) -> int:
        """The cost over one partition, the exact product of all charges: an upper bound on the Schmidt rank."""
        circuit = self.task.condensed.circuit
        values = Counter(self.values(partition))
        if self.task.site_mode == "function":
            values.update(self.site_values(partition))
        else:
            sites = np.flatnonzero(self.site_copies[:, partition])
            values[product(circuit.site_dims[sites])] += 1
        values[circuit.open_output or 1] += int(self.label[partition])
        return math.prod(value**times for value, times in values.items())


def log2_symmetric(dims: NDArray[Any], copies: FloatArray) -> FloatArray:
    """log2 C(r + n - 1, n) for r = dims and n = copies, without cancellation for large n.

    C(r + n - 1, n) = 1 / ((r + n) B(n + 1, r)), with B the beta function.
    """
    from scipy.special import betaln

    r = dims.astype(np.float64)
    log: FloatArray = -(np.log(r + copies) + betaln(copies + 1, r)) / math.log(2)
    return np.maximum(log, 0.0)


def _hashed(dims: NDArray[np.uint64], copies: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers without any pattern, from two numbers each (the last steps of MurmurHash3, by Appleby)."""
    mixed = dims * np.uint64(0x9E3779B97F4A7C15) + copies
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(33))


def _by_use(ufunc: np.ufunc, rows: NDArray[Any], start: IntArray) -> NDArray[Any]:
    """(uses, ...) a ufunc over the pairs of each use of a level; without sums each has one pair."""
    return rows if len(start) == len(rows) else ufunc.reduceat(rows, start, axis=0)


def _count_copies(task: Task, labelling: Labelling, dtype: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(2, units, partitions) the copies of each version of the units; (2, sites, partitions) those of sites in sums."""
    net = task.condensed
    found = np.zeros((2, net.sites + net.units, task.partitions), dtype=dtype)
    found[A, -1], found[B, -1] = labelling.output, ~labelling.output
    for level in reversed(net.levels):
        if level.pairs.start == level.pairs.stop:
            continue
        unit = net.sites + net.use_unit[level.uses]
        count = net.use_count[level.uses, None]
        with np.errstate(over="ignore"):  # infinity stands for what floats can't hold
            on_a, on_b = found[A][unit] * count, found[B][unit] * count
        use_a, use_b = labelling.uses[A, level.uses], labelling.uses[B, level.uses]
        to_a = np.where(use_a, on_a, 0) + np.where(use_b, on_b, 0)
        to_b = np.where(use_a, 0, on_a) + np.where(use_b, 0, on_b)
        for side, copies in ((A, to_a), (B, to_b)):
            of_pair = copies[net.pair_use[level.pairs] - level.uses.start][level.child_order]
            found[side, level.by_child.owners] += np.add.reduceat(of_pair, level.by_child.start, axis=0)
    return found[:, net.sites :], found[:, : net.sites]


def _pure_children(task: Task, uses: BoolArray, crossed: BoolArray) -> BoolArray:
    """(2, uses, partitions) whether each use, if it lies on this side, is pure: all that it reads is of this side."""
    net = task.condensed
    pure = np.empty((2, net.sites + net.units, task.partitions), dtype=bool)
    pure[:, : net.sites] = task.sites, ~task.sites
    of_use = np.empty_like(uses)
    own = ~crossed & ~task.reads_other
    for level in net.levels:
        units = slice(net.sites + level.units.start, net.sites + level.units.stop)
        for side in (A, B):
            below = _by_use(np.logical_and, pure[side][net.child[level.pairs]], level.by_use.start)
            of_use[side, level.uses] = below
            impure = level.by_unit.any(~below, level.units.stop - level.units.start)
            pure[side, units] = own[side, level.units] & ~impure
    return of_use


def _site_copies(task: Task, copies: NDArray[Any], crossed: BoolArray, in_sums: NDArray[Any]) -> NDArray[Any]:
    """(sites, partitions) how often each site is charged: it is read on the other side."""
    net = task.condensed
    unit, order, groups = net.read_unit, net.site_order, net.reads_by_site
    other = np.where(task.sites, in_sums[B], in_sums[A])
    kept = np.where(crossed, 0, copies)
    of_read = np.where(task.read_sides, kept[B][unit], kept[A][unit])
    if task.site_mode == "basis":
        charged: BoolArray = groups.any(of_read[order] > 0, net.sites) | (other > 0)
        return charged
    counts = np.zeros((net.sites, task.partitions), dtype=copies.dtype)
    if len(order):
        counts[groups.owners] = np.add.reduceat((of_read * net.read_count[:, None])[order], groups.start, axis=0)
    counts += other
    return counts
