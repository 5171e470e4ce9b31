"""Where the symbols of an unfolded network stand: sites at the bottom, the output at the top."""

from dataclasses import dataclass

import numpy as np

from ..arrays import BoolArray, IntArray
from ..circuit import Circuit
from ..errors import SizeError
from ..mincut import Cut
from ..network import TensorNetwork
from ..report import Report
from .tree import FloatArray, Tree

TENSOR_LIMIT = 20_000
STUB = 0.35  # rows from a site to its bond's centre, and from a centre to the tensor straight above it
REACH = 1 - STUB  # rows from a matrix to the bond of its unit
BEND = 0.2  # rows from the lowest leaves down to the bends in their lines
MOST_FAN = 2.5  # rows at most in which the lines from the sites to the leaves cross


@dataclass(frozen=True, eq=False)
class Layout:
    """Places as (x, y): x in slots, one for each leaf (a matrix that reads a site); y in rows, one for each level.

    Each end of a copy tensor is a line to it; a bond of two ends is one line from end to end, past the bond's centre.
    Ends are numbered: the tensors, then the terminals.
    """

    terminals: FloatArray  # (terminals, 2)
    tensors: FloatArray  # (tensors, 2)
    bonds: FloatArray  # (bonds, 2) the centres, where copy tensors are
    levels: FloatArray  # (levels,) y of the units in each level of the circuit
    is_copy: BoolArray  # (bonds,) more than two ends
    line_bond: IntArray  # (lines,)
    line_end: IntArray  # (lines,)
    lines: FloatArray  # (lines, 4, 2) from the end, by a bend, to the centre, and to the other end if there is one
    width: float

    @property
    def height(self) -> float:
        return float(max(places[:, 1].max() for places in (self.terminals, self.tensors, self.bonds)))

    def on_a(self, cut: Cut) -> BoolArray:
        """(lines,) whether the end that a line begins with lies on side A."""
        side: BoolArray = np.concatenate((cut.sides, cut.partition.sides))[self.line_end]
        return side

    def separated(self, cut: Cut) -> BoolArray:
        """(lines,) the lines that run from side to side.

        A copy tensor pays once, so it lies on one side: that of most of its ends, or of the first one in a tie, which
        is its site or the tensor that reads it.
        """
        side = self.on_a(cut)
        ends = np.bincount(self.line_bond)
        on_a = np.bincount(self.line_bond, weights=side)
        first = side[np.unique(self.line_bond, return_index=True)[1]]
        centre = np.where(2 * on_a == ends, first, 2 * on_a > ends)
        is_plain_cut = ~self.is_copy & np.isin(np.arange(len(self.bonds)), cut.bonds)
        apart: BoolArray = (side != centre[self.line_bond]) | is_plain_cut[self.line_bond]
        return apart

    def room(self, at: FloatArray) -> FloatArray:
        """(places,) the smallest distance, in slots, of what stands at the height of each place, passing lines too."""
        begin, end = self.lines[:, :-1].reshape(-1, 2), self.lines[:, 1:].reshape(-1, 2)
        rises = begin[:, 0] == end[:, 0]
        x, low, high = begin[rises, 0], *np.sort((begin[rises, 1], end[rises, 1]), axis=0)
        symbols = np.concatenate((self.tensors, self.bonds))
        heights, row = np.unique(at[:, 1], return_inverse=True)
        standing = [np.concatenate((symbols[symbols[:, 1] == y, 0], x[(low < y) & (y < high)])) for y in heights]
        return np.array([np.diff(np.unique(xs)).min(initial=np.inf) for xs in standing])[row]


def layout(report: Report) -> Layout:
    """The places for a report's network: a tree of units over the sites, which stay in row-major order.

    A SizeError above 20000 tensors.
    """
    network, circuit = report.unfolded_cut.network, report.circuit
    if network.tensors > TENSOR_LIMIT:
        raise SizeError(f"the network has {network.tensors} tensors; networks of up to {TENSOR_LIMIT} can be drawn")
    tree = Tree.of(network, circuit)
    matrices = len(tree.above)
    width = float(max(circuit.sites, int(np.count_nonzero(tree.leaves))))
    site_x = (np.arange(circuit.sites) + 0.5) * width / circuit.sites
    tensor_x, bond_x = tree.across(site_x, width)
    aside = np.abs(tensor_x - bond_x[tree.below])[tree.leaves]
    leaf_y = 2 * STUB + min(0.3 * float(aside.max()) ** 0.5, MOST_FAN)
    levels = leaf_y + REACH + np.arange(len(circuit.levels))
    tensor_level = _level_of_units(circuit)[circuit.factor_unit[network.tensor_factor[:matrices]]]

    terminals, tensors, bonds = (np.zeros((n, 2)) for n in (network.terminals, network.tensors, network.bonds))
    terminals[: circuit.sites, 0] = site_x
    tensors[:matrices, 0], tensors[:matrices, 1] = tensor_x, levels[tensor_level] - REACH
    bonds[: tree.bonds, 0], bonds[tree.above, 1], bonds[: tree.root, 1] = bond_x, levels[tensor_level], STUB
    # The output's tensor, the label's bond and the label, as far as there are any, are the last of their kind.
    above_root = [tensors] if circuit.root_map else []
    if circuit.open_output is not None:
        above_root += [bonds, terminals] if circuit.root_map else [terminals]
    for step, places in enumerate(above_root, start=1):
        places[-1] = bonds[tree.root] + (0, step * STUB)
    return Layout(terminals, tensors, bonds, levels, *_lines(network, terminals, tensors, bonds, leaf_y), width)


def _level_of_units(circuit: Circuit) -> IntArray:
    level = np.empty(circuit.units, dtype=np.int64)
    for number, units in enumerate(circuit.levels):
        level[units] = number
    return level


def _lines(
    network: TensorNetwork, terminals: FloatArray, tensors: FloatArray, bonds: FloatArray, leaf_y: float
) -> tuple[BoolArray, IntArray, IntArray, FloatArray]:
    """Which bonds are copy tensors, and the lines of all bonds; the last piece of one to a leaf rises straight."""
    read = np.flatnonzero(network.site_bond >= 0)
    bond = np.concatenate((network.site_bond[read], np.repeat(np.arange(network.bonds), network.holder_counts)))
    number = np.concatenate((network.tensors + read, network.bond_tensor))
    end = np.concatenate((tensors, terminals))[number]
    bend = end.copy()
    to_leaf = (bonds[bond, 1] == STUB) & (end[:, 1] >= leaf_y)
    bend[to_leaf, 1] = leaf_y - BEND
    _, first, ends = np.unique(bond, return_index=True, return_counts=True)
    last = np.where((ends == 2)[:, None], end[first], bonds)
    lines = np.stack((end, bend, bonds[bond], last[bond]), axis=1)
    once = np.ones(len(bond), dtype=bool)
    once[first[ends == 2]] = False
    return ends > 2, bond[once], number[once], lines[once]
