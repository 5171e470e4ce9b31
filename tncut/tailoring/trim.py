"""Wasted widths: more channels than their surroundings can use; and what a little more of each would give.

The rule. Let a unit of r channels be read by matrices of R_1, R_2, ... rows, and multiply factors that read vectors of
dimensions d_1, ..., d_n (of a sum: together). All that the rest of the network sees of it is one tensor,

    T[row, j_1, ..., j_n] = sum_k V[row, k] prod_i W_i[k, j_i],    R = R_1 + R_2 + ... rows,

V being its readers' matrices above each other. Such sums are all tensors T as soon as r is the product of R, d_1, ...,
d_n without the largest of them: for each combination of the others' indices take one k, with unit vectors in their
matrices, and the entries of T in the matrix of the largest. So no function is lost if r is lowered to that product. For
a bond of a free tensor network the same holds with what else its tensors hold as R and d_i.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..circuit import Circuit, require_chosen
from ..errors import MethodError
from ..network import Specified, Subject, TensorNetwork
from ..partition import Splits
from ..proven.batch import bounds
from ..tools.arrays import IntArray, product
from ..tools.words import brief
from .costs import Costs
from .template import FIXED, Template
from .widths import family_of


@dataclass(frozen=True, repr=False)
class Trimmed:
    """An architecture with its wasted widths lowered. `widths`: before and after, by path."""

    name: str
    architecture: Specified
    widths: dict[str, tuple[int, int]]
    parameters: tuple[int, int]  # before and after, unshared
    kept: str  # what is proven to be the same

    @property
    def wasted(self) -> dict[str, tuple[int, int]]:
        """The widths that were lowered."""
        return {key: pair for key, pair in self.widths.items() if pair[1] < pair[0]}

    def __repr__(self) -> str:
        before, after = self.parameters
        return f"<Trimmed: {brief(self.name or 'network')}, {before} to {after} parameters>"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {key: value for key, value in vars(self).items() if key != "architecture"}

    def __str__(self) -> str:
        before, after = self.parameters
        lines = [f"width     {key} = {old}, of use are {new}" for key, (old, new) in self.wasted.items()]
        return "\n".join(
            [
                f"{self.name or 'network'}, trimmed",
                *(lines or ["width     none is wasted"]),
                f"cost      {before} parameters, {after} when trimmed",
                f"kept      {self.kept}",
            ]
        )


@dataclass(frozen=True)
class Sensitivity:
    """What one more channel of a width gives, and one fewer takes: of the smallest rank bound, in bits."""

    key: str
    width: int
    useful: int  # beyond this the width is wasted
    more_bits: float
    more_parameters: int
    fewer_bits: float  # 0 or below

    def __str__(self) -> str:
        wasted = f", {self.width - self.useful} wasted" if self.useful < self.width else ""
        more = f"one more gives {self.more_bits:.4g} bits for {self.more_parameters} parameters"
        return f"{self.key} = {self.width}{wasted}: {more}, one fewer {self.fewer_bits:.4g} bits"


def trim(architecture: Subject) -> Trimmed:
    """Every width lowered to what its surroundings can use: no function of unshared weights is lost.

    So no rank changes that the network can have, over any partition. Where no unit is re-used the rank bound does not
    change either, over any partition (docs/tailoring.md). Where units are re-used, or vectors added, no labelling costs
    more than before; the bound that is found may be another one.

    >>> from tncut.architectures import ConvAC
    >>> trim(ConvAC.deep(sites=4, site_dim=2, channels=(9, 9))).wasted
    {'layers.0.channels': (9, 4), 'layers.1.channels': (9, 4)}
    """
    require_chosen(architecture)
    family = family_of(architecture)
    template = Template.of(family)
    built = template.built
    if isinstance(built, TensorNetwork) and not built.free:
        raise MethodError("the tensors of this network are given; only free ones can be trimmed")
    widths = _useful_widths(template, family.widths)
    costs = Costs(template.monomials("parameters"), tuple(np.array([width]) for width in widths))
    same = "all functions of unshared weights, and so the largest rank over every partition"
    kept = f"{same}; every rank bound" if template.is_plain else f"{same}; no labelling costs more"
    return Trimmed(
        name=family.architecture.name,
        architecture=family.with_widths(widths, f"{family.architecture.name} trimmed".strip()),
        widths=dict(zip(family.keys, zip(family.widths, widths, strict=True), strict=True)),
        parameters=(costs.of(family.widths), costs.of(widths)),
        kept=kept,
    )


def sensitivities(architecture: Subject, partitions: Splits) -> list[Sensitivity]:
    """For each width: what one channel more gives, one fewer takes, and whether it is wasted.

    In bits of the smallest rank bound over the partitions, as `bounds` finds it. A single width may give nothing where
    several together would: `tailor` finds the best of all of them.
    """
    require_chosen(architecture)
    family = family_of(architecture)
    template = Template.of(family)
    useful = _useful_widths(template, family.widths)
    costs = Costs(template.monomials("parameters"), tuple(np.array([width]) for width in family.widths))

    def smallest(group: int, step: int) -> float:
        widths = [width + step * (place == group) for place, width in enumerate(family.widths)]
        return float(bounds(template.with_dims(np.array(widths)), partitions).bits.min())

    own, paid = smallest(0, 0), costs.of(family.widths)
    found = []
    for group, (key, width) in enumerate(zip(family.keys, family.widths, strict=True)):
        dearer = costs.of([w + (place == group) for place, w in enumerate(family.widths)])
        fewer = smallest(group, -1) - own if width > 1 else 0.0
        found.append(Sensitivity(key, width, useful[group], smallest(group, 1) - own, dearer - paid, fewer))
    return found


def useful_layers(built: Circuit | TensorNetwork) -> dict[int, int]:
    """What can be used of each layer that has one width, where that is less than the width."""
    layer = built.unit_layer if isinstance(built, Circuit) else built.bond_layer
    dims = built.unit_dims if isinstance(built, Circuit) else built.bond_dims
    if isinstance(built, TensorNetwork) and not built.free:
        return {}
    last = -1 if isinstance(built, TensorNetwork) or built.root_map else int(layer[-1])
    widths = {one: int(dims[layer == one][0]) for one in sorted({*layer.tolist()} - {last}) if one >= 0}
    widths = {one: width for one, width in widths.items() if (dims[layer == one] == width).all()}
    group = np.full(len(layer), FIXED)
    for number, one in enumerate(widths):
        group[layer == one] = number
    useful = _useful_widths(Template(built, group), list(widths.values()))
    return {one: most for (one, width), most in zip(widths.items(), useful, strict=True) if most < width}


def _useful_widths(template: Template, widths: Sequence[int]) -> tuple[int, ...]:
    """Lower one width after another until none is wasted."""
    found = list(widths)
    changed = True
    while changed:
        changed = False
        for group in range(len(found)):
            built = template.with_dims(np.array(found))
            members = np.flatnonzero(template.group == group).tolist()
            legs = _legs_of_units(built) if isinstance(built, Circuit) else _legs_of_bonds(built)
            most = max(legs(member, found[group]) for member in members)
            if most < found[group]:
                found[group], changed = most, True
    return tuple(found)


def _legs_of_units(circuit: Circuit) -> Any:
    """What each unit can use, as a function of the unit and its width."""
    dims = circuit.vertex_dims
    rows = np.zeros(circuit.sites + circuit.units, dtype=np.int64)
    np.add.at(rows, circuit.factor_child, circuit.unit_dims[circuit.factor_unit])
    if circuit.root_map:
        rows[-1] += circuit.open_output or 1
    sums = np.add.reduceat(dims[circuit.factor_child], circuit.factor_pairs[:-1])

    def useful(unit: int, width: int) -> int:
        factors = sums[circuit.unit_factors[unit] : circuit.unit_factors[unit + 1]]
        return _without_largest([int(rows[circuit.sites + unit]), *factors.tolist()], width)

    return useful


def _legs_of_bonds(network: TensorNetwork) -> Any:
    start, held = network.tensor_bonds
    dims = network.bond_dims

    def useful(bond: int, width: int) -> int:
        tensors = network.holders(np.array([bond])).tolist()
        return _without_largest([_others(held[start[t] : start[t + 1]], bond, dims) for t in tensors], width)

    return useful


def _others(bonds: IntArray, bond: int, dims: IntArray) -> int:
    """The dimensions of what a tensor holds beside one bond."""
    return product(dims[bonds[bonds != bond]])


def _without_largest(legs: list[int], width: int) -> int:
    """The product of all but the largest; no more than the width."""
    return min(width, math.prod(sorted(legs)[:-1]))
