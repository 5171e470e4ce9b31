"""Which site stands at which place: sites that no partition tells apart are one class, and a class takes places."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...mincut import TreeCuts, min_cut
from ...network import TensorNetwork
from ...partition import Partition
from ...tools.arrays import BoolArray, FloatArray, IntArray
from ...tools.bits import pack
from ...tools.progress import tell

SCALE = 2**20
STARTS, MOST_EXCHANGES, WORKERS = 4, 2000, 2


class Places:
    """The integer program: one class for each place, and the side of each place in each partition."""

    def __init__(self, sides: BoolArray):
        from ortools.sat.python import cp_model

        self.cp: Any = cp_model
        self.model: Any = cp_model.CpModel()
        self.classes, members = np.unique(sides, axis=1, return_inverse=True)  # (partitions, classes)
        self.of_site = members.ravel()
        partitions, sites = sides.shape
        self.chosen = [[self.model.new_bool_var("") for _ in range(sites)] for _ in self.classes.T]
        for row, size in zip(self.chosen, np.bincount(self.of_site).tolist(), strict=True):
            self.model.add(sum(row) == size)
        for place in range(sites):
            self.model.add_exactly_one([row[place] for row in self.chosen])
        self.side = [[self.model.new_bool_var("") for _ in range(sites)] for _ in range(partitions)]
        for row, classes in zip(self.side, self.classes.tolist(), strict=True):
            for place, side in enumerate(row):
                on_a = [self.chosen[number][place] for number, inside in enumerate(classes) if inside]
                self.model.add(side == sum(on_a))

    def solver(self, seconds: float) -> Any:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, 0
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        return solver

    def order(self, solver: Any) -> IntArray:
        """The site at each place; those of one class in their own order."""
        found = np.zeros(len(self.of_site), dtype=np.int64)
        for number, row in enumerate(self.chosen):
            places = [place for place, variable in enumerate(row) if solver.boolean_value(variable)]
            found[places] = np.flatnonzero(self.of_site == number)
        return found

    def hint(self, order: IntArray) -> None:
        self.model.clear_hints()
        for number, row in enumerate(self.chosen):
            for place, variable in enumerate(row):
                self.model.add_hint(variable, bool(self.of_site[order[place]] == number))


def best_by_table(
    ranks_of: Callable[[BoolArray], Sequence[int]], sides: BoolArray, start: IntArray, deadline: float
) -> tuple[IntArray, int]:
    """The best order, or one no worse than the start; and a rank that no order exceeds.

    By all sets of places that have as many sites as a side A.
    """
    sites, sizes = sides.shape[1], sides.sum(axis=1)
    every = (np.arange(2**sites)[:, None] >> np.arange(sites) & 1).astype(bool)
    asked = every[np.isin(every.sum(axis=1), sizes)]
    ranks = ranks_of(asked)
    levels = sorted(set(ranks))
    level_of = {rank: level for level, rank in enumerate(levels)}
    rows = np.column_stack((asked, [level_of[rank] for rank in ranks]))
    program = Places(sides)
    least = program.model.new_int_var(0, len(levels) - 1, "")
    for side, size in zip(program.side, sizes.tolist(), strict=True):
        level = program.model.new_int_var(0, len(levels) - 1, "")
        program.model.add_allowed_assignments([*side, level], rows[asked.sum(axis=1) == size].tolist())
        program.model.add(least <= level)
    program.model.maximize(least)
    program.hint(start)
    solver = program.solver(deadline - time.monotonic())
    status = solver.solve(program.model)
    if status not in (program.cp.OPTIMAL, program.cp.FEASIBLE):
        return start, levels[-1]
    found = max(start, program.order(solver), key=lambda order: min(ranks_of(sides[:, order])))
    return found, levels[int(solver.best_objective_bound + 1e-6)]


def best_by_exchanges(
    bits_of: Callable[[BoolArray], FloatArray], sides: BoolArray, rng: np.random.Generator, deadline: float
) -> IntArray:
    """An order that exchanges of two sites make no better, or the best so far: the smallest bound, then their sum."""
    sites = sides.shape[1]
    pairs = np.array([(i, j) for i in range(sites) for j in range(i)])

    def worth(orders: IntArray) -> list[tuple[float, float]]:
        batch = sides[:, orders].transpose(1, 0, 2)  # (orders, partitions, places)
        bits = bits_of(batch.reshape(-1, sites)).reshape(len(orders), -1)
        return list(zip(bits.min(axis=1).round(9).tolist(), bits.sum(axis=1).round(6).tolist(), strict=True))

    found = []
    for start in range(STARTS):
        order = rng.permutation(sites) if start else np.arange(sites)
        [value] = worth(order[None])
        while time.monotonic() < deadline:
            tell(f"placing sites: {value[0]:.6g} bits found")
            some = pairs if len(pairs) <= MOST_EXCHANGES else rng.choice(pairs, MOST_EXCHANGES, replace=False)
            orders = np.repeat(order[None], len(some), axis=0)
            rows = np.arange(len(some))
            orders[rows, some[:, 0]], orders[rows, some[:, 1]] = order[some[:, 1]], order[some[:, 0]]
            values = worth(orders)
            best = max(range(len(some)), key=values.__getitem__)
            if values[best] <= value:
                break
            order, value = orders[best], values[best]
        found.append((value, order))
    return max(found, key=lambda item: item[0])[1]


def best_by_cuts(network: TensorNetwork, sides: BoolArray, order: IntArray, deadline: float) -> tuple[IntArray, float]:
    """An order at least as good, and bits that no order exceeds: by the cuts that the orders met so far have."""
    program = Places(sides)
    logs = [_units(dim) for dim in network.bond_dims.tolist()]
    value = program.model.new_int_var(0, sum(logs), "")
    program.model.maximize(value)
    best, bound = (-1.0, order), math.inf
    while True:
        bits, labels = _cuts(network, sides[:, order])
        best = max(best, (float(bits.min()), order), key=lambda item: item[0])
        for side, row in zip(program.side, labels, strict=True):
            fixed, paid = _paid(network, row, logs)
            at_place = [w * (1 - side[place]) if on_a else w * side[place] for place, (w, on_a) in paid.items()]
            program.model.add(value <= fixed + sum(at_place))
        left = deadline - time.monotonic()
        if left <= 0 or bound <= best[0] + 1e-6:
            return best[1], bound
        tell(f"placing sites: {best[0]:.6g} bits found, {bound:.6g} possible")
        program.hint(best[1])
        solver = program.solver(left)
        status = solver.solve(program.model)
        if status not in (program.cp.OPTIMAL, program.cp.FEASIBLE):
            return best[1], bound
        bound = min(bound, solver.best_objective_bound / SCALE)
        order = program.order(solver)


def _units(dim: int) -> int:
    """log2, scaled and rounded up."""
    return (dim.bit_length() - 1) * SCALE if dim & (dim - 1) == 0 else math.ceil(SCALE * math.log2(dim) + 1e-3)


def _cuts(network: TensorNetwork, sides: BoolArray) -> tuple[FloatArray, BoolArray]:
    """The bits of the minimum cuts, and the sides of the tensors."""
    if network.forest is not None:
        cuts = TreeCuts(network)
        return cuts.bits(pack(sides)), cuts.sides(pack(sides))
    found = [min_cut(network, Partition(row)) for row in sides]
    return np.array([math.log2(cut.rank_bound) for cut in found]), np.array([cut.sides for cut in found])


def _paid(network: TensorNetwork, row: BoolArray, logs: list[int]) -> tuple[int, dict[int, tuple[int, bool]]]:
    """What tensors on these sides pay for any order; and at each other place, where its site is not on their side."""
    place_of = {bond: place for place, bond in enumerate(network.site_bond.tolist())}
    fixed, paid = 0, {}
    for bond, log in enumerate(logs):
        held = row[network.bond_tensor[network.bond_start[bond] : network.bond_start[bond + 1]]]
        if held.any() and not held.all():
            fixed += log
        elif bond in place_of and len(held):
            paid[place_of[bond]] = log, bool(held.all())
    return fixed, paid
