"""From an architecture and a partition to its report."""

import time
from collections.abc import Iterator

from ..network import Subject
from ..partition import Partition, Split, Splits
from ..tools.progress import told
from .lower import lower_bound
from .prepared import Prepared, PreparedNetwork, prepare
from .report import Report
from .upper import upper_bounds


def bound(
    architecture: Subject,
    partition: Split,
    *,
    method: str = "auto",
    shared: bool = False,
    surrogate: bool = False,
) -> Report:
    """What is proven about the Schmidt rank over a partition: its name, its sites of side A, booleans, or a Partition.

    Upper end: the smallest of `Report.upper`. `method` is that of `min_cut`, or elimination, for circuits of small
    width that re-use units or add vectors: it proves that no labelling of the symmetric cut costs less. Lower end:
    proven for almost all unshared weights. If the weights are `shared`, there is a closed form for some networks, and
    no lower end. Gates other than the product have no such bound: a MethodError, unless `surrogate` asks for that of
    the same network with products.
    A tensor network has a lower end where its tensors are free.
    """
    prepared = prepare(architecture, surrogate=surrogate)
    return _report(prepared, prepared.terminals.partition(partition), method, shared)


def reports(
    architecture: Subject,
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
    prepared = prepare(architecture, surrogate=surrogate)
    for split in told(prepared.terminals.partitions(partitions), "partition"):
        yield _report(prepared, split, method, shared)


def _report(prepared: Prepared | PreparedNetwork, split: Partition, method: str, shared: bool) -> Report:
    begin = time.perf_counter()
    upper = upper_bounds(prepared, split, method=method, shared=shared)
    return Report(
        name=prepared.name,
        subject=prepared.network if isinstance(prepared, PreparedNetwork) else prepared.circuit,
        partition=split,
        upper=upper,
        lower=lower_bound(prepared, split, upper, shared=shared),
        shared=shared,
        surrogate=prepared.surrogate,
        seconds=time.perf_counter() - begin,
    )
