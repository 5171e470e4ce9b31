"""Pairings as flows of digits: up from sites of A, across where they meet, and down to sites of B.

A path of a flow is a pair: it goes up through units, meets in the highest, and comes down. There are two networks:

    split   A unit's digits are shared out beforehand between what goes up and what comes down. Every flow is a
            pairing, and every pairing a flow of some split.
    joint   A unit's digits serve both, as the theorem has it. But here a path that has come down may go up again, so
            that this is only an upper end of all pairings. Where no unit is re-used it would have to go up by the
            factor that it came down; what crosses there is exchanged (`settled`), and it is a pairing.

Paths that go up, then down, are the valley-free paths of Erlebach, Hall, Panconesi and Vukadinovic (Internet
Mathematics 3, 2007). To find most of them that are disjoint is hard in general graphs, so search.py looks for a split.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import Circuit
from ...tools.arrays import BoolArray, IntArray
from .digits import Digits

Arcs = tuple[IntArray, IntArray, IntArray]  # tails, heads, capacities


@dataclass(frozen=True, eq=False)
class Flow:
    """What each factor carries of A (upward) and of B (downward), and what follows from that."""

    digits: Digits
    carried_a: IntArray  # (factors,)
    carried_b: IntArray  # (factors,)

    @classmethod
    def empty(cls, digits: Digits) -> "Flow":
        nothing = np.zeros(len(digits.circuit.factor_child), dtype=np.int64)
        return cls(digits, nothing, nothing)

    @cached_property
    def up(self) -> IntArray:
        """(units,) digits of A that arrive from below, to meet there or to be carried on."""
        return self._arrived(self.carried_a)

    @cached_property
    def down(self) -> IntArray:
        """(units,) digits of B that are carried on, to meet elsewhere."""
        down = self._left(self.carried_b)
        down[-1] += self.at_output * self.digits.label_on_a
        return down

    @cached_property
    def met(self) -> IntArray:
        """(units,) pairs that meet in each unit; negative where more goes up again than came from below."""
        met = self.up - self._left(self.carried_a)
        met[-1] -= self.at_output * (not self.digits.label_on_a)
        return met

    @cached_property
    def at_output(self) -> int:
        """Pairs with the label."""
        return abs(int(self.up[-1] - self._arrived(self.carried_b)[-1]))

    @cached_property
    def pairs(self) -> int:
        circuit = self.digits.circuit
        given = int(self.carried_a[circuit.factor_child < circuit.sites].sum())
        return given + self.at_output * self.digits.label_on_a

    @property
    def valid(self) -> bool:
        """Whether it is a pairing: no path goes up after it has come down."""
        return bool((self.met >= 0).all())

    @cached_property
    def settled(self) -> "Flow":
        """The same number of paths; what goes up a factor, where something else comes down, meets below it instead."""
        inner = self.digits.circuit.factor_child >= self.digits.circuit.sites
        both = np.where(inner, np.minimum(self.carried_a, self.carried_b), 0)
        return Flow(self.digits, self.carried_a - both, self.carried_b - both)

    def _arrived(self, carried: IntArray) -> IntArray:
        total = np.zeros(self.digits.circuit.units, dtype=np.int64)
        np.add.at(total, self.digits.circuit.factor_unit, carried)
        return total

    def _left(self, carried: IntArray) -> IntArray:
        total = np.zeros(len(self.digits.held), dtype=np.int64)
        np.add.at(total, self.digits.circuit.factor_child, carried)
        return total[self.digits.circuit.sites :]


def split_flow(digits: Digits, up: IntArray, down: IntArray) -> Flow:
    """The most pairs, if a unit lets `up` digits go up (or meet there) and `down` digits come down through it."""
    nodes = _Nodes.of(digits.circuit, joint=False)
    a, b = (np.flatnonzero(has[digits.circuit.sites :]) for has in (digits.has_a, digits.has_b))
    through = [
        (nodes.enter_up[a], nodes.leave_up[a], up[a]),
        (nodes.enter_down[b], nodes.leave_down[b], down[b]),
        (nodes.leave_up[a], nodes.leave_down[a], up[a]),
    ]
    return _solved(digits, nodes, through, digits.carries_a, digits.carries_b)


def joint_flow(digits: Digits) -> Flow:
    """The most paths, if those that have come down may go up again."""
    nodes = _Nodes.of(digits.circuit, joint=True)
    return _solved(digits, nodes, _through(digits, nodes), digits.carries_a, digits.carries_b)


def shortest_flow(digits: Digits, near: BoolArray) -> Flow:
    """As `joint_flow`, on some vertices only, through as few units as can be: few paths go up again."""
    nodes, child, parent = _Nodes.of(digits.circuit, joint=True), digits.circuit.factor_child, digits.parent
    a, b = (carries[near[child[carries]] & near[parent[carries]]] for carries in (digits.carries_a, digits.carries_b))
    return _solved(digits, nodes, _through(digits, nodes), a, b, shortest=True)


@dataclass(frozen=True, eq=False)
class _Nodes:
    """The nodes of each unit; sites have their own numbers, before these."""

    enter_up: IntArray
    leave_up: IntArray
    enter_down: IntArray
    leave_down: IntArray
    source: int
    sink: int

    @classmethod
    def of(cls, circuit: Circuit, *, joint: bool) -> "_Nodes":
        units, sites = circuit.units, circuit.sites
        enter = np.arange(sites, sites + units)
        down = enter if joint else enter + 2 * units
        return cls(enter, enter + units, down, down + units, sites + 4 * units, sites + 4 * units + 1)


def _through(digits: Digits, nodes: _Nodes) -> list[Arcs]:
    units = np.flatnonzero((digits.has_a | digits.has_b)[digits.circuit.sites :])
    return [(nodes.enter_up[units], nodes.leave_up[units], digits.held[digits.circuit.sites + units])]


def _solved(
    digits: Digits, nodes: _Nodes, through: list[Arcs], a: IntArray, b: IntArray, *, shortest: bool = False
) -> Flow:
    """The maximum flow through units, the factors `a` upward and `b` downward, sites and the label."""
    circuit = digits.circuit
    sites, unit, child = np.arange(circuit.sites), circuit.factor_unit, circuit.factor_child
    side_a, side_b = sites[digits.has_a[sites]], sites[digits.has_b[sites]]
    ends = (nodes.source, nodes.enter_down[-1]) if digits.label_on_a else (nodes.leave_up[-1], nodes.sink)
    arcs: list[Arcs] = [
        (np.append(sites, nodes.leave_up)[child[a]], nodes.enter_up[unit[a]], np.full(len(a), digits.most)),
        (nodes.leave_down[unit[b]], np.append(sites, nodes.enter_down)[child[b]], np.full(len(b), digits.most)),
        *through,
        (np.full(len(side_a), nodes.source), side_a, digits.held[side_a]),
        (side_b, np.full(len(side_b), nodes.sink), digits.held[side_b]),
        (np.array([ends[0]]), np.array([ends[1]]), np.array([digits.labels])),
    ]
    engine = _shortest_arcs if shortest else _most_arcs
    flows = engine(arcs, nodes.source, nodes.sink)
    carried_a, carried_b = np.zeros(len(child), dtype=np.int64), np.zeros(len(child), dtype=np.int64)
    carried_a[a], carried_b[b] = flows[: len(a)], flows[len(a) : len(a) + len(b)]
    return Flow(digits, carried_a, carried_b)


def _most_arcs(arcs: list[Arcs], source: int, sink: int) -> IntArray:
    from ortools.graph.python.max_flow import SimpleMaxFlow

    engine = SimpleMaxFlow()
    tails, heads, capacities = (np.concatenate(part) for part in zip(*arcs, strict=True))
    numbers = engine.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities)
    status = engine.solve(source, sink)
    assert status == engine.OPTIMAL, f"the max-flow engine ended with {status}"
    flows: IntArray = engine.flows(numbers)
    return flows


def _shortest_arcs(arcs: list[Arcs], source: int, sink: int) -> IntArray:
    """A maximum flow that crosses as few of the third arcs, those through units, as can be."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    engine = SimpleMinCostFlow()
    tails, heads, capacities = (np.concatenate(part) for part in zip(*arcs, strict=True))
    costs = np.repeat([0, 0, 1, 0, 0, 0], [len(tails) for tails, _, _ in arcs])
    numbers = engine.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), capacities, costs
    )
    engine.set_node_supply(source, int(capacities.sum()))
    engine.set_node_supply(sink, -int(capacities.sum()))
    status = engine.solve_max_flow_with_min_cost()
    assert status == engine.OPTIMAL, f"the min-cost flow engine ended with {status}"
    flows: IntArray = engine.flows(numbers)
    return flows
