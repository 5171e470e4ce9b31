"""Labellings of low cost by one max-flow on a graph of the circuit's size.

The flow only searches: labelling.py computes what a labelling costs. What it finds is nearly always the cheapest.

*Nodes.* Every factor of every version is a node, and so is the output's use of the root. The source's side of a cut of
the graph is side A.

*Charges.* The logarithm g(n) of a charge is concave in the number n of copies, so it is close to a sum of terms
a_k min(n, b_k). Each term is one extra node x. Suppose that the version is used on side A, and let t be a node that
moves to side B as soon as one of the version's factors does. An arc of capacity a_k m leads from each use of
multiplicity m to x, and one of capacity a_k b_k leads from x to t. With t on side B the cheapest side of x costs
a_k min(n, b_k), where n is the sum of all m on side A. For versions used on side B all arcs are reversed.

*Fixed sides.* A factor that depends on sites of one side alone, in the version for that side, lies on that side: this
costs nothing. It needs no node.

*What is relaxed.* Before the flow is solved it is not known how the copies of a unit split between its versions, nor
which factors are pure. So the terms are those of all copies, and factors that can never be pure add what r ** n
charges above C(r + n - 1, n).

*The tied graph.* A second graph gives both versions of each unit the same sides, and charges log2 r for every copy. Its
minimum cut is the smallest cut of the unfolded network in which all duplicates of a factor lie on one side.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray, ranges, starts
from .labelling import Task, as_floats, log2_symmetric

BREAKPOINTS = 6  # b_k of a concave charge: all copies, half of them, a quarter, ...
FLOW_BITS = 60  # the scaled capacities of all sites together stay below 2^60, so that no flow leaves 64 bits

Floats = NDArray[np.float64]
Arcs = tuple[IntArray, IntArray, Floats]
Term = tuple[Floats, Floats | None]  # for each unit a and b of a min(n, b); None: the term is a n
Terms = Callable[[IntArray, Floats, Floats], list[Term]]  # dimension, fewest copies of one use, all copies -> terms


def relaxed_labellings(task: Task, *, tied: bool = False) -> list[BoolArray]:
    """Two labellings from minimum cuts of the graph: with the fewest factors on side A, and with the most."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    graph = _Graph(task, tied)
    tails, heads, bits = (np.concatenate(part) for part in zip(*graph.arcs, strict=True))
    # No minimum cut exceeds all sites of a side, so an arc of this capacity is never cut.
    most = graph.most_bits + 1.0
    scale = 2.0 ** (FLOW_BITS - math.ceil(math.log2(most + graph.site_bits + 2)))
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        tails.astype(np.int32), heads.astype(np.int32), np.rint(np.minimum(bits, most) * scale).astype(np.int64)
    )
    status = solver.solve(graph.source, graph.sink)
    assert status == solver.OPTIMAL, f"the max-flow solver ended with {status}"
    fewest_a, most_a = np.zeros(graph.nodes, dtype=bool), np.ones(graph.nodes, dtype=bool)
    fewest_a[solver.get_source_side_min_cut()] = True
    most_a[solver.get_sink_side_min_cut()] = False
    return [graph.labelling(sides[: task.length]) for sides in (fewest_a, most_a)]


