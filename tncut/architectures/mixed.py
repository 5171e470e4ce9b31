"""Mixed tensor decompositions: networks on two mode trees over the same sites, with channels exchanged between them.

Source: Cohen, Tamari, Shashua, ICLR 2018 (arXiv 1703.06846).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..circuit import Child, Circuit, Sum
from ..errors import SpecError
from .checks import boolean, check_field, integer, optional, site_dims, text
from .notebook import DrawnInNotebooks
from .tree import Node, Tree, height, leaves, nodes

Sites = frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Mixed(DrawnInNotebooks):
    """Two networks of equal `channels` on the mode trees `tree` and `other`, their outputs added.

    A *mixture node* is a list of both trees, below the outermost, with the same sites. There the second half of the
    channels of either network is exchanged: what reads the node in one tree gets half of its channels from each.
    With `swap` False the networks meet at their outputs only. `root_map` False: each has as many channels at its
    outermost node as there are labels (one if the label is fixed). The rest is as in Tree.

    >>> sorted(Mixed(tree=[[0, 1], [2, 3]], other=[[1, 0], 2, 3], site_dim=2, channels=4).mixture_nodes)
    [frozenset({0, 1})]
    """

    tree: tuple[Node, ...]
    other: tuple[Node, ...]
    site_dim: int | tuple[int, ...]
    channels: int
    swap: bool = True
    root_map: bool = True
    open_output: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "tree", _branching_nodes)
        check_field(self, "other", _branching_nodes)
        sites, others = len(list(leaves(self.tree))), len(list(leaves(self.other)))
        if sites != others:
            raise SpecError(f"tree has {sites} sites, other {others}; both must have the same")
        check_field(self, "site_dim", site_dims(sites))
        check_field(self, "channels", integer)
        check_field(self, "swap", boolean)
        check_field(self, "root_map", boolean)
        check_field(self, "open_output", optional(integer))
        check_field(self, "name", text)
        if self.mixture_nodes and self.channels % 2:
            raise SpecError(f"channels is {self.channels}; it must be even, as half of them are swapped")

    @cached_property
    def trees(self) -> tuple[dict[Sites, tuple[Node, ...]], dict[Sites, tuple[Node, ...]]]:
        """The lists of either tree, by the sites below them."""
        return interior(self.tree), interior(self.other)

    @cached_property
    def mixture_nodes(self) -> frozenset[Sites]:
        """The sites of the nodes at which channels are exchanged."""
        common = frozenset(self.trees[0]) & frozenset(self.trees[1])
        return common - {frozenset(leaves(self.tree))} if self.swap else frozenset()

    def circuit(self) -> Circuit:
        """The mixed network itself: each half of the channels of a mixture node is a unit of its own."""
        return _Builder(self).circuit()

    def hybrids(self) -> Iterator[Tree]:
        """All hybrid trees, each once: at the output and at every mixture node below, one of the two structures.

        With half of the channels each of them is a part of the mixed network: what reads a mixture node finds
        channels / 2 of either structure, and all other weights may be zero. They are computed one by one.
        """
        for tree in self._below(frozenset(leaves(self.tree))):
            yield self.hybrid(tree)

    @property
    def hybrid_channels(self) -> int:
        """The channels of a hybrid tree: half of them, if any are exchanged."""
        return self.channels // 2 if self.mixture_nodes else self.channels

    def hybrid(self, tree: tuple[Node, ...]) -> Tree:
        """The network on a hybrid tree that is a part of this one."""
        widths: int | tuple[int, ...] = self.hybrid_channels
        if not self.root_map and self.open_output is not None:
            widths = (self.hybrid_channels,) * (height(tree) - 1) + (self.open_output,)
        return Tree(
            tree=tree, site_dim=self.site_dim, channels=widths, root_map=self.root_map, open_output=self.open_output
        )

    def structures(self, node: Sites) -> list[tuple[Node, ...]]:
        """The lists that a hybrid may have at a node of both trees: two, or one if they are the same."""
        found = [tree[node] for tree in self.trees]
        return found[:1] if self._skeleton(found[0]) == self._skeleton(found[1]) else found

    def _skeleton(self, node: Node, inner: bool = False) -> object:
        """A node down to the next mixture nodes, whatever the order of its lists."""
        if isinstance(node, int) or (inner and frozenset(leaves(node)) in self.mixture_nodes):
            return frozenset(leaves(node))
        return frozenset((frozenset(leaves(child)), self._skeleton(child, True)) for child in node)

    def _below(self, node: Sites) -> Iterator[tuple[Node, ...]]:
        for structure in self.structures(node):
            yield from self._choices(structure)

    def _choices(self, children: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
        """All hybrid trees on these children, one by one."""
        if not children:
            yield ()
            return
        first, rest = children[0], children[1:]
        if isinstance(first, int):
            heads: Iterator[Node] = iter((first,))
        else:
            mixes = frozenset(leaves(first)) in self.mixture_nodes
            heads = self._below(frozenset(leaves(first))) if mixes else self._choices(first)
        for head in heads:
            for tail in self._choices(rest):
                yield (head, *tail)


class _Builder:
    """The units of both trees, children before parents; a mixture node has one for each half of its channels."""

    def __init__(self, mixed: Mixed) -> None:
        self.mixed = mixed
        self.mixture_widths = [mixed.hybrid_channels] * 2
        self.units: list[tuple[int, list[Child | Sum]]] = []
        self.built: dict[tuple[int, Sites], list[Child]] = {}

    def circuit(self) -> Circuit:
        mixed = self.mixed
        outputs, top = mixed.open_output or 1, frozenset(leaves(mixed.tree))
        roots = [self.node(side, top, [mixed.channels if mixed.root_map else outputs])[0] for side in (0, 1)]
        self.units.append((outputs, [("sum", roots)]))
        dims = mixed.site_dim if isinstance(mixed.site_dim, tuple) else (mixed.site_dim,) * len(top)
        return Circuit.from_units(dims, self.units, root_map=False, open_output=mixed.open_output)

    def node(self, side: int, sites: Sites, widths: list[int]) -> list[Child]:
        """The units of a node of one tree, one for each width."""
        if (side, sites) not in self.built:
            factors = [self.factor(side, child) for child in self.mixed.trees[side][sites]]
            self.units += [(width, factors) for width in widths]
            first = len(self.units) - len(widths)
            self.built[side, sites] = [("unit", first + place) for place in range(len(widths))]
        return self.built[side, sites]

    def factor(self, side: int, child: Node) -> Child | Sum:
        """What a node of one tree reads of a child: of a mixture node, something of either tree."""
        if isinstance(child, int):
            return ("site", child)
        sites = frozenset(leaves(child))
        if sites not in self.mixed.mixture_nodes:
            return self.node(side, sites, [self.mixed.channels])[0]
        own, exchanged = (self.node(tree, sites, self.mixture_widths) for tree in (side, 1 - side))
        return ("sum", [own[0], exchanged[-1]])


def _branching_nodes(key: str, value: object) -> tuple[Node, ...]:
    """Nested lists that hold two items or more."""
    tree = nodes(key, value)
    if any(len(node) == 1 for node in interior(tree).values()):
        raise SpecError(f"{key} has a list of one item; in a mixed network every list must hold two or more")
    return tree


def interior(tree: Node) -> dict[Sites, tuple[Node, ...]]:
    """The lists of a tree by the sites below them."""
    if isinstance(tree, int):
        return {}
    found: dict[Sites, tuple[Node, ...]] = {}
    for child in tree:
        found |= interior(child)
    return found | {frozenset(leaves(tree)): tree}
