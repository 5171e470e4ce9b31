"""The part of a circuit with sums that proves most: one child of each sum, all other weights zero.

Almost all weights of a circuit have at least the rank that a part of it attains. Where no unit of the part is
re-used, T2 or T3 prove a rank for it from its minimum cut. For a mixed network the parts are its hybrid trees.
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
    """A part, with one child of each sum, that has a large minimum cut; None if units are re-used in the one found.

    The cut of a tree depends on what is below a unit through two numbers only, the cuts with the unit's bond on
    side A and on side B, and grows with both. So of all choices below a unit those are kept of which no other
    is as good in both; on circuits whose parts are trees with sites read once, no part has a larger cut.
    """
    child = circuit.factor_child.tolist()
    options = [
        [_Option(1, dim, 1) if side else _Option(dim, 1, 1)]
        for dim, side in zip(circuit.site_dims.tolist(), partition.sides.tolist(), strict=False)
    ]
    for unit in units_of(circuit, partition):
        found = [_Option(1, 1, 1)]
        for factor in unit.factors:
            terms = [below.read_by(pair) for pair in factor for below in options[child[pair]]]
            found = _unbeaten(before.times(term) for before, term in product(found, terms))
        options.append(_unbeaten(option.closed(unit) for option in found))
    best = max(options[-1], key=lambda option: at_output(circuit, partition, option.on_a, option.on_b))
    return _part(circuit, best)


@dataclass(frozen=True)
class _Option:
    """A choice below a unit, or below some of its factors: the cuts with their upper ends on side A, on side B, and
    each on its cheaper side. `below`: the pairs chosen, each with the choice below it."""

    on_a: int
    on_b: int
    cheaper: int
    below: "tuple[tuple[int, _Option], ...]" = ()

    def beats(self, other: "_Option") -> bool:
        return self.on_a >= other.on_a and self.on_b >= other.on_b and self.cheaper >= other.cheaper

    def read_by(self, pair: int) -> "_Option":
        return _Option(self.on_a, self.on_b, self.cheaper, ((pair, self),))

    def times(self, other: "_Option") -> "_Option":
        return _Option(
            self.on_a * other.on_a, self.on_b * other.on_b, self.cheaper * other.cheaper, self.below + other.below
        )

    def closed(self, unit: Unit) -> "_Option":
        """A unit over these factors: its bond lies on a side with all of them, or is cut; sites pay once."""
        cut = unit.channels * self.cheaper
        on_a = min(self.on_a, cut, unit.dim_b, unit.channels * unit.dim_a)
        on_b = min(self.on_b, cut, unit.dim_a, unit.channels * unit.dim_b)
        return _Option(on_a, on_b, min(on_a, on_b), self.below)


def _unbeaten(options: Iterable[_Option]) -> list[_Option]:
    kept: list[_Option] = []
    for option in options:
        if not any(other.beats(option) for other in kept):
            kept = [other for other in kept if not option.beats(other)] + [option]
    return kept


def _part(circuit: Circuit, root: _Option) -> Circuit | None:
    """The circuit of the pairs that are chosen from the root down."""
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
    """(vertices,) the number of each vertex in a circuit of these units."""
    number = np.full(circuit.sites + circuit.units, -1)
    number[: circuit.sites] = np.arange(circuit.sites)
    number[circuit.sites + kept] = circuit.sites + np.arange(len(kept))
    return number
