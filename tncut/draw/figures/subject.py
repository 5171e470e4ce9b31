"""What a picture shows: every form that a user may give becomes one of two, and each of them has a painter."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import Circuit
from ...errors import MethodError, SizeError
from ...mincut import Cut
from ...network import Subject, TensorNetwork, build, unfold, unfolded_size
from ...partition import Terminals
from ...proven import Report, SymmetricCut
from ...tools.arrays import BoolArray, IntArray
from ...tools.numbers import show_integer
from ...tools.words import counted
from ..layout import Layout, is_unfolded, network_layout
from ..layout.circuit import CircuitLayout, check_units, circuit_layout
from ..layout.rows import own_layers, row_names
from .symbols import Side

TENSOR_LIMIT = 20_000

Drawable = Report | Cut | SymmetricCut | Subject


@dataclass(frozen=True)
class Title:
    """The two lines above a picture: what is shown, and what is known of it."""

    heading: str
    facts: str


@dataclass(frozen=True, eq=False)
class Row:
    """A row of units: its name, its height, and the dimensions of its units if it is one layer."""

    name: str
    height: float
    dims: IntArray | None


def rows_of(rows: list[tuple[IntArray, IntArray]], dims: list[IntArray], heights: list[float]) -> list[Row]:
    """Rows of units, from the layers and the positions of those that stand in them."""
    is_layer = own_layers([layers for layers, _ in rows]) is not None
    names = row_names(rows)
    return [Row(name, y, of if is_layer else None) for name, y, of in zip(names, heights, dims, strict=True)]


@dataclass(frozen=True, eq=False)
class Half:
    """What lies on one side of a cut; without a cut everything lies on no side."""

    side: Side
    tensors: BoolArray  # (tensors,)
    terminals: BoolArray  # (terminals,)
    lines: BoolArray  # (lines,) those that do not run from side to side


@dataclass(frozen=True, eq=False)
class NetworkSubject:
    """A tensor network, and its cut if there is one."""

    title: Title
    network: TensorNetwork
    cut: Cut | None = None

    def __post_init__(self) -> None:
        _check_tensors(self.network.tensors)

    @cached_property
    def layout(self) -> Layout:
        return network_layout(self.network)

    @cached_property
    def is_unfolded(self) -> bool:
        """Whether the network was a circuit: its tensors are matrices, and its rows may be layers."""
        return is_unfolded(self.network)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of units, if the network was a circuit."""
        if not self.is_unfolded:
            return []
        heights, network = self.layout.bonds[:, 1], self.network
        places = [np.flatnonzero((heights == y) & (network.bond_layer >= 0)) for y in self.layout.levels]
        found = [(network.bond_layer[bonds], network.bond_position[bonds]) for bonds in places]
        return rows_of(found, [network.bond_dims[bonds] for bonds in places], self.layout.levels.tolist())

    @property
    def has_layers(self) -> bool:
        """Whether each row of units is one layer."""
        return bool(self.rows) and all(row.dims is not None for row in self.rows)

    @property
    def terminals(self) -> Terminals:
        return self.network.terminals

    @property
    def cut_sites(self) -> BoolArray:
        """(terminals,) whether the bond of each site is cut."""
        bond = self.network.site_bond
        return (bond >= 0) & np.isin(bond, self.cut_bonds)

    @property
    def cut_bonds(self) -> IntArray:
        return np.zeros(0, dtype=np.int64) if self.cut is None else self.cut.bonds

    @cached_property
    def separated(self) -> BoolArray:
        """(lines,) the lines from side to side; without a cut there are none."""
        return np.zeros(len(self.layout.lines), dtype=bool) if self.cut is None else self.layout.separated(self.cut)

    @cached_property
    def halves(self) -> list[Half]:
        """Both sides of the cut; without a cut one half holds everything."""
        network, layout, cut = self.network, self.layout, self.cut
        if cut is None:
            counts = network.tensors, len(network.terminals), len(layout.lines)
            return [Half(None, *(np.ones(count, dtype=bool) for count in counts))]
        on_a, whole = layout.on_a(cut), ~self.separated
        return [
            Half(True, cut.sides, cut.partition.sides, on_a & whole),
            Half(False, ~cut.sides, ~cut.partition.sides, ~on_a & whole),
        ]


