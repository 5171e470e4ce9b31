"""Many partitions of one network: `tncut.bounds` beside other engines, which solve them one by one.

Run: python -m benchmarks partitions
"""

import math

import numpy as np

import tncut
from benchmarks.machine import NUMBA, compiled_loops, median, median_seconds, seconds, table
from benchmarks.rivals import Problem, rivals
from tncut.mincut.capacities import Capacities
from tncut.mincut.flow_graph import FlowGraph

ROUNDS = 5
BATCH = 100_000
SCALE_BITS = 40


def network(sites: int, window: int, dims: str) -> tncut.Circuit:
    """A deep ConvAC: windows of 2 or 4, channels powers of 2 up to 2^9, or any integers from 2 to 512."""
    depth = round(math.log(sites, window))
    rng = np.random.default_rng(sites + window)
    powers = dims == "powers of 2"
    channels = [2 ** int(rng.integers(1, 10)) if powers else int(rng.integers(2, 513)) for _ in range(depth)]
    layers = [tncut.Layer(channels=c, window=window) for c in channels]
    return tncut.compile(tncut.ConvAC(sites=sites, site_dim=4 if powers else 5, layers=layers))


def problems(circuit: tncut.Circuit, sides: np.ndarray) -> list[Problem]:
    unfolded = tncut.unfold(circuit)
    capacities = Capacities.of(unfolded.bond_dims)
    exact = capacities.exact
    capacity = capacities.exponents.sum(axis=1) if exact else capacities.scaled(SCALE_BITS)
    graphs = [FlowGraph.of(unfolded, row) for row in sides]
    scale = 1 / math.log2(capacities.generators[0]) if exact else 2.0**SCALE_BITS
    return [Problem(graph, capacity[graph.arc_bond], scale) for graph in graphs]


def row(sites: int, window: int, dims: str) -> str:
    circuit = network(sites, window, dims)
    batch = BATCH if sites <= 1024 else BATCH // 5
    sides = np.random.default_rng(1).random((batch, sites)) < 0.5
    others = {name: solver for name, solver in rivals().items() if sites <= 1024 or "preflow" not in name}
    some = {name: problems(circuit, sides[: 1 if "networkx" in name else 20]) for name in others}
    own: dict[bool, list[float]] = {False: [], True: []}
    theirs: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(ROUNDS):
        for use in (False, True) if NUMBA else (False,):
            with compiled_loops(use):
                own[use].append(seconds(lambda: tncut.bounds(circuit, sides)) / batch)
        for name, solver in others.items():
            theirs[name].append(seconds(lambda n=name, s=solver: [s(p) for p in some[n]]) / len(some[name]))
    bits = tncut.bounds(circuit, sides[:20]).bits
    for name, solver in others.items():
        for problem, expected in zip(some[name], bits, strict=False):
            allowed = 1e-6 if name != "scipy" else 1e-6 + sites * 2.0**-18
            assert abs(solver(problem) - expected) <= allowed, (name, solver(problem), expected)
    numpy = median(own[False])
    cells = [f"{sites} | {window} | {dims} | {numpy * 1e6:.2f}"]
    cells.append(f"{median(own[True]) * 1e6:.2f}" if NUMBA else "")
    for name in rivals():
        taken = median(theirs[name]) if name in others else 0.0
        cells.append(f"{taken * 1e6:,.0f} ({taken / numpy:,.0f}x)" if taken else "")
    return " | ".join(cells)


def copy_limit() -> str:
    """How fast the sides themselves can be copied, a byte for each site."""
    size = 2**26
    source, target = np.zeros(size, dtype=np.int8), np.ones(size, dtype=np.int8)
    return f"Copying with numpy: {size / median_seconds(lambda: np.copyto(target, source)) / 1e9:.1f} GB/s."


def main() -> str:
    rows = []
    for window in (2, 4):
        for dims in ("powers of 2", "2 to 512"):
            for sites in (64, 256, 1024, 4096):
                rows.append(row(sites, window, dims))
    columns = ["sites", "windows", "dimensions", "tncut, µs", "with numba, µs", *(f"{name}, µs" for name in rivals())]
    header = " | ".join(columns)
    about = "Time of one partition, everything included; in brackets how many times longer than tncut without numba:"
    return "\n\n".join([about, table(header, rows), copy_limit()])


if __name__ == "__main__":
    print(main())
