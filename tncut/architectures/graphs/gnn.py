"""Graph neural networks with product aggregation: a site for each vertex of a graph.

Source: Razin, Verbin, Cohen 2022 (arXiv 2211.16494).
"""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...circuit import Circuit
from ...errors import SpecError
from ...tools.arrays import IntArray, starts
from ...tools.values import as_tuple
from ...tools.words import shown
from ..checks import SITE_LIMIT, boolean, check_field, integer, integers, items, optional, site_dims, text, widths
from ..notebook import DrawnInNotebooks
from ..windows import FACTOR_LIMIT
from .joined import Rows, joined_circuit, pooled_rows, product_rows
from .named import GENERATED, edges_in_file, edges_of_networkx, generated

Edge = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class GraphNet(DrawnInNotebooks):
    """A graph neural network with product aggregation, one layer for each width in `hidden`:

        h^(l,i) = product over j of W^(l) h^(l-1,j),  j = i and the neighbours of i,   h^(0,i) = f(x_i)

    With `vertex` None it predicts for the graph, by a linear map of the product over all i of V h^(L,i); otherwise for
    that vertex, by a linear map of h^(L,vertex). `readout_map` False: no V, as in the source, and a smaller bound.

    The graph is `edges`, pairs of vertices numbered from 0 on, of `vertices` in all (by default those that edges name).
    Or it is `graph`: path:24, cycle:24, complete:8 or grid:6x6; or a file, which is read once (.edgelist: two numbers a
    line; .json: node-link data of networkx). `site_dim` and `open_output` are as in ConvAC.

    >>> GraphNet(graph="path:4", site_dim=2, hidden=[3, 3]).circuit().units
    9
    """

    site_dim: int | tuple[int, ...]
    hidden: tuple[int, ...]
    edges: tuple[Edge, ...] | None = None
    graph: str | None = None
    vertices: int | None = None
    vertex: int | None = None
    readout_map: bool = True
    open_output: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "hidden", widths)
        check_field(self, "graph", optional(text))
        check_field(self, "vertices", optional(integer))
        if (self.edges is None) == (self.graph is None):
            raise SpecError("a graph is given by edges, or by the name of a graph; one of the two")
        if self.graph is not None and self.vertices is not None:
            raise SpecError("vertices is given beside graph, which says how many there are")
        if self.graph is not None and not GENERATED.fullmatch(self.graph):
            self._read_file(Path(self.graph))
        check_field(self, "edges", optional(_edges))
        self._check_vertices()
        check_field(self, "site_dim", site_dims(math.prod(self.grid)))
        check_field(self, "readout_map", boolean)
        check_field(self, "open_output", optional(integer))
        check_field(self, "name", text)

    def _read_file(self, path: Path) -> None:
        vertices, edges = edges_in_file(path)
        object.__setattr__(self, "graph", None)
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "edges", edges)

    def _check_vertices(self) -> None:
        grid = self.grid
        if math.prod(grid) * len(self.hidden) > SITE_LIMIT:
            raise SpecError(f"{math.prod(grid)} vertices in {len(self.hidden)} layers; the limit is {SITE_LIMIT}")
        if self.edges and max(map(max, self.edges)) >= math.prod(grid):
            raise SpecError(
                f"edges name vertex {max(map(max, self.edges))}; the vertices are 0 to {math.prod(grid) - 1}"
            )
        check_field(self, "vertex", optional(lambda key, value: integer(key, value, least=0)))
        if self.vertex is not None and self.vertex >= math.prod(grid):
            raise SpecError(f"vertex is {self.vertex}; the vertices are 0 to {math.prod(grid) - 1}")

    @classmethod
    def from_networkx(cls, graph: Any, **keys: Any) -> "GraphNet":
        """The network on a graph of networkx, its vertices in the graph's order; `keys` are the other fields."""
        vertices, edges = edges_of_networkx(graph)
        return cls(vertices=vertices, edges=edges, **keys)

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """The grid of the vertices: a line, unless the graph is a grid."""
        if self.graph is not None:
            return generated(self.graph)[0]
        return (self.vertices or max((max(edge) for edge in self.edges or ()), default=0) + 1,)

    @cached_property
    def pairs(self) -> IntArray:
        """(edges, 2) the vertices that each edge joins."""
        if self.graph is not None:
            return generated(self.graph)[1]
        return np.array(self.edges, dtype=np.int64).reshape(-1, 2)

    def without(self, edge: int) -> "GraphNet":
        """The same network on the graph without the edge of this number, in the order of `pairs`."""
        rest = tuple(map(tuple, np.delete(self.pairs, edge, axis=0).tolist()))
        keys = {"site_dim": self.site_dim, "hidden": self.hidden, "vertex": self.vertex, "name": self.name}
        return GraphNet(
            vertices=math.prod(self.grid),
            edges=rest,
            readout_map=self.readout_map,
            open_output=self.open_output,
            **keys,  # type: ignore[arg-type]
        )

    def neighbourhoods(self) -> tuple[IntArray, IntArray]:
        """(start, flat) for every vertex itself and its neighbours, in order."""
        number, pairs = math.prod(self.grid), self.pairs
        itself = np.arange(number)
        reader = np.concatenate((itself, pairs[:, 0], pairs[:, 1]))
        read = np.concatenate((itself, pairs[:, 1], pairs[:, 0]))
        order = np.lexsort((read, reader))
        return starts(np.bincount(reader, minlength=number)), read[order]

    def circuit(self) -> Circuit:
        """The circuit, layer by layer; a prediction for a vertex keeps what it depends on."""
        sites = Rows.of_sites(1, self.grid, math.prod(self.grid))
        start, flat = self.neighbourhoods()
        if len(flat) * len(self.hidden) > FACTOR_LIMIT:
            raise SpecError(f"{len(flat) * len(self.hidden)} factors are over the limit of {FACTOR_LIMIT}")
        below, layers = sites, []
        for number, width in enumerate(self.hidden):
            windows = (start, flat, self.grid)
            if self.vertex is not None and number == len(self.hidden) - 1:
                own = flat[start[self.vertex] : start[self.vertex + 1]]
                windows = (np.array([0, len(own)]), own, (1,))
            below = product_rows(width, below, windows, below.end)
            layers.append(("", below))
        if self.vertex is None:
            everything = (np.array([0, below.locations]), np.arange(below.locations), (1,))
            joined = pooled_rows(below, everything, below.end)
            mapped = product_rows(self.hidden[-1], below, everything, below.end)
            layers.append(("", mapped if self.readout_map else joined))
        dims = np.broadcast_to(np.array(self.site_dim, dtype=np.int64), sites.locations)
        return joined_circuit(sites, layers, site_dims=dims, root_map=True, open_output=self.open_output)


def _edges(key: str, value: object) -> tuple[Edge, ...]:
    """Pairs of different vertices, each pair once, the smaller number first."""
    edges, seen = [], set()
    for number, item in enumerate(items(key, value)):
        where = f"{key}[{number}]"
        ends = integers(where, as_tuple(item) or item, least=0)
        if len(ends) != 2:
            raise SpecError(f"{where} is {shown(item)}; an edge joins two vertices")
        if max(ends) >= SITE_LIMIT:
            raise SpecError(f"{where} is {shown(item)}; the limit is {SITE_LIMIT} vertices")
        if ends[0] == ends[1]:
            raise SpecError(f"{where} joins vertex {ends[0]} with itself; every vertex reads itself anyway")
        edge = (min(ends), max(ends))
        if edge in seen:
            raise SpecError(f"{where} joins vertices {edge[0]} and {edge[1]}, as an edge before it does")
        seen.add(edge)
        edges.append(edge)
    return tuple(edges)