@dataclass(frozen=True, eq=False)
class CircuitSubject:
    """A circuit that is drawn as it is, not unfolded, and its symmetric cut if there is one."""

    title: Title
    circuit: Circuit
    cut: SymmetricCut | None = None

    @cached_property
    def layout(self) -> CircuitLayout:
        return circuit_layout(self.circuit)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of units."""
        circuit, levels = self.circuit, self.circuit.levels
        found = [(circuit.unit_layer[units], circuit.unit_position[units]) for units in levels]
        heights = [row + 1.0 for row in range(len(levels))]
        return rows_of(found, [circuit.unit_dims[units] for units in levels], heights)

    @property
    def terminals(self) -> Terminals:
        return self.circuit.terminals

    @property
    def cut_sites(self) -> BoolArray:
        """(terminals,) whether each site is charged, and the label."""
        return np.append(self.charged[: self.circuit.sites], self.charged[-1])[: len(self.terminals)]

    @cached_property
    def charged(self) -> BoolArray:
        """(vertices + 1,) whether each site, each unit and the label is charged."""
        charged = np.zeros(self.circuit.sites + self.circuit.units + 1, dtype=bool)
        charged[[charge.vertex for charge in self.cut.charges] if self.cut else []] = True
        return charged

    @property
    def sides(self) -> list[tuple[Side, BoolArray]]:
        """For each side the terminals on it; without a cut all of them, on no side."""
        if self.cut is None:
            return [(None, np.ones(len(self.circuit.terminals), dtype=bool))]
        return [(side, self.cut.partition.sides == side) for side in (True, False)]


def subject_of(given: Drawable) -> NetworkSubject | CircuitSubject:
    """What is drawn of a report, a cut, a network, a circuit or an architecture; a TncutError for anything else.

    A circuit that is no tensor network, or that unfolds to one that is too large, is drawn as it is.
    """
    if isinstance(given, Report):
        return _of_report(given)
    if isinstance(given, Cut):
        return NetworkSubject(_cut_title("tensor network", given), given.network, given)
    if isinstance(given, SymmetricCut):
        return CircuitSubject(_cut_title("circuit", given), given.circuit, given)
    built, name = build(given), getattr(given, "name", "")
    if isinstance(built, TensorNetwork):
        return NetworkSubject(_network_title(name or "tensor network", built), built)
    return _of_circuit(built, name or "circuit")


def check_drawable(given: Subject, *, as_circuit: bool = False) -> None:
    """A SizeError for what is too large to be drawn, before anything is computed of it."""
    built = build(given)
    if isinstance(built, TensorNetwork):
        _check_tensors(built.tensors)
        return
    tensors = unfolded_size(built).tensors
    if as_circuit or built.has_sums or (built.reuses_units and tensors > TENSOR_LIMIT):
        check_units(built)
    elif not built.reuses_units:
        _check_tensors(tensors)


def _of_report(report: Report) -> NetworkSubject | CircuitSubject:
    """The minimum cut, if its network is small enough and nothing smaller is known; else the symmetric cut."""
    symmetric = report.symmetric
    if symmetric is not None and not _unfolded_says_as_much(report, symmetric):
        return CircuitSubject(_report_title(report, symmetric), report.circuit, symmetric)
    subject = report.subject
    _check_tensors(unfolded_size(subject).tensors if isinstance(subject, Circuit) else subject.tensors)
    cut = report.unfolded_cut
    return NetworkSubject(_report_title(report, cut), cut.network, cut)


def _unfolded_says_as_much(report: Report, symmetric: SymmetricCut) -> bool:
    """Whether the unfolded network can be drawn, and its minimum cut is as small as the symmetric one."""
    circuit = report.circuit
    if circuit.has_sums or unfolded_size(circuit).tensors > TENSOR_LIMIT:
        return False
    return report.unfolded_cut.rank_bound == symmetric.rank_bound


def _of_circuit(circuit: Circuit, name: str) -> NetworkSubject | CircuitSubject:
    tensors = unfolded_size(circuit).tensors
    if circuit.has_sums or circuit.gate != "product" or (circuit.reuses_units and tensors > TENSOR_LIMIT):
        facts = f"{counted(circuit.sites, 'site')}, {counted(circuit.units, 'unit')}"
        return CircuitSubject(Title(name, facts), circuit)
    _check_tensors(tensors)  # before they are made
    network = unfold(circuit)
    return NetworkSubject(_network_title(name, network), network)


def _check_tensors(tensors: int) -> None:
    if not tensors:
        raise MethodError("the network has no tensors: there is nothing to draw")
    if tensors > TENSOR_LIMIT:
        raise SizeError(f"the network has {tensors} tensors; networks of up to {TENSOR_LIMIT} can be drawn")


def _network_title(name: str, network: TensorNetwork) -> Title:
    return Title(name, f"{counted(network.tensors, 'tensor')}, {counted(network.bonds, 'bond')}")


def _cut_title(name: str, cut: Cut | SymmetricCut) -> Title:
    facts = f"rank ≤ {show_integer(cut.rank_bound)} (bound, proven for all weights)"
    return Title(f"{name}, {cut.partition.name or 'no site on side A'}", facts)


def report_heading(report: Report) -> str:
    """The architecture and its partition."""
    name = f"ConvAC surrogate of {report.name or 'circuit'}" if report.surrogate else report.name or "circuit"
    return f"{name}, {report.partition.name or 'no site on side A'}"


def _report_title(report: Report, cut: Cut | SymmetricCut) -> Title:
    """The architecture and its partition; the interval of the rank, and what is proven about its ends."""
    weights = "trivial" if report.lower.proof == "trivial" else "proven for almost all weights"
    by_cut = f"; by this cut {show_integer(cut.rank_bound)}" if cut.rank_bound > report.rank_bound else ""
    return Title(
        report_heading(report),
        f"rank ≤ {show_integer(report.rank_bound)} (bound, proven for {report.best.holds_for}{by_cut}), "
        f"rank ≥ {show_integer(report.rank_lower)} ({weights})",
    )
