"""The symmetric cut as one max-flow on a graph of the circuit's size: a labelling that is nearly always the best.

Labels are nodes, side A the source's. Where one side pays g(n) for n copies, g concave, g is a sum of terms
a_k min(n, b_k), and each term is one extra node: arcs of capacity a_k m from uses of multiplicity m, and one of
capacity a_k b_k to a node that changes sides as soon as a factor does. Below a unit that depends on one side alone,
labels are closed: what it uses on its own side stays there. The graph only searches; labelling.py then says what
the labelling found really costs.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, IntArray, ranges, starts
from .labelling import Task, log2_symmetric

BREAKPOINTS = 6  # of a concave charge: all copies, half of them, a quarter, ...
FLOW_BITS = 60

Arcs = tuple[IntArray, IntArray, NDArray[np.float64]]


def relaxed_labels(task: Task) -> list[BoolArray]:
    """The labellings at both ends of the minimum cuts of the relaxation: the fewest on side A, and the most."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    graph = _Graph(task)
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
    return [fewest[: task.factors + 1], most_a[: task.factors + 1]]


class _Graph:
    """Nodes: a label for each factor, the output's, source, sink, then what the charges need."""

    def __init__(self, task: Task):
        self.task = task
        self.source, self.sink = task.factors + 1, task.factors + 2
        self.nodes = task.factors + 3
        self.arcs: list[Arcs] = []
        self.copies = task.use_copies.astype(np.float64)
        order = np.argsort(task.use_child, kind="stable")
        vertices = task.circuit.sites + task.circuit.units
        self._by_vertex = order, starts(np.bincount(task.use_child, minlength=vertices))
        self.on_a, self.on_b = task.reaches(True), task.reaches(False)
        self._sites()
        self._output()
        units = np.arange(task.circuit.units)
        reaches_a, reaches_b = self.on_a[task.circuit.sites :], self.on_b[task.circuit.sites :]
        for side, inside in ((True, reaches_a & ~reaches_b), (False, reaches_b & ~reaches_a)):
            self._closure(units[inside], side)
            self._charge(units[inside], side, self._pure(side), concave=True)
        mixed = units[reaches_a & reaches_b]
        for side in (True, False):
            pure = self._pure(side)
            self._charge(mixed, side, pure, concave=True)
            self._charge(mixed, side, ~pure, concave=False)

    def _sites(self) -> None:
        circuit = self.task.circuit
        read = np.flatnonzero(circuit.use_counts[: circuit.sites] > 0)
        side_a = self.task.side_a[read]
        bits = np.log2(circuit.site_dims[read].astype(np.float64))
        self.site_bits = float(bits.sum())
        self.most_bits = min(float(bits[side_a].sum()), float(bits[~side_a].sum())) + math.log2(
            circuit.open_output or 1
        )
        for side in (True, False):
            sites, cost = read[side_a == side], bits[side_a == side]
            node = self._new(len(sites))
            self._arcs(np.full(len(sites), self.source if side else self.sink), node, cost, forward=side)
            uses, owner = self._uses(sites)
            self._arcs(node[owner], self.task.use_factor[uses], cost[owner], forward=side)

    def _output(self) -> None:
        """The output's use: tied to the label's side by the label's dimension, or for good without a root map."""
        circuit = self.task.circuit
        if circuit.open_output is not None:
            side = bool(self.task.side_a[-1])
            bits = math.log2(circuit.open_output) if circuit.root_map else math.inf
            terminal = np.array([self.source if side else self.sink])
            self._arcs(terminal, np.array([self.task.factors]), np.array([bits]), forward=side)

    def _closure(self, units: IntArray, side: bool) -> None:
        """What depends on one side alone and is used there is computed there."""
        node = self._new(len(units))
        uses, of_use = self._uses(self.task.circuit.sites + units)
        factors, of_factor = self._factors(units)
        self._arcs(self.task.use_factor[uses], node[of_use], np.full(len(uses), math.inf), forward=side)
        self._arcs(node[of_factor], factors, np.full(len(factors), math.inf), forward=side)

    def _charge(self, units: IntArray, side: bool, wanted: BoolArray, *, concave: bool) -> None:
        """What uses on the other side pay as soon as a wanted factor of their unit lies on this side."""
        factors, owner = self._factors(units)
        factors, owner = factors[wanted[factors]], owner[wanted[factors]]
        concerned = np.flatnonzero(np.bincount(owner, minlength=len(units)))
        units, owner = units[concerned], np.searchsorted(concerned, owner)
        turn = self._new(len(units))
        self._arcs(factors, turn[owner], np.full(len(factors), math.inf), forward=side)
        uses, of_use = self._uses(self.task.circuit.sites + units)
        label, copies = self.task.use_factor[uses], self.copies[uses]
        dims = self.task.weights[self.task.circuit.sites + units]
        if not concave:
            self._arcs(turn[of_use], label, copies * np.log2(dims)[of_use], forward=side)
            return
        total: NDArray[np.float64] = np.bincount(of_use, weights=copies, minlength=len(units)).astype(np.float64)
        fewest = np.full(len(units), math.inf)
        np.minimum.at(fewest, of_use, copies)
        for slope, point in _terms(dims, fewest, total):
            term = self._new(len(units))
            self._arcs(turn, term, slope * point, forward=side)
            self._arcs(term[of_use], label, slope[of_use] * copies, forward=side)

    def _pure(self, side: bool) -> BoolArray:
        """(factors,) whether a factor depends on this side alone."""
        child = self.task.circuit.factor_child
        inside = (self.on_a if side else self.on_b)[child] & ~(self.on_b if side else self.on_a)[child]
        return np.logical_and.reduceat(inside, self.task.first_pair)

    def _uses(self, vertices: IntArray) -> tuple[IntArray, IntArray]:
        """All uses of these vertices, and which of them each one uses."""
        order, row = self._by_vertex
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

    def _arcs(self, tails: IntArray, heads: IntArray, bits: NDArray[np.float64], *, forward: bool) -> None:
        worth = bits > 0
        tails, heads, bits = tails[worth], heads[worth], bits[worth]
        self.arcs.append((tails, heads, bits) if forward else (heads, tails, bits))


def _terms(
    dims: IntArray, fewest: NDArray[np.float64], total: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The concave charge log2 C(r + n - 1, n) as terms a min(n, b), exact at the points b: (a, b) for each unit.

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
