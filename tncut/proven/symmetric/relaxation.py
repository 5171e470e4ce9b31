"""The symmetric cut as one max-flow on a graph of the circuit's size: a labelling that is nearly always the best.

Labels are nodes, side A the source's. Where a version of a unit pays g(n) for n copies, g concave, g is a sum of
terms a_k min(n, b_k), and each term is one extra node: arcs of capacity a_k m from uses of multiplicity m, and one of
capacity a_k b_k to a node that changes sides as soon as a factor does. What depends on one side alone and is used
there is computed there, for nothing: such labels are fixed. How the copies of a unit part between its two versions
is not known beforehand; both are taken for all of them. A second, *tied* graph takes both versions of a unit to be
computed alike, and every copy to pay for itself: its cut is the smallest of the unfolded network in which all
duplicates of a factor take one side. The graphs only search: labelling.py says what the labellings found really cost.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...tools.arrays import BoolArray, IntArray, ranges, starts
from .labelling import Task, as_floats, log2_symmetric

BREAKPOINTS = 6  # of a concave charge: all copies, half of them, a quarter, ...
FLOW_BITS = 60

Floats = NDArray[np.float64]
Arcs = tuple[IntArray, IntArray, Floats]
Term = tuple[Floats, Floats | None]  # for each unit a and b of a min(n, b); no b: a n
Terms = Callable[[IntArray, Floats, Floats], list[Term]]


def relaxed_labels(task: Task, *, tied: bool = False) -> list[BoolArray]:
    """The labellings at both ends of the minimum cuts of the relaxation: the fewest on side A, and the most."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    graph = _Graph(task, tied)
    tails, heads, bits = (np.concatenate(part) for part in zip(*graph.arcs, strict=True))
    # No minimum cut exceeds all sites of a side, so an arc of that capacity is as good as an infinite one.
    most = graph.most_bits + 1.0
    scale = 2.0 ** (FLOW_BITS - math.ceil(math.log2(most + graph.site_bits + 2)))
    engine = SimpleMaxFlow()
    engine.add_arcs_with_capacity(
        tails.astype(np.int32), heads.astype(np.int32), np.rint(np.minimum(bits, most) * scale).astype(np.int64)
    )
    status = engine.solve(graph.source, graph.sink)
    assert status == engine.OPTIMAL, f"the max-flow engine ended with {status}"
    fewest, most_a = np.zeros(graph.nodes, dtype=bool), np.ones(graph.nodes, dtype=bool)
    fewest[engine.get_source_side_min_cut()] = True
    most_a[engine.get_sink_side_min_cut()] = False
    return [graph.labelling(sides[: task.labels]) for sides in (fewest, most_a)]


