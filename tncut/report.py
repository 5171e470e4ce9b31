"""One architecture and one partition: what is proven about the Schmidt rank, and where the cut runs."""

import math
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from .architectures import Architecture, compile
from .arrays import product
from .circuit import Circuit
from .errors import PartitionError
from .mincut import Cut, min_cut, rank_lower
from .network import LABEL, SITE
from .partition import Partition
from .unfolding import TENSOR_LIMIT, unfold

NAMES_LIMIT = 256


@dataclass(frozen=True)
class LayerShare:
    """What the cut pays in one layer: its bonds, the product of their dimensions in bits, and the part of all bits."""

    layer: str
    bonds: int
    dims: dict[int, int]  # dimension -> number of cut bonds
    bits: float
    share: float

    def __str__(self) -> str:
        dims = " + ".join(f"{count} of dimension {dim}" for dim, count in self.dims.items())
        return f"{self.layer}: bonds {dims}, {self.bits:.6g} bits, {self.share:.0%}"


@dataclass(frozen=True, eq=False)
class Report:
    """The interval [rank_lower, rank_bound] that holds the Schmidt rank of almost all weights, with its proofs.

    `rank_bound` is proven for all weights (T1). `rank_lower` is reached by almost all weights; `lower_source` says
    why. `tight`: True if both ends meet, False if the bound is proven not to be reached, None if that is open.
    """

    name: str
    circuit: Circuit
    partition: Partition
    cut: Cut
    bounds: dict[str, int]  # every upper end that was computed
    rank_lower: int
    lower_source: str
    shared: bool
    seconds: float

    @property
    def rank_bound(self) -> int:
        """The smallest proven upper end of the Schmidt rank."""
        return min(self.bounds.values())

    @property
    def bound_source(self) -> str:
        """Which of the bounds gave it; the simplest, if several do."""
        return min(self.bounds, key=lambda source: self.bounds[source])

    @property
    def entropy_bound(self) -> float:
        """The most entanglement entropy over this partition, in bits."""
        return math.log2(self.rank_bound)

    @property
    def tight(self) -> bool | None:
        return True if self.rank_lower == self.rank_bound else None

    @property
    def reason(self) -> str:
        """Why the bound is tight, or why that is open."""
        if self.tight:
            return f"the lower end meets it ({self.lower_source})"
        if self.shared:
            return "the weights are shared, so T2 and T3 do not apply"
        if self.circuit.reuses_units:
            return "units are re-used, so T2 and T3 do not apply"
        return "the dimensions are not all powers of one integer, so T2 does not apply"

    @property
    def layers(self) -> list[LayerShare]:
        """The layers that the cut runs through, from the sites up."""
        order = sorted(set(self.cut.layers.tolist()), key=lambda layer: (layer == LABEL, layer))
        return [self._share(layer) for layer in order]

    def _share(self, layer: int) -> LayerShare:
        dims, counts = np.unique(self.cut.dims[self.cut.layers == layer], return_counts=True)
        bits = float(np.log2(dims.astype(np.float64)) @ counts)
        name = {SITE: "sites", LABEL: "label"}.get(layer, f"layer {layer}")
        by_dim = dict(zip(dims.tolist(), counts.tolist(), strict=True))
        return LayerShare(name, int(counts.sum()), by_dim, bits, bits / (self.cut.entropy_bound or 1.0))

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact; the names of the cut bonds up to 256 of them."""
        names = self.cut.names if len(self.cut.bonds) <= NAMES_LIMIT else None
        return {
            "name": self.name,
            "partition": self.partition.name,
            "sites_a": len(self.partition.sites_a),
            "sites_b": len(self.partition.sites_b),
            "rank_bound": self.rank_bound,
            "bound_source": self.bound_source,
            "bounds": self.bounds,
            "entropy_bound_bits": self.entropy_bound,
            "rank_lower": self.rank_lower,
            "lower_source": self.lower_source,
            "tight": self.tight,
            "reason": self.reason,
            "shared_weights": self.shared,
            "layers": [vars(share) for share in self.layers],
            "cut_bonds": names,
            "method": self.cut.method,
            "certificate": self.cut.certificate,
            "tensors": self.cut.network.tensors,
            "bonds": self.cut.network.bonds,
            "seconds": self.seconds,
        }

    def __str__(self) -> str:
        part, network = self.partition, self.cut.network
        upper = {"trivial": "all sites of one side", "duplicated": "minimum cut"}[self.bound_source]
        reuse = "units re-used, so duplicated" if self.circuit.reuses_units else "no unit re-used"
        lines = [
            f"{self.name or 'circuit'}, partition {part.name or '(none)'}: "
            f"{len(part.sites_a)} sites | {len(part.sites_b)} sites",
            f"rank       <= {show_integer(self.rank_bound)}  bound, proven for all weights: {upper}",
            f"rank       >= {show_integer(self.rank_lower)}  proven for almost all "
            f"{'shared' if self.shared else 'unshared'} weights: {self.lower_source}",
            f"entropy    <= {self.entropy_bound:.6g} bits  bound, proven for all weights",
            f"tight      {'yes' if self.tight else 'open'}: {self.reason}",
            *(f"cut        {share}" for share in self.layers),
            f"network    {network.tensors} tensors, {network.bonds} bonds, {reuse}",
            f"method     {self.cut.method}: {self.cut.certificate}",
        ]
        return "\n".join(lines)


def bound(
    architecture: Architecture | Circuit,
    partition: Partition | str | Collection[int],
    *,
    method: str = "auto",
    shared: bool = False,
    limit: int = TENSOR_LIMIT,
) -> Report:
    """What is proven about the Schmidt rank over a partition: its text, its sites of side A, or a Partition.

    Upper end: the minimum cut of the unfolded network (T1). Lower end: T2 or T3, if no unit is re-used and the
    weights are not `shared` (Levine et al., ICLR 2018). A SizeError if unfolding needs more than `limit` tensors.
    """
    begin = time.perf_counter()
    circuit = compile(architecture)
    split = partition_of(circuit, partition)
    cut = min_cut(unfold(circuit, limit=limit), split, method=method)
    rank, source = _lower_end(cut, shared)
    return Report(
        name=getattr(architecture, "name", ""),
        circuit=circuit,
        partition=split,
        cut=cut,
        bounds={"trivial": trivial_bound(circuit, split), "duplicated": cut.rank_bound},
        rank_lower=rank,
        lower_source=source,
        shared=shared,
        seconds=time.perf_counter() - begin,
    )


def partition_of(circuit: Circuit, partition: Partition | str | Collection[int]) -> Partition:
    """A partition in any of its forms, checked against the circuit's sites."""
    label = circuit.open_output is not None
    if isinstance(partition, str):
        return Partition.parse(partition, circuit.grids[0], label=label)
    needed = circuit.sites + label
    if not isinstance(partition, Partition):
        return Partition.of(needed, partition)
    if len(partition) != needed:
        with_label = f" ({circuit.sites} sites and the label)" if label else ""
        raise PartitionError(f"the partition has {len(partition)} sides; the network needs {needed}{with_label}")
    return partition


