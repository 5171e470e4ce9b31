"""From an architecture and a partition to its report."""

import time
from collections.abc import Iterator

from ..circuit import Architecture, Circuit, compile
from ..errors import MethodError
from ..mincut import Cut
from ..partition import Partition, Split, Splits
from .lower import LowerBound, lower_bound
from .prepared import Prepared
from .report import Report
from .upper import MINIMUM_CUT, UpperBound, upper_bounds


def bound(
    architecture: Architecture | Circuit,
    partition: Split,
    *,
    method: str = "auto",
    shared: bool = False,
    surrogate: bool = False,
) -> Report:
    """What is proven about the Schmidt rank over a partition: its name, its sites of side A, booleans, or a Partition.

    Upper end: the smallest of `Report.upper`. `method` is that of `min_cut`. Lower end: proven for almost all unshared
    weights. If the weights are `shared`, there is a closed form for some networks, and no lower end. Gates other than
    the product have no such bound: a MethodError, unless `surrogate` asks for that of the same network with products.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    return next(reports(architecture, split, method=method, shared=shared, surrogate=surrogate))


def reports(
    architecture: Architecture | Circuit,
    partitions: Splits,
    *,
    method: str = "auto",
    shared: bool = False,
    surrogate: bool = False,
) -> Iterator[Report]:
    """A report, as `bound` makes it, for each of many partitions; the circuit is compiled and unfolded once.

    `partitions`: a list of them in any form, or the name of a family. For the upper ends of very many partitions
    `bounds` is faster.
    """
    circuit = compile(architecture)
    if circuit.gate != "product" and not surrogate:
        raise MethodError(
            f"the cut says nothing about {circuit.gate} gates; surrogate=True, or --surrogate, bounds the network "
            "with product gates in their place (its ConvAC surrogate)"
        )
    prepared = Prepared(circuit.surrogate)
    for split in circuit.terminals.partitions(partitions):
        begin = time.perf_counter()
        upper = upper_bounds(prepared, split, method=method, shared=shared)
        yield Report(
            name=getattr(architecture, "name", ""),
            circuit=prepared.circuit,
            partition=split,
            upper=upper,
            lower=_lower(prepared.circuit, split, upper, shared),
            shared=shared,
            surrogate=circuit.gate != "product",
            seconds=time.perf_counter() - begin,
        )


def _lower(circuit: Circuit, split: Partition, upper: tuple[UpperBound, ...], shared: bool) -> LowerBound:
    if min(bound.rank for bound in upper) == 1:
        return LowerBound(1, source="trivial: no tensor but zero has a smaller rank")
    cut = next((bound.cut for bound in upper if bound.name == MINIMUM_CUT), None)
    return lower_bound(circuit, split, cut if isinstance(cut, Cut) else None, shared=shared)
