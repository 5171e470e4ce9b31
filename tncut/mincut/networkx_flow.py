"""The minimum cut by networkx, on integers of any width: slow, and independent of the other methods."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import SizeError
from ..network import TensorNetwork
from ..tools.arrays import BoolArray, product
from .capacities import Capacities
from .flow_graph import FlowGraph

ARC_LIMIT = 100_000


def networkx_sides(network: TensorNetwork, capacities: Capacities, side_a: BoolArray) -> tuple[BoolArray, str]:
    """The sides of the tensors (True: A) in a minimum cut, and why it is minimal; a SizeError above ARC_LIMIT arcs."""
    import networkx as nx

    graph = FlowGraph.of(network, side_a)
    if len(graph.tails) > ARC_LIMIT:
        raise SizeError(f"method networkx takes up to {ARC_LIMIT} arcs; this network has {len(graph.tails)}")
    weight = _order_preserving(network, capacities, side_a)[graph.arc_bond]
    flow_graph: nx.DiGraph[int] = nx.DiGraph()
    flow_graph.add_nodes_from((graph.source, graph.sink))
    for tail, head, capacity in zip(graph.tails.tolist(), graph.heads.tolist(), weight.tolist(), strict=True):
        known = flow_graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        flow_graph.add_edge(tail, head, capacity=known + capacity)
    _, (source_side, _) = nx.minimum_cut(flow_graph, graph.source, graph.sink)
    sides = np.zeros(graph.nodes, dtype=bool)
    sides[list(source_side)] = True
    return sides[: graph.tensors], "integer capacities wide enough to order all cuts that matter"


def _order_preserving(network: TensorNetwork, capacities: Capacities, side_a: BoolArray) -> NDArray[Any]:
    """Integer capacities so fine that every cut of minimum capacity has the smallest product.

    Let P be the product of all sites of one side. The smallest product is at most P, so its exponents add up to at most
    log2 P. This bounds its rounding error, and 1 / P the gap to the next product (see flow.py).
    """
    if capacities.exact:
        return np.asarray(capacities.exponents.sum(axis=1))
    most = min(product(network.bond_dims[network.read_bonds(side)]) for side in (side_a, ~side_a))
    slack = 2 * most.bit_length()
    return capacities.scaled((slack * most).bit_length()).astype(object)
