"""Minimum cuts of many graphs that differ only in which of their arcs are there.

One graph is prepared. Every arc has two *gates*; over a block of instances a gate is open or shut, and an arc is there
where both of its gates are open. ortools solves one instance after another, or numba compiles a loop over all of them.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.arrays import BoolArray, IntArray
from ..tools.compiled import compiled as with_numba
from ..tools.compiled import has_numba
from .dinitz import PARTS, Arcs, solve

SOURCE, SINK = 0, 1  # nodes of every graph
MOST_COMPILED = 2**15  # factors of a circuit; ortools' push-relabel wins on larger graphs
WORTH_LOADING = 2**14  # factors times instances; below it ortools is done before numba is loaded


def worth_compiling(factors: int, instances: int) -> bool:
    """Whether numba is installed and faster, its loading included, on the graphs of a circuit with so many factors."""
    is_loaded = "numba" in sys.modules
    return factors <= MOST_COMPILED and has_numba() and (is_loaded or factors * instances >= WORTH_LOADING)


@dataclass(frozen=True, eq=False)
class GatedGraph:
    """The arcs that a graph may have. Capacities sum up to less than 2^62 at the source, and at the sink."""

    nodes: int
    tail: IntArray  # (arcs,)
    head: IntArray  # (arcs,)
    capacity: IntArray  # (arcs,) 0 or more
    gates: tuple[IntArray, IntArray]  # (arcs,) two rows of the gates for each arc

    def minimum_cuts(self, open_gates: BoolArray, *, compiled: bool) -> tuple[BoolArray, BoolArray]:
        """(nodes, instances) twice: the source's sides of the smallest and the largest minimum cut.

        `open_gates`: (gates, instances). `compiled`: by numba, if `worth_compiling` says so.
        """
        if compiled:
            smallest = np.empty((open_gates.shape[1], self.nodes), dtype=bool)
            largest = np.empty_like(smallest)
            self._run_compiled(open_gates, smallest, largest, np.empty((0, 0), dtype=np.int64))
            return smallest.T, largest.T
        smallest = np.zeros((self.nodes, open_gates.shape[1]), dtype=bool)
        largest = np.ones_like(smallest)
        smallest[SOURCE], largest[SINK] = True, False
        for instance, _, solver in self._run_ortools(open_gates):
            smallest[solver.get_source_side_min_cut(), instance] = True
            largest[solver.get_sink_side_min_cut(), instance] = False
        return smallest, largest

    def maximum_flows(self, open_gates: BoolArray, *, compiled: bool) -> IntArray:
        """(arcs, instances) a maximum flow of each instance; `open_gates`: (gates, instances)."""
        flows = np.zeros((open_gates.shape[1], len(self.tail)), dtype=np.int64)
        if compiled:
            none = np.empty((0, self.nodes), dtype=bool)
            self._run_compiled(open_gates, none, none, flows)
        else:
            for instance, arcs, solver in self._run_ortools(open_gates):
                flows[instance, arcs] = solver.flows(np.arange(len(arcs)))
        return flows.T

    def _run_compiled(self, open_gates: BoolArray, smallest: BoolArray, largest: BoolArray, flows: IntArray) -> None:
        arcs = Arcs(self.nodes, self.tail, self.head, self.capacity, *self.gates)
        with_numba(solve, *PARTS)(arcs, np.ascontiguousarray(open_gates.T), smallest, largest, flows)

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
