"""What a network with chosen widths is worth over each partition, and the cuts that say so."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ..circuit import Circuit
from ..mincut import TreeCuts, min_cut
from ..mincut.gated import worth_compiling
from ..network import TensorNetwork
from ..partition import Partition
from ..proven.batch.labelled import Labelled
from ..proven.pairing import most_pairs
from ..proven.pairing.blocks import PairCounts
from ..proven.symmetric import Search
from ..tools.arrays import BoolArray, FloatArray, IntArray, row_sums
from ..tools.bits import ByteArray, unpack
from .charges import Charge, CutForm
from .template import FIXED, Template

BLOCK = 256  # partitions whose cuts are read off at once


@dataclass(frozen=True, eq=False)
class Evaluated:
    """The ranks over a batch of partitions, and the cuts behind them."""

    bits: FloatArray  # (batch,) log2 of the ranks, in floats
    ranks: Callable[[Sequence[int]], list[int]]  # the exact ranks at these places of the batch
    cuts: Callable[[Sequence[int]], list[CutForm]]  # their cuts; one may cost more than the rank


class Evaluator(Protocol):
    """The partitions are given once, the dimensions of the free widths again and again."""

    def at(self, dims: IntArray) -> Evaluated: ...


@dataclass(frozen=True, eq=False)
class ByMinimumCuts:
    """Networks without re-used units: the tree program, or one max-flow after another where there are cycles."""

    template: Template  # of a tensor network
    packed: ByteArray

    def at(self, dims: IntArray) -> Evaluated:
        network = self.template.with_dims(dims)
        assert isinstance(network, TensorNetwork)
        if network.forest is not None:
            cuts = TreeCuts(network)
            return Evaluated(
                cuts.bits(self.packed),
                lambda places: cuts.products(self.packed[list(places)]),
                lambda places: self._read_off(network, places, cuts.sides(self.packed[list(places)])),
            )
        distinct, which = np.unique(self.packed, axis=0, return_inverse=True)
        which = which.ravel()
        found = [min_cut(network, Partition(sides)) for sides in unpack(distinct, len(network.terminals))]
        ranks = [cut.rank_bound for cut in found]
        return Evaluated(
            np.array([math.log2(rank) for rank in ranks])[which],
            lambda places: [ranks[which[place]] for place in places],
            lambda places: self._read_off(network, places, np.array([found[which[place]].sides for place in places])),
        )

    def _read_off(self, network: TensorNetwork, places: Sequence[int], sides: BoolArray) -> list[CutForm]:
        """The cuts with these sides of the tensors, (places, tensors)."""
        terminals = unpack(self.packed[list(places)], len(network.terminals))
        found: list[CutForm] = []
        for start in range(0, len(places), BLOCK):
            part = slice(start, start + BLOCK)
            found += self._block(network, terminals[part], sides[part])
        return found

    def _block(self, network: TensorNetwork, terminals: BoolArray, sides: BoolArray) -> list[CutForm]:
        on_a = row_sums(sides.T[network.bond_tensor].astype(np.int64), network.bond_start)
        held = network.holder_counts[:, None]
        read = network.site_bond >= 0
        a, b = on_a > 0, on_a < held
        a[network.site_bond[read]] |= terminals.T[read]
        b[network.site_bond[read]] |= ~terminals.T[read]
        group = self.template.group
        kinds, kind = np.unique(
            np.stack((group, np.where(group < 0, network.bond_dims, 0))), axis=1, return_inverse=True
        )
        counts = np.zeros((kinds.shape[1], len(sides)), dtype=np.int64)
        np.add.at(counts, kind.ravel(), (a & b).astype(np.int64))
        return [
            CutForm(
                tuple(
                    Charge(number, dim, 1, False, times)
                    for number, dim, times in zip(*kinds.tolist(), column, strict=True)
                    if times and (number, dim) != (FIXED, 1)
                )
            )
            for column in counts.T.tolist()
        ]


@dataclass(frozen=True, eq=False)
class BySymmetricCuts:
    """Re-used units, or sums: the cheapest labelling that is known over each partition.

    A search finds labellings. One that was found for other widths may cost less than what it finds, and is kept.
    """

    template: Template  # of a circuit
    packed: ByteArray
    known: dict[int, set[CutForm]] = field(default_factory=dict)  # by place

    def at(self, dims: IntArray) -> Evaluated:
        circuit = self.template.with_dims(dims)
        assert isinstance(circuit, Circuit)
        found = Labelled.of(Search(circuit), self.packed, block=None, workers=1)
        bits, better = found.bits.copy(), dict[int, CutForm]()
        listed = dims.tolist()
        for place, forms in self.known.items():
            for form in forms:
                cost = sum(math.log2(charge.rank(listed)) for charge in form.charges)
                if cost < bits[place] - 1e-9:
                    bits[place], better[place] = cost, form
        return Evaluated(
            bits,
            lambda places: self._ranks(found, better, listed, places),
            lambda places: self._cuts(found, better, places),
        )

    def _ranks(self, found: Labelled, better: dict[int, CutForm], dims: list[int], places: Sequence[int]) -> list[int]:
        searched = found.ranks(places)
        return [
            better[place].rank(dims) if place in better else rank for place, rank in zip(places, searched, strict=True)
        ]

    def _cuts(self, found: Labelled, better: dict[int, CutForm], places: Sequence[int]) -> list[CutForm]:
        forms = []
        for place, form in zip(places, self._read_off(found, places), strict=True):
            kept = better.get(place, form)
            self.known.setdefault(place, set()).add(kept)
            forms.append(kept)
        return forms

    def _read_off(self, found: Labelled, places: Sequence[int]) -> list[CutForm]:
        charges = found.charges(places)
        net, circuit = charges.task.condensed, charges.task.condensed.circuit
        group = self.template.group[net.unit_order]
        forms = []
        for place in range(len(places)):
            rows: Counter[tuple[int, int, int, bool]] = Counter()
            _, units, copies, symmetric = charges.columns(place)
            given = np.where(group[units] < 0, net.unit_dims[units], net.inhomogeneous[net.sites + units])
            for number, dim, n, alike in zip(group[units].tolist(), given.tolist(), copies, symmetric, strict=True):
                rows[number, dim, n, alike and n > 1] += 1
            for dim in circuit.site_dims[charges.site_copies[:, place] > 0].tolist():
                rows[FIXED, dim, 1, False] += 1
            if charges.label[place]:
                rows[FIXED, circuit.open_output or 1, 1, False] += 1
            forms.append(
                CutForm(tuple(Charge(*row, times) for row, times in sorted(rows.items()) if row[:2] != (FIXED, 1)))
            )
        return forms


@dataclass(frozen=True, eq=False)
class ByPairings:
    """Re-used units, counted by what pairings of digits in one base prove (theorem T4)."""

    template: Template  # of a circuit, fixed dimensions rounded down to powers of the base
    packed: ByteArray
    base: int

    def at(self, dims: IntArray) -> Evaluated:
        circuit = self.template.with_dims(dims)
        assert isinstance(circuit, Circuit)
        counts = PairCounts(circuit, self.base)
        terminals = unpack(self.packed, len(circuit.terminal_dims)).T
        compiled = worth_compiling(len(circuit.factor_child), terminals.shape[1])
        pairs = counts.counts(np.ascontiguousarray(terminals), compiled=compiled)
        for place in np.flatnonzero(pairs < 0).tolist():
            pairs[place] = most_pairs(circuit, Partition(terminals[:, place].copy()), self.base)
        return Evaluated(
            pairs.astype(np.float64) * math.log2(self.base),
            lambda places: [self.base ** int(pairs[place]) for place in places],
            lambda places: self._cuts(counts, terminals[:, list(places)]),
        )

    def _cuts(self, counts: PairCounts, terminals: BoolArray) -> list[CutForm]:
        """The vertices that separate the digits of A from those of B: no pairing has more pairs than these hold."""
        group, circuit = self.template.group, counts.circuit
        forms = []
        compiled = worth_compiling(len(circuit.factor_child), terminals.shape[1])
        for column in counts.separating(np.ascontiguousarray(terminals), compiled=compiled).T:
            rows: Counter[tuple[int, int]] = Counter()
            for vertex in np.flatnonzero(column).tolist():
                unit = vertex - circuit.sites
                if unit == circuit.units:
                    rows[FIXED, circuit.open_output or 1] += 1
                elif unit < 0 or group[unit] < 0:
                    rows[FIXED, int(circuit.vertex_dims[vertex])] += 1
                else:
                    rows[int(group[unit]), 0] += 1
            forms.append(
                CutForm(tuple(Charge(*row, 1, False, n) for row, n in sorted(rows.items()) if row != (FIXED, 1)))
            )
        return forms
