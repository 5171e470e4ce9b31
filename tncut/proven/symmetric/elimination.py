"""The cheapest labelling of a circuit of small width, with proof: a dynamic program over all labellings.

It decides in the order of order.py, and holds for each *state* (what later decisions depend on) the labelling of what
has been decided that costs least. Three facts keep the states few; docs/symmetric-cut.md proves them.

- A factor is pure if and only if all that it reads depends on its own side alone. So which factors are pure does not
  depend on the labels.
- A version has one of three *modes*. STAYS: all its factors lie on its own side. PURE: those that can be pure on the
  other side lie there, and no others. ANY: those that can be pure on the other side lie there, those that can be pure
  on its own side lie here, and each of the others, the *mixed* ones, has a label of its own.
- Its charge is 1, C(r + n - 1, n), or r ** n; what is read below depends on labels and numbers of copies alone.

States that can't become cheaper than a labelling that is known are dropped. If none is left, the known one is proven
the cheapest. States over many partitions are rows of the same arrays.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import SizeError
from ...tools.arrays import BoolArray, FloatArray, Groups, IntArray
from .condensed import Condensed
from .labelling import NEAR, SURE, A, B, Charges, Labelling, Task, log2_symmetric
from .order import Kept, Order, Step
from .remainder import Remainder

STAYS, PURE, ANY = 0, 1, 2
MODES = 9  # a mode for the version for side A and one for side B: 3 * a + b
LABELS = 4  # a label in the version for side A and one for side B, 1 for side A: 2 * a + b
MOST_ROWS = 2**22  # states that one run compares, over all its decisions: some 10 s and 200 MB
WORD = 62  # bits of an integer that identifies a state


@dataclass(eq=False)
class Rows:
    """States, each with the least cost so far, over some partitions."""

    partition: IntArray
    bits: FloatArray  # log2 of the cost, in floats
    cost: NDArray[Any]  # exact
    kept: dict[Kept, IntArray] = field(default_factory=dict)

    def take(self, rows: IntArray | BoolArray) -> "Rows":
        kept = {name: column[rows] for name, column in self.kept.items()}
        return Rows(self.partition[rows], self.bits[rows], self.cost[rows], kept)

    def charge(self, where: BoolArray, value: int) -> None:
        """Multiply the cost of some rows."""
        self.bits[where] += math.log2(value)
        self.cost[where] *= value


class Elimination:
    """A circuit that is prepared once for elimination over any number of partitions. A SizeError if it is too wide."""

    def __init__(self, net: Condensed):
        self.order = Order(net)
        self.steps = self.order.steps
        self.remainder = Remainder(self.order)

    def cheaper(self, task: Task, costs: NDArray[Any]) -> tuple[IntArray, Labelling]:
        """The partitions over which some labelling costs less than these `costs`, and the cheapest one of each.

        `costs`: (partitions,) exact. Where no partition is named, no labelling costs less. A SizeError if there are
        too many states; a block of several partitions is halved until there is one.
        """
        run = _Run(self.order, self.remainder, task, costs)
        if run.finish(self.steps):
            where, labelling = run.labellings(self.steps)
            charges = Charges.of(task.only(where), labelling, exact=True)
            assert [charges.bound(index) for index in range(len(where))] == run.rows.cost.tolist()
            return where, labelling
        if task.partitions == 1:
            raise SizeError(f"elimination stops at {MOST_ROWS:,} states; this partition needs more")
        half = task.partitions // 2
        parts = [
            (part.start, *self.cheaper(task.only(part), costs[part]))
            for part in (slice(0, half), slice(half, task.partitions))
        ]
        where = np.concatenate([start + found for start, found, _ in parts])
        return where, Labelling(
            np.concatenate([labelling.uses for *_, labelling in parts], axis=2),
            np.concatenate([labelling.crossed for *_, labelling in parts], axis=2),
            np.concatenate([labelling.output for *_, labelling in parts]),
        )


@dataclass(eq=False)
class _Run:
    """The program over one block of partitions."""

    order: Order
    remainder: Remainder
    task: Task
    known: NDArray[Any]  # (partitions,) exact costs; what costs as much is dropped
    history: list[tuple[NDArray[np.int32], NDArray[np.int8]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known_bits = np.array([math.log2(cost) for cost in self.known])
        self.pairs = self.remainder.pairs(self.task.terminals)
        groups = Groups.of(self.task.condensed.use_unit)
        pure_a, pure_b = self.task.can_be_pure
        # (units, partitions) whether a unit has a use that is pure on neither side.
        self.mixed = groups.any(~(pure_a | pure_b), self.task.condensed.units)

    def finish(self, steps: list[Step]) -> bool:
        """Decide step by step; False if there are too many states. `self.rows` holds what is left."""
        self.rows = self._outputs()
        total = 0
        for number, step in enumerate(steps):
            allowed = self._labels(step) if step.use >= 0 else self._modes(step)
            choice, parent = np.nonzero(allowed)
            total += len(parent)
            if total > MOST_ROWS:
                return False
            self.rows = self.rows.take(parent)
            if step.use >= 0:
                self._read(step, choice)
            else:
                self._cross(step, choice)
            for kept in step.closes:
                self.rows.kept.pop(kept, None)
            chosen = self._cheapest(self.pairs[number])
            self.rows = self.rows.take(chosen)
            self.history.append((parent[chosen].astype(np.int32), choice[chosen].astype(np.int8)))
        return True

    def _outputs(self) -> Rows:
        """The output's use of the root on either side."""
        task, circuit = self.task, self.task.condensed.circuit
        allowed = np.ones((2, task.partitions), dtype=bool)
        if not task.output_is_free:
            allowed[:] = ~task.terminals[-1], task.terminals[-1]
        side, partition = np.nonzero(allowed)
        rows = Rows(partition, np.zeros(len(side)), np.ones(len(side), dtype=object))
        rows.kept["unit", self.order.net.units - 1] = side
        if circuit.open_output is not None and circuit.root_map:
            rows.charge(task.terminals[-1][partition] != side, circuit.open_output)
        self.history.append((np.arange(len(side), dtype=np.int32), side.astype(np.int8)))
        return rows

    def _labels(self, step: Step) -> BoolArray:
        """(LABELS, rows) which labels a use can have in the two versions of its reader."""
        rows = self.rows
        if step.repeated:
            chosen: BoolArray = np.arange(LABELS)[:, None] == rows.kept["use", step.use]
            return chosen
        modes = divmod(rows.kept["unit", step.unit] % MODES, 3)
        pure = self.task.can_be_pure[:, step.use][:, rows.partition]
        mixed = ~pure.any(axis=0)
        own, other = [], []  # whether the label may be the version's side, and the other one
        for side in (A, B):
            own.append((modes[side] == STAYS) | ~pure[1 - side])
            other.append(((modes[side] == ANY) & mixed) | ((modes[side] != STAYS) & pure[1 - side]))
        return np.stack((other[A] & own[B], other[A] & other[B], own[A] & own[B], own[A] & other[B]))

    def _read(self, step: Step, choice: IntArray) -> None:
        """Give a use its labels: count the copies of what it reads."""
        rows = self.rows
        on_a = rows.kept["unit", step.unit] // MODES
        on_b = self.order.copies[step.unit] - on_a
        label_a, label_b = choice >= 2, choice % 2 == 1
        if not step.repeated:
            rows.kept["use", step.use] = choice
            by_a = (label_a & (on_a > 0)) | (label_b & (on_b > 0))
            by_b = (~label_a & (on_a > 0)) | (~label_b & (on_b > 0))
            self._charge_sites(step.sites, by_a, by_b)
        if step.child >= 0:
            copies = step.times * (on_a * label_a + on_b * label_b)
            rows.kept["unit", step.child] = rows.kept.get(("unit", step.child), 0) + copies

    def _modes(self, step: Step) -> BoolArray:
        """(MODES, rows) which modes the two versions of a unit can have."""
        rows, unit = self.rows, step.unit
        on_a = rows.kept["unit", unit]
        mixed = self.mixed[unit, rows.partition]
        some_pure = self.task.some_pure[:, unit][:, rows.partition]
        of_version = []
        for copies, pure in ((on_a, some_pure[B]), (self.order.copies[unit] - on_a, some_pure[A])):
            # The charge for a single copy does not depend on whether it is symmetric.
            of_version.append((np.ones(len(copies), dtype=bool), pure & (copies > mixed), mixed & (copies > 0)))
        return np.stack([in_a & in_b for in_a in of_version[A] for in_b in of_version[B]])

    def _cross(self, step: Step, choice: IntArray) -> None:
        """Give the versions of a unit their modes: charge for them, and for the sites that they read."""
        rows, unit, task = self.rows, step.unit, self.task
        copies, modes = self.order.copies[unit], divmod(choice, 3)
        on_a = rows.kept["unit", unit]
        on_b = copies - on_a
        self._charge_copies(unit, on_a, modes[A])
        self._charge_copies(unit, on_b, modes[B])
        self._charge_sites(step.sites, (modes[A] == STAYS) & (on_a > 0), (modes[B] == STAYS) & (on_b > 0))
        # All factors of a unit that depends on one side alone lie there if it is crossed, as if all copies did.
        of_a, of_b = task.depends_only[:, task.condensed.sites + unit][:, rows.partition]
        on_a = np.where(of_a & (modes[B] != STAYS), copies, np.where(of_b & (modes[A] != STAYS), 0, on_a))
        rows.kept["unit", unit] = MODES * on_a + np.where(of_a | of_b, 0, choice)

    def _charge_copies(self, unit: int, copies: IntArray, mode: IntArray) -> None:
        """Charge for a version where it is crossed."""
        rows, dim = self.rows, int(self.task.condensed.unit_dims[unit])
        where = np.flatnonzero(mode != STAYS)
        if not len(where):
            return
        codes, which = np.unique(copies[where] * 2 + (mode[where] == ANY), return_inverse=True)
        numbers = codes // 2
        bits = np.where(codes % 2, numbers * math.log2(dim), log2_symmetric(np.array(dim), numbers.astype(np.float64)))
        most = self.known_bits.max() + 1
        values = np.array(
            [
                0 if log > most else dim**n if code % 2 else math.comb(dim + n - 1, n)  # too much is dropped by `bits`
                for log, n, code in zip(bits.tolist(), numbers.tolist(), codes.tolist(), strict=True)
            ],
            dtype=object,
        )
        rows.bits[where] += bits[which]
        rows.cost[where] *= values[which]

    def _charge_sites(self, sites: tuple[int, ...], by_a: BoolArray, by_b: BoolArray) -> None:
        """Charge for sites that factors on the other side read; `by_a`: where a factor on side A reads them."""
        rows = self.rows
        for site in sites:
            known = rows.kept.get(("site", site), 0)
            charged = np.where(self.task.sites[site][rows.partition], by_b, by_a)
            rows.charge(charged & (known == 0), int(self.task.condensed.circuit.site_dims[site]))
            rows.kept["site", site] = charged | known

    def _cheapest(self, pairs: IntArray) -> IntArray:
        """The rows that may end below the known cost; of those in one state, the one that costs least.

        `pairs`: (partitions,) what the rest costs at least, as a power of the remainder's base.
        """
        rows, base = self.rows, self.remainder.base
        least = rows.bits + pairs[rows.partition] * math.log2(base)
        known = self.known_bits[rows.partition]
        hopeful = least < known + NEAR
        near = np.flatnonzero(hopeful & (least > known - NEAR))
        partition = rows.partition[near]
        hopeful[near] = rows.cost[near] * base ** pairs[partition].astype(object) < self.known[partition]
        left = np.flatnonzero(hopeful)
        words = [word[left] for word in self._words()]
        order = np.lexsort((rows.bits[left], *words))
        is_first = np.ones(len(left), dtype=bool)
        is_first[1:] = np.any([word[order[1:]] != word[order[:-1]] for word in words], axis=0)
        ordered = left[order]
        best, group = ordered[is_first], np.cumsum(is_first) - 1
        bits = rows.bits[ordered]
        lowest = bits[is_first][group]
        close = np.flatnonzero(~is_first & (bits < lowest + NEAR) & (lowest > SURE))
        for row, state in zip(ordered[close].tolist(), group[close].tolist(), strict=True):
            if rows.cost[row] < rows.cost[best[state]]:
                best[state] = row
        return best

    def _words(self) -> Iterator[IntArray]:
        """Integers that are the same for two rows if their states and partitions are."""
        word, room = self.rows.partition, WORD - self.task.partitions.bit_length()
        for (kind, number), column in self.rows.kept.items():
            most = MODES * (self.order.copies[number] + 1) if kind == "unit" else LABELS if kind == "use" else 2
            width = most.bit_length()
            if width > room:
                yield word
                word, room = np.zeros_like(word), WORD
            word, room = (word << width) | column, room - width
        yield word

    def labellings(self, steps: list[Step]) -> tuple[IntArray, Labelling]:
        """The partitions that are left, and a labelling for each, from the choices that led to it."""
        net, where = self.task.condensed, self.rows.partition
        uses = np.zeros((2, net.uses, len(where)), dtype=bool)
        crossed = np.zeros((2, net.units, len(where)), dtype=bool)
        row: IntArray = np.arange(len(where))
        for step, (parent, chosen) in zip(reversed(steps), reversed(self.history), strict=False):
            choice, row = chosen[row], parent[row].astype(np.int64)
            if step.use >= 0:
                uses[:, step.use] = choice >= 2, choice % 2 == 1
            else:
                crossed[:, step.unit] = choice >= 3, choice % 3 > 0
        only = self.task.depends_only[:, net.sites :, where] & crossed[::-1]
        uses[B] |= only[A][net.use_unit]
        uses[A] &= ~only[B][net.use_unit]
        return where, Labelling(uses, crossed, self.history[0][1][row].astype(bool))
