"""What comparing in batches costs: cells in a second, overhead of a cell, and speed-up on two cores.

Run: python benchmarks/compare.py [NAME ...], with names of SWEEPS; all if none is given. Overhead is the time of all
workers that no cell accounts for, divided by the number of cells; start-up included.
"""

import os

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")})  # as the workers have it

import sys
import tempfile
from pathlib import Path

from tncut.comparison import Comparison, Sweep, compare, make_sweep, read_results

SPLITS = [
    "odd-even",
    "left-right",
    "checkerboard",
    "alternating:4",
    "alternating:8",
    "prefix:16",
    "random:seed=0",
    "random:seed=1",
]


def many_small() -> Sweep:
    """10,000 cells: 500 deep and 125 shallow nets of 64 sites, 8 partitions, both ends of the interval."""
    widths = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    grids = [
        {
            "base": "deep-64",
            "layers": {"0": {"channels": widths}, "2": {"channels": widths}, "4": {"channels": widths[::2]}},
        },
        {"base": "shallow-64", "layers": {"0": {"channels": list(range(1, 126))}}},
    ]
    return make_sweep([], grids=grids, partitions=SPLITS, measures=["interval"])


def some_longer() -> Sweep:
    """Cells of 10 ms and more: exact ranks of overlapping nets of 12 sites."""
    grid = {"base": "overlap-1d-12", "layers": {"0": {"channels": [4, 6, 8]}, "1": {"channels": [4, 6, 8]}}}
    splits = [f"random:seed={seed}" for seed in range(50)]
    return make_sweep([], grids=[grid], partitions=splits, measures=["exact_rank"], seeds=range(4))


def widths_of_trees() -> Sweep:
    """102,400 cells: both ends of 512 trees of 16 sites over 100 random partitions, of any dimensions."""
    return _widths("deep-16", 3, ["interval"])


def widths_of_reused() -> Sweep:
    """51,200 cells: the bound of 512 nets of 12 sites that re-use units over 100 random partitions."""
    return _widths("overlap-1d-12", 3, ["rank_bound"])


def ends_of_reused() -> Sweep:
    """12,800 cells: both ends of 64 nets of 12 sites that re-use units over 100 random partitions."""
    return _widths("overlap-1d-12", 2, ["interval"])


def _widths(base: str, layers: int, measures: list[str]) -> Sweep:
    """Eight widths for each of the first layers."""
    widths = {str(layer): {"channels": [2, 3, 4, 5, 6, 7, 8, 10]} for layer in range(layers)}
    splits = [f"random:seed={seed}" for seed in range(100)]
    return make_sweep([], grids=[{"base": base, "layers": widths}], partitions=splits, measures=measures)


SWEEPS = {
    "many-small": many_small,
    "some-longer": some_longer,
    "widths-of-trees": widths_of_trees,
    "widths-of-reused": widths_of_reused,
    "ends-of-reused": ends_of_reused,
}


def run(sweep: Sweep, workers: int) -> tuple[Comparison, float]:
    """One run into a new store, and the seconds that its cells took together."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.db"
        done = compare(sweep, path, workers=workers)
        return done, sum(row.seconds for row in read_results(path))


def main() -> None:
    for name in sys.argv[1:] or SWEEPS:
        sweep, times = SWEEPS[name](), {}
        for workers in (0, 1, 2):
            done, busy = run(sweep, workers)
            times[workers] = done.seconds
            overhead = (done.seconds * max(workers, 1) - busy) / done.cells
            executor = f"{workers} workers" if workers else "serial"
            print(
                f"{name}: {done.cells} cells, {executor}: {done.seconds:.2f} s, "
                f"{done.cells / done.seconds:.0f} cells/s, {1e3 * busy / done.cells:.3f} ms a cell, "
                f"overhead {1e3 * overhead:.3f} ms a cell"
            )
        print(f"{name}: two workers are {times[0] / times[2]:.2f} x as fast as one process")


if __name__ == "__main__":
    main()
