"""Tensor networks as graphs of networkx, and as the files that graphs are kept in: JSON, GraphML, DOT.

A node is a tensor, or (`kind`) a copy tensor or a site; an edge has the dimension of its bond. The terms of einsum are
kept as the `indices` of each tensor, so that a graph that tncut wrote comes back as it was.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..architectures import Einsum
from ..errors import FileError, SpecError
from ..network import Subject, TensorNetwork, network_of_terms, unfold
from ..tools.files import READ_LIMIT, read_text
from ..tools.values import as_integer
from ..tools.words import nearest, shown, shown_name

if TYPE_CHECKING:
    from networkx import Graph

TENSOR, COPY, SITE = KINDS = ("tensor", "copy", "site")
KIND, INDICES, SAME, NUMBER, NAME = "kind", "indices", "same", "number", "name"  # keys of nodes and edges


def to_networkx(architecture: Subject) -> "Graph[Any]":
    """A MultiGraph of networkx: a node for each tensor, copy tensor and site, edges with `dim` between them.

    A circuit is unfolded. Names of bonds, the grid, and what is known of the tensors stay; arrays do not.
    """
    import networkx as nx

    network = unfold(architecture)
    einsum = Einsum.of(network)
    graph: Graph[Any] = nx.MultiGraph(name=network.name, free=network.free)
    if einsum.grid is not None:
        graph.graph["grid"] = "x".join(map(str, einsum.grid))
    ends: dict[str, list[str]] = {}
    for number, (term, same) in enumerate(zip(einsum.inputs, network.tensor_factor.tolist(), strict=True)):
        details = {SAME: same} if network.shares_tensors else {}
        graph.add_node(f"t{number}", **{KIND: TENSOR, INDICES: " ".join(term)}, **details)
        for index in term:
            ends.setdefault(index, []).append(f"t{number}")
    for number, index in enumerate(einsum.output):
        graph.add_node(f"s{number}", **{KIND: SITE, NUMBER: number})
        ends[index].append(f"s{number}")
    assert isinstance(einsum.sizes, Mapping)
    for number, (index, held) in enumerate(ends.items()):
        edge = {NAME: index, "dim": einsum.sizes[index]}
        if len(held) == 2:
            graph.add_edge(*held, **edge)
            continue
        graph.add_node(f"c{number}", **{KIND: COPY})
        for node in held:
            graph.add_edge(f"c{number}", node, **edge)
    return graph


def from_networkx(
    graph: Any,
    dim: str | int = "dim",
    site: str | int | Mapping[Any, int] | None = "site",
    *,
    grid: Any = None,
    free: bool | None = None,
    name: str | None = None,
) -> TensorNetwork:
    """The tensor network of a graph of networkx: a tensor for each node, a bond for each edge.

    `dim`: the key of an edge's dimension, or one for all. `site`: the key with which a node says that it has an open
    index of this dimension; or one dimension for all nodes; or a table of them. A node whose `kind` is copy joins its
    edges in one bond; one whose `kind` is site is an open index itself. Sites come in the order of the nodes, or of
    their `number`. The tensors are free by default.
    """
    if not hasattr(graph, "edges") or not hasattr(graph, "nodes"):
        raise SpecError(f"{type(graph).__name__} is no graph of networkx")
    reader = _Reader(graph, dim, site)
    said = graph.graph if isinstance(graph.graph, Mapping) else {}
    known_free = said.get("free") if isinstance(said.get("free"), bool) else None
    network = network_of_terms(
        reader.terms(), reader.output(), reader.sizes, free=known_free if free is None else free, same=reader.same()
    )
    return replace(
        network,
        name=str(said.get("name", "")) if name is None else name,
        grid=_grid(said.get("grid") if grid is None else grid),
    )


def graph_json(architecture: Subject) -> str:
    """The graph as JSON, in networkx's node-link form."""
    import networkx as nx

    return json.dumps(nx.node_link_data(to_networkx(architecture), edges="edges"), indent=1) + "\n"


