"""Circuits: what a network with product pooling computes, as arrays.

A unit holds a vector h_u of dimension r_u, the elementwise product of its factors:

    h_u = prod_j  W_{u,j} h_child(u,j)

where a child is another unit or a site (an input position; its vector is f(x_i)). The output is a map of
the root's vector (Cohen, Sharir, Shashua, COLT 2016). A factor may also be a sum of such matrix-child pairs, as
residual and mixed networks need. Every architecture becomes such a circuit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .errors import CircuitError, SpecError
from .partition import Terminals
from .tools.arrays import BoolArray, IntArray, occurrence, ranges, rows

GATES = ("product", "relu-max", "relu-average", "max", "average", "sigmoid-max", "sigmoid-average")

Child = tuple[str, int]  # ("site", i) or ("unit", k)
Sum = tuple[str, Sequence[Child]]  # ("sum", children)


@dataclass(frozen=True, eq=False)
class Circuit:
    """A directed acyclic graph of units over sites, children before parents, the last unit the root.

    Sites and units together are the *vertices*: site i is vertex i, unit u is vertex sites + u.
    """

    site_dims: IntArray  # (sites,) dimension of each site's representation
    unit_dims: IntArray  # (units,) channels of each unit
    factor_start: IntArray  # (units + 1,) unit u has the factors factor_start[u] .. factor_start[u + 1] - 1
    factor_child: IntArray  # (factors,) the vertex that each factor reads
    unit_layer: IntArray  # (units,)
    unit_position: IntArray  # (units,) row-major place in the grid of its layer
    grids: tuple[tuple[int, ...], ...]  # the grid of the sites, then the grid of each layer
    root_map: bool = True  # False: the output is the root's vector itself (one channel if it is not open)
    open_output: int | None = None  # number of labels, if the label is one more site; None: one fixed label
    added: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    # (factors,) True: added to the factor before it, not multiplied; nothing given: none is
    gate: str = "product"  # what joins the factors; any other than the product is for measurement only

    def __post_init__(self) -> None:
        if not len(self.added):
            object.__setattr__(self, "added", np.zeros(len(self.factor_child), dtype=bool))
        if self.gate not in GATES:
            raise CircuitError(f"unknown gate {self.gate!r}; choose from {', '.join(GATES)}")
        _check_dims("site", self.site_dims)
        _check_dims("unit", self.unit_dims)
        if not self.units:
            raise CircuitError("a circuit needs at least one unit; it has none")
        self._check_factors()
        self._check_output()

    def _check_factors(self) -> None:
        empty = np.flatnonzero(np.diff(self.factor_start) == 0)
        if len(empty):
            raise CircuitError(f"unit {empty[0]} has no factors; each unit needs at least one child")
        if len(self.added) != len(self.factor_child) or self.added[self.factor_start[:-1]].any():
            raise CircuitError("every unit's first factor starts a product; the sums given start with an added one")
        late = np.flatnonzero(self.factor_child >= self.sites + self.factor_unit)
        if len(late):
            unit, child = self.factor_unit[late[0]], self.factor_child[late[0]] - self.sites
            raise CircuitError(f"unit {unit} reads unit {child}; children must come before their parents")
        unused = np.flatnonzero(self.use_counts[self.sites :] == 0)
        if unused[0] != self.units - 1:
            raise CircuitError(f"unit {unused[0]} is never used; only the last unit, the root, may be")

    @property
    def surrogate(self) -> "Circuit":
        """The same circuit with product gates: its ConvAC surrogate."""
        return replace(self, gate="product")

    def _check_output(self) -> None:
        if self.open_output is not None and self.open_output < 1:
            raise CircuitError(f"open_output is {self.open_output}; it must be a number of labels, 1 or more")
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
        terms = [[_terms(factor, number) for factor in factors] for number, (_, factors) in enumerate(units)]
        children = [
            [_vertex(child, number, len(site_dims)) for factor in factors for child in factor]
            for number, factors in enumerate(terms)
        ]
        factor_start, factor_child = rows(children)
        dims = _as_dims("unit", [dim for dim, _ in units])
        if len(dims) and not root_map and open_output is None:
            dims[-1] = 1
        layer = _heights(children, len(site_dims))
        return cls(
            site_dims=_as_dims("site", site_dims),
            unit_dims=dims,
            factor_start=factor_start,
            factor_child=factor_child,
            unit_layer=layer,
            unit_position=occurrence(layer),
            grids=((len(site_dims),), *((int(width),) for width in np.bincount(layer))),
            root_map=root_map,
            open_output=open_output,
            added=np.array(
                [place > 0 for unit in terms for factor in unit for place in range(len(factor))], dtype=bool
            ),
        )

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
        return self.site_dims if self.open_output is None else np.append(self.site_dims, self.open_output)

    @cached_property
    def vertex_dims(self) -> IntArray:
        """(vertices,) dimensions of the sites, then channels of the units."""
        return np.concatenate((self.site_dims, self.unit_dims))

    @cached_property
    def factor_unit(self) -> IntArray:
        """(factors,) the unit that each matrix-child pair belongs to."""
        return np.repeat(np.arange(self.units), np.diff(self.factor_start))

    @cached_property
    def use_counts(self) -> IntArray:
        """(vertices,) how many factors read each site and unit."""
        return np.bincount(self.factor_child, minlength=self.sites + self.units)

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
        order = np.argsort(level, kind="stable")
        return tuple(np.split(order, np.flatnonzero(np.diff(level[order])) + 1))

    @cached_property
    def multiplicities(self) -> NDArray[Any]:
        """(vertices,) number of paths from the output to each site and unit, exact: int64, or Python integers."""
        with np.errstate(over="ignore"):  # infinity is more than int64 holds, too
            paths = self._count_paths(np.float64)
        return self._count_paths(np.int64 if paths.max() < 2.0**62 else object)

    def _count_paths(self, dtype: Any) -> NDArray[Any]:
        paths = np.zeros(self.sites + self.units, dtype=dtype)
        paths[-1] = 1
        for level in reversed(self.levels):
            factors = self.factors_of(level)
            np.add.at(paths, self.factor_child[factors], paths[self.sites + self.factor_unit[factors]])
        return paths

    def factors_of(self, units: IntArray) -> IntArray:
        """All factors of these units, unit after unit."""
        return ranges(self.factor_start[units], self.factor_start[units + 1] - self.factor_start[units])

    def receptive_field(self, unit: int) -> IntArray:
        """The sites that a unit's vector depends on, in order."""
        reached: BoolArray = np.zeros(self.sites + self.units, dtype=bool)
        frontier = np.array([unit])
        while len(frontier):
            children = np.unique(self.factor_child[self.factors_of(frontier)])
            children = children[~reached[children]]
            reached[children] = True
            frontier = children[children >= self.sites] - self.sites
        return np.flatnonzero(reached[: self.sites])


