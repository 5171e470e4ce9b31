"""The symmetric cut: a bound on the circuit itself, without unfolding, that charges equal copies only once each way."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import Architecture, Circuit, compile
from ...errors import MethodError, SizeError
from ...network import LABEL, SITE
from ...partition import Partition, Split
from ...tools.arrays import BoolArray
from .labelling import SITE_MODES, Charges, Task
from .relaxation import relaxed_labels

NEAR = 1e-9  # bits
LOCAL_FACTORS = 24  # circuits of so many factors are improved by local moves
EXHAUSTIVE_FACTORS = 18


@dataclass(frozen=True)
class Charge:
    """One side of a unit that the cut crosses (or a site, or the label), and what it costs."""

    layer: int  # SITE, LABEL, or the unit's layer
    position: int
    dim: int
    copies: int
    symmetric: bool  # True: C(dim + copies - 1, copies); False: dim ** copies
    charge: int


@dataclass(frozen=True, eq=False)
class SymmetricCut:
    """A labelling of a circuit's uses with sides, and the bound that it proves. `certificate` says what is proven."""

    charged: Charges
    partition: Partition
    label: BoolArray  # (factors + 1,) True: side A; the last is the output's use of the root
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
        return "every labelling is a bound; the smallest one found" + (
            ", of all" if self.method == "exhaustive" else " by max-flow and local moves"
        )

    @property
    def layers(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The layer of each charge."""
        circuit, vertex = self.charged.task.circuit, self.charged.vertex
        of_vertex = np.concatenate((np.full(circuit.sites, SITE), circuit.unit_layer, [LABEL]))
        return of_vertex[vertex]

    @property
    def charges(self) -> list[Charge]:
        """All charges: sites first, then units."""
        circuit, charged = self.charged.task.circuit, self.charged
        position = np.concatenate((np.arange(circuit.sites), circuit.unit_position, [0]))[charged.vertex]
        columns = (self.layers, position, charged.dims, charged.copies, charged.symmetric)
        rows = zip(*(column.tolist() for column in columns), charged.values(), strict=True)
        return [Charge(*row) for row in rows]


def symmetric_cut(
    architecture: Architecture | Circuit, partition: Split, *, site_mode: str = "basis", method: str = "flow"
) -> SymmetricCut:
    """The cheapest labelling found of the circuit's uses with sides; nothing is unfolded.

    `site_mode`: basis (a copy of f(x_i) is a copy tensor, cost M) or function (separation rank over all inputs,
    C(M + n - 1, n)). `method`: flow, or exhaustive for small circuits. The bound is proven in docs/symmetric-cut.md;
    that no labelling is cheaper is proven by exhaustive alone.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    if circuit.gate != "product":
        raise MethodError(f"a circuit with {circuit.gate} gates has no bound by cuts; only its ConvAC surrogate has")
    for key, value, known in (("site mode", site_mode, SITE_MODES), ("method", method, METHODS)):
        if value not in known:
            raise MethodError(f"unknown {key} {value!r}; choose from {', '.join(known)}")
    task = Task(circuit, split.sides, site_mode)
    bits = _Bits(task)
    found = METHODS[method](task)
    if method == "flow" and task.factors <= LOCAL_FACTORS:
        found = (_improved(task, label, bits) for label in found)
    best = _smallest(task, found, bits)
    return SymmetricCut(Charges.of(task, best), split, best, method)


def _starts(task: Task) -> Iterator[BoolArray]:
    """The labellings that the search compares: those of the relaxation, and those that need no search."""
    yield from relaxed_labels(task)
    yield from relaxed_labels(task, tied=True)
    child = task.circuit.factor_child[task.first_pair]
    on_a, on_b = task.reaches(True)[child], task.reaches(False)[child]
    for mixed_to_a in (True, False):
        yield _both_versions(task, np.where(on_a & on_b, mixed_to_a, on_a), mixed_to_a)
        yield _both_versions(task, np.full(task.factors, mixed_to_a), mixed_to_a)


def _smallest(task: Task, labels: Iterator[BoolArray], bits: "_Bits") -> BoolArray:
    """The cheapest labelling; where floats cannot tell two apart, integers do."""
    best = next(labels)
    for label in labels:
        more = bits(label) - bits(best)
        if more < -NEAR or (more < NEAR and Charges.of(task, label).bound() < Charges.of(task, best).bound()):
            best = label
    return best


class _Bits:
    """The cost of a labelling in bits; each labelling is charged once, however often a search comes by."""

    def __init__(self, task: Task):
        self.task = task
        self.known: dict[bytes, float] = {}

    def __call__(self, label: BoolArray) -> float:
        key = label.tobytes()
        if key not in self.known:
            self.known[key] = Charges.of(self.task, label).total_bits
        return self.known[key]


def _both_versions(task: Task, own: BoolArray, output: bool) -> BoolArray:
    """A labelling in which both versions of a unit are computed alike; the output's use is free if it can be."""
    return np.concatenate((own, own, [output if _output_is_free(task) else task.side_a[-1]]))


def _output_is_free(task: Task) -> bool:
    return task.circuit.open_output is None or task.circuit.root_map


def _improved(task: Task, label: BoolArray, bits: _Bits) -> BoolArray:
    """The labelling at which no flip of one label, of both versions' labels, or of all uses of a vertex, helps."""
    factor, child = task.factor, task.circuit.factor_child
    both = [np.array([place, task.factors + place]) for place in range(task.factors)]
    of_vertex = [np.unique(factor[child == vertex]) for vertex in np.unique(child)]
    moves = [np.array([place]) for place in range(task.labels - (not _output_is_free(task)))]
    moves += both + [np.append(uses, task.factors + uses) for uses in of_vertex if len(uses) > 1]
    better = True
    while better:
        better = False
        for move in moves:
            changed = label.copy()
            changed[move] ^= True
            if bits(changed) < bits(label) - 1e-9:
                label, better = changed, True
    return label


def _all_labels(task: Task) -> Iterator[BoolArray]:
    """Every labelling in which both versions of a unit are computed alike."""
    if task.factors > EXHAUSTIVE_FACTORS:
        raise SizeError(f"exhaustive search takes up to {EXHAUSTIVE_FACTORS} factors; this circuit has {task.factors}")
    for sides in itertools.product((False, True), repeat=task.factors):
        for output in (False, True) if _output_is_free(task) else (False,):
            yield _both_versions(task, np.array(sides), output)


METHODS: dict[str, Callable[[Task], Iterator[BoolArray]]] = {"flow": _starts, "exhaustive": _all_labels}
