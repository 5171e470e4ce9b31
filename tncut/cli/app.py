"""The commands. Each parses, calls the library, and prints; the mathematics lies elsewhere."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import TncutError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="How much dependence between its inputs can a network architecture model?",
)

Arch = Annotated[
    str, typer.Argument(metavar="ARCH", help="A gallery name, a .toml or .json file, or - (standard input).")
]
Split = Annotated[
    str,
    typer.Option("--partition", "-p", metavar="P", help="odd-even, left-right, 0-3,8, block:0,0:2x2, mask:FILE, ..."),
]
Splits = Annotated[
    list[str],
    typer.Option(
        "--partition", "-p", metavar="P", help="As often as you like: odd-even, 0-3,8, canonical, mask:FILE, ..."
    ),
]
Surrogate = Annotated[
    bool, typer.Option("--surrogate", help="Bound a net without product gates by the same net with them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, integers exact.")]
Shared = Annotated[bool, typer.Option("--shared", help="Weights are shared across positions: T2 and T3 do not apply.")]


@app.command()
def gallery(as_json: AsJson = False) -> None:
    """List the architectures that ship with the package."""
    from ..formats import gallery as entries

    for name, line in entries().items():
        _print({"name": name, "about": line} if as_json else f"{name:<22} {line}")


@app.command()
def show(architecture: Arch, as_json: AsJson = False) -> None:
    """Layers, units, sites, re-use and sizes of an architecture."""
    from ..formats import load
    from ..summary import describe

    summary = describe(load(architecture))
    _print(summary.to_dict() if as_json else str(summary))


@app.command()
def bound(
    architecture: Arch,
    partition: Splits,
    method: Annotated[str, typer.Option(help="auto, tree, flow or networkx.")] = "auto",
    shared: Shared = False,
    surrogate: Surrogate = False,
    as_json: AsJson = False,
) -> None:
    """The interval of the Schmidt rank over a partition, whether it is tight, and where the cut runs."""
    from ..architectures import compile
    from ..formats import load
    from ..report import bound as bound_of
    from ..report import partitions_of

    arch = load(architecture)
    splits = [split for text in partition for split in partitions_of(compile(arch), text)]
    for number, split in enumerate(splits):
        report = bound_of(arch, split, method=method, shared=shared, surrogate=surrogate)
        _print(report.to_dict() if as_json else "\n" * (number > 0) + str(report))


@app.command()
def verify(
    architecture: Arch,
    partition: Split,
    weights: Annotated[str, typer.Option(help="random, shared, identity or witness.")] = "random",
    seed: Annotated[int, typer.Option(min=0, help="Of the random weights.")] = 0,
    rank_only: Annotated[bool, typer.Option("--rank-only", help="Exact rank alone; no full tensor is built.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold the bound against contraction, Schmidt values and the exact rank of drawn weights.

    Of a net without product gates the rank of its grid tensor is measured.
    """
    from ..architectures import compile
    from ..formats import load
    from ..grids import GridMeasurement, measure_grid
    from ..verification import Verification
    from ..verification import verify as verify_bound

    arch = load(architecture)
    result: Verification | GridMeasurement
    if compile(arch).gate == "product":
        result = verify_bound(arch, partition, weights=weights, seed=seed, contract=not rank_only)
    else:
        result = measure_grid(arch, partition, weights=weights, seed=seed)
    _print(result.to_dict() if as_json else str(result))


@app.command()
def capacity(
    architecture: Arch,
    partition: Annotated[
        str, typer.Option("--partition", "-p", metavar="P", help="What to compare over.")
    ] = "odd-even",
    as_json: AsJson = False,
) -> None:
    """What the literature states of an architecture: capacity, truncated depth, memory, light cones, ceilings."""
    from ..formats import load
    from ..statements import light_cones, statements

    arch = load(architecture)
    for statement in statements(arch, partition):
        _print(vars(statement) if as_json else str(statement))
    for cone in light_cones(arch):
        _print(vars(cone) if as_json else str(cone))


@app.command()
def draw(
    architecture: Arch,
    partition: Split,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")],
    surrogate: Surrogate = False,
) -> None:
    """Draw the tensor network with its minimum cut."""
    from ..draw import save
    from ..formats import load
    from ..report import bound as bound_of

    save(bound_of(load(architecture), partition, surrogate=surrogate), output)
    _print(f"wrote {output}")


def main() -> None:
    """Run the command line; an error of the user's is one line and exit code 1."""
    try:
        app()
    except TncutError as error:
        _fail(" ".join(str(error).split()))
    except MemoryError:
        _fail("the computation does not fit into memory; take a smaller architecture")
    except BrokenPipeError:
        # The reader has gone (a pager, head): nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def _print(content: str | dict[str, Any]) -> None:
    if isinstance(content, str):
        print(content)
        return
    # Exact integers are printed whole, however long; those that are read keep Python's limit.
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        print(json.dumps(content))
    finally:
        sys.set_int_max_str_digits(limit)


def _fail(message: str) -> None:
    print(f"tncut: {message}", file=sys.stderr)
    raise SystemExit(1)
