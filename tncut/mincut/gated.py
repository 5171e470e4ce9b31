"""Minimum cuts of many graphs that differ only in which of their arcs are there.

One graph is prepared. Every arc has two *gates*; over a block of instances a gate is open or shut, and an arc is there
where both of its gates are open. Numba compiles the max-flow (the extra `fast`); without it, ortools solves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..tools.arrays import BoolArray, IntArray

SOURCE, SINK = 0, 1  # nodes of every graph
COMPILED_ARCS = 2**17


@dataclass(frozen=True, eq=False)
class GatedGraph:
    """The arcs that a graph may have. Capacities sum up to less than 2^62 at the source, and at the sink."""

    nodes: int
    tail: IntArray  # (arcs,)
    head: IntArray  # (arcs,)
    capacity: IntArray  # (arcs,) 0 or more
    gates: tuple[IntArray, IntArray]  # (arcs,) two rows of the gates for each arc

    def minimum_cuts(self, open_gates: BoolArray) -> tuple[BoolArray, BoolArray]:
        """(nodes, instances) twice: the source's sides of the smallest and the largest minimum cut.

        `open_gates`: (gates, instances).
        """
        if self._is_compiled():
            smallest = np.empty((open_gates.shape[1], self.nodes), dtype=bool)
            largest = np.empty_like(smallest)
            self._run_compiled(open_gates, smallest, largest, np.empty((0, 0), dtype=np.int64))
            return smallest.T, largest.T
        smallest = np.zeros((self.nodes, open_gates.shape[1]), dtype=bool)
        largest = np.ones_like(smallest)
        for instance, _, solver in self._run_ortools(open_gates):
            smallest[solver.get_source_side_min_cut(), instance] = True
            largest[solver.get_sink_side_min_cut(), instance] = False
        return smallest, largest

    def maximum_flows(self, open_gates: BoolArray) -> IntArray:
        """(arcs, instances) a maximum flow of each instance; `open_gates`: (gates, instances)."""
        flows = np.zeros((open_gates.shape[1], len(self.tail)), dtype=np.int64)
        if self._is_compiled():
            none = np.empty((0, self.nodes), dtype=bool)
            self._run_compiled(open_gates, none, none, flows)
        else:
            for instance, arcs, solver in self._run_ortools(open_gates):
                flows[instance, arcs] = solver.flows(np.arange(len(arcs)))
        return flows.T

    def _is_compiled(self) -> bool:
        """Whether numba is there, and the graph small: ortools' push-relabel wins on large ones."""
        return len(self.tail) <= COMPILED_ARCS and find_spec("numba") is not None

    def _run_compiled(self, open_gates: BoolArray, smallest: BoolArray, largest: BoolArray, flows: IntArray) -> None:
        gates = np.ascontiguousarray(open_gates.T)
        _compiled()(self.nodes, self.tail, self.head, self.capacity, *self.gates, gates, smallest, largest, flows)

    def _run_ortools(self, open_gates: BoolArray) -> Iterator[tuple[int, IntArray, Any]]:
        from ortools.graph.python.max_flow import SimpleMaxFlow

        first, second = self.gates
        tail, head = self.tail.astype(np.int32), self.head.astype(np.int32)
        for instance, gates in enumerate(open_gates.T):
            arcs = np.flatnonzero(gates[first] & gates[second])
            solver = SimpleMaxFlow()
            solver.add_arcs_with_capacity(tail[arcs], head[arcs], self.capacity[arcs])
            status = solver.solve(SOURCE, SINK)
            assert status == solver.OPTIMAL, f"the max-flow solver ended with {status}"
            yield instance, arcs, solver


@cache
def _compiled() -> Callable[..., Any]:
    import numba

    return numba.njit(nogil=True, cache=True)(_solve_all)


