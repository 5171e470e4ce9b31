"""Graphs by name, from files, and from networkx: the number of vertices, and edges between them."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import SpecError
from ...tools.arrays import IntArray
from ...tools.files import read_text
from ...tools.within import within
from ...tools.words import shown, shown_name
from ..checks import SITE_LIMIT
from ..windows import FACTOR_LIMIT, Grid

GENERATED = re.compile(r"(path|cycle|complete|grid):(\d{1,9}(?:x\d{1,9})*)")
SUFFIXES = (".edgelist", ".json")

Graph = tuple[int, tuple[tuple[int, int], ...]]  # vertices, edges


def generated(name: str) -> tuple[Grid, IntArray]:
    """The grid of the vertices and the edges (edges, 2) of a graph such as path:24, cycle:24, complete:8, grid:6x6."""
    found = GENERATED.fullmatch(name)
    assert found is not None
    kind, grid = found[1], tuple(int(length) for length in found[2].split("x"))
    vertices = math.prod(grid)
    if (kind != "grid" and len(grid) > 1) or min(grid) < 1 or (kind == "cycle" and vertices < 3):
        raise SpecError(f"graph is {shown(name)}; write path:24, cycle:24 (3 or more), complete:8 or grid:6x6")
    if vertices > SITE_LIMIT or (kind == "complete" and vertices**2 > FACTOR_LIMIT):
        raise SpecError(f"graph is {shown(name)}, with {shown(vertices)} vertices: too large")
    if kind == "complete":
        return grid, np.stack(np.triu_indices(vertices, 1), axis=1)
    place = np.arange(vertices).reshape(grid)
    ends = [
        np.stack((place.take(range(length - 1), axis).ravel(), place.take(range(1, length), axis).ravel()), axis=1)
        for axis, length in enumerate(grid)
    ]
    if kind == "cycle":
        ends.append(np.array([[0, vertices - 1]]))
    return grid, np.concatenate(ends)


def edges_in_file(path: Path) -> Graph:
    """The graph in a file: two numbers a line in .edgelist, networkx node-link data in .json."""
    if path.suffix not in SUFFIXES:
        raise SpecError(
            f"graph is {shown(str(path))}; write path:24, cycle:24, complete:8, grid:6x6, "
            f"or a file that ends in {' or '.join(SUFFIXES)}"
        )
    with within(path):
        content = read_text(path)
        return _edge_list(content) if path.suffix == ".edgelist" else _node_link(content)


def edges_of_networkx(graph: Any) -> Graph:
    """An undirected graph of networkx, its vertices numbered in the graph's order."""
    if not hasattr(graph, "nodes") or not hasattr(graph, "edges") or not hasattr(graph, "is_directed"):
        raise SpecError(f"{type(graph).__name__} is no graph of networkx")
    if graph.is_directed() or graph.is_multigraph():
        raise SpecError("the graph is directed, or has several edges between two vertices; an undirected simple one is")
    number = {node: index for index, node in enumerate(graph.nodes)}
    return max(len(number), 1), tuple((number[left], number[right]) for left, right in graph.edges)


def _edge_list(content: str) -> Graph:
    edges = []
    for line, words in enumerate(content.splitlines(), start=1):
        ends = words.partition("#")[0].split()[:2]
        if ends and not (len(ends) == 2 and all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends)):
            raise SpecError(f"line {line} is {shown(words)}; it must begin with the numbers of two vertices")
        if ends:
            edges.append((int(ends[0]), int(ends[1])))
    return max((max(edge) for edge in edges), default=0) + 1, tuple(edges)


def _node_link(content: str) -> Graph:
    import networkx as nx

    try:
        data = json.loads(content)
        links = "edges" if "edges" in data else "links"
        graph = nx.node_link_graph(data, edges=links)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, nx.NetworkXException) as error:
        raise SpecError(f"no node-link data of networkx: {shown_name(str(error))}") from None
    return edges_of_networkx(graph)