def partitions_of(circuit: Circuit, text: str) -> list[Partition]:
    """All partitions of a circuit's sites that a text names."""
    return Partition.parse_all(text, circuit.grids[0], label=circuit.open_output is not None)


def trivial_bound(circuit: Circuit, partition: Partition) -> int:
    """The product of the dimensions of all sites on one side that the network reads, the smaller one."""
    read = np.append(circuit.use_counts[: circuit.sites] > 0, True)[: len(partition)]
    return min(product(circuit.terminal_dims[read & side]) for side in (partition.sides, ~partition.sides))


def _lower_end(cut: Cut, shared: bool) -> tuple[int, str]:
    if cut.rank_bound == 1:
        return 1, "trivial: no tensor but zero has a smaller rank"
    if shared or cut.network.has_duplicates:
        return 1, "trivial"
    lower = rank_lower(cut)
    powers = "all dimensions are" if lower.theorem == "T2" else "dimensions rounded down to"
    return lower.rank, f"{lower.theorem}, {powers} powers of {lower.base}"


def show_integer(value: int) -> str:
    """An exact integer if it can be read, else its power of two, exact or rounded.

    >>> show_integer(2**512)
    '2^512'
    """
    if value < 10**15:
        return str(value)
    power = value.bit_length() - 1
    return f"2^{power}" if value == 1 << power else f"about 2^{math.log2(value):.2f}"
