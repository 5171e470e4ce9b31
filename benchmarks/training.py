"""Does training follow the bound? The experiments of the literature, as sweeps: python -m benchmarks.training

The rows of the sweeps are kept in training.db, and the same command goes on from there. At the end all of them are
written to training.csv beside this file, which notebook 16 reads.
"""

import argparse
import csv
import sys
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import tncut
from tncut import ConvAC, Layer, Sweep, Training, compare, data_entanglement, make_task, read_results, tailor
from tncut.comparison import progress_on

SEEDS = (0, 1, 2, 3, 4)
MORE_SEEDS = tuple(range(8))  # where a training takes some seconds
COLUMNS = ("architecture", "partition", "measure", "seed", "status", "value", "source")
TABLE = Path(__file__).with_name("training.csv")

IMAGES = Training(epochs=12, samples=5000)
SEQUENCES = Training(epochs=30, weights="signed", start="gaussian", test_samples=4000)
DIGITS = Training(epochs=40, weights="signed", samples=1400, test_samples=397, held_out=0.15)
ALTERNATING = tuple(f"alternating:{run}" for run in (1, 2, 4, 8))
BLOCKS = (
    *(f"block:{row},{column}:2x2" for row in (0, 2, 4, 6) for column in (0, 2, 4, 6)),
    *(f"block:{row},{column}:4x4" for row in (0, 4) for column in (0, 4)),
    *("left-right", "top-bottom"),
)
UNIFORM_SEQUENCE, UNIFORM_DIGITS = 7, 6
DEMAND_SAMPLES = {"partners:16:4": 2000, "partners:16:8": 2000, "digits": 400}
WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32)


def image_net(name: str, side: int, channels: tuple[int, ...], labels: int, **options: str) -> ConvAC:
    """A tree of 2x2 windows on an image, unshared."""
    geometry = options.pop("geometry", "square")
    layers = tuple(Layer(channels=width, window=2, geometry=geometry) for width in channels)
    return ConvAC(sites=(side, side), site_dim=2, layers=layers, open_output=labels, name=name, **options)


def sequence_net(name: str, channels: tuple[int, ...]) -> ConvAC:
    """A binary tree on 16 bits, unshared."""
    return replace(ConvAC.deep(sites=16, site_dim=2, channels=channels), open_output=2, name=name)


def pooling_geometry() -> list[Sweep]:
    """Square against mirror windows on two properties of blobs, with product gates and with rectifiers."""
    nets = tuple(
        image_net(f"{geometry} {gate}", 16, (8, 8, 8, 8), 2, geometry=geometry, gate=gate)
        for gate in ("product", "relu-max", "relu-average")
        for geometry in ("square", "mirror")
    )
    return [
        Sweep(
            architectures=nets,
            measures=(*accuracies("closedness:16", "symmetry:16"), "parameters"),
            seeds=SEEDS,
            training=IMAGES,
        )
    ]


def base_and_tip() -> list[Sweep]:
    """Wide early layers against wide deep layers, at equal parameters, on dependence of short and of long range."""
    sequences = (sequence_net("wide base", (4, 16, 16, 4)), sequence_net("wide tip", (4, 6, 20, 24)))
    images = (image_net("wide base 16x16", 16, (14, 8, 8, 8), 10), image_net("wide tip 16x16", 16, (6, 8, 28, 50), 10))
    return [
        Sweep(
            architectures=sequences,
            partitions=ALTERNATING,
            measures=(
                *accuracies("partners:16:2", "partners:16:4", "partners:16:8"),
                *(f"{when}_entropy:partners:16:{far}" for far in (2, 4, 8) for when in ("initial", "trained")),
                *("interval", "parameters"),
            ),
            seeds=MORE_SEEDS,
            training=SEQUENCES,
        ),
        Sweep(
            architectures=images,
            measures=(*accuracies("small-digits:16", "large-digits:16"), "parameters"),
            seeds=SEEDS,
            training=replace(IMAGES, samples=6000),
        ),
    ]


def tailored_and_uniform() -> list[Sweep]:
    """Widths tailored to the demands of data against equal widths, at equal parameters; the demands are measured."""
    sequences = sequence_net(f"uniform {UNIFORM_SEQUENCE}", (UNIFORM_SEQUENCE,) * 4)
    digits = image_net(f"uniform {UNIFORM_DIGITS} 8x8", 8, (UNIFORM_DIGITS,) * 3, 10)
    tasks = [("partners:16:4", sequences, ALTERNATING, SEQUENCES), ("partners:16:8", sequences, ALTERNATING, SEQUENCES)]
    return [
        Sweep(
            architectures=(uniform, tailored(uniform, task, partitions)),
            measures=(*accuracies(task), "parameters"),
            seeds=MORE_SEEDS,
            training=how,
        )
        for task, uniform, partitions, how in [*tasks, ("digits", digits, BLOCKS, DIGITS)]
    ]


def tailored(uniform: ConvAC, task: str, partitions: tuple[str, ...]) -> ConvAC:
    """The widths that meet the largest share of all demands of a task; they cost no more than equal widths."""
    budget = tncut.count_cost(uniform).parameters
    options = {"objective": "share", "guarantee": "upper", "widths": list(WIDTHS)}
    found = tailor(uniform, partitions, budget=budget, demands=demands(task, partitions), **options)
    return replace(found.architecture, name=f"tailored to {task}")


@cache
def demands(task: str, partitions: tuple[str, ...]) -> list[float]:
    """The bits that samples of a task ask for: Rényi entropies of order 2, which noise of few samples raises least."""
    samples = make_task(task, samples=DEMAND_SAMPLES[task]).training
    return [demand.renyi2.bits for demand in data_entanglement(samples, partitions=partitions)]


def accuracies(*tasks: str) -> tuple[str, ...]:
    return tuple(f"{part}_accuracy:{task}" for task in tasks for part in ("train", "test"))


EXPERIMENTS = {"pooling": pooling_geometry, "widths": base_and_tip, "tailored": tailored_and_uniform}


def write_rows(store: Path, table: Path) -> None:
    """All rows of a store as a small table, without times and specifications."""
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([getattr(row, column) for column in COLUMNS] for row in read_results(store))


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the networks of notebook 16.")
    parser.add_argument("experiments", nargs="*", help=f"{', '.join(EXPERIMENTS)}; all if none is given")
    parser.add_argument("-o", "--output", type=Path, default=Path("training.db"), help="the store; training.db")
    parser.add_argument("-t", "--table", type=Path, default=TABLE, help="the table; beside this file")
    parser.add_argument("--workers", type=int, help="processes; one for each core if not given")
    chosen = parser.parse_args()
    if unknown := set(chosen.experiments) - EXPERIMENTS.keys():
        parser.error(f"unknown experiment {', '.join(sorted(unknown))}; choose from {', '.join(EXPERIMENTS)}")
    begin = time.perf_counter()
    for name in chosen.experiments or EXPERIMENTS:
        for sweep in EXPERIMENTS[name]():
            done = compare(sweep, chosen.output, workers=chosen.workers, progress=progress_on(sys.stderr))
            print(f"{name}: {done}", flush=True)
    write_rows(chosen.output, chosen.table)
    print(f"{chosen.table.name} is written; {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