@runtime_checkable
class Architecture(Protocol):
    """A specification that builds a circuit."""

    @property
    def name(self) -> str: ...

    def circuit(self) -> Circuit: ...


def compile(architecture: Architecture | Circuit) -> Circuit:
    """The circuit of an architecture; a circuit is returned as it is. A SpecError for anything else."""
    if isinstance(architecture, Circuit):
        return architecture
    if isinstance(architecture, str):
        raise SpecError(f"{architecture!r} is a name, no architecture; tncut.load gives the one that it stands for")
    if isinstance(architecture, type) or not isinstance(architecture, Architecture):
        raise SpecError(f"{type(architecture).__name__} is no architecture; give for example a ConvAC, or a Circuit")
    return architecture.circuit()


def _terms(factor: Child | Sum, unit: int) -> Sequence[Child]:
    """The children of one factor: one, or those of a sum."""
    if factor[0] != "sum":
        return [factor]  # type: ignore[list-item]
    if not isinstance(factor[1], Sequence) or not factor[1]:
        raise CircuitError(f'unit {unit} has the sum {factor!r}; a sum is ("sum", [children]), not empty')
    return factor[1]


def _vertex(child: Child, unit: int, sites: int) -> int:
    kind, index = child
    if kind not in ("site", "unit"):
        raise CircuitError(f'unit {unit} reads {child!r}; a child is ("site", i) or ("unit", k)')
    if kind == "site" and not 0 <= index < sites:
        raise CircuitError(f"unit {unit} reads site {index}; the sites are 0 to {sites - 1}")
    if kind == "unit" and not 0 <= index < unit:
        raise CircuitError(f"unit {unit} reads unit {index}; children must come before their parents")
    return index if kind == "site" else sites + index


def _heights(children: Sequence[Sequence[int]], sites: int) -> IntArray:
    """The longest way from each unit down to a site, in units between."""
    height: list[int] = []
    for row in children:
        height.append(max((height[c - sites] + 1 for c in row if c >= sites), default=0))
    return np.array(height, dtype=np.int64)


def _as_dims(kind: str, values: Sequence[int]) -> IntArray:
    for number, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 1 <= value < 2**62:
            raise CircuitError(f"{kind} {number} has dimension {value!r}; it must be an integer from 1 to 2^62")
    return np.array(values, dtype=np.int64)


def _check_dims(kind: str, dims: IntArray) -> None:
    wrong = np.flatnonzero(dims < 1)
    if len(wrong):
        raise CircuitError(f"{kind} {wrong[0]} has dimension {dims[wrong[0]]}; it must be 1 or more")
