"""Circuits: what a network with product pooling computes, as arrays.

A unit holds a vector h_u of dimension r_u, the elementwise product of its factors:

    h_u = prod_j  W_{u,j} h_child(u,j)

where a child is another unit or a site (an input position; its vector is f(x_i)). The output is a map of
the root's vector (Cohen, Sharir, Shashua, COLT 2016). A factor may also be a sum of such matrix-child pairs, as
residual and mixed networks need. Every architecture becomes such a circuit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import CircuitError, MethodError
from ..partition import Terminals
from ..tools.arrays import BoolArray, IntArray, occurrence, ranges, read_only, rows
from ..tools.fields import check_range, check_starts, own_array
from ..tools.values import LARGEST_DIM, as_integer, as_tuple, check_known, integer, integers
from ..tools.words import shown
from .by_hand import Child, Sum, listed_dims, listed_units

GATES = ("product", "relu-max", "relu-average", "max", "average", "sigmoid-max", "sigmoid-average")
SITE, LABEL = -1, -2  # stand for a layer: that of the sites, and that of the label
SURROGATE = "circuit.surrogate is the network with product gates in their place (its ConvAC surrogate)"


@dataclass(frozen=True, eq=False)
class Circuit:
    """A directed acyclic graph of units over sites, children before parents, the last unit the root.

    Sites and units together are the *vertices*: site i is vertex i, unit u is vertex sites + u. A unit multiplies its
    *factors*. A factor is one *pair* of a matrix and a child, or a sum of several pairs. All arrays are read-only.
    """

    site_dims: IntArray  # (sites,) dimension of each site's representation
    unit_dims: IntArray  # (units,) channels of each unit
    factor_start: IntArray  # (units + 1,) unit u has the pairs factor_start[u] .. factor_start[u + 1] - 1
    factor_child: IntArray  # (pairs,) the vertex that each pair reads
    unit_layer: IntArray  # (units,)
    unit_position: IntArray  # (units,) row-major place in the grid of its layer
    grids: tuple[tuple[int, ...], ...]  # the grid of the sites, then the grid of each layer
    root_map: bool = True  # False: the output is the root's vector itself (one channel if it is not open)
    open_output: int | None = None  # number of labels, if the label is one more site; None: one fixed label
    added: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    # (pairs,) True: added to the pair before it, not multiplied; nothing given: none is
    gate: str = "product"  # what joins the factors; any other than the product is for measurement only
    layer_names: tuple[str, ...] = ()  # what the layers are called in a real model; nothing given: by number
    notes: tuple[str, ...] = ()  # what the circuit replaces or drops of the model that it stands for, in words

    def __post_init__(self) -> None:
        for key in ("site_dims", "unit_dims", "factor_child"):
            own_array(self, key, CircuitError)
        own_array(self, "factor_start", CircuitError, length=self.units + 1)
        own_array(self, "unit_layer", CircuitError, length=self.units)
        own_array(self, "unit_position", CircuitError, length=self.units)
        if isinstance(self.added, np.ndarray) and not self.added.size:
            object.__setattr__(self, "added", np.zeros(len(self.factor_child), dtype=bool))
        own_array(self, "added", CircuitError, dtype=np.bool_, length=len(self.factor_child))
        for key in ("site_dims", "unit_dims"):
            check_range(self, key, CircuitError, least=1, most=LARGEST_DIM)
        if not self.units:
            raise CircuitError("a circuit needs at least one unit; it has none")
        self._check_factors()
        self._check_grids()
        self._check_words()
        self._check_output()

    def _check_factors(self) -> None:
        check_starts(self, "factor_start", CircuitError, end=len(self.factor_child))
        check_range(self, "factor_child", CircuitError, least=0, most=self.sites + self.units - 1)
        empty = np.flatnonzero(np.diff(self.factor_start) == 0)
        if len(empty):
            raise CircuitError(f"unit {empty[0]} has no factors; each unit needs at least one child")
        first_added = np.flatnonzero(self.added[self.factor_start[:-1]])
        if len(first_added):
            raise CircuitError(f"the first pair of unit {first_added[0]} is added, but there is none before it")
        late = np.flatnonzero(self.factor_child >= self.sites + self.factor_unit)
        if len(late):
            unit, child = self.factor_unit[late[0]], self.factor_child[late[0]] - self.sites
            raise CircuitError(f"unit {unit} reads unit {child}; children must come before their parents")
        unused = np.flatnonzero(self.use_counts[self.sites :] == 0)
        if unused[0] != self.units - 1:
            raise CircuitError(f"unit {unused[0]} is never used; only the last unit, the root, may be")

    def _check_grids(self) -> None:
        grids = as_tuple(self.grids)
        if grids is None or len(grids) < 2:
            raise CircuitError(f"grids is {shown(self.grids)}; it must list the grid of the sites and of every layer")
        shapes = tuple(integers(f"grids[{number}]", grid, CircuitError) for number, grid in enumerate(grids))
        object.__setattr__(self, "grids", shapes)
        if math.prod(shapes[0]) != self.sites:
            raise CircuitError(f"the grid of the sites is {shown(shapes[0])}; there are {self.sites} sites")
        check_range(self, "unit_layer", CircuitError, least=0, most=self.layers - 1)
        sizes = np.array([min(math.prod(shape), LARGEST_DIM) for shape in shapes[1:]])
        outside = np.flatnonzero((self.unit_position < 0) | (self.unit_position >= sizes[self.unit_layer]))
        if len(outside):
            unit, layer = outside[0], self.unit_layer[outside[0]]
            raise CircuitError(
                f"unit {unit} has position {self.unit_position[unit]}; layer {layer} has 0 to {sizes[layer] - 1}"
            )

    def _check_words(self) -> None:
        for key in ("layer_names", "notes"):
            texts = as_tuple(getattr(self, key))
            if texts is None or not all(isinstance(text, str) for text in texts):
                raise CircuitError(f"{key} is {shown(getattr(self, key))}; it must be a list of texts")
            object.__setattr__(self, key, tuple(str(text) for text in texts))
        if len(self.layer_names) not in (0, self.layers):
            raise CircuitError(f"layer_names lists {len(self.layer_names)} names; there are {self.layers} layers")

    def _check_output(self) -> None:
        check_known("gate", self.gate, GATES, CircuitError)
        if not isinstance(self.root_map, bool):
            raise CircuitError(f"root_map is {shown(self.root_map)}; it must be true or false")
        if self.open_output is not None:
            object.__setattr__(self, "open_output", integer("open_output", self.open_output, CircuitError))
        if not self.root_map and self.unit_dims[-1] != (self.open_output or 1):
            raise CircuitError(
                f"without a root map the root's {self.unit_dims[-1]} channels are the output, "
                f"but the output has {self.open_output or 1}"
            )

    @classmethod
    def from_units(
        cls,
        site_dims: Sequence[int],
        units: Sequence[tuple[int, Sequence[Child | Sum]]],
        root_map: bool = True,
        open_output: int | None = None,
    ) -> "Circuit":
        """A circuit by hand: each unit is (channels, [("site", i) or ("unit", k), ...]); the last is the root.

        A factor ("sum", [children]) is a sum of linear maps of several children, each with a matrix of its own.
        Without a root map and with a fixed label the output is one channel of the root, so the root counts with
        dimension 1, whatever is given.

        >>> Circuit.from_units([2, 2], [(3, [("site", 0), ("site", 1)])]).units
        1
        """
        given_dims = listed_dims("site", site_dims)
        dims, factors = listed_units(units, len(given_dims))
        children = [[child for factor in unit for child in factor] for unit in factors]
        factor_start, factor_child = rows(children)
        if dims and root_map is False and open_output is None:
            dims[-1] = 1
        layer = _heights(children, len(given_dims))
        return cls(
            site_dims=np.array(given_dims, dtype=np.int64),
            unit_dims=np.array(dims, dtype=np.int64),
            factor_start=factor_start,
            factor_child=factor_child,
            unit_layer=layer,
            unit_position=occurrence(layer),
            grids=((len(given_dims),), *((int(width),) for width in np.bincount(layer))),
            root_map=root_map,
            open_output=open_output,
            added=np.array(
                [index > 0 for unit in factors for factor in unit for index in range(len(factor))], dtype=bool
            ),
        )

    @property
    def surrogate(self) -> "Circuit":
        """The same circuit with product gates: its ConvAC surrogate."""
        return self if self.gate == "product" else replace(self, gate="product")

    def require_products(self, what: str, instead: str = SURROGATE) -> None:
        """Raise a MethodError if the gates are no products, so that `what` says nothing about them."""
        if self.gate != "product":
            raise MethodError(f"{what} says nothing about {self.gate} gates; {instead}")

    @property
    def sites(self) -> int:
        """Number of input positions (the label of an open output not counted)."""
        return len(self.site_dims)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.unit_dims)

    @property
    def layers(self) -> int:
        """Number of layers."""
        return len(self.grids) - 1

    def layer_name(self, layer: int) -> str:
        """A layer by its number, and by its name if it has one."""
        return f"layer {layer} ({self.layer_names[layer]})" if self.layer_names else f"layer {layer}"

    @property
    def root(self) -> int:
        """The unit that the output reads, the last one."""
        return self.units - 1

    @cached_property
    def terminals(self) -> Terminals:
        """What a partition splits: the sites on their grid, and the label if the output is open."""
        return Terminals(self.grids[0], label=self.open_output is not None)

    @cached_property
    def terminal_dims(self) -> IntArray:
        """Dimensions of all that a partition splits: the sites, then the label if the output is open."""
        return self.site_dims if self.open_output is None else read_only(np.append(self.site_dims, self.open_output))

    @cached_property
    def vertex_dims(self) -> IntArray:
        """(vertices,) dimensions of the sites, then channels of the units."""
        return read_only(np.concatenate((self.site_dims, self.unit_dims)))

    @cached_property
    def vertex_layers(self) -> IntArray:
        """(vertices,) the layer of each unit, and SITE for the sites."""
        return read_only(np.concatenate((np.full(self.sites, SITE), self.unit_layer)))

    @cached_property
    def factor_unit(self) -> IntArray:
        """(pairs,) the unit that each pair belongs to."""
        return read_only(np.repeat(np.arange(self.units), np.diff(self.factor_start)))

    @property
    def factors(self) -> int:
        """The number of factors; a sum of several pairs is one of them."""
        return len(self.factor_pairs) - 1

    @cached_property
    def factor_pairs(self) -> IntArray:
        """(factors + 1,) factor f adds up the pairs factor_pairs[f] .. factor_pairs[f + 1] - 1."""
        return read_only(np.append(np.flatnonzero(~self.added), len(self.added)))

    @cached_property
    def pair_factor(self) -> IntArray:
        """(pairs,) the factor that each pair belongs to."""
        return read_only(np.cumsum(~self.added) - 1)

    @cached_property
    def unit_factors(self) -> IntArray:
        """(units + 1,) unit u multiplies the factors unit_factors[u] .. unit_factors[u + 1] - 1."""
        return read_only(np.searchsorted(self.factor_pairs, self.factor_start))

    @cached_property
    def use_counts(self) -> IntArray:
        """(vertices,) how many pairs read each site and unit."""
        return read_only(np.bincount(self.factor_child, minlength=self.sites + self.units))

    @property
    def reuses_units(self) -> bool:
        """Whether some hidden vector is read more than once, so that unfolding duplicates it."""
        return bool((self.use_counts[self.sites :] > 1).any())

    @property
    def has_sums(self) -> bool:
        """Whether some factor is a sum of several children, so that the circuit is no tensor network."""
        return bool(self.added.any())

    @cached_property
    def levels(self) -> tuple[IntArray, ...]:
        """Units in groups, such that each reads only sites and units of earlier groups."""
        inner = self.factor_child >= self.sites
        parent, child = self.factor_unit[inner], self.factor_child[inner] - self.sites
        level = self.unit_layer
        if (level[child] >= level[parent]).any():
            flat, start = self.factor_child.tolist(), self.factor_start.tolist()
            level = _heights([flat[a:b] for a, b in pairwise(start)], self.sites)
        order = read_only(np.argsort(level, kind="stable"))
        return tuple(np.split(order, np.flatnonzero(np.diff(level[order])) + 1))

    @cached_property
    def multiplicities(self) -> NDArray[Any]:
        """(vertices,) number of paths from the output to each site and unit, exact.

        They are int64 if that holds their sum, and Python integers if not.
        """
        with np.errstate(over="ignore"):  # infinity is more than int64 holds, too
            paths = self._count_paths(np.float64).sum()
        return read_only(self._count_paths(np.int64 if paths < 2.0**62 else object))

    def _count_paths(self, dtype: Any) -> NDArray[Any]:
        paths = np.zeros(self.sites + self.units, dtype=dtype)
        paths[-1] = 1
        for level in reversed(self.levels):
            factors = self.factors_of(level)
            np.add.at(paths, self.factor_child[factors], paths[self.sites + self.factor_unit[factors]])
        return paths

    def factors_of(self, units: IntArray) -> IntArray:
        """All pairs of these units, unit after unit."""
        return ranges(self.factor_start[units], self.factor_start[units + 1] - self.factor_start[units])

    def receptive_field(self, unit: int) -> IntArray:
        """The sites that a unit's vector depends on, in order."""
        found = as_integer(unit)
        if found is None or not 0 <= found < self.units:
            raise CircuitError(f"there is no unit {shown(unit)}; the units are 0 to {self.root}")
        reached: BoolArray = np.zeros(self.sites + self.units, dtype=bool)
        frontier = np.array([found])
        while len(frontier):
            children = np.unique(self.factor_child[self.factors_of(frontier)])
            children = children[~reached[children]]
            reached[children] = True
            frontier = children[children >= self.sites] - self.sites
        return np.flatnonzero(reached[: self.sites])


def _heights(children: Sequence[Sequence[int]], sites: int) -> IntArray:
    """The longest way from each unit down to a site, in units between."""
    height: list[int] = []
    for row in children:
        height.append(max((height[c - sites] + 1 for c in row if c >= sites), default=0))
    return np.array(height, dtype=np.int64)
