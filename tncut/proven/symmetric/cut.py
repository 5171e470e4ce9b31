"""The symmetric cut: a bound on the Schmidt rank from the circuit itself, which is not unfolded.

n equal copies of a vector of dimension r cost C(r + n - 1, n), not r^n. labelling.py defines the cost, relaxation.py
finds labellings of low cost, and this file chooses the cheapest.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import LABEL, Architecture, Circuit, compile
from ...errors import MethodError, SizeError
from ...partition import Partition, Split
from ...tools.arrays import BoolArray, IntArray
from ...tools.values import check_known
from .labelling import SITE_MODES, Charges, Task
from .relaxation import relaxed_labellings

NEAR = 1e-9  # bits; labellings whose costs differ by less are compared by integers
LOCAL_FACTORS = 24  # up to so many factors, labellings are improved by local moves
EXHAUSTIVE_FACTORS = 18  # up to so many, all labellings can be tried


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


@dataclass(frozen=True, eq=False)
class SymmetricCut:
    """A labelling of a circuit, and the bound on the Schmidt rank that it proves (docs/symmetric-cut.md).

    `sides` is the labelling (see labelling.Task), `charged` holds its charges, and `method` found it.
    """

    charged: Charges
    partition: Partition
    sides: BoolArray  # (2 factors + 1,) True: side A; the last is the output's use of the root
    method: str

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
        return "every labelling is a bound; the smallest one found" + (
            ", of all" if self.method == "exhaustive" else " by max-flow and local moves"
        )

    @property
    def layers(self) -> IntArray:
        """(charges,) the layer of each charge; -1 for a site, -2 for the label."""
        circuit, vertex = self.charged.task.circuit, self.charged.vertex
        return np.append(circuit.vertex_layers, LABEL)[vertex]

    @property
    def charges(self) -> list[Charge]:
        """All charges above 1: sites and the label first, then units."""
        circuit, charged = self.charged.task.circuit, self.charged
        position = np.concatenate((np.arange(circuit.sites), circuit.unit_position, [0]))[charged.vertex]
        columns = (self.layers, position, charged.dims, charged.copies, charged.symmetric)
        rows = zip(*(column.tolist() for column in columns), charged.values(), strict=True)
        return [Charge(*row) for row in rows]


def symmetric_cut(
    architecture: Architecture | Circuit, partition: Split, *, site_mode: str = "basis", method: str = "flow"
) -> SymmetricCut:
    """A labelling of the circuit that costs little: a bound on the Schmidt rank for all weights, without unfolding.

    Every labelling is such a bound (proof in docs/symmetric-cut.md). That none costs less is proven by the method
    `exhaustive` alone. `method`: flow, or exhaustive (up to 18 factors; it compares the labellings with equal sides for
    both versions of each unit). `site_mode`: basis, for the rank of the coefficient tensor, where a site of dimension M
    costs M; or function, for the separation rank over all inputs, where n copies of it cost C(M + n - 1, n).

    A MethodError for gates other than the product, and for an unknown method or mode; a SizeError if exhaustive search
    would be too large.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    circuit.require_products("the symmetric cut")
    check_known("site mode", site_mode, SITE_MODES, MethodError)
    check_known("method", method, METHODS, MethodError)
    task = Task(circuit, split.sides, site_mode)
    bits = _Bits(task)
    found = METHODS[method](task)
    if method == "flow" and task.factors <= LOCAL_FACTORS:
        found = (_improved(task, labelling, bits) for labelling in found)
    best = _smallest(task, found, bits)
    return SymmetricCut(Charges.of(task, best), split, best, method)


def _starts(task: Task) -> Iterator[BoolArray]:
    """The labellings that the search compares: those of the max-flows, and four that need no search.

    In these four, all factors that depend on both sides lie on side A, or all on side B. Every other factor lies on the
    side that it depends on, or on the same side as these.
    """
    yield from relaxed_labellings(task)
    yield from relaxed_labellings(task, tied=True)
    child = task.circuit.factor_child[task.circuit.factor_pairs[:-1]]
    on_a, on_b = task.reaches(True)[child], task.reaches(False)[child]
    for mixed_to_a in (True, False):
        yield _both_versions(task, np.where(on_a & on_b, mixed_to_a, on_a), mixed_to_a)
        yield _both_versions(task, np.full(task.factors, mixed_to_a), mixed_to_a)


def _smallest(task: Task, labellings: Iterator[BoolArray], bits: "_Bits") -> BoolArray:
    """The cheapest labelling; where floats cannot tell two apart, integers do."""
    best = next(labellings)
    for labelling in labellings:
        more = bits(labelling) - bits(best)
        if more < -NEAR or (more < NEAR and Charges.of(task, labelling).bound() < Charges.of(task, best).bound()):
            best = labelling
    return best


class _Bits:
    """The cost of a labelling in bits. Each labelling is computed once, however often the search asks for it."""

    def __init__(self, task: Task):
        self.task = task
        self.known: dict[bytes, float] = {}

    def __call__(self, labelling: BoolArray) -> float:
        key = labelling.tobytes()
        if key not in self.known:
            self.known[key] = Charges.of(self.task, labelling).total_bits
        return self.known[key]


def _both_versions(task: Task, own: BoolArray, output: bool) -> BoolArray:
    """A labelling with the same sides for both versions of each unit.

    The output's use lies on side `output` if it is free, else on the side of the label.
    """
    return np.concatenate((own, own, [output if _output_is_free(task) else task.side_a[-1]]))


def _output_is_free(task: Task) -> bool:
    """Whether the output's use may lie on either side: the root's vector is mapped, or it is not open."""
    return task.circuit.open_output is None or task.circuit.root_map


def _improved(task: Task, labelling: BoolArray, bits: _Bits) -> BoolArray:
    """Local search from a labelling, until no move lowers its cost.

    A move flips one side, or the sides of a factor in both versions, or those of all factors that read one vertex.
    """
    factor, child = task.circuit.pair_factor, task.circuit.factor_child
    singles = [np.array([index]) for index in range(2 * task.factors + _output_is_free(task))]
    both = [np.array([index, task.factors + index]) for index in range(task.factors)]
    of_vertex = [np.unique(factor[child == vertex]) for vertex in np.unique(child)]
    moves = [*singles, *both, *(np.append(uses, task.factors + uses) for uses in of_vertex if len(uses) > 1)]
    improved = True
    while improved:
        improved = False
        for move in moves:
            changed = labelling.copy()
            changed[move] ^= True
            if bits(changed) < bits(labelling) - NEAR:
                labelling = changed
                improved = True
    return labelling


def _all_labellings(task: Task) -> Iterator[BoolArray]:
    """Every labelling with the same sides for both versions of each unit; a SizeError if there are too many."""
    if task.factors > EXHAUSTIVE_FACTORS:
        raise SizeError(f"exhaustive search takes up to {EXHAUSTIVE_FACTORS} factors; this circuit has {task.factors}")
    for sides in itertools.product((False, True), repeat=task.factors):
        for output in (False, True) if _output_is_free(task) else (False,):
            yield _both_versions(task, np.array(sides), output)


METHODS: dict[str, Callable[[Task], Iterator[BoolArray]]] = {"flow": _starts, "exhaustive": _all_labellings}