def graphml(architecture: Subject) -> str:
    """The graph as GraphML, which most programs for graphs read."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(to_networkx(architecture))) + "\n"


def dot(architecture: Subject) -> str:
    """The graph in the language of Graphviz."""
    graph = to_networkx(architecture)
    shapes = {TENSOR: "box", COPY: "point", SITE: "circle"}
    lines = [f"graph {json.dumps(graph.graph['name'] or 'network')} {{"]
    for node, said in graph.nodes(data=True):
        label = said.get(NUMBER, "") if said[KIND] == SITE else node
        lines.append(f'  {node} [shape={shapes[said[KIND]]}, label="{label}"];')
    for one, other, said in graph.edges(data=True):
        lines.append(f"  {one} -- {other} [label={json.dumps(str(said['dim']))}, tooltip={json.dumps(said[NAME])}];")
    return "\n".join([*lines, "}"]) + "\n"


def parse_graph(table: Mapping[str, Any]) -> TensorNetwork:
    """The network of a graph in networkx's node-link form."""
    import networkx as nx

    edges = "edges" if "edges" in table else "links"
    for key in ("nodes", edges):
        if not isinstance(table.get(key), list) or not all(isinstance(item, Mapping) for item in table[key]):
            raise SpecError(f"key {key!r} of the graph must be a list of tables, as networkx writes them")
    try:
        graph = nx.node_link_graph(dict(table), edges=edges)
    except (KeyError, TypeError, ValueError, AttributeError, nx.NetworkXError) as error:
        raise SpecError(f"no graph as networkx writes it: {shown(str(error))}") from None
    return from_networkx(graph)


def load_graphml(path: Path) -> TensorNetwork:
    """The network in a GraphML file of up to 16 MB. A SpecError if it is none."""
    import networkx as nx

    text = read_text(path, limit=READ_LIMIT)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileError(f"{shown_name(path)}: a graph needs no document type, and none is read")
    try:
        graph = nx.parse_graphml(text)
    except Exception as error:  # networkx lets through whatever its parser raises
        raise SpecError(f"not valid GraphML: {shown(str(error))}") from None
    return from_networkx(graph)


