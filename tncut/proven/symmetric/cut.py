"""The symmetric cut: a bound on the Schmidt rank from the circuit itself, which is not unfolded.

n equal copies of a vector of dimension r cost C(r + n - 1, n), not r^n. labelling.py defines the cost, search.py finds
labellings of low cost, and this file tells what was found.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import LABEL, SITE, Architecture, Circuit, compile
from ...errors import MethodError
from ...partition import Partition, Split
from ...tools.arrays import BoolArray, IntArray
from ...tools.values import check_known
from .labelling import SITE_MODES, Charges, Labelling
from .search import METHODS, PROOFS, Found, Search


@dataclass(frozen=True)
class Charge:
    """One factor of the bound: what a version of a unit costs, or a site, or the label of an open output.

    `symmetric`: the charge is C(dim + copies - 1, copies); otherwise it is dim ** copies.
    """

    layer: int  # SITE, LABEL, or the unit's layer
    position: int  # in the grid of the layer
    dim: int
    copies: int
    symmetric: bool
    charge: int
    vertex: int  # the site or the unit of the circuit; sites + units stands for the label


@dataclass(frozen=True, eq=False)
class SymmetricCut:
    """A labelling of a circuit, and the bound on the Schmidt rank that it proves (docs/symmetric-cut.md).

    `method` says how it was found, and so what is proven of it beside the bound.
    """

    charged: Charges  # exact, of one partition
    labelling: Labelling
    partition: Partition
    method: str

    @classmethod
    def of(cls, found: Found, split: Partition) -> "SymmetricCut":
        """The cut of what was found over one partition."""
        charged = Charges.of(found.task, found.labelling, exact=True)
        return cls(charged, found.labelling, split, found.method)

    @property
    def circuit(self) -> Circuit:
        """The circuit that is cut."""
        return self.charged.task.condensed.circuit

    @cached_property
    def rank_bound(self) -> int:
        """The exact product of all charges: an upper bound on the Schmidt rank, for all weights."""
        return self.charged.bound()

    @property
    def entropy_bound(self) -> float:
        """The most entanglement entropy that this cut lets through, in bits."""
        return math.log2(self.rank_bound)

    @property
    def certificate(self) -> str:
        """What is proven of this labelling, in words."""
        return f"every labelling is a bound; {PROOFS[self.method]}"

    @property
    def output(self) -> bool:
        """The side of the output's use of the root, True: A."""
        return bool(self.labelling.output[0])

    @cached_property
    def sides(self) -> BoolArray:
        """(2, factors) the sides of the factors of the versions for side A, and of those for side B. True: side A."""
        net, task = self.charged.task.condensed, self.charged.task
        crossed = self.charged.is_crossed[..., 0]
        version = np.array([[True], [False]])
        reads = np.where(crossed[:, net.read_unit], task.read_sides[:, 0], version)
        uses = self.labelling.uses[..., 0]
        of_read = net.factor_use < 0
        found = np.empty((2, len(net.factor_use)), dtype=bool)
        found[:, of_read] = reads[:, -1 - net.factor_use[of_read]]
        found[:, ~of_read] = uses[:, net.factor_use[~of_read]]
        return found

    @cached_property
    def used(self) -> BoolArray:
        """(2, units) whether the version of a unit for side A, and the one for side B, has copies."""
        found = np.empty((2, self.circuit.units), dtype=bool)
        found[:, self.charged.task.condensed.unit_order] = self.charged.copies[..., 0] > 0
        return found

    @property
    def layers(self) -> IntArray:
        """(charges,) the layer of each charge; -1 for a site, -2 for the label."""
        return np.array([charge.layer for charge in self.charges], dtype=np.int64)

    @cached_property
    def charges(self) -> list[Charge]:
        """All charges above 1: sites and the label first, then units."""
        circuit, charged = self.circuit, self.charged
        sites = np.flatnonzero(charged.site_copies[:, 0])
        dims, copies = circuit.site_dims[sites].tolist(), charged.site_copies[sites, 0].tolist()
        found = [
            Charge(SITE, site, dim, int(n), True, value, site)
            for site, dim, n, value in zip(sites.tolist(), dims, copies, charged.site_values(), strict=True)
        ]
        if charged.label[0]:
            labels = circuit.open_output or 1
            found.append(Charge(LABEL, 0, labels, 1, True, labels, circuit.sites + circuit.units))
        _, place, numbers, symmetric = charged.columns()
        units, dims = charged.task.condensed.unit_order[place], charged.task.condensed.unit_dims[place].tolist()
        where = zip(circuit.unit_layer[units].tolist(), circuit.unit_position[units].tolist(), strict=True)
        vertex = (circuit.sites + units).tolist()
        rows = zip(where, dims, numbers, symmetric, charged.values(), vertex, strict=True)
        found += [Charge(*at, *row) for at, *row in rows]
        return [charge for charge in found if charge.charge > 1]


def symmetric_cut(
    architecture: Architecture | Circuit, partition: Split, *, site_mode: str = "basis", method: str = "flow"
) -> SymmetricCut:
    """A labelling of the circuit that costs little: a bound on the Schmidt rank for all weights, without unfolding.

    Every labelling is such a bound (proof in docs/symmetric-cut.md); `SymmetricCut.certificate` says what else is.
    `method`: flow, a search; elimination, which proves that no labelling costs less, for circuits of small width, such
    as nets on a line; or exhaustive, which proves that none with equal sides for both versions of each unit costs less
    (up to 18 factors, those of a unit that read the same counted once). `site_mode`: basis, for the rank of the
    coefficient tensor, where a site of dimension M costs M; or function, for the separation rank over all inputs, where
    n copies of it cost C(M + n - 1, n).

    A MethodError for gates other than the product, for an unknown method or mode, and for elimination in function mode;
    a SizeError if elimination or exhaustive search would be too large.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    circuit.require_products("the symmetric cut")
    check_known("site mode", site_mode, SITE_MODES, MethodError)
    check_known("method", method, METHODS, MethodError)
    if (method, site_mode) == ("elimination", "function"):
        raise MethodError("method 'elimination' is for site mode 'basis': it does not count the copies of sites")
    found = Search(circuit).cheapest(split.sides[:, None], site_mode=site_mode, method=method)
    return SymmetricCut.of(found, split)