def _solve_all(nodes, tail, head, capacity, gate, other_gate, gates, smallest, largest, flows):  # type: ignore[no-untyped-def]
    """Dinitz (1970): shortest augmenting paths, all of one length at a time."""
    arcs = len(tail)
    # Half arcs, forward and backward, by the node that they leave.
    half_start = np.zeros(nodes + 1, np.int64)
    for arc in range(arcs):
        half_start[tail[arc] + 1] += 1
        half_start[head[arc] + 1] += 1
    half_start = np.cumsum(half_start)
    half_arc = np.empty(2 * arcs, np.int32)
    half_back = np.empty(2 * arcs, np.int32)
    next_half = half_start.copy()
    for arc in range(arcs):
        forward, backward = next_half[tail[arc]], 0
        next_half[tail[arc]] += 1
        backward = next_half[head[arc]]
        next_half[head[arc]] += 1
        half_arc[forward], half_arc[backward] = arc, ~arc
        half_back[forward], half_back[backward] = backward, forward
    is_there = np.empty(arcs, np.bool_)
    number = np.empty(2 * arcs, np.int32)
    start = np.empty(nodes + 1, np.int32)
    to = np.empty(2 * arcs, np.int32)
    back = np.empty(2 * arcs, np.int32)
    left = np.empty(2 * arcs, np.int64)
    level = np.empty(nodes, np.int32)
    current = np.empty(nodes, np.int32)
    queue = np.empty(nodes, np.int32)
    path = np.empty(nodes, np.int32)
    for instance in range(len(gates)):
        is_open = gates[instance]
        for arc in range(arcs):
            is_there[arc] = is_open[gate[arc]] & is_open[other_gate[arc]]
        found = 0
        for node in range(nodes):
            start[node] = found
            for half in range(half_start[node], half_start[node + 1]):
                arc = half_arc[half]
                if arc >= 0:
                    if is_there[arc]:
                        to[found] = head[arc]
                        left[found] = capacity[arc]
                        back[found] = half_back[half]
                        number[half] = found
                        found += 1
                elif is_there[~arc]:
                    to[found] = tail[~arc]
                    left[found] = 0
                    back[found] = half_back[half]
                    number[half] = found
                    found += 1
        start[nodes] = found
        for position in range(found):
            back[position] = number[back[position]]
        while True:
            # Distances to the sink.
            level[:] = -1
            level[1] = 0
            queue[0] = 1
            begin, end = 0, 1
            while begin < end and level[0] < 0:
                node = queue[begin]
                begin += 1
                for position in range(start[node], start[node + 1]):
                    below = to[position]
                    if level[below] < 0 and left[back[position]] > 0:
                        level[below] = level[node] + 1
                        queue[end] = below
                        end += 1
            if level[0] < 0:
                break
            current[:] = start[:-1]
            depth, node = 0, 0
            while True:
                if node == 1:
                    # Push along the path, and go back to the first arc that is full.
                    most = left[path[0]]
                    for index in range(1, depth):
                        if left[path[index]] < most:
                            most = left[path[index]]
                    keep = depth
                    for index in range(depth - 1, -1, -1):
                        position = path[index]
                        left[position] -= most
                        left[back[position]] += most
                        if left[position] == 0:
                            keep = index
                    node = to[back[path[keep]]]
                    depth = keep
                advanced = False
                position = current[node]
                stop = start[node + 1]
                while position < stop:
                    below = to[position]
                    if left[position] > 0 and level[below] == level[node] - 1:
                        advanced = True
                        break
                    position += 1
                current[node] = position
                if advanced:
                    path[depth] = position
                    depth += 1
                    node = below
                elif depth == 0:
                    break
                else:
                    level[node] = -2
                    depth -= 1
                    node = to[back[path[depth]]]
                    current[node] += 1
        if len(flows):
            for half in range(2 * arcs):
                arc = half_arc[half]
                if arc >= 0 and is_there[arc]:
                    flows[instance, arc] = capacity[arc] - left[number[half]]
            continue
        # What the sink can be reached from is known: the nodes with a distance.
        for node in range(nodes):
            largest[instance, node] = level[node] < 0
            smallest[instance, node] = False
        smallest[instance, 0] = True
        queue[0] = 0
        begin, end = 0, 1
        while begin < end:
            node = queue[begin]
            begin += 1
            for position in range(start[node], start[node + 1]):
                below = to[position]
                if left[position] > 0 and not smallest[instance, below]:
                    smallest[instance, below] = True
                    queue[end] = below
                    end += 1