class _Reader:
    """The bonds of a graph: its edges, joined at copy nodes."""

    def __init__(self, graph: Any, dim: str | int, site: str | int | Mapping[Any, int] | None):
        self.graph, self.dim, self.site = graph, dim, site
        self.kinds = {node: _kind(node, said) for node, said in graph.nodes(data=True)}
        self.tensors = [node for node, kind in self.kinds.items() if kind == TENSOR]
        self.ends: dict[str, list[Any]] = {}
        self.sizes: dict[str, int] = {}
        self.open: dict[Any, str] = {}  # node -> its open index
        self._add_edges()
        for node, said in graph.nodes(data=True):
            size = self._site_of(node, said) if self.kinds[node] == TENSOR else None
            if size is not None:
                self.open[node] = self._new_name(f"site {node}".replace(" ", "_"))
                self._add(self.open[node], [node], size)

    def _add_edges(self) -> None:
        copies = [node for node, kind in self.kinds.items() if kind == COPY]
        joined = self.graph.to_undirected(as_view=True).subgraph(copies)
        group = {node: number for number, part in enumerate(_parts(joined)) for node in part}
        bond_of: dict[int, str] = {}
        for one, other, said in self.graph.edges(data=True):
            size = self._dim_of(one, other, said)
            nodes = [node for node in (one, other) if node not in group]
            groups = [group[node] for node in (one, other) if node in group]
            bond = bond_of.get(groups[0]) if groups else None
            if bond is None:
                bond = self._new_name(str(said.get(NAME, f"{one}-{other}")))
            bond_of |= dict.fromkeys(groups, bond)
            self._add(bond, nodes, size)

    def _dim_of(self, one: Any, other: Any, said: Mapping[str, Any]) -> int:
        size = self.dim if isinstance(self.dim, int) else said.get(self.dim)
        number = as_integer(size)
        if number is None or number < 1:
            where = f"edge {shown(one)} to {shown(other)}"
            raise SpecError(f"{where}: {shown(self.dim)} is {shown(size)}; it must be an integer from 1")
        return number

    def _new_name(self, name: str) -> str:
        """The name of a bond; that of another bond gets a number."""
        number, found = 1, name
        while found in self.sizes:
            number, found = number + 1, f"{name}#{number + 1}"
        return found

    def _add(self, bond: str, nodes: list[Any], size: int) -> None:
        if self.sizes.setdefault(bond, size) != size:
            raise SpecError(f"bond {shown(bond)} has dimension {self.sizes[bond]} at one edge and {size} at another")
        self.ends.setdefault(bond, []).extend(nodes)
        for node in nodes:
            if self.kinds[node] != SITE:
                continue
            if node in self.open:
                raise SpecError(f"site {shown(node)} has more than one edge; an open index has one")
            if bond in self.open.values():
                raise SpecError(f"bond {shown(bond)} ends at two sites; each site needs a bond of its own")
            self.open[node] = bond

    def _site_of(self, node: Any, said: Mapping[str, Any]) -> int | None:
        """The dimension of a tensor's open index; None if it has none."""
        if isinstance(self.site, Mapping):
            size = self.site.get(node)
        else:
            size = self.site if isinstance(self.site, int) or self.site is None else said.get(self.site)
        if size is None:
            return None
        number = as_integer(size)
        if number is None or number < 1:
            raise SpecError(f"node {shown(node)}: its site is {shown(size)}; it must be an integer from 1")
        return number

    def terms(self) -> list[list[str]]:
        """The indices of each tensor: in the order that its node says, or of its edges."""
        held: dict[Any, list[str]] = {node: [] for node in self.tensors}
        for bond, nodes in self.ends.items():
            for node in nodes:
                if node in held:
                    held[node].append(bond)
        for node in self.tensors:
            said = self.graph.nodes[node].get(INDICES)
            if said is None:
                continue
            order = said.split(" ") if isinstance(said, str) and said else []
            if sorted(order) != sorted(held[node]):
                raise SpecError(f"node {shown(node)}: its indices are {shown(said)}, but its edges say otherwise")
            held[node] = order
        return list(held.values())

    def output(self) -> list[str]:
        """The open indices, by the numbers of their sites where they have them."""
        for node, kind in self.kinds.items():
            if kind == SITE and node not in self.open:
                raise SpecError(f"site {shown(node)} has no edge; a tensor must hold each site")
        numbers = {node: as_integer(self.graph.nodes[node].get(NUMBER)) for node in self.open}
        order = [node for node in self.kinds if node in self.open]
        if all(number is not None for number in numbers.values()):
            order.sort(key=lambda node: numbers[node] or 0)
        return [self.open[node] for node in order]

    def same(self) -> list[int] | None:
        """Which tensors are one and the same, where the graph says so."""
        found = [as_integer(self.graph.nodes[node].get(SAME)) for node in self.tensors]
        known = [number for number in found if number is not None]
        return known if known and len(known) == len(found) else None


def _kind(node: Any, said: Mapping[str, Any]) -> str:
    kind = said.get(KIND, TENSOR)
    if kind not in KINDS:
        raise SpecError(f"node {shown(node)}: kind is {shown(kind)}; {nearest(kind, KINDS)}")
    return str(kind)


def _parts(graph: Any) -> Any:
    """The parts of a graph that do not meet."""
    import networkx as nx

    return nx.connected_components(graph)


def _grid(value: Any) -> tuple[int, ...] | None:
    """A grid as a list, or as text: 6x6."""
    if value is None or value == "":
        return None
    parts = value.split("x") if isinstance(value, str) else value
    try:
        return tuple(int(part) for part in parts)
    except (TypeError, ValueError):
        raise SpecError(f"grid is {shown(value)}; it must be a list of integers, or text such as 6x6") from None
