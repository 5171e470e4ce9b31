"""Networks on mode trees: the CP decomposition (one node) and hierarchical Tucker (any tree).

Source: Cohen, Sharir, Shashua, COLT 2016; mode trees: Cohen, Tamari, Shashua, ICLR 2018.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..circuit import Child, Circuit
from ..errors import SpecError
from ..tools.words import shown, shown_name
from .checks import (
    boolean,
    check_field,
    integer,
    labels_are_channels,
    optional,
    site_dims,
    text,
    width,
    widths,
)
from .notebook import DrawnInNotebooks

DEPTH_LIMIT = 100

Node = int | tuple["Node", ...]
NodeChannels = tuple[Any, ...]  # (channels, those of the first child node, ...), nested


@dataclass(frozen=True, kw_only=True)
class Tree(DrawnInNotebooks):
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
        check_field(self, "tree", nodes)
        check_field(self, "site_dim", site_dims(self.sites))
        check_field(self, "channels", self._checked_channels)
        check_field(self, "root_map", boolean)
        check_field(self, "open_output", optional(integer))
        check_field(self, "name", text)
        if not self.root_map:
            labels_are_channels(self.open_output, self.node_channels[0])

    def _checked_channels(self, key: str, value: object) -> int | NodeChannels:
        """Channels in one of their three forms."""
        if not isinstance(value, list | tuple):
            return width(key, value)
        if any(isinstance(item, list | tuple) for item in value):
            return _nested(key, value, self.tree)
        levels = height(self.tree)
        if len(value) != levels:
            raise SpecError(f"{key} lists {len(value)} widths; the tree has {levels} level{'s' if levels > 1 else ''}")
        return widths(key, value)

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


def nodes(key: str, value: object) -> tuple[Node, ...]:
    """Nested lists as nested tuples; every site from 0 on must occur once."""
    if not isinstance(value, list | tuple):
        raise SpecError(f"{key} is {shown(value)}; it must be a list of sites and lists, for example [[0, 1], [2, 3]]")
    tree = tuple(_node(f"{key}[{index}]", child, 1) for index, child in enumerate(value))
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


def _nested(key: str, value: object, node: tuple[Node, ...]) -> NodeChannels:
    """The channels of a node, `key` in the channels of the tree, and those of each of its child nodes."""
    below = [child for child in node if not isinstance(child, int)]
    if not isinstance(value, list | tuple) or len(value) != 1 + len(below):
        raise SpecError(
            f"{shown_name(key)} must be a list: the node's channels, then a list for each of its {len(below)} nodes"
        )
    nested = (_nested(f"{key}[{number}]", value[number], child) for number, child in enumerate(below, 1))
    return (width(f"{key}[0]", value[0]), *nested)


def _node(key: str, value: object, depth: int) -> Node:
    """A node, `key` in the tree, as nested tuples."""
    if depth > DEPTH_LIMIT:
        tree = key.partition("[")[0]
        raise SpecError(f"{tree} is over {DEPTH_LIMIT} levels high; a chain that long is a recurrent network")
    if not isinstance(value, list | tuple):
        return integer(key, value, least=0)
    if not value:
        raise SpecError(f"{shown_name(key)} is an empty list; it must hold sites or lists")
    return tuple(_node(f"{key}[{index}]", child, depth + 1) for index, child in enumerate(value))
