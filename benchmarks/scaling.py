"""How the time of `tncut.bounds` grows with sites and partitions, and how much memory it takes.

Run: python -m benchmarks scaling
"""

import subprocess
import sys

import numpy as np

import tncut
from benchmarks.machine import NUMBA, compiled_loops, median_seconds, seconds, table
from benchmarks.partitions import network
from tncut.mincut import TreeCuts
from tncut.tools.bits import pack

MEMORY_PARTITIONS = 10_000_000
STREAM = """
import sys
import numpy as np
import tncut

def peak():  # of this program alone: getrusage would count what its parent had
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0])

net = tncut.load("deep-64")
size, blocks = 2**16, -(-int(sys.argv[1]) // 2**16)
rng = np.random.default_rng(0)
stream = (rng.integers(0, 256, (size, 8), dtype=np.uint8) for _ in range(blocks))
tncut.bounds(net, np.zeros((1, 64), dtype=bool))
before = peak()
most = max(float(block.bits.max()) for block in tncut.bounds(net, stream))
print(peak() - before)
"""


def growth(engine: str) -> str:
    """Nanoseconds for each site of each partition, and the exponents of least-squares fits in logarithms."""
    sizes, batches = (64, 256, 1024, 4096), (1_000, 10_000, 100_000, 1_000_000)
    rows, found = [], []
    for sites in sizes:
        cuts = TreeCuts(tncut.unfold(network(sites, 2, "powers of 2")))
        cells = []
        for batch in batches:
            packed = np.random.default_rng(0).integers(0, 256, (batch, sites // 8), dtype=np.uint8)
            cuts.bits(packed[:1])
            repeats = 3 if sites * batch > 10**8 else 9
            found.append((sites, batch, median_seconds(lambda c=cuts, p=packed: c.bits(p), repeats)))
            cells.append(f"{found[-1][2] / batch / sites * 1e9:.2f}")
        rows.append(" | ".join([str(sites), *cells]))
    x, y, t = np.log(np.array(found)).T
    design = np.stack((x, y, np.ones_like(x)), axis=1)
    (by_sites, by_batch, _), *_ = np.linalg.lstsq(design, t, rcond=None)
    header = " | ".join(["sites \\ partitions", *(f"{batch:,}" for batch in batches)])
    fit = f"Time ~ sites^{by_sites:.2f} x partitions^{by_batch:.2f} over the whole table."
    return "\n\n".join([f"Nanoseconds for each site of each partition, {engine}:", table(header, rows), fit])


def memory() -> str:
    """The growth of the resident set while an iterator gives ten million partitions of 64 sites."""
    command = [sys.executable, "-c", STREAM, str(MEMORY_PARTITIONS)]
    grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return f"{MEMORY_PARTITIONS:,} partitions of 64 sites from an iterator: {grown / 1024:.0f} MB over the baseline."


def small_network() -> str:
    """All 2^20 partitions of 20 sites, and 2,000 of them one by one."""
    net = tncut.ConvAC(
        sites=20, site_dim=3, layers=[tncut.Layer(channels=c, window=w) for c, w in ((5, 2), (7, 5), (6, 2))]
    )
    numbers = np.arange(2**20, dtype=np.uint32)
    sides = (numbers[:, None] >> np.arange(20)) & 1 == 1
    found = tncut.bounds(net, sides)
    taken, exact = (seconds(lambda: tncut.bounds(net, sides)), seconds(lambda: found.ranks))
    for place in np.random.default_rng(0).choice(2**20, 2000, replace=False).tolist():
        assert found[place] == tncut.bound(net, tncut.Partition(sides[place])).rank_bound
    return (
        f"All 2^20 partitions of 20 sites, dimensions 3, 5, 7, 6: {taken:.2f} s, their exact integers {exact:.2f} s "
        "more; equal to one by one on a sample of 2,000."
    )


def single() -> str:
    """One bound of 1,024 sites; one tree of 2^20 leaves."""
    net = tncut.ConvAC.deep(sites=1024, site_dim=4, channels=[8] * 10)
    tncut.bound(net, "odd-even")
    one = median_seconds(lambda: tncut.bound(net, "odd-even"), 21)
    large = tncut.unfold(tncut.compile(tncut.ConvAC.deep(sites=2**20, site_dim=4, channels=[2, 4, 8, 16] * 5)))
    cuts = TreeCuts(large)
    packed = pack(np.random.default_rng(0).random((1, 2**20)) < 0.5)
    value = median_seconds(lambda: cuts.bits(packed))
    labels = median_seconds(lambda: cuts.sides(packed))
    losses, sides = np.zeros((2, 2**20), dtype=np.int8), np.zeros(large.tensors, dtype=bool)
    copies = (np.ones_like(losses), np.ones_like(sides))
    copy = median_seconds(lambda: (np.copyto(copies[0], losses), np.copyto(copies[1], sides)), 21)
    return (
        f"One `tncut.bound` of 1,024 sites: {one * 1e3:.1f} ms. One tree of 2^20 leaves, prepared: value "
        f"{value * 1e3:.1f} ms, value and labels {labels * 1e3:.1f} ms; copying its losses and labels 20 times, its "
        f"depth: {20e3 * copy:.1f} ms, so {labels / copy / 20:.1f}x."
    )


def main() -> str:
    with compiled_loops(False):
        parts = [growth("numpy")]
    if NUMBA:
        with compiled_loops(True):
            parts.append(growth("numba"))
    with compiled_loops(False):
        parts += [memory(), small_network(), single()]
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(main())
