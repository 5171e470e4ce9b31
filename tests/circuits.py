"""Circuits for tests, by hand: random ones, small enough to measure, and the families of the literature.

The families are built here from their definitions, not by the library's architectures, so that tests of one can
use the other.
"""

from collections.abc import Sequence
from dataclasses import is_dataclass

import numpy as np
from hypothesis import strategies as st

from tncut.circuit import Child, Circuit, Sum
from tncut.network import TensorNetwork
from tncut.partition import Partition

Unit = tuple[int, list[Child]]
MOST_PATHS = 40


def random_tree(
    rng: np.random.Generator, *, sites: int | None = None, most_dim: int = 5, read_again: bool = False
) -> Circuit:
    """A circuit that re-uses no unit: 1 to 6 sites, units of 1 to 4 children.

    With `read_again` some factors read a site that another factor reads as well (overlapping windows).
    """
    number = sites or int(rng.integers(1, 7))
    site_dims = rng.integers(1, most_dim + 1, number).tolist()
    open_vertices: list[Child] = [("site", int(i)) for i in rng.permutation(number)]
    units: list[Unit] = []
    while open_vertices[0][0] == "site" or len(open_vertices) > 1 or rng.random() < 0.2:
        rng.shuffle(open_vertices)
        arity = min(int(rng.choice([1, 2, 2, 3, 4])), len(open_vertices))
        children, open_vertices = open_vertices[:arity], open_vertices[arity:]
        if read_again:
            children += [("site", int(i)) for i in rng.integers(number, size=rng.integers(0, 3))]
        units.append((_dim(rng, most_dim), children))
        open_vertices.append(("unit", len(units) - 1))
    return _with_output(rng, site_dims, units)


def random_reuse(rng: np.random.Generator, *, sites: int | None = None, most_dim: int = 4) -> Circuit:
    """A circuit of 2 to 6 units that may read any vertex before them, any number of times, the same one twice."""
    number = sites or int(rng.integers(1, 6))
    site_dims = rng.integers(1, most_dim + 1, number).tolist()
    while True:
        units: list[Unit] = []
        for unit in range(int(rng.integers(2, 7))):
            vertices: list[Child] = [("site", i) for i in range(number)] + [("unit", k) for k in range(unit)] * 2
            children = [vertices[i] for i in rng.integers(len(vertices), size=rng.integers(1, 4))]
            units.append((_dim(rng, most_dim), children))
        read = {child for _, children in units for child in children}
        for kind, count in (("site", number), ("unit", len(units) - 1)):
            units[-1][1].extend((kind, i) for i in range(count) if (kind, i) not in read)
        circuit = _with_output(rng, site_dims, units)
        if circuit.multiplicities[circuit.sites :].sum() <= MOST_PATHS:
            return circuit


def random_sums(rng: np.random.Generator) -> Circuit:
    """A circuit of 2 to 5 units in which some factors are sums of 2 or 3 children, with any re-use."""
    number = int(rng.integers(2, 5))
    site_dims = rng.integers(1, 4, number).tolist()
    while True:
        units: list[tuple[int, list[Child | Sum]]] = []
        for unit in range(int(rng.integers(2, 6))):
            vertices: list[Child] = [("site", i) for i in range(number)] + [("unit", k) for k in range(unit)] * 2
            factors: list[Child | Sum] = []
            for _ in range(int(rng.integers(1, 4))):
                chosen = [vertices[i] for i in rng.integers(len(vertices), size=rng.integers(2, 4))]
                factors.append(("sum", chosen) if rng.random() < 0.4 else chosen[0])
            units.append((_dim(rng, 3), factors))
        terms = [child for _, factors in units for f in factors for child in (f[1] if f[0] == "sum" else [f])]
        for kind, count in (("site", number), ("unit", len(units) - 1)):
            units[-1][1].extend((kind, i) for i in range(count) if (kind, i) not in terms)
        circuit = _with_output(rng, site_dims, units)
        if circuit.has_sums and circuit.multiplicities.max() <= MOST_PATHS:
            return circuit


