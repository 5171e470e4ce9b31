"""The symmetric cut on large circuits: seconds and memory, beside one plain max-flow on as many arcs.

Run: python benchmarks/symmetric.py
"""

import resource
import time

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

import tncut


def overlapping(sites: int | tuple[int, ...], depth: int, window: int, channels: int, site_dim: int) -> tncut.ConvAC:
    layers = [tncut.Layer(channels=channels, window=window, stride=1)] * depth
    return tncut.ConvAC(sites=sites, site_dim=site_dim, layers=[*layers, tncut.Layer(channels=channels, window="all")])


def thirteen_layers() -> tncut.ConvAC:
    """3x3 convolutions on 224x224 sites, 64 to 512 channels, a product over 2x2 after layers 2, 4, 7, 10 and 13."""
    blocks = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    layers = [
        tncut.Layer(channels=channels, window=3, stride=1, padding="same", pool=2 if last else None)
        for channels, depth in blocks
        for last in [False] * (depth - 1) + [True]
    ]
    return tncut.ConvAC(sites=(224, 224), site_dim=3, layers=[*layers, tncut.Layer(channels=1000, window="all")])


def plain_max_flow(arcs: int) -> float:
    """Seconds of one max-flow on a square grid of as many arcs, with random capacities, from side to side."""
    size = int((arcs / 4) ** 0.5)
    cells = np.arange(size * size).reshape(size, size)
    rng = np.random.default_rng(0)
    pairs = [(cells[:, :-1], cells[:, 1:]), (cells[:-1], cells[1:])]
    tails = np.concatenate([part.ravel() for a, b in pairs for part in (a, b)])
    heads = np.concatenate([part.ravel() for a, b in pairs for part in (b, a)])
    ends = np.full(size, size * size), np.full(size, size * size + 1)
    engine = SimpleMaxFlow()
    begin = time.perf_counter()
    engine.add_arcs_with_capacity(tails, heads, rng.integers(1, 2**20, len(tails)))
    engine.add_arcs_with_capacity(ends[0], cells[:, 0], np.full(size, 2**40))
    engine.add_arcs_with_capacity(cells[:, -1], ends[1], np.full(size, 2**40))
    engine.solve(size * size, size * size + 1)
    return time.perf_counter() - begin


def row(name: str, architecture: tncut.ConvAC, text: str) -> None:
    circuit = tncut.compile(architecture)
    partition = tncut.Partition.parse(text, circuit.grids[0])
    begin = time.perf_counter()
    cut = tncut.symmetric_cut(circuit, partition)
    seconds = time.perf_counter() - begin
    uses = len(circuit.factor_child)
    plain = plain_max_flow(4 * uses)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"| {name} | {text} | {uses} | {max(circuit.multiplicities):.1e} | {cut.entropy_bound:.1f} | "
        f"{seconds:.1f} | {plain:.1f} | {peak:.1f} |",
        flush=True,
    )


def main() -> None:
    print("| circuit | partition | uses | most copies | bound, bits | seconds | plain max-flow, s | peak GB |")
    print("|---|---|---|---|---|---|---|---|")
    line = overlapping(10_000, 6, 3, 4, 4)
    for text in ("prefix:12", "left-right", "odd-even"):
        row("10000 sites, 6 layers of 3", line, text)
    grid = overlapping((64, 64), 6, 3, 4, 4)
    for text in ("block:24,24:8x8", "block:16,16:32x32", "left-right"):
        row("64x64 sites, 6 layers of 3x3", grid, text)
    for text in ("left-right", "checkerboard"):
        row("83000 sites, 6 layers of 2", overlapping(83_000, 6, 2, 8, 4), text)
    for text in ("left-right", "checkerboard", "block:56,56:112x112"):
        row("224x224 sites, 13 layers of 3x3, 5 poolings", thirteen_layers(), text)


if __name__ == "__main__":
    main()
