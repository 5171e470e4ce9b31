"""The entanglement of many samples: seconds of a core, seconds and memory, by samples, sites and partitions.

Run: python -m benchmarks.demands [SAMPLES SITES PARTITIONS]
"""

import sys
import time
from subprocess import run

import numpy as np
from scipy.ndimage import gaussian_filter

import tncut
from tncut.tools.arrays import FloatArray

SIZES = [(2500, 1024, 1), (5000, 256, 5), (5000, 1024, 5), (10_000, 256, 5), (10_000, 1024, 20)]


def fields(samples: int, sites: int) -> FloatArray:
    """Smooth random fields on a square grid, of deviation 0.5: neither nearly equal nor nearly orthogonal."""
    side = int(sites**0.5)
    noise = np.random.default_rng(0).standard_normal((samples, side, side))
    smooth = gaussian_filter(noise, (0, 4, 4))
    return np.asarray(0.5 * smooth / smooth.std())


def row(samples: int, sites: int, partitions: int) -> str:
    """One line of the table, over random partitions."""
    inputs = fields(samples, sites)
    rng = np.random.default_rng(1)
    splits = [tncut.Partition(rng.random(sites) < 0.5) for _ in range(partitions)]
    begun, used = time.perf_counter(), time.process_time()
    found = tncut.data_entanglement(inputs, partitions=splits)
    used, taken = time.process_time() - used, time.perf_counter() - begun
    with open("/proc/self/status") as status:
        peak = int(status.read().split("VmHWM:")[1].split()[0]) / 1024
    method = found[0].to_dict()["method"]
    return (
        f"| {samples:,} | {sites:,} | {partitions} | {method} | {found[0].entropy} | "
        f"{found[0].entropy.numerical:.1g} | {used:.0f} | {taken:.0f} | {peak:,.0f} |"
    )


def main() -> None:
    if len(sys.argv) > 1:
        print(row(*map(int, sys.argv[1:])))
        return
    print("| samples | sites | partitions | method | entropy, bits | of random vectors | core s | s | peak, MB |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for size in SIZES:
        run([sys.executable, "-m", "benchmarks.demands", *map(str, size)], check=True)


if __name__ == "__main__":
    main()