class _Graph:
    """Nodes: a label for each factor of each version, the output's, source, sink, then what the charges need."""

    def __init__(self, task: Task, tied: bool):
        self.task, self.tied = task, tied
        self.source, self.sink = task.labels, task.labels + 1
        self.nodes = task.labels + 2
        self.arcs: list[Arcs] = []
        on_a, on_b = task.reaches(True), task.reaches(False)
        # (vertices,) what depends on one side alone, and so has fixed labels; in a tied graph none are
        self.only = {True: on_a & ~on_b & (not tied), False: on_b & ~on_a & (not tied)}
        self._list_uses()
        self._sites()
        self._output()
        units = np.arange(task.circuit.units)
        if tied:
            for side in (True, False):
                self._charge(units, side, np.ones(task.factors, dtype=bool), _power_terms)
            return
        mixed = (on_a & on_b)[task.circuit.sites :]
        for side in (True, False):
            pure = np.logical_and.reduceat(self.only[side][task.circuit.factor_child], task.first_pair)
            some_pure = np.logical_or.reduceat(pure, task.unit_factor)
            inside = self.only[side][task.circuit.sites :]
            # Impure factors turn the symmetric charge into a power: what that adds is charged per copy.
            self._charge(units[inside | (mixed & some_pure)], side, np.ones_like(pure), _concave_terms)
            self._charge(units[mixed & some_pure], side, ~pure, _surplus_terms)
            self._charge(units[mixed & ~some_pure], side, np.ones_like(pure), _power_terms)

    def labelling(self, label: BoolArray) -> BoolArray:
        """What depends on one side alone is computed there if it is used there; what is tied, alike for both sides."""
        if self.tied:
            own = self.task.version(label, True)
            return np.concatenate((own, own, label[-1:]))
        only = {side: self.only[side][self.task.circuit.sites + self.task.factor_unit] for side in (True, False)}
        on_a = self.task.version(label, True) | only[True]
        on_b = self.task.version(label, False) & ~only[False]
        return np.concatenate((on_a, on_b, label[-1:]))

    def _list_uses(self) -> None:
        """Every use whose label is free: its node, its multiplicity, and by child where to find it."""
        task, circuit = self.task, self.task.circuit
        unit = circuit.sites + circuit.factor_unit
        paths = as_floats(circuit.multiplicities)[unit]
        free = [np.flatnonzero(~self.only[side][unit]) for side in (True, False)]
        if self.tied:
            free[1] = free[1][:0]
        self.label = np.concatenate((task.factor[free[0]], task.factors + task.factor[free[1]], [2 * task.factors]))
        self.copies = np.concatenate((paths[free[0]], paths[free[1]], [1.0]))
        child = np.concatenate((*(circuit.factor_child[pairs] for pairs in free), [circuit.sites + circuit.root]))
        row = starts(np.bincount(child, minlength=circuit.sites + circuit.units))
        self._by_child = np.argsort(child, kind="stable"), row

    def _sites(self) -> None:
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
            self._arcs(node[owner], self.label[uses], cost[owner], forward=side)

    def _output(self) -> None:
        """The output's use: tied to the label's side by the label's dimension, or for good without a root map."""
        circuit = self.task.circuit
        if circuit.open_output is not None:
            side = bool(self.task.side_a[-1])
            bits = math.log2(circuit.open_output) if circuit.root_map else math.inf
            terminal = np.array([self.source if side else self.sink])
            self._arcs(terminal, np.array([2 * self.task.factors]), np.array([bits]), forward=side)

    def _charge(self, units: IntArray, side: bool, wanted: BoolArray, terms: Terms) -> None:
        """What the versions for the other side pay as soon as a wanted factor of theirs lies on this side."""
        factors, owner = self._factors(units)
        factors, owner = factors[wanted[factors]], owner[wanted[factors]]
        concerned = np.flatnonzero(np.bincount(owner, minlength=len(units)))
        units, owner = units[concerned], np.searchsorted(concerned, owner)
        turn = self._new(len(units))
        labels = factors + (self.task.factors if side and not self.tied else 0)
        self._arcs(labels, turn[owner], np.full(len(factors), math.inf), forward=side)
        vertices = self.task.circuit.sites + units
        uses, of_use = self._uses(vertices)
        label, copies = self.label[uses], self.copies[uses]
        fewest = np.full(len(units), math.inf)
        np.minimum.at(fewest, of_use, copies)
        total = as_floats(self.task.circuit.multiplicities[vertices])
        for slope, point in terms(self.task.weights[vertices], fewest, total):
            term = turn
            if point is not None:
                term = self._new(len(units))
                self._arcs(turn, term, slope * point, forward=side)
            self._arcs(term[of_use], label, slope[of_use] * copies, forward=side)

    def _uses(self, vertices: IntArray) -> tuple[IntArray, IntArray]:
        """All free uses of these vertices, and which of them each one uses."""
        order, row = self._by_child
        count = row[vertices + 1] - row[vertices]
        return order[ranges(row[vertices], count)], np.repeat(np.arange(len(vertices)), count)

    def _factors(self, units: IntArray) -> tuple[IntArray, IntArray]:
        """All factors of these units, and which of them each one belongs to."""
        first = np.append(self.task.unit_factor, self.task.factors)
        count = first[units + 1] - first[units]
        return ranges(first[units], count), np.repeat(np.arange(len(units)), count)

    def _new(self, number: int) -> IntArray:
        self.nodes += number
        return np.arange(self.nodes - number, self.nodes)

    def _arcs(self, tails: IntArray, heads: IntArray, bits: Floats, *, forward: bool) -> None:
        worth = bits > 0
        tails, heads, bits = tails[worth], heads[worth], bits[worth]
        self.arcs.append((tails, heads, bits) if forward else (heads, tails, bits))


def _power_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """log2 r for every copy."""
    return [(np.log2(dims), None)]


def _surplus_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """What powers charge above symmetric powers when all copies cross, spread over the copies."""
    return [(np.log2(dims) - log2_symmetric(dims, total) / total, None)]


def _concave_terms(dims: IntArray, fewest: Floats, total: Floats) -> list[Term]:
    """The concave charge log2 C(r + n - 1, n) as a sum of terms a min(n, b), exact at the points b.

    The points are all copies, half of them, and so on, down to the fewest of one use.
    """
    points = [np.zeros(len(dims))]
    points += [np.maximum(total / 2.0**k, np.minimum(fewest, total)) for k in reversed(range(BREAKPOINTS))]
    values = [log2_symmetric(dims, point) for point in points]
    rises = [
        np.divide(high - low, after - before, out=np.zeros(len(dims)), where=after > before)
        for low, high, before, after in zip(values, values[1:], points, points[1:], strict=False)
    ]
    # A point that coincides with the one before takes over its slope, so that its own term vanishes.
    for k in range(1, len(rises)):
        rises[k] = np.where(points[k + 1] > points[k], rises[k], rises[k - 1])
    last = np.zeros(len(dims))
    return [
        (np.maximum(rise - following, 0.0), point)
        for rise, following, point in zip(rises, [*rises[1:], last], points[1:], strict=True)
    ]
