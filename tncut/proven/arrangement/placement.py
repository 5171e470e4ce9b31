"""The places of the sites in a network, or the mode tree, that serve given partitions best.

Best: the smallest rank bound over the partitions is largest. The bound over a partition depends on the set of places
that its side A takes, and on nothing else. So few sites are settled by one batch over all sets of places. For many a
search by exchanges finds an order, and cuts limit all orders: a cut with its tensors' sides kept pays its inner bonds,
and the bond of each place whose site lies on the other side. That is linear in where the sites are.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log2
from typing import Any, cast

import numpy as np

from ...architectures import Tree
from ...errors import MethodError, PartitionError, SizeError
from ...network import Specified, Subject, TensorNetwork, build, unfold
from ...partition import Splits
from ...tools.arrays import BoolArray, product
from ...tools.bits import unpack
from ...tools.numbers import show_upper
from ...tools.progress import tell
from ...tools.values import check_known, integer, positive
from ...tools.words import brief
from ..batch import bounds
from .arrangement import FORMS
from .places import best_by_cuts, best_by_exchanges, best_by_table
from .trees import Node, balanced, caterpillar

TABLE_SITES, MOST_SITES, TREE_SITES = 12, 256, 7
SECONDS = 30.0


@dataclass(frozen=True, repr=False)
class Placement:
    """Where the sites stand in a network, or its mode tree, so that given partitions have large rank bounds.

    `order`: the site at each place; place k of the architecture holds site order[k]. `rank`: the smallest rank bound
    over the partitions, `ranks` all of them; no other order, or tree, has a larger smallest one than `best_possible`
    bits (proven).
    """

    name: str
    form: str  # tree, or order
    architecture: Specified
    order: tuple[int, ...]
    ranks: tuple[int, ...]
    best_possible: float
    optimal: bool
    method: str

    @property
    def rank(self) -> int:
        """The smallest rank bound over the partitions."""
        return min(self.ranks)

    @property
    def bits(self) -> float:
        """The smallest rank bound, in bits."""
        return log2(self.rank)

    @property
    def tree(self) -> Node | None:
        """The mode tree, if that was sought."""
        return cast(Node, cast(Tree, self.architecture).tree) if self.form == "tree" else None

    def __repr__(self) -> str:
        proven = "optimal" if self.optimal else f"at most {self.best_possible:.6g}"
        return f"<Placement: {brief(self.name or 'sites')}, {self.form} of {self.bits:.6g} bits, {proven}>"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, integers exact."""
        found = {key: value for key, value in vars(self).items() if key != "architecture"}
        return found | {"rank": self.rank, "bits": self.bits, "tree": self.tree}

    def __str__(self) -> str:
        proven = "proven: no other has more" if self.optimal else f"open: at most {self.best_possible:.6g} are possible"
        shape = ",".join(map(str, self.order)) if self.tree is None else str(self.tree)
        return "\n".join(
            [
                f"{self.name or 'sites'}, best {self.form} for {len(self.ranks)} partitions by {self.method}",
                f"smallest   {show_upper(self.bits)} bits of rank bound, {proven}",
                f"{self.form:<10} {shape}",
            ]
        )


def place_sites(
    architecture: Subject, partitions: Splits, *, form: str = "order", seconds: float = SECONDS, seed: int = 0
) -> Placement:
    """The order of the sites, or the mode tree, whose smallest rank bound over the given partitions is largest.

    `form` order: where each site stands in the network as it is; its sites have one dimension. For up to 12 sites by
    all sets of places, whatever the network; for up to 256, where no unit is re-used, by a search, with what the cuts
    that it found prove for all orders. `form` tree: of a `Tree` with one width, the binary mode tree; proven for up to
    7 sites, beyond by exchanges of branches with a bound for all trees. A search ends after so many `seconds`.

    >>> from tncut.architectures import MPS
    >>> place_sites(MPS(sites=6, site_dim=2, bond_dim=2), ["0-2", "0,1,3"]).bits
    3.0
    """
    check_known("form", form, FORMS, MethodError)
    built = build(architecture)
    sides = unpack(built.terminals.packed(partitions), len(built.terminals))
    if not len(sides):
        raise PartitionError("no partition is given to place the sites for; give for example odd-even")
    if built.terminals.label:
        raise MethodError("the output is open, and its label is no site that changes places; close the output")
    if len(built.terminals) > MOST_SITES:
        raise SizeError(f"there are {len(built.terminals)} sites; up to {MOST_SITES} can be placed")
    number = integer("seed", seed, MethodError, least=0)
    deadline = time.monotonic() + positive("seconds", seconds, MethodError)
    if form == "tree":
        return _tree(architecture, sides, deadline)
    dims = {int(dim) for dim in _site_dims(built)}
    if len(dims) > 1:
        raise MethodError(f"the sites have dimensions {sorted(dims)}; only sites of one dimension change places")
    return _order(cast(Specified, architecture), sides, dims.pop(), deadline, number)


def _site_dims(built: Any) -> Any:
    if isinstance(built, TensorNetwork):
        return built.bond_dims[built.site_bond[built.site_bond >= 0]]
    return built.terminal_dims


