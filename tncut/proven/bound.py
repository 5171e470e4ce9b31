"""From an architecture and a partition to its report."""

import time
from collections.abc import Collection

from ..architectures import Architecture, compile
from ..circuit import Circuit
from ..errors import MethodError, PartitionError
from ..mincut import Cut, min_cut
from ..network import unfold
from ..partition import Partition
from .additive import best_part
from .generic import rank_lower
from .prepared import Prepared, trivial_bound
from .report import Report
from .shared import shared_bound


def bound(
    architecture: Architecture | Circuit,
    partition: Partition | str | Collection[int],
    *,
    method: str = "auto",
    shared: bool = False,
    surrogate: bool = False,
) -> Report:
    """What is proven about the Schmidt rank over a partition: its text, its sites of side A, or a Partition.

    Upper end: the smallest of the trivial bound, the minimum cut of the unfolded network (T1; left out if that has
    more than 2^22 tensors and the symmetric cut answers), where units are re-used, the symmetric cut, and where
    vectors are added, the sum of ranks. Lower end: T2 or T3, if no unit is re-used (Levine et al., ICLR 2018); with
    sums, of a part of the network. If the weights are `shared`, there is a closed form for some networks, and no
    lower end. Gates other than the product have no such bound: a MethodError, unless `surrogate` asks for that of
    the same network with products.
    """
    begin = time.perf_counter()
    circuit = compile(architecture)
    stands_in = circuit.gate != "product"
    if stands_in and not surrogate:
        raise MethodError(
            f"the cut says nothing about {circuit.gate} gates; surrogate=True, or --surrogate, bounds the network "
            "with product gates in their place (its ConvAC surrogate)"
        )
    circuit = circuit.surrogate
    split = partition_of(circuit, partition)
    upper = Prepared(circuit).upper_ends(split, method=method)
    rank, source = _lower_end(circuit, split, upper.cut, shared)
    return Report(
        name=getattr(architecture, "name", ""),
        circuit=circuit,
        partition=split,
        trivial=upper.trivial,
        cut=upper.cut,
        symmetric=upper.symmetric,
        additive=upper.additive,
        sharing=shared_bound(circuit, split) if shared else None,
        rank_lower=rank,
        lower_source=source,
        shared=shared,
        surrogate=stands_in,
        seconds=time.perf_counter() - begin,
    )


def partition_of(circuit: Circuit, partition: Partition | str | Collection[int]) -> Partition:
    """A partition in any of its forms, checked against the circuit's sites."""
    label = circuit.open_output is not None
    if isinstance(partition, str):
        return Partition.parse(partition, circuit.grids[0], label=label)
    needed = circuit.sites + label
    if not isinstance(partition, Partition):
        if not isinstance(partition, Collection):
            raise PartitionError(f"{partition!r} is no partition; give its text, its sites of side A, or a Partition")
        return Partition.of(needed, partition)
    if len(partition) != needed:
        with_label = f" ({circuit.sites} sites and the label)" if label else ""
        raise PartitionError(f"the partition has {len(partition)} sides; the network needs {needed}{with_label}")
    return partition


def partitions_of(circuit: Circuit, text: str) -> list[Partition]:
    """All partitions of a circuit's sites that a text names."""
    return Partition.parse_all(text, circuit.grids[0], label=circuit.open_output is not None)


def _lower_end(circuit: Circuit, split: Partition, cut: Cut | None, shared: bool) -> tuple[int, str]:
    """A rank that almost all weights reach, and its source."""
    if trivial_bound(circuit, split) == 1 or (cut is not None and cut.rank_bound == 1):
        return 1, "trivial: no tensor but zero has a smaller rank"
    if shared:
        return 1, "trivial"
    on = ""
    if circuit.has_sums:
        part = best_part(circuit, split)
        cut, on = None if part is None else min_cut(unfold(part), split), " on a part of the network"
    if cut is None or cut.network.has_duplicates:
        return 1, "trivial"
    lower = rank_lower(cut)
    powers = "all dimensions are" if lower.theorem == "T2" else "dimensions rounded down to"
    return lower.rank, f"{lower.theorem}{on}, {powers} powers of {lower.base}"
