"""Tailored widths of large networks: how long until they are proven optimal, or what gap is left.

Run: python -m benchmarks.tailoring
"""

import time

import numpy as np

import tncut
from benchmarks.machine import describe, table

PARTITIONS = 10_000
DEEP = tncut.ConvAC.deep(sites=1024, site_dim=4, channels=(1,) * 10)
SLIDING = {"window": 3, "stride": 1, "padding": "same", "pool": 2}
OVERLAPPING = tncut.ConvAC(
    sites=(16, 16),
    site_dim=4,
    layers=[*(tncut.Layer(channels=1, **SLIDING) for _ in range(3)), tncut.Layer(channels=1, window="all")],
)


def random_sides() -> np.ndarray:
    return np.random.default_rng(0).random((PARTITIONS, 1024)) < 0.5


def intervals() -> np.ndarray:
    """Intervals of any length that hold some sites, not all."""
    ends = np.sort(np.random.default_rng(1).integers(0, 1025, (2 * PARTITIONS, 2)), axis=1)
    ends = ends[(ends[:, 1] > ends[:, 0]) & (ends[:, 1] - ends[:, 0] < 1024)][:PARTITIONS]
    sites = np.arange(1024)
    return (sites >= ends[:, :1]) & (sites < ends[:, 1:])


def rectangles() -> np.ndarray:
    """Rectangles of the 16x16 grid, 4 to 12 locations high and wide."""
    rng = np.random.default_rng(2)
    found = np.zeros((100, 16, 16), dtype=bool)
    for sides in found:
        high, wide = rng.integers(4, 13, 2)
        top, left = rng.integers(0, 17 - high), rng.integers(0, 17 - wide)
        sides[top : top + high, left : left + wide] = True
    return found.reshape(100, 256)


CASES = {
    "deep, 1,024 sites, 10,000 random partitions": (DEEP, random_sides, "powers:2:512", "lower", 60),
    "deep, 1,024 sites, 10,000 intervals": (DEEP, intervals, "powers:2:512", "lower", 60),
    "16x16, three 3x3 layers pooled and one over all, 100 rectangles": (
        *(OVERLAPPING, rectangles, "powers:2:64", "lower", 120),
    ),
    "the same": (OVERLAPPING, rectangles, "powers:2:64", "upper", 120),
}


def row(name: str) -> str:
    """One line of the table."""
    net, sides, widths, guarantee, limit = CASES[name]
    begun = time.perf_counter()
    found = tncut.tailor(net, sides(), budget=10**6, widths=widths, guarantee=guarantee, seconds=limit)
    seconds = time.perf_counter() - begun
    proven = "optimal" if found.optimal else f"gap {found.gap:.2%}"
    chosen = ", ".join(map(str, found.widths.values()))
    cells = name, guarantee, f"{found.value:g}", proven, chosen, f"{found.cost:,}", str(found.rounds), f"{seconds:.1f}"
    return " | ".join(cells)


def main() -> None:
    head = "network, partitions | counted | bits | proof | widths | parameters | rounds | seconds"
    print(f"Measured on {describe()}; at most 10^6 parameters.\n")
    print(table(head, [row(name) for name in CASES]))


if __name__ == "__main__":
    main()
