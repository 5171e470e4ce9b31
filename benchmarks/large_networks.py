"""Large networks, one partition each: seconds and memory of tncut, beside the max-flow engine alone.

Run: python benchmarks/large_networks.py
"""

import resource
import time

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

import tncut
from tncut.mincut.capacities import Capacities
from tncut.mincut.flow_graph import FlowGraph
from tncut.network import unfolded_size

REPEATS = 3


def median_seconds(action) -> float:
    seconds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[REPEATS // 2]


def overlapping(sites: int, depth: int, window: int, channels: tuple[int, ...], site_dim: int) -> tncut.ConvAC:
    layers = [tncut.Layer(channels=channels[i % len(channels)], window=window, stride=1) for i in range(depth)]
    return tncut.ConvAC(sites=sites, site_dim=site_dim, layers=[*layers, tncut.Layer(channels=4, window="all")])


def engine_alone(graph: FlowGraph, capacity: np.ndarray) -> None:
    engine = SimpleMaxFlow()
    engine.add_arcs_with_capacity(graph.tails, graph.heads, capacity)
    engine.solve(graph.source, graph.sink)
    engine.get_source_side_min_cut()


def flow_row(name: str, architecture: tncut.ConvAC, text: str) -> None:
    circuit = tncut.compile(architecture)
    network = tncut.unfold(circuit)
    partition = tncut.Partition.parse(text, circuit.grids[0])
    graph = FlowGraph.of(network, partition.sides)
    capacities = Capacities.of(network.bond_dims)
    capacity = (capacities.exponents.sum(axis=1) if capacities.exact else capacities.scaled(40))[graph.arc_bond]
    alone = median_seconds(lambda: engine_alone(graph, capacity))
    solved = median_seconds(lambda: tncut.min_cut(network, partition, method="flow").rank_bound)
    whole = median_seconds(lambda: tncut.min_cut(tncut.unfold(circuit), partition, method="flow").rank_bound)
    print(
        f"| {name} | {text} | {network.bonds} | {len(graph.tails)} | {alone:.2f} | "
        f"{solved:.2f} ({solved / alone:.2f}x) | {whole:.2f} ({whole / alone:.2f}x) |"
    )


def tree_row(sites_log2: int, channels: tuple[int, ...], text: str) -> None:
    widths = [channels[i % len(channels)] for i in range(sites_log2)]
    architecture = tncut.ConvAC.deep(sites=2**sites_log2, site_dim=2, channels=widths)
    seconds = median_seconds(lambda: tncut.bound(architecture, text).rank_bound)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    bonds = unfolded_size(tncut.compile(architecture)).bonds
    print(f"| deep, 2^{sites_log2} sites, widths {channels} | {text} | {bonds} | {seconds:.2f} | {peak:.2f} |")


def main() -> None:
    print("| deep net, tncut.bound from the specification | partition | bonds | seconds | peak GB of the process |")
    print("|---|---|---|---|---|")
    for channels in ((2, 4, 8), (2, 3, 5, 6, 12)):
        for text in ("left-right", "odd-even"):
            tree_row(20, channels, text)
    print()
    print("| overlapping net | partition | bonds | arcs | ortools alone, s | build + solve, s | with unfolding, s |")
    print("|---|---|---|---|---|---|---|")
    for text in ("left-right", "odd-even"):
        flow_row("140 sites, 13 layers of 2", overlapping(140, 13, 2, (4, 8), 4), text)
        flow_row("140 sites, 13 layers of 2, mixed widths", overlapping(140, 13, 2, (4, 6, 5), 3), text)
        flow_row("65536 sites, 3 layers of 2", overlapping(65536, 3, 2, (4, 8), 4), text)


if __name__ == "__main__":
    main()