def _order(architecture: Specified, sides: BoolArray, dim: int, deadline: float, seed: int) -> Placement:
    built, sites = build(architecture), sides.shape[1]
    half, rng = (time.monotonic() + deadline) / 2, np.random.default_rng(seed)
    if sites <= TABLE_SITES:
        method, subject = "all sets of places", built
    elif not isinstance(built, TensorNetwork) and (built.reuses_units or built.has_sums):
        raise SizeError(f"there are {sites} sites; where units are re-used up to {TABLE_SITES} can be placed")
    else:
        method, subject = "exchanges and cuts", unfold(built)
    start = best_by_exchanges(lambda some: bounds(subject, some).bits, sides, rng, half)
    if isinstance(subject, TensorNetwork) and sites > TABLE_SITES:
        order, limit = best_by_cuts(subject, sides, start, deadline)
        most = min(limit, _most(sides, np.full(sites, dim)))
    else:
        order, rank = best_by_table(lambda some: bounds(subject, some).ranks, sides, start, deadline)
        most = log2(rank)
    ranks = tuple(bounds(built, sides[:, order]).ranks)
    optimal = most <= log2(min(ranks)) or most < log2(min(ranks) + 1) - 1e-9
    best = log2(min(ranks)) if optimal else most
    name = getattr(architecture, "name", "")
    return Placement(name, "order", architecture, tuple(order.tolist()), ranks, best, optimal, method)


def _most(sides: BoolArray, dims: Any) -> float:
    """Bits: the sites of either side, whatever the network."""
    return min(log2(min(product(dims[row]), product(dims[~row]))) for row in sides)


def _tree(architecture: Subject, sides: BoolArray, deadline: float) -> Placement:
    if not isinstance(architecture, Tree) or not isinstance(architecture.channels, int):
        raise MethodError(
            "a mode tree is sought for a Tree with one width, such as channels=4; form 'order' places the sites "
            "of any network"
        )
    if architecture.open_output is not None or not architecture.root_map:
        raise MethodError("a mode tree is sought for a Tree with one output and a map at its root")
    sites, dims = sides.shape[1], np.broadcast_to(np.array(architecture.site_dim), sides.shape[1])
    # The matrix of a site may stand alone: then its site's bond, or that of its node, is cut.
    most = _most(sides, np.minimum(dims, architecture.channels))
    exact = sites <= TREE_SITES
    best, value = None, (-1, -1.0)
    for tree in _all_trees(sites) if exact else _starts(sites):
        found, worth = (
            (tree, _worth(architecture, tree, sides)) if exact else _climbed(architecture, tree, sides, deadline)
        )
        if worth > value:
            best, value = found, worth
        if log2(max(value[0], 1)) >= most:
            break
    assert best is not None
    chosen = replace(architecture, tree=cast(Any, best))
    ranks = tuple(bounds(chosen, sides).ranks)
    optimal = exact or log2(min(ranks)) >= most
    return Placement(
        name=architecture.name,
        form="tree",
        architecture=chosen,
        order=tuple(range(sites)),
        ranks=ranks,
        best_possible=log2(min(ranks)) if optimal else most,
        optimal=optimal,
        method="all trees" if exact else "exchanges of branches",
    )


def _worth(net: Tree, tree: Node, sides: BoolArray) -> tuple[int, float]:
    """The smallest rank bound, then the sum of all in bits."""
    found = bounds(replace(net, tree=cast(Any, tree)), sides)
    return min(found.ranks), float(found.bits.sum())


def _all_trees(sites: int) -> Iterator[Node]:
    """Every tree once: where it is rooted changes no bound, so that the root joins site 0."""
    return ((0, rest) for rest in _rooted(tuple(range(1, sites))))


def _rooted(chosen: tuple[int, ...]) -> Iterator[Node]:
    if len(chosen) == 1:
        yield chosen[0]
        return
    first, *rest = chosen
    for mask in range((1 << len(rest)) - 1):
        left = (first, *(site for place, site in enumerate(rest) if mask >> place & 1))
        right = tuple(site for place, site in enumerate(rest) if not mask >> place & 1)
        for one in _rooted(left):
            for other in _rooted(right):
                yield one, other


def _starts(sites: int) -> list[Node]:
    return [balanced(list(range(sites))), caterpillar(list(range(sites)))]


def _climbed(net: Tree, tree: Node, sides: BoolArray, deadline: float) -> tuple[Node, tuple[int, float]]:
    """The first better neighbour, again and again."""
    value = _worth(net, tree, sides)
    better = True
    while better:
        better = False
        for other in _neighbours(tree):
            found = _worth(net, other, sides)
            tell(f"trees: {log2(value[0]):.6g} bits found")
            if time.monotonic() > deadline:
                return tree, value
            if found > value:
                tree, value, better = other, found, True
                break
    return tree, value


def _neighbours(tree: Node) -> Iterator[Node]:
    """Trees in which a branch has changed places with the neighbour of its parent."""
    if isinstance(tree, int):
        return
    left, right = tree
    for inner, other in ((left, right), (right, left)):
        if not isinstance(inner, int):
            yield (inner[0], other), inner[1]
            yield (inner[1], other), inner[0]
    yield from ((one, right) for one in _neighbours(left))
    yield from ((left, one) for one in _neighbours(right))
