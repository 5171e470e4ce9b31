"""Pairs on the channels that fans leave free: the largest number of them by a linear program."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...circuit import Circuit
from ...partition import Partition
from .fan import Fan, Stage, Strand


def pair_fans(circuit: Circuit, partition: Partition, room: Sequence[int], base: int = 2) -> list[Fan]:
    """As many fans of one source site and one steering site as a closed circuit has room for; `base` channels each."""
    digits = np.array([_digits(dim, base) for dim in room])
    flows = _flows(circuit, partition, digits)
    return _Tracer(circuit, flows, base).fans(partition)


def _digits(dim: int, base: int) -> int:
    count = 0
    while dim >= base:
        dim, count = dim // base, count + 1
    return count


@dataclass(frozen=True, eq=False)
class _Flows:
    """How many digits of A and of B each factor carries, and how many pairs meet in each unit."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    met: NDArray[np.int64]


def _flows(circuit: Circuit, partition: Partition, digits: NDArray[np.int64]) -> _Flows:
    """The best flows, rounded down to what is consistent."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    factors, sites, units = len(circuit.factor_child), circuit.sites, circuit.units
    up, down = circuit.factor_unit, circuit.factor_child
    f = np.arange(factors)
    width = 2 * factors + units
    # rows: room of the units; then digits of A (and of B) leaving each vertex, minus those that arrive
    entries = [(up, f, 1), (up, factors + f, 1), (np.arange(units), 2 * factors + np.arange(units), -1)]
    for side in (0, 1):
        first = units + side * (sites + units)
        entries += [
            (first + down, side * factors + f, 1),
            (first + sites + up, side * factors + f, -1),
            (first + sites + np.arange(units), 2 * factors + np.arange(units), 1),
        ]
    rows, columns = (np.concatenate([np.asarray(entry[k]) for entry in entries]) for k in (0, 1))
    values = np.concatenate([np.full(len(entry[0]), entry[2]) for entry in entries])
    matrix = csr_array((values, (rows, columns)), shape=(units + 2 * (sites + units), width))
    side_a = partition.sides[:sites]
    zero = np.zeros(units, dtype=np.int64)
    limit = np.concatenate((digits[sites:], digits[:sites] * side_a, zero, digits[:sites] * ~side_a, zero))
    gain = np.append(np.full(2 * factors, 1e-4 / max(factors, 1)), np.full(units, -1.0))  # short paths, if equal
    found = linprog(gain, A_ub=matrix, b_ub=limit, method="highs-ds")
    whole = np.floor(found.x + 1e-6).astype(np.int64)
    return _Flows(whole[:factors], whole[factors : 2 * factors], whole[2 * factors :])


class _Tracer:
    """Takes pairs out of the flows, one by one."""

    def __init__(self, circuit: Circuit, flows: _Flows, base: int):
        self.circuit, self.base = circuit, base
        self.left = {True: flows.a.tolist(), False: flows.b.tolist()}
        self.met = flows.met.tolist()
        self.uses: dict[int, int] = {}
        for factor, child in enumerate(circuit.factor_child.tolist()):
            self.uses.setdefault(child, factor)
        self.uses[circuit.sites + circuit.root] = len(circuit.factor_child)

    def fans(self, partition: Partition) -> list[Fan]:
        found = []
        for unit, pairs in enumerate(self.met):
            for _ in range(pairs):
                paths = {side: self._path(unit, side) for side in (True, False)}
                if all(paths.values()):
                    found.append(self._fan(paths[True], paths[False]))
        return found

    def _path(self, unit: int, side: bool) -> list[int]:
        """The factors from a site up to a unit, taken out of the flow; none if rounding has cut it."""
        start, path, left = self.circuit.factor_start, [], self.left[side]
        while True:
            factor = next((f for f in range(start[unit], start[unit + 1]) if left[f] > 0), None)
            if factor is None:
                return []
            left[factor] -= 1
            path.append(factor)
            child = int(self.circuit.factor_child[factor])
            if child < self.circuit.sites:
                return path[::-1]
            unit = child - self.circuit.sites

    def _fan(self, path_a: list[int], path_b: list[int]) -> Fan:
        """The two paths up to the first unit that both reach."""
        unit = self.circuit.factor_unit
        reached = [int(unit[f]) for f in path_a]
        meeting = next(int(unit[f]) for f in path_b if int(unit[f]) in reached)
        carried: set[int] = set()
        for path in (path_a, path_b):
            top = next(k for k, f in enumerate(path) if unit[f] == meeting)
            carried.update(path[: top + 1])
        site_a, site_b = (int(self.circuit.factor_child[path[0]]) for path in (path_a, path_b))
        stage = Stage({site_b: self.base})
        use = self.uses[self.circuit.sites + meeting]
        return Fan(self.base, (Strand({site_a: self.base}, (stage,)),), frozenset(carried), frozenset({use}))
