"""A circuit or a tensor network over one partition with its minimum cut, and what the oracle measures with it.

The cut is found by `mincut` and handed to the oracle as data, a side for every tensor. The oracle shares no code with
the cuts, and its result does not depend on the sides that it is given: a wrong cut could cost time, and let a rank
exceed the bound, but could not give a wrong value.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..circuit import Circuit
from ..errors import SizeError
from ..mincut import Cut, min_cut
from ..network import Subject, TensorNetwork, build, unfolded_size
from ..oracle import (
    ExactRank,
    Spectrum,
    Weights,
    exact_rank_of,
    matricization,
    rank_across,
    spectrum,
)
from ..oracle.matrix import ProbeSizes, side_dims
from ..oracle.networks import network_matrix, network_side_dims, tensors_with_bonds
from ..oracle.rank import MOST_PROBES, QUICK_WORK, rank_of_tensors
from ..oracle.sides import Tensor
from ..partition import Partition, Split
from ..proven.prepared import Prepared, PreparedNetwork, prepare
from ..proven.report import DUPLICATE_LIMIT
from ..proven.upper import UpperBound, upper_bounds
from ..tools.memory import limit_or_default
from ..tools.numbers import show_integer
from .drawn import Drawn, Filling

CUT, FULL_TENSOR = "cut", "full tensor"  # the methods
SMALL = 2**22  # entries of a coefficient tensor whose singular values take some seconds


@dataclass(frozen=True, eq=False)
class CutSubject:
    """What is measured, a partition, and its proven upper bounds, among them the minimum cut if there is one."""

    prepared: Prepared | PreparedNetwork
    partition: Partition
    upper: tuple[UpperBound, ...]

    @classmethod
    def of(cls, prepared: Prepared | PreparedNetwork, partition: Split) -> "CutSubject":
        split = prepared.terminals.partition(partition)
        return cls(prepared, split, upper_bounds(prepared, split))

    @property
    def rank_bound(self) -> int:
        """The smallest upper bound."""
        return min(bound.rank for bound in self.upper)

    @property
    def dims(self) -> tuple[int, int]:
        """The exact dimensions of both sides."""
        if isinstance(self.prepared, PreparedNetwork):
            return network_side_dims(self.prepared.network, self.partition)
        return side_dims(self.prepared.circuit, self.partition)

    @cached_property
    def cut(self) -> Cut | None:
        """The minimum cut of the network, or of the unfolded one; None if there is none, or if that is too large."""
        known = next((bound.cut for bound in self.upper if isinstance(bound.cut, Cut)), None)
        if known is not None or isinstance(self.prepared, PreparedNetwork):
            return known
        circuit = self.prepared.circuit
        if circuit.has_sums or unfolded_size(circuit).tensors > DUPLICATE_LIMIT:
            return None
        return min_cut(self.prepared.network, self.partition)

    def spectrum(self, weights: Filling, *, memory_limit: int | None = None) -> tuple[Spectrum, str]:
        """The Schmidt values of weights in floats, and the method: by the cut, or of the full tensor.

        The full tensor is taken where it is small and the network has cycles, or where the cut does not fit. A
        SizeError with chi and the rank bound if neither fits.
        """
        full = self._full_bytes <= limit_or_default(memory_limit)
        if not (full and self._prefers_full):
            try:
                return self._by_cut(weights, memory_limit), CUT
            except SizeError:
                if not full:
                    raise
        return self._full_spectrum(weights, memory_limit), FULL_TENSOR

    def exact_rank(self, drawn: Drawn, *, memory_limit: int | None = None, work_limit: int = QUICK_WORK) -> ExactRank:
        """The rank of weights modulo a prime: by the cut as `spectrum`, or of all coefficients, or of probes."""
        cut = self.cut
        if cut is not None and cut.rank_bound**3 <= work_limit and not self._prefers_full:
            try:
                return rank_across(
                    cut.network,
                    _tensors(cut.network, drawn.exact),
                    self.partition,
                    cut.sides,
                    field=drawn.field,
                    seed=drawn.seed,
                    memory_limit=memory_limit,
                )
            except SizeError:
                pass
        return self.rank_by_definition(drawn, memory_limit=memory_limit, work_limit=work_limit)

    def rank_by_definition(
        self, drawn: Drawn, *, memory_limit: int | None = None, work_limit: int = QUICK_WORK
    ) -> ExactRank:
        """The rank of all coefficients, or of as many probes as the limits allow: no cut is used."""
        seed = drawn.seed or 0
        if isinstance(drawn.exact, Weights):
            return exact_rank_of(
                drawn.exact, self.partition, seed=seed, memory_limit=memory_limit, work_limit=work_limit
            )
        network = self._required_cut().network
        return rank_of_tensors(
            network,
            drawn.exact,
            self.partition,
            field=drawn.field,
            seed=seed,
            memory_limit=memory_limit,
            work_limit=work_limit,
        )

    def _by_cut(self, weights: Filling, memory_limit: int | None) -> Spectrum:
        """The Schmidt values by the cut alone; a SizeError with the rank bound if that does not fit."""
        cut = self._required_cut()
        tensors = _tensors(cut.network, weights)
        try:
            return spectrum(cut.network, tensors, self.partition, cut.sides, memory_limit=memory_limit)
        except SizeError as error:
            sides = f"{len(self.partition.sites_a)} | {len(self.partition.sites_b)} sites"
            bound = show_integer(self.rank_bound)
            raise SizeError(f"{error}; the rank bound of this partition, {sides}, is {bound}") from None

    def _full_spectrum(self, weights: Filling, memory_limit: int | None) -> Spectrum:
        if isinstance(weights, Weights):
            matrix = matricization(weights, self.partition, memory_limit=memory_limit)
        else:
            network = self._required_cut().network
            matrix = network_matrix(network, weights, self.partition, memory_limit=memory_limit)
        return Spectrum.of(np.linalg.svd(matrix, compute_uv=False), chi=min(matrix.shape))

    def _required_cut(self) -> Cut:
        if self.cut is None:
            raise SizeError(
                "there is no minimum cut to contract towards, since vectors are added or the unfolded network is too "
                f"large, and the full tensor does not fit; the rank bound is {show_integer(self.rank_bound)}"
            )
        return self.cut

    @property
    def _prefers_full(self) -> bool:
        """Whether the full tensor is small, and a network with cycles may be much dearer to contract."""
        if math.prod(self.dims) > SMALL:
            return False
        if isinstance(self.prepared, Prepared) and not self.prepared.unfolds_to_a_plain_network:
            return True
        return self._required_cut().network.forest is None

    @property
    def _full_bytes(self) -> int:
        """What the full tensor and its singular values take."""
        rows, columns = self.dims
        if isinstance(self.prepared, PreparedNetwork):
            return 3 * 8 * rows * columns
        return ProbeSizes(self.prepared.circuit, self.partition, max(rows, columns)).bytes + 2 * 8 * rows * columns


def prepare_products(architecture: Subject) -> Prepared | PreparedNetwork:
    """What can be measured through a cut; a MethodError for circuits with other gates than the product."""
    built = build(architecture)
    if isinstance(built, Circuit):
        built.require_products("the coefficient tensor", "measure_grid, and tncut verify, measure its grid tensor")
    return replace(prepare(built), name=getattr(architecture, "name", ""))


def measured_rank(
    cut: CutSubject, drawn: Drawn, *, memory_limit: int | None = None, work_limit: int = QUICK_WORK
) -> ExactRank:
    """Of all coefficients, if neither side has many; elsewhere by the cut, or by probes if that does not fit.

    So the ranks of small networks come from their definition alone.
    """
    if max(cut.dims) <= MOST_PROBES:
        return cut.rank_by_definition(drawn, memory_limit=memory_limit, work_limit=work_limit)
    return cut.exact_rank(drawn, memory_limit=memory_limit, work_limit=work_limit)


def _tensors(network: TensorNetwork, weights: Filling) -> Weights | list[Tensor]:
    return weights if isinstance(weights, Weights) else tensors_with_bonds(network, weights)
