"""Networks on mode trees: the CP decomposition (one node) and hierarchical Tucker (any tree).

Source: Cohen, Sharir, Shashua, COLT 2016; mode trees: Cohen, Tamari, Shashua, ICLR 2018.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..circuit import Child, Circuit
from ..errors import SpecError
from ..tools.words import shown
from .checks import labels, natural, natural_tuple, site_dims_of, truth
from .common import Shown

DEPTH_LIMIT = 100

Node = int | tuple["Node", ...]
NodeChannels = tuple[Any, ...]  # (channels, those of the first child node, ...), nested


@dataclass(frozen=True, kw_only=True)
class Tree(Shown):
    """A network on a mode tree: each node multiplies linear maps of its children, nodes or sites.

    `tree`: nested lists that hold each site once, ((0, 1), (2, 3)); one flat list is the CP decomposition. `channels`:
    one number; or one for each level, the nodes that hold sites only first (a node is one level above its
    highest child); or one for each node, nested as the tree is: (8, (4,), (2,)) gives the root 8, and its child nodes
    4 and 2. `site_dim`, `root_map` and `open_output` are as in ConvAC. A tree may be 100 levels high.

    >>> Tree(tree=[[0, 1], [2, 3]], site_dim=2, channels=[3, 4]).circuit().unit_dims.tolist()
    [3, 3, 4]
    """

    tree: tuple[Node, ...]
    site_dim: int | tuple[int, ...]
    channels: int | NodeChannels
    root_map: bool = True
    open_output: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", nodes_of("tree", self.tree))
        object.__setattr__(self, "site_dim", site_dims_of(self.site_dim, self.sites))
        object.__setattr__(self, "channels", _channels(self.channels, self.tree))
        truth("root_map", self.root_map)
        labels(self.open_output, without_map=None if self.root_map else self.node_channels[0])

    @property
    def sites(self) -> int:
        """Number of sites."""
        return sum(1 for _ in leaves(self.tree))

    @property
    def node_channels(self) -> NodeChannels:
        """The channels of every node: its own, then those of each of its child nodes."""
        if isinstance(self.channels, tuple) and any(isinstance(item, tuple) for item in self.channels):
            return self.channels
        return by_level(self.tree, self.channels)

    def circuit(self) -> Circuit:
        """The circuit: one unit for each node, children before parents."""
        units: list[tuple[int, list[Child]]] = []

        def build(node: tuple[Node, ...], channels: NodeChannels) -> Child:
            """The unit of a node, appended after those of its child nodes."""
            below = iter(channels[1:])
            children: list[Child] = [
                ("site", child) if isinstance(child, int) else build(child, next(below)) for child in node
            ]
            units.append((channels[0], children))
            return ("unit", len(units) - 1)

        build(self.tree, self.node_channels)
        dims = self.site_dim if isinstance(self.site_dim, tuple) else (self.site_dim,) * self.sites
        return Circuit.from_units(dims, units, root_map=self.root_map, open_output=self.open_output)


def nodes_of(key: str, value: object) -> tuple[Node, ...]:
    """Nested lists as nested tuples; every site from 0 on must occur once."""
    if not isinstance(value, list | tuple):
        raise SpecError(f"{key} is {shown(value)}; it must be a list of sites and lists, for example [[0, 1], [2, 3]]")
    tree = tuple(_node(key, child, f"{key}[{place}]", 1) for place, child in enumerate(value))
    found = list(leaves(tree))
    missing = sorted(set(range(len(found))).difference(found))
    if missing or not found:
        raise SpecError(f"{key} has {len(found)} sites, but not site {[*missing, 0][0]}; it must hold each once")
    return tree


def leaves(node: Node) -> Iterator[int]:
    """The sites below a node, in the order they are written."""
    if isinstance(node, int):
        yield node
    else:
        for child in node:
            yield from leaves(child)


def height(node: Node) -> int:
    """How many levels of nodes a tree has; a site has none."""
    return 0 if isinstance(node, int) else 1 + max(height(child) for child in node)


def by_level(tree: tuple[Node, ...], channels: int | tuple[int, ...]) -> NodeChannels:
    """The channels of every node, from one number for all or one for each level."""

    def spread(node: tuple[Node, ...]) -> tuple[NodeChannels, int]:
        below = [spread(child) for child in node if not isinstance(child, int)]
        level = max((levels for _, levels in below), default=0)
        own = channels if isinstance(channels, int) else channels[level]
        return (own, *(nested for nested, _ in below)), level + 1

    return spread(tree)[0]


def _channels(value: object, tree: tuple[Node, ...]) -> int | NodeChannels:
    """Channels in one of their three forms."""
    if not isinstance(value, list | tuple):
        return natural("channels", value)
    if any(isinstance(item, list | tuple) for item in value):
        return _nested("channels", value, tree)
    levels = height(tree)
    if len(value) != levels:
        raise SpecError(f"channels lists {len(value)} widths; the tree has {levels} level{'s' if levels > 1 else ''}")
    return natural_tuple("channels", value)


def _nested(place: str, value: object, node: tuple[Node, ...]) -> NodeChannels:
    nodes = [child for child in node if not isinstance(child, int)]
    if not isinstance(value, list | tuple) or len(value) != 1 + len(nodes):
        raise SpecError(f"{place} must be a list: the node's channels, then a list for each of its {len(nodes)} nodes")
    below = (_nested(f"{place}[{number}]", *pair) for number, pair in enumerate(zip(value[1:], nodes, strict=True), 1))
    return (natural(f"{place}[0]", value[0]), *below)


def _node(key: str, value: object, place: str, depth: int) -> Node:
    if depth > DEPTH_LIMIT:
        raise SpecError(f"{key} is over {DEPTH_LIMIT} levels high; a chain that long is a recurrent network")
    if not isinstance(value, list | tuple):
        return natural(place, value, least=0)
    if not value:
        raise SpecError(f"{place} is an empty list; it must hold sites or lists")
    return tuple(_node(key, child, f"{place}[{number}]", depth + 1) for number, child in enumerate(value))
