"""Labellings of low cost by one max-flow over each partition, on one graph that is made once.

The flow only searches: labelling.py computes what a labelling costs. What it finds is nearly always the cheapest.

*Nodes.* Every use of every version is a node, and so is the output's use of the root. The source's side of a cut of
the graph is side A. A site has a node that the cut puts on the site's own side, unless the site is charged.

*Charges.* The logarithm g(n) of a charge is concave in the number n of copies. A sum of two terms a_k min(n, b_k)
takes its place. It is exact for the fewest copies that a use has, and for all copies; more terms found nothing better.
A term is one extra node x. Suppose that the version is used on side A, and let t be a node that moves to side B as soon
as the version is crossed. An arc of capacity a_k m leads from each use of multiplicity m to x, and one of capacity
a_k b_k leads from x to t. With t on side B the cheapest side of x costs a_k min(n, b_k), where n is the sum of all m on
side A. For versions used on side B all arcs are reversed.

*Lone units.* Where one use alone reads a unit, and so on up to the output, one of its versions is used at most. Its
uses need one label each, and its copies are all or none.

*Gates.* Which charges a version can have depends on the partition: a unit that depends on one side alone is never
crossed in its version for this side, and no use in it needs a label. So every arc has two conditions.

*What is relaxed.* Before the flow is solved it is not known how the copies of a unit split between its versions, nor
which factors are pure. So the terms are those of all copies, and factors that can never be pure add what r ** n
charges above C(r + n - 1, n).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ...mincut.gated import SINK, SOURCE, GatedGraph
from ...tools.arrays import BoolArray, FloatArray, IntArray
from .condensed import Condensed
from .labelling import A, B, Labelling, Task, log2_symmetric

FLOW_BITS = 60  # the scaled capacities of all sites together stay below 2^60, so that no flow leaves 64 bits


@dataclass(frozen=True, eq=False)
class Gates:
    """Rows of conditions under which an arc is there; `side` is that of the factors that cross a version."""

    net: Condensed

    @property
    def always(self) -> IntArray:
        return np.array([0])

    def on_side(self, side: int, terminals: IntArray) -> IntArray:
        """The terminal lies on this side."""
        return 1 + side * self.net.terminals + terminals

    def depends(self, side: int, units: IntArray) -> IntArray:
        """The unit depends on this side."""
        return self._of_units(side, units)

    def concave(self, side: int, units: IntArray) -> IntArray:
        """Pure factors can cross the version: a symmetric charge."""
        return self._of_units(2 + side, units)

    def surplus(self, side: int, units: IntArray) -> IntArray:
        """Some factors are pure, and others add a surplus."""
        return self._of_units(4 + side, units)

    def power(self, side: int, units: IntArray) -> IntArray:
        """No factor is pure."""
        return self._of_units(6 + side, units)

    def open(self, version: int, units: IntArray) -> IntArray:
        """The uses in this version of the unit need labels: it can be crossed."""
        return self._of_units(8 + version, units)

    def impure(self, side: int, uses: IntArray) -> IntArray:
        """The use can't be pure on this side."""
        return self._of_units(10, side * self.net.uses + uses)

    def _of_units(self, group: int, place: IntArray) -> IntArray:
        return 1 + 2 * self.net.terminals + group * self.net.units + place

    def rows(self, task: Task) -> BoolArray:
        """(rows, partitions) the conditions over a block of partitions."""
        net = self.net
        units = task.depends[:, net.sites :]
        mixed, some_pure = units[A] & units[B], task.some_pure
        surplus = mixed & some_pure
        parts = (
            np.ones((1, task.partitions), dtype=bool),
            task.terminals,
            ~task.terminals,
            *units,
            *(task.depends_only[:, net.sites :] | surplus),
            *surplus,
            *(mixed & ~some_pure),
            *(units[::-1] | net.lone[:, None]),
            *~task.can_be_pure,
        )
        return np.concatenate(parts)


