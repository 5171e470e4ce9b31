"""The minimum cut as a problem for other people's solvers: max-flow in the DIMACS format."""

from ..network import Subject, unfold
from ..partition import Split
from .capacities import Capacities
from .flow_graph import FlowGraph

BITS = 32  # of the scale where logarithms are rounded


def dimacs(architecture: Subject, partition: Split) -> str:
    """The max-flow whose minimum cut is that of the network over a partition, as DIMACS text.

    Where all dimensions are powers of one integer, capacities are their exponents: exact. Elsewhere they are logarithms
    scaled by 2^32 and rounded down, and a comment says so.
    """
    network = unfold(architecture)
    split = network.terminals.partition(partition)
    graph, exact = FlowGraph.of(network, split.sides), Capacities.of(network.bond_dims)
    if exact.exact:
        values = exact.exponents.sum(axis=1)
        unit = f"exponents of {max(exact.generators, default=2)}, exact"
    else:
        values = exact.scaled(min(BITS, exact.widest_scale))
        unit = f"log2 times 2^{min(BITS, exact.widest_scale)}, rounded down"
    lines = [f"c minimum cut of {network.name or 'a tensor network'}".replace("\n", " "), f"c capacities: {unit}"]
    lines += [f"p max {graph.nodes} {len(graph.tails)}", f"n {graph.source + 1} s", f"n {graph.sink + 1} t"]
    capacity = values[graph.arc_bond]
    for tail, head, value in zip(graph.tails.tolist(), graph.heads.tolist(), capacity.tolist(), strict=True):
        lines.append(f"a {tail + 1} {head + 1} {value}")
    return "\n".join(lines) + "\n"