class _Graph:
    """Nodes: the sides of a labelling in their order, the source, the sink, then the nodes of sites and charges."""

    def __init__(self, task: Task, tied: bool):
        self.task, self.tied = task, tied
        self.source, self.sink = task.length, task.length + 1
        self.nodes = task.length + 2
        self.arcs: list[Arcs] = []
        on_a, on_b = task.reaches(True), task.reaches(False)
        # (vertices,) what depends on one side alone, so that its version for this side is fixed; nothing if tied.
        self.only = {True: on_a & ~on_b & (not tied), False: on_b & ~on_a & (not tied)}
        self._list_uses()
        self._add_sites()
        self._add_output()
        if tied:
            self._add_tied_charges()
        else:
            self._add_charges((on_a & on_b)[task.circuit.sites :])

    def _add_tied_charges(self) -> None:
        for side in (True, False):
            self._charge(np.arange(self.task.circuit.units), side, np.ones(self.task.factors, dtype=bool), _power_terms)

    def _add_charges(self, mixed: BoolArray) -> None:
        """`mixed`: (units,) which units depend on sites of both sides."""
        task, units = self.task, np.arange(self.task.circuit.units)
        for side in (True, False):
            pure = np.logical_and.reduceat(self.only[side][task.circuit.factor_child], task.circuit.factor_pairs[:-1])
            some_pure = np.logical_or.reduceat(pure, task.circuit.unit_factors[:-1])
            inside = self.only[side][task.circuit.sites :]
            self._charge(units[inside | (mixed & some_pure)], side, np.ones_like(pure), _concave_terms)
            # If a factor that is not pure lies on this side, the charge is a power: the surplus is charged per copy.
            self._charge(units[mixed & some_pure], side, ~pure, _surplus_terms)
            self._charge(units[mixed & ~some_pure], side, np.ones_like(pure), _power_terms)

    def labelling(self, sides: BoolArray) -> BoolArray:
        """The labelling from the sides of the nodes: fixed sides are filled in, tied versions made equal."""
        if self.tied:
            own = self.task.version(sides, True)
            return np.concatenate((own, own, sides[-1:]))
        circuit = self.task.circuit
        unit = circuit.sites + circuit.factor_unit[circuit.factor_pairs[:-1]]
        only = {side: self.only[side][unit] for side in (True, False)}
        for_a = self.task.version(sides, True) | only[True]
        for_b = self.task.version(sides, False) & ~only[False]
        return np.concatenate((for_a, for_b, sides[-1:]))

    def _list_uses(self) -> None:
        """The uses whose side is not fixed: their nodes, their multiplicities, and their order by child."""
        circuit = self.task.circuit
        unit = circuit.sites + circuit.factor_unit
        paths = as_floats(circuit.multiplicities)[unit]
        free = [np.flatnonzero(~self.only[side][unit]) for side in (True, False)]
        if self.tied:
            free[1] = free[1][:0]
        factor_a, factor_b = (circuit.pair_factor[pairs] for pairs in free)
        self.use_node = np.concatenate((factor_a, circuit.factors + factor_b, [2 * circuit.factors]))
        self.copies = np.concatenate((paths[free[0]], paths[free[1]], [1.0]))
        child = np.concatenate((*(circuit.factor_child[pairs] for pairs in free), [circuit.sites + circuit.root]))
        row = starts(np.bincount(child, minlength=circuit.sites + circuit.units))
        self._by_child = np.argsort(child, kind="stable"), row

    def _add_sites(self) -> None:
        """A node for each site, between the terminal of its side and its uses: uses on the other side cut it once."""
        circuit = self.task.circuit
        read = np.flatnonzero(circuit.use_counts[: circuit.sites] > 0)
        side_a = self.task.side_a[read]
        bits = np.log2(circuit.site_dims[read].astype(np.float64))
        self.site_bits = float(bits.sum())
        self.most_bits = min(float(bits[side_a].sum()), float(bits[~side_a].sum()))
        self.most_bits += math.log2(circuit.open_output or 1)
        for side in (True, False):
            sites, cost = read[side_a == side], bits[side_a == side]
            node = self._new(len(sites))
            self._arcs(np.full(len(sites), self.source if side else self.sink), node, cost, forward=side)
            uses, owner = self._uses(sites)
            self._arcs(node[owner], self.use_node[uses], cost[owner], forward=side)

    def _add_output(self) -> None:
        """The use of an open output: moving it from the label's side costs the number of labels, if it may be moved."""
        circuit = self.task.circuit
        if circuit.open_output is not None:
            side = bool(self.task.side_a[-1])
            bits = math.log2(circuit.open_output) if circuit.root_map else math.inf
            terminal = np.array([self.source if side else self.sink])
            self._arcs(terminal, np.array([2 * self.task.factors]), np.array([bits]), forward=side)

    def _charge(self, units: IntArray, side: bool, wanted: BoolArray, terms: Terms) -> None:
        """Charge the versions for the other side if one of their wanted factors lies on this side.

        `wanted`: (factors,). `terms` gives the terms of the charge (see above).
        """
        factors, owner = self._factors(units)
        factors, owner = factors[wanted[factors]], owner[wanted[factors]]
        charged = np.flatnonzero(np.bincount(owner, minlength=len(units)))
        units, owner = units[charged], np.searchsorted(charged, owner)
        crossed = self._new(len(units))  # on this side as soon as a wanted factor is
        factor_nodes = factors + self.task.factors if side and not self.tied else factors
        self._arcs(factor_nodes, crossed[owner], np.full(len(factors), math.inf), forward=side)
        vertices = self.task.circuit.sites + units
        uses, of_use = self._uses(vertices)
        use_node, copies = self.use_node[uses], self.copies[uses]
        fewest = np.full(len(units), math.inf)
        np.minimum.at(fewest, of_use, copies)
        total = as_floats(self.task.circuit.multiplicities[vertices])
        for slope, most_copies in terms(self.task.weights[vertices], fewest, total):
            term = crossed
            if most_copies is not None:
                term = self._new(len(units))
                self._arcs(crossed, term, slope * most_copies, forward=side)
            self._arcs(term[of_use], use_node, slope[of_use] * copies, forward=side)

    def _uses(self, vertices: IntArray) -> tuple[IntArray, IntArray]:
        """All listed uses of these vertices, and for each use the index of its vertex among them."""
        order, row = self._by_child
        count = row[vertices + 1] - row[vertices]
        return order[ranges(row[vertices], count)], np.repeat(np.arange(len(vertices)), count)

    def _factors(self, units: IntArray) -> tuple[IntArray, IntArray]:
        """All factors of these units, and for each factor the index of its unit among them."""
        first = self.task.circuit.unit_factors
        count = first[units + 1] - first[units]
        return ranges(first[units], count), np.repeat(np.arange(len(units)), count)

    def _new(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _arcs(self, tails: IntArray, heads: IntArray, bits: Floats, *, forward: bool) -> None:
        """Arcs with these capacities, or backward ones; those of capacity 0 are left out."""
        needed = bits > 0
        first, second = (tails, heads) if forward else (heads, tails)
        self.arcs.append((first[needed], second[needed], bits[needed]))


def _power_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """r ** n: log2 r for every copy."""
    return [(np.log2(dims), None)]


def _surplus_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """What r ** n charges above C(r + n - 1, n) for all copies, in equal parts for every copy."""
    return [(np.log2(dims) - log2_symmetric(dims, total) / total, None)]


def _concave_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """The concave charge g(n) = log2 C(r + n - 1, n) as a sum of terms a_k min(n, b_k), exact at the points b_k.

    The points are all copies, half of them, and so on, but none is below the fewest copies of one use. Let s_k be the
    slope of g from the point before b_k to b_k; then a_k = s_k - s_(k + 1).
    """
    none = np.zeros((1, len(dims)))
    halves = [np.maximum(total / 2.0**k, np.minimum(fewest, total)) for k in reversed(range(BREAKPOINTS))]
    points = np.concatenate((none, halves))
    widths, rises = np.diff(points, axis=0), np.diff(log2_symmetric(dims, points), axis=0)
    slopes = np.divide(rises, widths, out=np.zeros_like(rises), where=widths > 0)
    # Equal points: the later one gets the slope of the one before, so that the term of the one before is 0.
    for k in range(1, len(slopes)):
        slopes[k] = np.where(widths[k] > 0, slopes[k], slopes[k - 1])
    weights = np.maximum(slopes - np.concatenate((slopes[1:], none)), 0.0)
    return list(zip(weights, points[1:], strict=True))
