"""A lower end for circuits with sums: the part that has one child of each sum, all other weights zero.

Almost all weights of a circuit have at least the rank that any of its parts attains. If no unit of a part is re-used,
its minimum cut proves a rank (theorems T2 and T3, docs/theory.md). The parts of a mixed network are its hybrid trees.

The minimum cut of a tree depends on what lies below a unit through two numbers: the cheapest cuts below it with the
unit's bond on side A, and on side B. It grows with both. So below every unit those choices are kept of which no other
one is at least as good in both. In circuits whose parts are trees with every site read once, the best part that is
found has the largest cut of all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ...circuit import Circuit
from ...partition import Partition
from ...tools.arrays import IntArray, starts
from .units import Unit, at_output, units_of


def best_part(circuit: Circuit, partition: Partition) -> Circuit | None:
    """A part with a large minimum cut (see above); None if the part that is found re-uses a unit."""
    child = circuit.factor_child.tolist()
    options = [
        [_Option(1, dim, 1) if side else _Option(dim, 1, 1)]
        for dim, side in zip(circuit.site_dims.tolist(), partition.sides.tolist(), strict=False)
    ]
    for unit in units_of(circuit, partition):
        products = [_Option(1, 1, 1)]
        for factor in unit.factors:
            terms = [below.read_by(pair) for pair in factor for below in options[child[pair]]]
            products = _unbeaten(before.times(term) for before, term in product(products, terms))
        options.append(_unbeaten(option.at_unit(unit) for option in products))
    best = max(options[-1], key=lambda option: at_output(circuit, partition, option.on_a, option.on_b))
    return _part(circuit, best)


@dataclass(frozen=True)
class _Option:
    """One choice of children below a unit, or below some of its factors, and the cheapest cuts below it."""

    on_a: int  # with the unit's bond on side A
    on_b: int
    cheaper: int  # with every factor's bond on its cheaper side
    below: "tuple[tuple[int, _Option], ...]" = ()  # the pairs chosen, each with the choice below it

    def beats(self, other: "_Option") -> bool:
        """Whether it is at least as good in every number."""
        return self.on_a >= other.on_a and self.on_b >= other.on_b and self.cheaper >= other.cheaper

    def read_by(self, pair: int) -> "_Option":
        """This choice, made below one matrix-child pair."""
        return _Option(self.on_a, self.on_b, self.cheaper, ((pair, self),))

    def times(self, other: "_Option") -> "_Option":
        """Both choices, below different factors of one unit."""
        return _Option(
            self.on_a * other.on_a, self.on_b * other.on_b, self.cheaper * other.cheaper, self.below + other.below
        )

    def at_unit(self, unit: Unit) -> "_Option":
        """This choice of all factors, seen from above the unit: the unit's bond is kept or cut.

        No cut costs more than all sites of one side, with the unit's bond if it lies on that side.
        """
        cut = unit.channels * self.cheaper
        on_a = min(self.on_a, cut, unit.dim_b, unit.channels * unit.dim_a)
        on_b = min(self.on_b, cut, unit.dim_a, unit.channels * unit.dim_b)
        return _Option(on_a, on_b, min(on_a, on_b), self.below)


def _unbeaten(options: Iterable[_Option]) -> list[_Option]:
    """The options that no other one beats."""
    kept: list[_Option] = []
    for option in options:
        if not any(other.beats(option) for other in kept):
            kept = [other for other in kept if not option.beats(other)] + [option]
    return kept


def _part(circuit: Circuit, root: _Option) -> Circuit | None:
    """The circuit of the pairs that are chosen from the root down; None if it re-uses a unit."""
    chosen: dict[int, list[int]] = {}
    waiting = [(circuit.root, root)]
    while waiting:
        unit, option = waiting.pop()
        if unit in chosen:
            return None
        chosen[unit] = [pair for pair, _ in option.below]
        below = ((int(circuit.factor_child[pair]) - circuit.sites, then) for pair, then in option.below)
        waiting += [(child, then) for child, then in below if child >= 0]
    kept = np.array(sorted(chosen))
    pairs = np.array([pair for unit in kept.tolist() for pair in chosen[unit]])
    return Circuit(
        site_dims=circuit.site_dims,
        unit_dims=circuit.unit_dims[kept],
        factor_start=starts(np.array([len(chosen[unit]) for unit in kept.tolist()])),
        factor_child=_renumbered(circuit, kept)[circuit.factor_child[pairs]],
        unit_layer=circuit.unit_layer[kept],
        unit_position=circuit.unit_position[kept],
        grids=circuit.grids,
        root_map=circuit.root_map,
        open_output=circuit.open_output,
    )


def _renumbered(circuit: Circuit, kept: IntArray) -> IntArray:
    """(vertices,) the number of each vertex in the circuit that keeps only these units; -1 for the other units."""
    number = np.full(circuit.sites + circuit.units, -1)
    number[: circuit.sites] = np.arange(circuit.sites)
    number[circuit.sites + kept] = circuit.sites + np.arange(len(kept))
    return number
