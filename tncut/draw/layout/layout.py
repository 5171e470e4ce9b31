"""Where all symbols of a network stand, and which of its lines run from side to side of a cut."""

from dataclasses import dataclass

import numpy as np

from ...mincut import Cut
from ...network import TensorNetwork
from ...tools.arrays import BoolArray, FloatArray, IntArray

STUB = 0.35  # rows from a site to its bond's centre, and from a centre to the tensor straight above it


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions as (x, y): x in slots, one for each leaf (a matrix that reads a site); y in rows, one for each level.

    A copy tensor has a line from each of its ends; a bond of two ends is one line, which passes the bond's centre.
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
    placed: bool = False  # the network has positions of its own: its sites need not stand in one line
    in_order: bool = True  # False: each site stands under what reads it, since most lines would cross

    @property
    def height(self) -> float:
        sites = self.terminals[:, 1] + (STUB if self.placed else 0)  # a number may stand above a site
        return float(max(y.max(initial=0) for y in (sites, self.tensors[:, 1], self.bonds[:, 1])))

    @property
    def gap(self) -> float:
        """Slots from one site to the next."""
        if self.placed:
            return float(self.room(self.terminals).min(initial=1.0))
        return 2 * float(self.terminals[:, 0].min()) if len(self.terminals) else 1.0

    def on_a(self, cut: Cut) -> BoolArray:
        """(lines,) whether the end that a line begins with lies on side A."""
        side: BoolArray = np.concatenate((cut.sides, cut.partition.sides))[self.line_end]
        return side

    def separated(self, cut: Cut) -> BoolArray:
        """(lines,) the lines that run from side to side.

        A copy tensor costs its dimension once, so it lies on one side: the side of most of its ends, or in a tie of the
        first end, which is its site or the tensor that reads it.
        """
        side = self.on_a(cut)
        ends = np.bincount(self.line_bond, minlength=len(self.bonds))
        on_a = np.bincount(self.line_bond, weights=side, minlength=len(self.bonds))
        first = np.zeros(len(self.bonds), dtype=bool)
        first[self.line_bond[::-1]] = side[::-1]
        centre = np.where(2 * on_a == ends, first, 2 * on_a > ends)
        is_plain_cut = ~self.is_copy & np.isin(np.arange(len(self.bonds)), cut.bonds)
        apart: BoolArray = (side != centre[self.line_bond]) | is_plain_cut[self.line_bond]
        return apart

    def room(self, at: FloatArray) -> FloatArray:
        """(positions,) the smallest distance, in slots, of symbols and passing lines at the height of each position."""
        begin, end = self.lines[:, :-1].reshape(-1, 2), self.lines[:, 1:].reshape(-1, 2)
        rises = begin[:, 0] == end[:, 0]
        x, low, high = begin[rises, 0], *np.sort((begin[rises, 1], end[rises, 1]), axis=0)
        symbols = np.concatenate((self.tensors, self.bonds, *([self.terminals] if self.placed else [])))
        heights, row = np.unique(at[:, 1], return_inverse=True)
        standing = [np.concatenate((symbols[symbols[:, 1] == y, 0], x[(low < y) & (y < high)])) for y in heights]
        return np.array([np.diff(np.unique(xs)).min(initial=np.inf) for xs in standing])[row]


def lines_of(
    network: TensorNetwork, ends: FloatArray, bonds: FloatArray, bend_y: float
) -> tuple[BoolArray, IntArray, IntArray, FloatArray]:
    """Which bonds are copy tensors, and the lines of all bonds: (is_copy, line_bond, line_end, lines).

    A line from a site's bond to a tensor above `bend_y` rises straight from there on.
    """
    read = np.flatnonzero(network.site_bond >= 0)
    bond = np.concatenate((network.site_bond[read], np.repeat(np.arange(network.bonds), network.holder_counts)))
    number = np.concatenate((network.tensors + read, network.bond_tensor))
    end = ends[number]
    bend = end.copy()
    bend[(bonds[bond, 1] == STUB) & (end[:, 1] > bend_y), 1] = bend_y
    _, first, count = np.unique(bond, return_index=True, return_counts=True)
    last = bonds.copy()
    last[bond[first[count == 2]]] = end[first[count == 2]]
    lines = np.stack((end, bend, bonds[bond], last[bond]), axis=1)
    once = np.ones(len(bond), dtype=bool)
    once[first[count == 2]] = False
    return np.bincount(bond, minlength=network.bonds) > 2, bond[once], number[once], lines[once]
