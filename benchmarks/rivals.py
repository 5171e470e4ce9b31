"""The minimum cut of one partition by other engines: each builds the same graph and solves it, once per call.

Every engine starts from the same arrays of arcs, so that what is timed is its own building and solving. Integer
capacities: exponents where all dimensions are powers of 2, else logarithms scaled to the integers that it can hold.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

import networkx as nx
import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tncut.mincut.flow_graph import FlowGraph

Solver = Callable[["Problem"], float]


@dataclass(frozen=True)
class Problem:
    """Arcs with integer capacities; the cut's value in bits is the flow divided by `scale`."""

    graph: FlowGraph
    capacity: np.ndarray
    scale: float

    def bits(self, flow: float) -> float:
        return flow / self.scale


def ortools_flow(problem: Problem) -> float:
    engine = SimpleMaxFlow()
    engine.add_arcs_with_capacity(problem.graph.tails, problem.graph.heads, problem.capacity)
    engine.solve(problem.graph.source, problem.graph.sink)
    return problem.bits(engine.optimal_flow())


def _digraph(problem: Problem) -> nx.DiGraph:
    graph = nx.DiGraph()
    arcs = zip(problem.graph.tails.tolist(), problem.graph.heads.tolist(), problem.capacity.tolist(), strict=True)
    graph.add_edges_from((tail, head, {"capacity": capacity}) for tail, head, capacity in arcs)
    return graph


def preflow_push(problem: Problem) -> float:
    flow = nx.algorithms.flow.preflow_push
    value = nx.minimum_cut_value(_digraph(problem), problem.graph.source, problem.graph.sink, flow_func=flow)
    return problem.bits(value)


def boykov_kolmogorov(problem: Problem) -> float:
    flow = nx.algorithms.flow.boykov_kolmogorov
    value = nx.minimum_cut_value(_digraph(problem), problem.graph.source, problem.graph.sink, flow_func=flow)
    return problem.bits(value)


def scipy_flow(problem: Problem) -> float:
    graph = problem.graph
    # scipy wraps 64-bit integers silently: narrower ones, at a coarser scale.
    shrink = max(int(problem.capacity.max()).bit_length() - 24, 0)
    weights = (problem.capacity >> shrink).astype(np.int32)
    matrix = csr_array((weights, (graph.tails, graph.heads)), shape=(graph.nodes, graph.nodes))
    return problem.bits(maximum_flow(matrix, graph.source, graph.sink).flow_value * 2.0**shrink)


def igraph_flow(problem: Problem) -> float:
    import igraph

    arcs = np.stack((problem.graph.tails, problem.graph.heads), axis=1)
    graph = igraph.Graph(problem.graph.nodes, arcs, directed=True)
    return problem.bits(graph.maxflow_value(problem.graph.source, problem.graph.sink, problem.capacity.tolist()))


def pymaxflow(problem: Problem) -> float:
    import maxflow

    graph, tails, heads, capacity = problem.graph, problem.graph.tails, problem.graph.heads, problem.capacity
    engine = maxflow.GraphInt(graph.nodes, len(tails))
    engine.add_nodes(graph.nodes)
    from_source, to_sink = tails == graph.source, heads == graph.sink
    inner = ~from_source & ~to_sink
    engine.add_edges(tails[inner], heads[inner], capacity[inner], np.zeros(np.count_nonzero(inner), dtype=np.int64))
    for node, weight in zip(heads[from_source].tolist(), capacity[from_source].tolist(), strict=True):
        engine.add_tedge(node, weight, 0)
    for node, weight in zip(tails[to_sink].tolist(), capacity[to_sink].tolist(), strict=True):
        engine.add_tedge(node, 0, weight)
    return problem.bits(engine.maxflow())


ALWAYS: dict[str, Solver] = {
    "ortools": ortools_flow,
    "scipy": scipy_flow,
    "networkx boykov_kolmogorov": boykov_kolmogorov,
    "networkx preflow_push": preflow_push,
}
IF_INSTALLED = {"igraph": ("igraph", igraph_flow), "PyMaxflow": ("maxflow", pymaxflow)}


def rivals() -> dict[str, Solver]:
    found = {name: solver for name, (module, solver) in IF_INSTALLED.items() if importlib.util.find_spec(module)}
    return ALWAYS | found
