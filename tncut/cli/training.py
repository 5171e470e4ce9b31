"""A network trained on a generated task."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import Arch, AsJson, Seed, loaded, show_result

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the weights to this .npz file.")
]


@app.command()
def train(
    architecture: Arch,
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="NAME or NAME:SIZE, such as closedness:16, digits, start-end.")
    ],
    epochs: Annotated[int, typer.Option(min=0, help="How often all samples are used.")] = 15,
    batch: Annotated[int, typer.Option(min=1, help="Samples of a step.")] = 64,
    rate: Annotated[float | None, typer.Option(help="Of the first step; 0.02 for positive, 0.01 for signed.")] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="W", help="positive (of products, by default) or signed.")
    ] = None,
    start: Annotated[str | None, typer.Option(metavar="S", help="uniform or gaussian.")] = None,
    sharing: Annotated[str, typer.Option(metavar="S", help="none, offset or layer.")] = "none",
    patience: Annotated[int | None, typer.Option(min=1, help="Stop after so many epochs without a better one.")] = None,
    samples: Annotated[int, typer.Option(min=1, help="To train with.")] = 8000,
    test_samples: Annotated[int, typer.Option("--test-samples", min=1, help="To test with.")] = 2000,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An .npz file from which the same command goes on.")
    ] = None,
    seed: Seed = 0,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Train a network on a generated task.

    The network has an open output; its weights go to measure, verify and the others.
    """
    from ..oracle.weights import SUFFIX, save_weights
    from ..tools.files import check_target
    from ..training import Training, make_task
    from ..training import train as train_net

    if output is not None:
        check_target(output, SUFFIX, "a file of weights")  # before anything is computed
    settings = Training(
        epochs=epochs,
        batch=batch,
        rate=rate,
        weights=weights,
        start=start,
        sharing=sharing,
        patience=patience,
        samples=samples,
        test_samples=test_samples,
    )
    net = loaded(architecture)
    data = make_task(task, samples=samples, test_samples=test_samples, seed=seed)
    watch = (lambda line: print(line, file=sys.stderr, flush=True)) if sys.stderr.isatty() else None
    found = train_net(
        net, data.training, test=data.test, settings=settings, seed=seed, checkpoint=checkpoint, watch=watch
    )
    if output is not None:
        save_weights(found.weights, output)
    show_result(found.to_dict() if as_json else str(found))
    if found.stopped == "interrupted":
        raise SystemExit(130)