@dataclass(eq=False)
class _Arcs:
    """Arcs as they are collected; `forward=False` reverses them."""

    columns: list[tuple[IntArray, IntArray, FloatArray, IntArray, IntArray]] = field(default_factory=list)

    def add(
        self, tails: IntArray, heads: IntArray, bits: FloatArray, gates: tuple[IntArray, IntArray], *, forward: bool
    ) -> None:
        first, second = (tails, heads) if forward else (heads, tails)
        columns = np.broadcast_arrays(first, second, bits, *gates)
        needed = columns[2] > 0
        self.columns.append(tuple(column[needed] for column in columns))  # type: ignore[arg-type]


class Relaxation:
    """The graph of a circuit. Nodes: source, sink, the output's use, sites, uses, versions, and terms."""

    def __init__(self, net: Condensed):
        self.net, self.gates = net, Gates(net)
        self.output = 2
        self.site = 3 + np.arange(net.sites)
        self.nodes = 3 + net.sites
        self.arcs = _Arcs()
        for_a = self._new(net.uses)
        twice = ~net.lone[net.use_unit]
        for_b = for_a.copy()
        for_b[twice] = self._new(int(twice.sum()))
        self.use = for_a, for_b
        self.crossed = self._new(net.units), self._new(net.units)
        self._list_uses()
        self._add_sites()
        self._add_label()
        for side in (A, B):
            self._add_crossings(side)
            self._add_charges(side)
        tail, head, bits, *gates = (np.concatenate(column) for column in zip(*self.arcs.columns, strict=True))
        # No minimum cut exceeds all sites and the label, so an arc of this capacity is never cut.
        most = float(np.log2(net.circuit.terminal_dims.astype(np.float64)).sum()) + 1
        scale = 2.0 ** (FLOW_BITS - math.ceil(math.log2(2 * most)))
        capacity = np.rint(np.minimum(bits, most) * scale).astype(np.int64)
        self.graph = GatedGraph(self.nodes, tail, head, capacity, (gates[0], gates[1]))

    def labellings(self, task: Task, *, compiled: bool) -> Iterator[tuple[Labelling, BoolArray]]:
        """Labellings from minimum cuts, with the fewest uses on side A and with the most, and the sites they charge."""
        read = self.net.circuit.use_counts[: self.net.sites] > 0
        for sides in self.graph.minimum_cuts(self.gates.rows(task), compiled=compiled):
            yield self._labelling(task, sides), (sides[self.site] != task.sites) & read[:, None]

    def _labelling(self, task: Task, sides: BoolArray) -> Labelling:
        """The labelling from the sides of the nodes; uses whose side is fixed are filled in."""
        units = task.depends[:, self.net.sites :]
        only = (units & ~units[::-1])[:, self.net.use_unit]
        uses = np.stack((sides[self.use[A]] | only[A], sides[self.use[B]] & ~only[B]))
        # The node that versions for side A have moves to side B, and the other way round.
        crossed = np.stack((~sides[self.crossed[B]], sides[self.crossed[A]]))
        output = sides[self.output]
        if not task.output_is_free:
            output = task.terminals[-1]
        return Labelling(uses, crossed, output)

    def _list_uses(self) -> None:
        """Every use of a unit, in both versions of its reader, and the output's use."""
        net, gates = self.net, self.gates
        inner = np.flatnonzero(net.child >= net.sites)
        use, unit = net.pair_use[inner], net.child[inner] - net.sites
        twice = ~net.lone[net.use_unit[use]]
        also = use[twice]
        self.use_child = np.concatenate((unit, unit[twice], [net.units - 1]))
        self.use_node = np.concatenate((self.use[A][use], self.use[B][also], [self.output]))
        copies = net.copies[net.use_unit] * net.use_count
        self.use_copies = np.concatenate((copies[use], copies[also], [1.0]))
        of_a, of_b = gates.open(A, net.use_unit[use]), gates.open(B, net.use_unit[also])
        self.use_open = np.concatenate((of_a, of_b, gates.always))

    def _add_sites(self) -> None:
        """A node for each site, between the terminal of its side and its uses: uses on the other side cut it once."""
        net, circuit = self.net, self.net.circuit
        read = np.flatnonzero(circuit.use_counts[: net.sites] > 0)
        bits = np.log2(circuit.site_dims.astype(np.float64))
        inner = np.flatnonzero(net.child < net.sites)
        use, site = net.pair_use[inner], net.child[inner]
        for side, terminal in ((A, SOURCE), (B, SINK)):
            gate = self.gates.on_side(side, read), self.gates.always
            self.arcs.add(np.full(len(read), terminal), self.site[read], bits[read], gate, forward=side == A)
            for version in (A, B):
                gate = self.gates.on_side(side, site), self.gates.open(version, net.use_unit[use])
                self.arcs.add(self.site[site], self.use[version][use], bits[site], gate, forward=side == A)

    def _add_label(self) -> None:
        """The use of an open output: moving it from the label's side costs the number of labels, if it may be moved."""
        circuit = self.net.circuit
        if circuit.open_output is not None:
            bits = np.array([math.log2(circuit.open_output) if circuit.root_map else math.inf])
            for side, terminal in ((A, SOURCE), (B, SINK)):
                gate = self.gates.on_side(side, np.array([circuit.sites])), self.gates.always
                self.arcs.add(np.array([terminal]), np.array([self.output]), bits, gate, forward=side == A)

    def _add_crossings(self, side: int) -> None:
        """The versions for the other side are crossed as soon as one of their factors lies on this side."""
        net, gates = self.net, self.gates
        infinite = np.array([math.inf])
        gate = gates.depends(side, net.use_unit), gates.always
        self.arcs.add(self.use[1 - side], self.crossed[side][net.use_unit], infinite, gate, forward=side == A)
        gate = gates.on_side(side, net.read_site), gates.always
        bits = np.log2(net.circuit.site_dims[net.read_site].astype(np.float64))
        self.arcs.add(self.site[net.read_site], self.crossed[side][net.read_unit], bits, gate, forward=side == A)

    def _add_charges(self, side: int) -> None:
        """Charge the versions for the other side where they are crossed."""
        net, gates, units = self.net, self.gates, np.arange(self.net.units)
        crossed = self.crossed[side]
        concave, surplus, power = (gate(side, units) for gate in (gates.concave, gates.surplus, gates.power))
        all_copies = log2_symmetric(net.unit_dims, net.copies)
        fewest = np.full(net.units, math.inf)
        np.minimum.at(fewest, self.use_child, self.use_copies)
        first_slope = log2_symmetric(net.unit_dims, fewest) / fewest
        slope = np.divide(
            all_copies - first_slope * fewest, net.copies - fewest, out=first_slope.copy(), where=net.copies > fewest
        )
        # Copies that count once need no cap.
        self._charge(crossed, np.where(net.read_once, slope, 0.0), concave, side)
        for more, cap in ((first_slope - slope, fewest), (np.where(net.read_once, 0.0, slope), net.copies)):
            some = np.flatnonzero(more > 0)
            term = self._new_of(some)
            gate = concave[some], gates.always
            self.arcs.add(crossed[some], term[some], (more * cap)[some], gate, forward=side == A)
            self._charge(term, more, concave, side)
        # A unit without uses has only reads, which are pure where they cross it.
        has_uses = np.bincount(net.use_unit, minlength=net.units) > 0
        self._charge(crossed, np.where(has_uses, np.log2(net.unit_dims), 0.0), power, side)
        # If a factor that is not pure lies on this side, the charge is a power: the surplus is charged per copy.
        slope = np.log2(net.unit_dims) - all_copies / net.copies
        impure = self._new_of(np.unique(net.use_unit))
        gate = surplus[net.use_unit], gates.impure(side, np.arange(net.uses))
        self.arcs.add(self.use[1 - side], impure[net.use_unit], np.array([math.inf]), gate, forward=side == A)
        self._charge(impure, np.where(impure < 0, 0.0, slope), surplus, side)

    def _charge(self, node: IntArray, slope: FloatArray, gate: IntArray, side: int) -> None:
        """Arcs from the nodes of units, (units,), to all their uses, with a capacity for each copy."""
        child = self.use_child
        gates = gate[child], self.use_open
        self.arcs.add(node[child], self.use_node, slope[child] * self.use_copies, gates, forward=side == A)

    def _new(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _new_of(self, units: IntArray) -> IntArray:
        """(units,) a new node for each of these units, and -1 for the others."""
        found = np.full(self.net.units, -1)
        found[units] = self._new(len(units))
        return found
