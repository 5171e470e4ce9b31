"""Many partitions of networks that re-use units: `tncut.bounds` beside max-flows on the unfolded network.

ortools' time is that of one max-flow alone, its arcs handed over at once; `min_cut` adds the graph of the partition and
the reading of the cut. Neither counts the unfolding. The time of `bounds` has everything in it, the bits of the bounds
included; its exact integers are a column of their own.

Run: python -m benchmarks reuse
"""

import math
import resource

import numpy as np

import tncut
from benchmarks.machine import NUMBA, compiled_loops, median, seconds, table
from benchmarks.partitions import problems
from benchmarks.rivals import ortools_flow

PARTITIONS = 200
ROUNDS = 5
STREAM = 100_000


def convolutions(sites: tuple[int, ...], channels: tuple[int, ...], pool: int | None = 2) -> tncut.ConvAC:
    """Layers of 3x3 (or 3) windows with stride 1, each pooled by 2x2, then one window over all."""
    padding = "same" if pool else "valid"
    layers = [tncut.Layer(channels=c, window=3, stride=1, padding=padding, pool=pool) for c in channels]
    last = tncut.Layer(channels=channels[-1], window="all")
    return tncut.ConvAC(sites=sites, site_dim=4, layers=[*layers, last])


NETS = {
    "overlap-16": tncut.load("overlap-16"),
    "recurrent, 32 steps, hidden 8, 8": tncut.Recurrent(steps=32, site_dim=4, hidden=(8, 8)),
    "64 sites, two 3-windows, all": convolutions((64,), (8, 8), pool=None),
    "16x16, three 3x3 layers, pooled": convolutions((16, 16), (8, 16, 32)),
    "32x32, four 3x3 layers, pooled": convolutions((32, 32), (8, 16, 32, 32)),
}


def row(name: str) -> str:
    """One line of the table."""
    circuit = tncut.compile(NETS[name])
    sides = np.random.default_rng(0).random((PARTITIONS, circuit.sites)) < 0.5
    # The same flow, solved a few times, says as much as the flows of all partitions; large graphs take seconds each.
    size = tncut.network.unfolded_size(circuit).tensors
    graphs = problems(circuit, sides[: 1 if size > 10**6 else 5 if size > 10**5 else 50])
    network = tncut.unfold(circuit)
    splits = [tncut.Partition(row) for row in sides[: len(graphs)]]
    theirs, whole, own, exact = [], [], {False: [], True: []}, []
    for use in (False, True) if NUMBA else (False,):
        with compiled_loops(use):
            tncut.bounds(circuit, sides[:10])  # compile, load
    for _ in range(1 if len(graphs) == 1 else ROUNDS):
        theirs.append(seconds(lambda: [ortools_flow(graph) for graph in graphs]) / len(graphs))
        whole.append(seconds(lambda: [tncut.min_cut(network, split) for split in splits]) / len(splits))
        for use in own if NUMBA else (False,):
            with compiled_loops(use):
                own[use].append(seconds(lambda: tncut.bounds(circuit, sides)) / PARTITIONS)
        exact.append(seconds(lambda: tncut.bounds(circuit, sides).ranks) / PARTITIONS)
    found = tncut.bounds(circuit, sides)
    assert all(bits <= ortools_flow(graph) + 1e-6 for bits, graph in zip(found.bits, graphs, strict=False))
    flow, cut = median(theirs), median(whole)
    cells = [f"{name} | {flow * 1e3:,.2f} | {cut * 1e3:,.2f}"]
    for use in own:
        taken = median(own[use]) if own[use] else math.nan
        cells.append(f"{taken * 1e3:.3f} ({flow / taken:,.1f}x, {cut / taken:,.1f}x)" if own[use] else "")
    cells.append(f"{median(exact) * 1e3:.3f}")
    return " | ".join(cells)


def growth() -> str:
    """Milliseconds of one partition against sites, layers and partitions."""
    lines = []
    for side in (8, 16, 32, 64):
        cells = [f"{side}x{side}"]
        for layers in (1, 2, 3):
            circuit = tncut.compile(convolutions((side, side), (8, 16, 32)[:layers]))
            for batch in (20, 200):
                sides = np.random.default_rng(0).random((batch, circuit.sites)) < 0.5
                tncut.bounds(circuit, sides[:2])
                taken = min(seconds(lambda c=circuit, s=sides: tncut.bounds(c, s)) for _ in range(3))
                cells.append(f"{taken / batch * 1e3:.2f}")
        lines.append(" | ".join(cells))
    head = ["sites"] + [f"{layers} layers, {batch}" for layers in (1, 2, 3) for batch in (20, 200)]
    return "Milliseconds of one partition, by sites, layers and partitions:\n\n" + table(" | ".join(head), lines)


def stream() -> str:
    """Very many partitions from an iterator: time, and memory above what 1,000 take."""
    circuit, rng = tncut.compile(NETS["16x16, three 3x3 layers, pooled"]), np.random.default_rng(1)
    list(tncut.bounds(circuit, iter([rng.random((1000, circuit.sites)) < 0.5])))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blocks = (rng.random((1000, circuit.sites)) < 0.5 for _ in range(STREAM // 1000))
    taken = seconds(lambda: sum(float(block.bits.sum()) for block in tncut.bounds(circuit, blocks)))
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"{STREAM:,} partitions of the 16x16 net from an iterator: {taken:.0f} s, {more:.0f} MB over the baseline."


def main() -> str:
    head = "network | ortools | `min_cut` | `bounds` | with numba | exact integers too"
    rows = table(head, [row(name) for name in NETS])
    title = "Networks that re-use units, milliseconds of one partition (how many times longer flow and cut take):"
    return "\n\n".join([title, rows, growth(), stream()])
