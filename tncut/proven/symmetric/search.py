"""The search for cheap labellings, over many partitions side by side.

Over each partition: all on one side; where a pairing (theorem T4) proves that nothing costs less, that is all. Else the
labellings of the max-flow (relaxation.py). In small circuits sites are then added to those that are charged, or taken
out, one by one, as long as that lowers the cost: once from all sites of one side, once from what was found.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...circuit import Circuit
from ...errors import SizeError
from ...mincut.gated import worth_compiling
from ...tools.arrays import BoolArray, FloatArray, IntArray
from ..pairing.blocks import PairCounts
from .condensed import Condensed
from .elimination import Elimination
from .labelling import NEAR, SURE, Charges, Labelling, Task
from .prices import cheapest_at, copy_prices
from .relaxation import Relaxation

MOVED_WORK = 1_000  # sites times factors; up to here single sites are tried
EXHAUSTIVE_CHOICES = 18  # up to so many, all labellings can be tried
SAMPLE = 8  # partitions that tell whether pairings are worth a look at first
BLOCK = 64  # partitions that elimination takes side by side
METHODS = ("flow", "exhaustive", "elimination")
PROOFS = {  # what is proven of the labelling that was found
    "flow": "this is the smallest one found by max-flow",
    "pairing": "none costs less, as a pairing (theorem T4) of equal value proves",
    "exhaustive": "none with equal sides for both versions of each unit costs less, as all were tried",
    "elimination": "none costs less, by a dynamic program over all labellings with their copies counted",
}


@dataclass(eq=False)
class Found:
    """The cheapest labellings so far, one for each partition of a block, and what they cost."""

    task: Task
    labelling: Labelling
    bits: FloatArray  # (partitions,) log2 of the cost, in floats
    fingerprints: NDArray[np.uint64]  # (partitions,) of the cost
    lowest: FloatArray  # (partitions,) no labelling costs less, in bits
    is_one_sided: BoolArray  # (partitions,) whether everything lies on one side, so that only terminals are charged
    sought: str = "flow"  # how the labellings were sought

    @classmethod
    def of(cls, task: Task, labelling: Labelling) -> "Found":
        """Labellings and what they cost."""
        charges, n = Charges.of(task, labelling), task.partitions
        return cls(task, labelling, charges.bits, charges.fingerprints, np.zeros(n), np.zeros(n, dtype=bool))

    @property
    def open(self) -> BoolArray:
        """(partitions,) whether something may cost less."""
        return self.bits > self.lowest + NEAR

    @property
    def settled(self) -> BoolArray:
        """(partitions,) whether a pairing proves that nothing costs less, and that almost all weights reach the cost.

        Where only terminals are charged both are powers of one integer, and elsewhere below `SURE` bits, so that they
        are equal if floats are.
        """
        found: BoolArray = ~self.open & (self.is_one_sided | (self.bits <= SURE))
        return found

    @property
    def method(self) -> str:
        """What found the labelling of a single partition, or proved that none costs less."""
        return "pairing" if self.settled[0] else self.sought

    def improve(self, partitions: IntArray, labelling: Labelling) -> BoolArray:
        """Take these labellings of some of the partitions where they cost less; (those,) where they do."""
        task = self.task.only(partitions)
        charges = Charges.of(task, labelling)
        better = self.may_improve(partitions, charges.bits, charges.fingerprints)
        for close in np.flatnonzero(better & (charges.bits > self.bits[partitions] - NEAR)):
            one, known = np.array([close]), self.labelling.only(partitions[close : close + 1])
            better[close] = _exact(task.only(one), labelling.only(one)) < _exact(task.only(one), known)
        changed = partitions[better]
        self.labelling.uses[..., changed] = labelling.uses[..., better]
        self.labelling.crossed[..., changed] = labelling.crossed[..., better]
        self.labelling.output[changed] = labelling.output[better]
        self.bits[changed] = charges.bits[better]
        self.fingerprints[changed] = charges.fingerprints[better]
        self.is_one_sided[changed] = False
        return better

    def may_improve(self, partitions: IntArray, bits: FloatArray, fingerprints: NDArray[np.uint64]) -> BoolArray:
        """Where such costs are lower, or so close that only integers can tell."""
        known = self.bits[partitions]
        close = (bits < known + NEAR) & (known > SURE) & (fingerprints != self.fingerprints[partitions])
        hopeful: BoolArray = (bits < known - NEAR) | close
        return hopeful


@dataclass(frozen=True, eq=False)
class Search:
    """A circuit that is prepared once for the search over any number of partitions."""

    circuit: Circuit

    @cached_property
    def condensed(self) -> Condensed:
        return Condensed.of(self.circuit)

    @cached_property
    def relaxation(self) -> Relaxation:
        return Relaxation(self.condensed)

    @cached_property
    def elimination(self) -> Elimination:
        return Elimination(self.condensed)

    @cached_property
    def pair_counts(self) -> PairCounts | None:
        return PairCounts.of(self.circuit)

    def cheapest(self, terminals: BoolArray, *, site_mode: str = "basis", method: str = "flow") -> Found:
        """A labelling of low cost over each partition; `terminals`: (terminals, partitions), True: side A."""
        net = self.condensed
        found = one_sided(Task(net, terminals, site_mode))
        everywhere = np.arange(terminals.shape[1])
        if method == "exhaustive":
            found.sought = method
            for labelling in all_labellings(found.task):
                found.improve(everywhere, labelling)
            return found
        if method == "elimination":
            _ = self.elimination  # refused, if it is, before anything is sought
        few = everywhere[:SAMPLE]
        if self._settle(found, few) >= len(few) / 2:
            self._settle(found, everywhere[SAMPLE:])
        left = everywhere[found.open]
        flows = self._improve_by_flow(found, left)
        if net.sites * self.factors <= MOVED_WORK:
            self._settle(found, left)
            still = np.flatnonzero(found.open[left])
            task = found.task.only(left[still])
            for start in (one_sided(task), Found.of(task, flows.only(still))):
                found.improve(left[still], moved(start).labelling)
        if method == "elimination":
            self._eliminate(found)
        return found

    def _improve_by_flow(self, found: Found, partitions: IntArray) -> Labelling:
        """Take what the max-flow finds where it costs less; its first labelling over each of these partitions."""
        task = found.task.only(partitions)
        labellings = list(self.relaxation.labellings(task, compiled=self._compiled(task.partitions)))
        for labelling, charged in labellings:
            nothing = np.zeros(len(partitions), dtype=bool)
            bits, fingerprints = task.bits(charged, nothing), task.fingerprints(charged, nothing)
            hope = np.flatnonzero(found.may_improve(partitions, bits, fingerprints))
            found.improve(partitions[hope], labelling.only(hope))
        return labellings[0][0]

    @cached_property
    def factors(self) -> int:
        """Uses and reads: what the work over one partition grows with."""
        return self.condensed.uses + len(self.condensed.read_unit)

    def _compiled(self, partitions: int) -> bool:
        return worth_compiling(self.factors, partitions)

    def _eliminate(self, found: Found) -> None:
        """Take the cheapest of all labellings, wherever no pairing proves that it is found."""
        found.sought = "elimination"
        left = np.flatnonzero(~found.settled)
        for start in range(0, len(left), BLOCK):
            block = left[start : start + BLOCK]
            task = found.task.only(block)
            charges = Charges.of(task, found.labelling.only(block), exact=True)
            costs = np.array([charges.bound(index) for index in range(len(block))], dtype=object)
            where, labelling = self.elimination.cheaper(task, costs)
            found.improve(block[where], labelling)

    def _settle(self, found: Found, partitions: IntArray) -> int:
        """Lowest costs from pairings, over the partitions where these may meet the cost; how many do."""
        counts = self.pair_counts
        if counts is None or found.task.site_mode != "basis":
            return 0
        digit = math.log2(counts.base)
        possible = partitions[found.bits[partitions] <= counts.most * digit + NEAR]
        if len(possible):
            terminals, compiled = found.task.terminals[:, possible], self._compiled(found.task.partitions)
            found.lowest[possible] = digit * counts.counts(terminals, compiled=compiled)
        return int(np.count_nonzero(~found.open[partitions]))


def one_sided(task: Task) -> Found:
    """Everything on one side: the cost is that of all sites on the other, and of the label if it lies there."""
    net, circuit = task.condensed, task.condensed.circuit
    copies = circuit.multiplicities[: net.sites, None]
    has_label = np.full(task.partitions, circuit.open_output is not None)
    charged = [(copies * side[: net.sites], has_label & side[-1]) for side in (~task.terminals, task.terminals)]
    on_a, on_b = (task.bits(*columns) for columns in charged)
    output = on_a <= on_b if task.output_is_free else task.terminals[-1].copy()
    uses = np.empty((2, net.uses, task.partitions), dtype=bool)
    uses[:] = output
    labelling = Labelling(uses, np.zeros((2, net.units, task.partitions), dtype=bool), output)
    prints = np.where(output, *(task.fingerprints(*columns) for columns in charged))
    nothing, everything = np.zeros(task.partitions), np.ones(task.partitions, dtype=bool)
    return Found(task, labelling, np.where(output, on_a, on_b), prints, nothing, everything)


def _exact(task: Task, labelling: Labelling) -> int:
    """The cost over the only partition of a block."""
    return Charges.of(task, labelling, exact=True).bound()


def moved(found: Found) -> Found:
    """Charge one site more, or one less, as long as that lowers the cost."""
    sites, partitions = found.task.condensed.sites, np.arange(found.task.partitions)
    while len(partitions):
        here = found.task.only(partitions)
        charges = Charges.of(here, found.labelling.only(partitions))
        changed = np.zeros(len(partitions), dtype=bool)
        # A column for each partition and site.
        first = sites * np.arange(len(partitions))
        task = here.only(np.repeat(np.arange(len(partitions)), sites))
        charged = np.repeat(charges.site_copies > 0, sites, axis=1)
        charged ^= np.tile(np.eye(sites, dtype=bool), len(partitions))
        for linear in (False, True):
            labelling = cheapest_at(task, charged, np.repeat(copy_prices(charges, linear), sites, axis=2))
            best = Charges.of(task, labelling).bits.reshape(-1, sites).argmin(axis=1)
            changed |= found.improve(partitions, labelling.only(first + best))
        partitions = partitions[changed]
    return found


def all_labellings(task: Task) -> Iterator[Labelling]:
    """Every labelling with the same sides for both versions of each unit; a SizeError if there are too many.

    Of those that differ only in reads, the cheapest are enough: a read lies on the side of its version, or where that
    is crossed on the side of its site.
    """
    net = task.condensed
    readers = np.unique(net.read_unit)
    choices = net.uses + len(readers)
    if choices > EXHAUSTIVE_CHOICES:
        raise SizeError(f"exhaustive search takes up to {EXHAUSTIVE_CHOICES} choices; this circuit has {choices}")
    for sides in itertools.product((False, True), repeat=choices):
        uses = np.repeat(np.array(sides[: net.uses], dtype=bool)[:, None], task.partitions, axis=1)
        crossed = np.zeros((2, net.units, task.partitions), dtype=bool)
        crossed[:, readers] = np.array(sides[net.uses :])[:, None]
        for output in (False, True) if task.output_is_free else (None,):
            side = task.terminals[-1] if output is None else np.full(task.partitions, output)
            yield Labelling(np.stack((uses, uses)), crossed, side)
