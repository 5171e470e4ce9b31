"""Where the symbols of a circuit stand that is drawn as it is, not unfolded: each site and each unit once."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from ...circuit import Circuit
from ...errors import SizeError
from ...tools.arrays import FloatArray, IntArray

UNIT_LIMIT = 2000
# In slots:
PAIR = 0.42  # from matrix to matrix of a unit
BESIDE = 0.4  # what a unit takes in addition, for the lines that pass it
# In rows, below a unit:
SUM, MATRIX, BEND = 0.2, 0.4, 0.54
OVER = 0.14  # above a unit, where passing lines are free again
OUTPUT = 0.35  # from the root to the output's matrix, and from there to the label


@dataclass(frozen=True, eq=False)
class CircuitLayout:
    """Positions as (x, y): x in slots, y in rows; the sites have y = 0, level k of the circuit has y = k + 1."""

    terminals: FloatArray  # (terminals, 2) sites, then the label of an open output
    units: FloatArray  # (units, 2) copy tensors
    matrices: FloatArray  # (pairs, 2)
    sums: FloatArray  # (sums, 2) where matrices join that are added
    output: FloatArray  # (0 or 1, 2) the output's matrix
    lines: list[FloatArray]  # (pairs) from the child, between the units on the way, to the matrix and the unit
    width: float
    placed: bool = False  # see Layout

    @property
    def height(self) -> float:
        return float(max(at[:, 1].max(initial=0) for at in (self.terminals, self.units, self.output)))

    @property
    def gap(self) -> float:
        """Slots from one site to the next."""
        return 2 * float(self.terminals[0, 0])


def circuit_layout(circuit: Circuit) -> CircuitLayout:
    """Each unit at the mean x of what it reads, moved as little as keeps the units of a row apart.

    A SizeError above 2000 units.
    """
    check_units(circuit)
    widths = PAIR * np.diff(circuit.factor_start) + BESIDE
    width = max(circuit.sites, *(float(widths[units].sum()) for units in circuit.levels))
    at = np.zeros((circuit.sites + circuit.units, 2))
    at[: circuit.sites, 0] = (np.arange(circuit.sites) + 0.5) * width / circuit.sites
    for level, units in enumerate(circuit.levels):
        wanted = np.array([at[_children(circuit, unit), 0].mean() for unit in units])
        at[circuit.sites + units, 0] = spread(wanted, widths[units], width)
        at[circuit.sites + units, 1] = level + 1
    matrices, sums, joint = _matrices(circuit, at)
    ends = at[circuit.sites + circuit.factor_unit]
    ways = _ways(circuit, at, widths, matrices)
    lines = [np.array([*way, *last]) for way, last in zip(ways, np.stack((matrices, joint, ends), 1), strict=True)]
    root, step = at[-1:], np.array((0, OUTPUT))
    output = root + step if circuit.root_map else np.zeros((0, 2))
    terminals = at[: circuit.sites]
    if circuit.open_output is not None:
        terminals = np.concatenate((terminals, root + (1 + circuit.root_map) * step))
    return CircuitLayout(terminals, at[circuit.sites :], matrices, sums, output, lines, width)


def check_units(circuit: Circuit) -> None:
    """A SizeError above 2000 units."""
    if circuit.units > UNIT_LIMIT:
        raise SizeError(f"the circuit has {circuit.units} units; circuits of up to {UNIT_LIMIT} can be drawn")


def spread(wanted: FloatArray, widths: FloatArray, total: float) -> FloatArray:
    """Positions in 0 .. total at which intervals of these widths do not overlap, nearest to the wanted ones in squares.

    With the widths before each interval subtracted, the positions only have to rise: isotonic regression, which takes
    the mean of neighbours that are in the wrong order.
    """
    order = np.argsort(wanted, kind="stable")
    before = np.cumsum(widths[order]) - widths[order] / 2
    pools: list[tuple[float, int]] = []
    for value in (wanted[order] - before).tolist():
        mean, count = value, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        pools.append((mean, count))
    means, counts = zip(*pools, strict=True)
    positions = np.empty(len(wanted))
    positions[order] = np.repeat(np.array(means), counts).clip(0, max(total - widths.sum(), 0)) + before
    return positions


def _children(circuit: Circuit, unit: int) -> IntArray:
    return circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1]]


def _matrices(circuit: Circuit, at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Positions of the matrices and of the sums, and for each pair the position where it joins others: sum or unit.

    Matrices stand from left to right in the order of what they read, but those that are added stay together.
    """
    unit = circuit.factor_unit
    factor, terms = circuit.pair_factor, np.diff(circuit.factor_pairs)
    child_x = at[circuit.factor_child, 0]
    factor_x = np.bincount(factor, weights=child_x) / terms
    order = np.lexsort((child_x, factor, factor_x[factor], unit))
    rank = np.empty(len(unit))  # from left to right within the unit
    rank[order] = np.arange(len(unit)) - circuit.factor_start[unit]
    ends = at[circuit.sites + unit]
    middle = (np.diff(circuit.factor_start)[unit] - 1) / 2
    matrices = np.column_stack((ends[:, 0] + PAIR * (rank - middle), ends[:, 1] - MATRIX))
    mean_x = np.bincount(factor, weights=matrices[:, 0]) / terms
    in_sum = terms[factor] > 1
    first = np.flatnonzero(in_sum & ~circuit.added)
    sums = np.column_stack((mean_x[factor[first]], ends[first, 1] - SUM))
    joint = ends.copy()
    joint[in_sum] = np.column_stack((mean_x[factor], ends[:, 1] - SUM))[in_sum]
    return matrices, sums, joint


def _ways(circuit: Circuit, at: FloatArray, widths: FloatArray, matrices: FloatArray) -> list[list[FloatArray]]:
    """For each pair the points from its child up to the bend below its matrix; between rows it passes between units.

    Lines from one child take the same way through a gap; lines from several children stand side by side there.
    """
    edges = []
    for units in circuit.levels:
        x, half = at[circuit.sites + units, 0], widths[units] / 2
        order = np.argsort(x)
        edges.append(((x - half)[order], (x + half)[order]))
    in_gap: defaultdict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    passes = []
    for child, (x, y) in zip(circuit.factor_child.tolist(), matrices.tolist(), strict=True):
        (start_x, start_y), end = at[child], y + MATRIX
        through = []
        for row in range(int(start_y) + 1, int(end)):
            low, high = edges[row - 1]
            here = start_x + (x - start_x) * (row - start_y) / (end - start_y)
            gap = int(np.searchsorted((low + high) / 2, here))
            in_gap[row, gap].setdefault(child, len(in_gap[row, gap]))
            through.append((row, gap))
        passes.append(through)
    ways = []
    for child, matrix, through in zip(circuit.factor_child.tolist(), matrices, passes, strict=True):
        way = [at[child]]
        for row, gap in through:
            low, high = edges[row - 1]
            left = high[gap - 1] if gap else low[0] - BESIDE
            right = low[gap] if gap < len(low) else high[-1] + BESIDE
            room = right - left + BESIDE / 2
            part = (in_gap[row, gap][child] + 1) / (len(in_gap[row, gap]) + 1) - 0.5
            x = (left + right) / 2 + part * room
            way += [np.array((x, row - BEND)), np.array((x, row + OVER))]
        ways.append([*way, matrix - (0, BEND - MATRIX)])
    return ways
