"""Gated graphs: every instance has the cuts and flows that networkx finds in it, by both engines."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.circuits import seeds
from tncut.mincut.dinitz import Arcs, solve
from tncut.mincut.gated import SINK, SOURCE, GatedGraph
from tncut.tools.compiled import has_numba

ENGINES = [False, True] if has_numba() else [False]


def random_case(seed: int) -> tuple[GatedGraph, np.ndarray]:
    rng = np.random.default_rng(seed)
    nodes, arcs, gates = int(rng.integers(2, 9)), int(rng.integers(1, 25)), 5
    tail, head = rng.integers(nodes, size=(2, arcs))
    some = tail != head
    capacity = rng.integers(0, 6, size=arcs)
    first, second = rng.integers(gates, size=(2, arcs))
    graph = GatedGraph(nodes, tail[some], head[some], capacity[some], (first[some], second[some]))
    return graph, rng.random((gates, 7)) < 0.7


def networkx_graph(graph: GatedGraph, gates: np.ndarray) -> nx.DiGraph:
    found = nx.DiGraph()
    found.add_nodes_from(range(graph.nodes))
    for arc in np.flatnonzero(gates[graph.gates[0]] & gates[graph.gates[1]]).tolist():
        ends = int(graph.tail[arc]), int(graph.head[arc])
        known = found.get_edge_data(*ends, default={"capacity": 0})["capacity"]
        found.add_edge(*ends, capacity=known + int(graph.capacity[arc]))
    return found


@pytest.mark.parametrize("compiled", ENGINES)
@settings(max_examples=60)
@given(seed=seeds())
def test_cuts_are_the_smallest_and_the_largest_of_those_of_least_capacity(compiled, seed):
    graph, gates = random_case(seed)
    smallest, largest = graph.minimum_cuts(gates, compiled=compiled)
    for instance in range(gates.shape[1]):
        residual = nx.algorithms.flow.preflow_push(networkx_graph(graph, gates[:, instance]), SOURCE, SINK)
        spare = nx.DiGraph((a, b) for a, b, arc in residual.edges(data=True) if arc["flow"] < arc["capacity"])
        spare.add_nodes_from(range(graph.nodes))
        assert set(np.flatnonzero(smallest[:, instance])) == {SOURCE, *nx.descendants(spare, SOURCE)}
        assert set(np.flatnonzero(~largest[:, instance])) == {SINK, *nx.ancestors(spare, SINK)}


@pytest.mark.parametrize("compiled", ENGINES)
@settings(max_examples=60)
@given(seed=seeds())
def test_flows_are_feasible_and_maximal(compiled, seed):
    graph, gates = random_case(seed)
    flows = graph.maximum_flows(gates, compiled=compiled)
    is_open = gates[graph.gates[0]] & gates[graph.gates[1]]
    assert ((flows >= 0) & (flows <= graph.capacity[:, None] * is_open)).all()
    for instance in range(gates.shape[1]):
        net = np.bincount(graph.head, flows[:, instance], graph.nodes)
        net -= np.bincount(graph.tail, flows[:, instance], graph.nodes)
        value = nx.maximum_flow_value(networkx_graph(graph, gates[:, instance]), SOURCE, SINK)
        assert net[SINK] == -net[SOURCE] == value
        assert not net[2:].any()


@pytest.mark.skipif(not has_numba(), reason="the extra `fast` is not installed")
def test_the_compiled_loop_is_what_python_says():
    graph, gates = random_case(7)
    arcs = Arcs(graph.nodes, graph.tail, graph.head, graph.capacity, *graph.gates)
    flows = np.zeros((gates.shape[1], len(graph.tail)), dtype=np.int64)
    none = np.empty((0, graph.nodes), dtype=bool)
    solve(arcs, np.ascontiguousarray(gates.T), none, none, flows)
    assert np.array_equal(flows.T, graph.maximum_flows(gates, compiled=True))
