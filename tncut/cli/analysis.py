"""One architecture: what ships, what it is, its bound, its verification, its statements, its picture."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import MethodError
from ..tools.words import counted
from .app import app
from .completion import one_of, partitions
from .options import (
    Arch,
    Archs,
    AsJson,
    OneOf,
    Seed,
    Shared,
    SharedWeights,
    Sites,
    Split,
    Splits,
    Surrogate,
    WeightKind,
    loaded,
    only,
    show_result,
    show_results,
)


@app.command()
def gallery(as_json: AsJson = False) -> None:
    """List the architectures that ship with the package."""
    from ..formats import gallery as entries

    for name, line in entries().items():
        show_result({"name": name, "about": line} if as_json else f"{name:<22} {line}")


@app.command()
def show(architecture: Arch, sites: Sites = None, as_json: AsJson = False) -> None:
    """Layers, units, sites, re-use and sizes of an architecture."""
    from ..architectures.summary import show as show_of

    summary = show_of(loaded(architecture, sites))
    show_result(summary.to_dict() if as_json else str(summary))


@app.command()
def bound(
    architecture: Arch,
    partition: Splits,
    sites: Sites = None,
    method: Annotated[
        str,
        typer.Option(
            help="auto, tree, flow, networkx or elimination.",
            autocompletion=one_of("auto", "tree", "flow", "networkx", "elimination"),
        ),
    ] = "auto",
    shared: Shared = False,
    surrogate: Surrogate = False,
    top: Annotated[
        int, typer.Option(metavar="K", min=1, help="Of many partitions, show the K largest and the K smallest bounds.")
    ] = 10,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A table of all of them: .csv, .jsonl or .parquet."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The proven interval of the Schmidt rank over a partition.

    It says whether the interval is tight, and where the cut runs. Of several partitions a table, and a summary.
    """
    from ..network import build
    from ..proven import bounds, reports
    from ..proven.batch.table import COLUMNS
    from ..tools.tables import check_table_name, write_rows

    if output is not None:
        check_table_name(output)  # before anything is computed
    arch = loaded(architecture, sites)
    packed = build(arch).terminals.packed(partition)
    if output is None and (len(packed) == 1 or shared or method != "auto"):
        found = reports(arch, partition, method=method, shared=shared, surrogate=surrogate)
        show_results(report.to_dict() if as_json else str(report) for report in found)
        return
    if shared or method != "auto":
        raise MethodError("a table has the bounds of method auto for unshared weights; leave out --shared and --method")
    table = bounds(arch, partition, surrogate=surrogate)
    if output is not None:
        write_rows(table.rows(), output, COLUMNS)
        show_result(f"wrote {counted(len(table), 'partition')} to {output}")
    elif as_json:
        show_results(table.rows())
    else:
        show_result(f"{arch.name or 'circuit'}, {counted(len(table), 'partition')}\n{table.text(top)}")


@app.command()
def verify(
    architecture: Arch,
    partition: Split,
    sites: Sites = None,
    weights: WeightKind = None,
    seed: Seed = 0,
    shared: SharedWeights = False,
    rank_only: Annotated[bool, typer.Option("--rank-only", help="Exact rank alone; no Schmidt values.")] = False,
    work: Annotated[
        float,
        typer.Option(metavar="N", min=1, help="The most multiply-adds of an exact rank; 2e9 take some ten seconds."),
    ] = 2e9,
    as_json: AsJson = False,
) -> None:
    """Hold the bound against what weights have.

    Contraction, Schmidt values and the exact rank, of weights that are drawn, or from a file. A net of any size is
    contracted towards its minimum cut. A file of weights has the arrays that `tncut show` lists.
    Of a net without product gates the rank of its grid tensor is measured.
    """
    from ..circuit import Architecture
    from ..verification import GridMeasurement, Verification, measure_grid
    from ..verification import verify as verify_bound

    arch = loaded(architecture, sites)
    result: Verification | GridMeasurement
    if isinstance(arch, Architecture) and arch.circuit().gate != "product":
        if rank_only or shared:
            raise MethodError(
                "a net without product gates has the rank of its grid tensor alone: no --rank-only, --shared"
            )
        result = measure_grid(arch, partition, weights=weights or "random", seed=seed)
    else:
        result = verify_bound(
            arch, partition, weights=weights, seed=seed, shared=shared, contract=not rank_only, work_limit=int(work)
        )
    show_result(result.to_dict() if as_json else str(result))


@app.command()
def typical(
    architectures: Archs,
    partition: Splits,
    weights: WeightKind = None,
    draws: Annotated[int, typer.Option(min=1, help="How many weights are drawn.")] = 20,
    seed: Seed = 0,
    shared: SharedWeights = False,
    as_json: AsJson = False,
) -> None:
    """The entropy that random weights have.

    Its mean and spread over several draws, beside what is possible.
    """
    from ..verification import typical as typical_of

    for name in architectures:
        found = typical_of(loaded(name), partition, weights=weights or "random", draws=draws, seed=seed, shared=shared)
        for result in found:
            show_result(result.to_dict() if as_json else str(result))


@app.command()
def capacity(
    architecture: Arch,
    partition: Annotated[
        str, typer.Option("--partition", "-p", metavar="P", help="What to compare over.", autocompletion=partitions)
    ] = "odd-even",
    sites: Sites = None,
    as_json: AsJson = False,
) -> None:
    """What the literature states of an architecture.

    Light cones, capacity, truncated depth, memory of recurrent networks, walk indices, ceilings of rectifier networks.
    """
    from ..errors import MethodError
    from ..network import NetworkArchitecture
    from ..proven.theorems import capacity as capacity_of
    from ..proven.theorems import light_cones

    arch = loaded(architecture, sites)
    if isinstance(arch, NetworkArchitecture):
        raise MethodError(f"{architecture}: these are statements about circuits, and it is a tensor network")
    for cone in light_cones(arch):
        show_result(vars(cone) if as_json else str(cone))
    for statement in capacity_of(arch, partition):
        show_result(vars(statement) if as_json else str(statement))


@app.command()
def edges(architecture: Arch, partition: Split, as_json: AsJson = False) -> None:
    """What each edge of a graph network counts for a bound.

    How much the bound over a partition falls without it, edge by edge.
    """
    from ..architectures import GraphNet
    from ..errors import SpecError
    from ..proven import edge_scores
    from ..tools.numbers import show_integer

    network = loaded(architecture)
    if not isinstance(network, GraphNet):
        raise SpecError(f"{architecture} has no edges to score; a network of kind gnn has")
    for score in edge_scores(network, partition):
        left, right = score.edge
        rest = f"rank <= {show_integer(score.rank_bound)} without it, proven for all weights"
        show_result(vars(score) if as_json else f"{left:>4} - {right:<4} {score.bits:>9.4f} bits less: {rest}")


@app.command()
def draw(
    architecture: Arch,
    partition: OneOf,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")],
    sites: Sites = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Draw the pairs of digits that prove the lower end instead.")
    ] = False,
    surrogate: Surrogate = False,
) -> None:
    """Draw a network with its cut, or with the proof.

    The network or circuit with the cut that decides, or the circuit with the pairs that prove the lower end.
    """
    from ..draw import network, pairing, picture_format, save_axes
    from ..draw.figures.subject import check_drawable
    from ..proven import bound as bound_of

    picture_format(output)  # before anything is computed
    split, net = only(partition, "a picture"), loaded(architecture, sites)
    check_drawable(net, as_circuit=pairs)
    paint = pairing if pairs else network
    save_axes(paint(bound_of(net, split, surrogate=surrogate)), output)
    show_result(f"wrote {output}")