def random_partition(rng: np.random.Generator, built: Circuit | TensorNetwork) -> Partition:
    """Any split of the sites, and of the label if the output is open; one side may be empty."""
    return Partition(rng.random(len(built.terminals)) < 0.5)


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32 - 1)


def trees(*, read_again: bool = False) -> st.SearchStrategy[Circuit]:
    return seeds().map(lambda seed: random_tree(np.random.default_rng(seed), read_again=read_again))


def reuses() -> st.SearchStrategy[Circuit]:
    return seeds().map(lambda seed: random_reuse(np.random.default_rng(seed)))


def sums() -> st.SearchStrategy[Circuit]:
    return seeds().map(lambda seed: random_sums(np.random.default_rng(seed)))


@st.composite
def with_partition(draw: st.DrawFn, circuits: st.SearchStrategy[Circuit]) -> tuple[Circuit, Partition]:
    circuit = draw(circuits)
    return circuit, random_partition(np.random.default_rng(draw(seeds())), circuit)


def pooled(site_dim: int, windows: Sequence[int], channels: Sequence[int], open_output: int | None = None) -> Circuit:
    """A deep network on a line of sites: layer l pools windows[l] neighbours in channels[l] channels."""
    width = int(np.prod(windows))
    below: list[Child] = [("site", i) for i in range(width)]
    site_dims, units = [site_dim] * width, []
    for window, dim in zip(windows, channels, strict=True):
        first = len(units)
        units += [(dim, below[k : k + window]) for k in range(0, len(below), window)]
        below = [("unit", k) for k in range(first, len(units))]
    return Circuit.from_units(site_dims, units, open_output=open_output)


def recurrent(steps: int, site_dim: int, hidden: Sequence[int]) -> Circuit:
    """h^l_t = (W h^(l-1)_t) * (W h^l_(t-1)), with the sites as h^0; the output reads the last step of the top layer."""
    units: list[Unit] = []
    place: dict[tuple[int, int], int] = {}
    for t in range(steps):
        for layer, dim in enumerate(hidden):
            children: list[Child] = [("unit", place[t, layer - 1]) if layer else ("site", t)]
            if t:
                children.append(("unit", place[t - 1, layer]))
            place[t, layer] = len(units)
            units.append((dim, children))
    return Circuit.from_units([site_dim] * steps, units)


def overlapping(sites: int, site_dim: int, channels: int, size: int, depth: int) -> Circuit:
    """`depth` convolutions of stride 1 with open ends, each a product over `size` neighbours; then a global one."""
    below: list[Child] = [("site", i) for i in range(sites)]
    units: list[Unit] = []
    for _ in range(depth):
        first = len(units)
        units += [(channels, below[k : k + size]) for k in range(len(below) - size + 1)]
        below = [("unit", k) for k in range(first, len(units))]
    return Circuit.from_units([site_dim] * sites, [*units, (channels, below)])


def arrays_of(item: object) -> dict[str, np.ndarray]:
    """All arrays of a dataclass by name: fields, properties, and those in tuples of arrays or of dataclasses."""
    found: dict[str, np.ndarray] = {}
    for name in sorted(vars(type(item)).keys() | item.__dataclass_fields__.keys()):
        value = None if name.startswith("_") else getattr(item, name)
        if isinstance(value, np.ndarray):
            found[name] = value
        for index, part in enumerate(value if isinstance(value, tuple) else ()):
            within = {"": part} if isinstance(part, np.ndarray) else arrays_of(part) if is_dataclass(part) else {}
            found |= {f"{name}[{index}].{inner}": array for inner, array in within.items()}
    return found


def _dim(rng: np.random.Generator, most: int) -> int:
    return int(rng.integers(1, most + 1))


def _with_output(
    rng: np.random.Generator, site_dims: list[int], units: Sequence[tuple[int, Sequence[Child | Sum]]]
) -> Circuit:
    """One of the four outputs: with or without a root map, of a fixed or an open label."""
    root_map, open_output = rng.random() < 0.7, (_dim(rng, 3) if rng.random() < 0.4 else None)
    if not root_map:
        units = [*units[:-1], (open_output or 1, units[-1][1])]
    return Circuit.from_units(site_dims, units, root_map=root_map, open_output=open_output)
