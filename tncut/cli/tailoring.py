"""Widths: those that serve given partitions best, and those that are wasted."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import MethodError, SpecError
from ..tools.words import shown
from .app import app
from .completion import one_of
from .options import Arch, AsJson, Splits, key_lists, loaded, show_result, show_results
from .reading import Reading, is_data, progress, reads_data

NetworkFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the network to this .toml or .json file.")
]


@app.command()
@reads_data
def tailor(
    architecture: Arch,
    partition: Splits,
    budget: Annotated[int | None, typer.Option(min=1, help="The most that the network may cost.")] = None,
    cost: Annotated[
        str,
        typer.Option(
            metavar="C", help="parameters or multiply_adds.", autocompletion=one_of("parameters", "multiply_adds")
        ),
    ] = "parameters",
    width: Annotated[
        list[str] | None,
        typer.Option(
            "--width",
            "-w",
            metavar="W",
            help="powers:2:512, multiples:8:512 or 4,6,8 for all widths; or KEY=LIST, such as layers.*.channels=4,8, "
            "and the others stay fixed.",
        ),
    ] = None,
    shape: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=V,V,...", help="Choose this, too: layers.*.geometry=square,mirror; with --fixed it alone."
        ),
    ] = None,
    fixed: Annotated[bool, typer.Option("--fixed", help="All widths stay as they are; no budget is needed.")] = False,
    objective: Annotated[
        str,
        typer.Option(
            metavar="O",
            help="smallest, mean, share or cost.",
            autocompletion=one_of("smallest", "mean", "share", "cost"),
        ),
    ] = "smallest",
    demands: Annotated[
        str | None,
        typer.Option(metavar="BITS|DATA", help="For share and cost: one number, one for each partition, or samples."),
    ] = None,
    guarantee: Annotated[
        str | None,
        typer.Option(
            metavar="G",
            help="lower counts what is proven reached, upper the bound.",
            autocompletion=one_of("lower", "upper"),
        ),
    ] = None,
    frontier: Annotated[
        str | None, typer.Option(metavar="BUDGETS", help="Bits against cost: budgets such as 1000,2000,4000.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="Stop then, with the best so far and its gap.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The network: .toml or .json; a frontier: .png, .svg or .pdf."
        ),
    ] = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """The widths that serve given partitions best.

    Within a budget, and whether that is proven.
    """
    from ..tailoring import tailor as tailored

    arch = loaded(architecture)
    if fixed and (width or not shape):
        raise MethodError("--fixed keeps all widths: give --shape, and no --width")
    options: dict[str, Any] = {
        "cost": cost,
        "widths": {} if fixed else _widths(width),
        "shapes": key_lists("--shape", shape) if shape else None,
        "guarantee": guarantee,
        "seconds": seconds,
    }
    if frontier is not None:
        if budget is not None or demands is not None or objective != "smallest":
            raise MethodError("--frontier has budgets of its own, and takes no --budget, --objective or --demands")
        _frontier(arch, partition, frontier, options, output, as_json)
        return
    asked = None if demands is None else _demands(demands, arch, partition, reading)
    found = tailored(arch, partition, budget=budget, objective=objective, demands=asked, **options)
    _show(found, output, as_json)


@app.command()
def trim(architecture: Arch, output: NetworkFile = None, as_json: AsJson = False) -> None:
    """Lower each width to what its surroundings can use.

    No function is lost, and so no rank.
    """
    from ..tailoring import trim as trimmed

    _show(trimmed(loaded(architecture)), output, as_json)


@app.command()
def sensitivities(architecture: Arch, partition: Splits, as_json: AsJson = False) -> None:
    """What one more channel of each width gives.

    Over the given partitions; and which widths are wasted.
    """
    from ..tailoring import sensitivities as sensitivities_of

    for row in sensitivities_of(loaded(architecture), partition):
        show_result(vars(row) if as_json else str(row))


def _frontier(
    arch: Any, partitions: list[str], budgets: str, options: dict[str, Any], output: Path | None, as_json: bool
) -> None:
    """Print the points, and draw them if a file is given."""
    from ..tailoring import frontier

    if output is not None:
        from ..draw import frontier as draw_frontier
        from ..draw import picture_format, save_axes

        picture_format(output)  # before anything is computed
    points = frontier(arch, partitions, budgets=_numbers("--frontier", budgets, int), **options)
    if output is not None:
        save_axes(draw_frontier(points), output)
    show_results(point.to_dict() if as_json else str(point) for point in points)
    if output is not None and not as_json:
        show_result(f"\nwrote {output}")


def _show(found: Any, output: Path | None, as_json: bool) -> None:
    from ..formats import save_spec

    if output is not None:
        save_spec(found.architecture, output)
    show_result(found.to_dict() if as_json else str(found))
    if output is not None and not as_json:
        show_result(f"wrote {output}")


def _demands(given: str, architecture: Any, partition: list[str], reading: Reading) -> Any:
    """One number, one for each partition, or the entanglement of samples."""
    from ..samples import data_entanglement, match

    if not is_data(given):
        numbers = _numbers("--demands", given, float)
        return numbers[0] if len(numbers) == 1 else numbers
    samples = reading.load(given)
    match(samples, architecture, "prefix:1")  # whether they fit, before they are measured
    found = data_entanglement(samples, partitions=partition, seed=reading.seed, watch=progress())
    for demand in found:
        if demand.warning:
            print(f"warning    {demand.partition.name}: {demand.warning}", file=sys.stderr)
    return found


def _widths(given: list[str] | None) -> Any:
    """One list for all widths, or a list for each key."""
    if not given:
        return None
    if any("=" in text for text in given):
        if not all("=" in text for text in given):
            raise SpecError("--width: give one list for all widths, or KEY=LIST each time")
        pairs = [text.split("=", 1) for text in given]
        return dict(pairs)
    if len(given) > 1:
        raise SpecError("--width is given more than once; write KEY=LIST each time")
    return given[0]


def _numbers(option: str, text: str, kind: Any) -> list[Any]:
    try:
        return [kind(number) for number in text.split(",")]
    except ValueError:
        raise MethodError(f"{option} {shown(text)}: write numbers with commas between them, such as 4,8") from None
