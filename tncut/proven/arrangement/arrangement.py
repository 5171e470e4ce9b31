"""The tree, or the order, of the sites whose largest cut is smallest: what a tree tensor network or an MPS should have.

The cuts of a binary tree are those that its edges make of its leaves, those of an order its beginnings. The function
that a cut costs is symmetric and submodular; the least largest cost over all trees is its branch-width (Robertson,
Seymour, 1991; Oum, Seymour, 2006), over all orders its linear width. Both are exact by a dynamic program over subsets
for few sites. Elsewhere a search gives an upper end, and exact widths of small sets of sites a proven lower one: a tree
over all sites holds one over any of them, where the others may lie on either side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from ...circuit import Circuit
from ...errors import MethodError, SizeError, SpecError
from ...network import Subject, TensorNetwork, build, unfold
from ...tools.numbers import show_upper
from ...tools.values import check_known, integer
from ...tools.words import brief, shown
from ..batch import bounds
from .costs import Costs, Known, in_bits, value, width
from .exact import EXACT
from .search import SEARCH
from .trees import Node, edges, leaves

FORMS = ("tree", "order")
EXACT_SITES, MOST_SITES = 13, 256
SMALL_SITES = 9  # of the sets that give the lower limit
SMALL_SETS = 6


@dataclass(frozen=True, repr=False)
class Arrangement:
    """A binary tree over the sites, or an order of them, and its largest cut.

    `tree` is nested pairs of sites; that of an order is a caterpillar. `lower`: no tree, or order, has a smaller
    largest cut (proven). `cuts`: the sites that each inner edge separates, with its bits, the largest first.
    """

    name: str
    form: str  # tree, or order
    tree: Node
    rank: int | float  # of the largest cut: an exact rank bound, or whatever the costs are
    lower: int | float
    cuts: tuple[tuple[tuple[int, ...], float], ...]
    method: str

    @property
    def order(self) -> tuple[int, ...]:
        """The sites from left to right."""
        return tuple(leaves(self.tree))

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no other arrangement has a smaller largest cut."""
        return self.rank == self.lower

    @property
    def bits(self) -> float:
        """The largest cut, in bits."""
        return in_bits(self.rank)

    @property
    def lower_bits(self) -> float:
        """What every arrangement has at least, in bits."""
        return in_bits(self.lower)

    def __repr__(self) -> str:
        proven = "optimal" if self.optimal else f"{self.lower_bits:.6g} at least"
        return f"<Arrangement: {brief(self.name or 'sites')}, {self.form} of {self.bits:.6g} bits, {proven}>"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, integers exact."""
        return {
            "name": self.name,
            "form": self.form,
            "tree": self.tree,
            "order": self.order,
            "rank": self.rank,
            "bits": self.bits,
            "lower": self.lower,
            "lower_bits": self.lower_bits,
            "optimal": self.optimal,
            "method": self.method,
            "cuts": [{"sites": sites, "bits": bits} for sites, bits in self.cuts],
        }

    def __str__(self) -> str:
        proven = (
            "proven: no other has less" if self.optimal else f"open: proven are {self.lower_bits:.6g} bits at least"
        )
        shape = str(self.tree) if self.form == "tree" else ",".join(map(str, self.order))
        return "\n".join(
            [
                f"{self.name or 'sites'}, best {self.form} of {len(self.order)} sites by {self.method}",
                f"largest    {show_upper(self.bits)} bits, {proven}",
                f"{self.form:<10} {shape}",
            ]
        )


def arrange(
    architecture: Subject | Costs, *, form: str = "tree", sites: int | None = None, seed: int = 0
) -> Arrangement:
    """The binary tree of the sites (`form="tree"`), or their order, whose largest cut has the smallest rank bound.

    Exact for up to 13 sites. Beyond, the best of a search by merging and by exchanging neighbours, with a proven lower
    limit; `optimal` says whether both meet. In place of an architecture there may be a function that takes (batch,
    `sites`) booleans and gives the cost of each split, as exact ranks (integers) or in bits (floats); both sides of a
    split cost the same. An open output's label is a site like the others, the last.

    >>> from tncut.architectures import MPS
    >>> arrange(MPS(sites=6, site_dim=2, bond_dim=2), form="order").order
    (0, 1, 2, 3, 4, 5)
    """
    check_known("form", form, FORMS, MethodError)
    number = integer("seed", seed, MethodError, least=0)
    costs, count, small = _costs_of(architecture, sites)
    if count < 2:
        raise MethodError(f"there is {count} site to arrange; two are needed")
    if count > MOST_SITES:
        raise SizeError(f"there are {count} sites; up to {MOST_SITES} can be arranged")
    known = Known(costs, count)
    name = getattr(architecture, "name", "") if not callable(architecture) else ""
    if count <= EXACT_SITES:
        tree = EXACT[form](known)
        rank, method = width(known, tree, form), "a program over all subsets"
        lower = rank
    else:
        tree = min(SEARCH[form](known), key=lambda found: value(known, found, form))
        rank, method = width(known, tree, form), "search"
        lower = _lower_limit(known, small, form, number)
    return Arrangement(name, form, tree, rank, lower, _cuts(known, tree, form), method)


def _costs_of(
    architecture: Subject | Costs, sites: int | None
) -> tuple[Costs, int, Callable[[Sequence[int]], Costs] | None]:
    """The costs of splits, the number of sites, and the costs of splits of some of them, the others left free."""
    if not isinstance(architecture, Subject) and callable(architecture) and not isinstance(architecture, type):
        if sites is None:
            raise SpecError("a function of splits needs the number of sites, too: give sites")
        return architecture, integer("sites", sites, MethodError), None
    built = build(cast(Subject, architecture))
    if sites is not None:
        raise MethodError(f"sites is {shown(sites)}; an architecture has its own")
    if isinstance(built, Circuit) and (built.reuses_units or built.has_sums or built.gate != "product"):
        return (lambda sides: bounds(built, sides).ranks), len(built.terminals), None
    network = unfold(built)

    def small(chosen: Sequence[int]) -> Costs:
        part = _with_sites(network, chosen)
        return lambda sides: bounds(part, sides).ranks

    return (lambda sides: bounds(network, sides).ranks), len(network.terminals), small


def _with_sites(network: TensorNetwork, chosen: Sequence[int]) -> TensorNetwork:
    """The same network with some of its sites: the bonds of the others end nowhere."""
    bonds = network.site_bond[np.array(chosen)]
    return replace(network, site_bond=bonds, grid=None, label=False, positions=None)


def _lower_limit(known: Known, small: Callable[[Sequence[int]], Costs] | None, form: str, seed: int) -> int | float:
    """The costs of single sites that no arrangement avoids, and exact widths of small sets of sites."""
    singles = sorted(known.ask([1 << site for site in range(known.sites)]))
    best = singles[-1] if form == "tree" else singles[1]  # an order ends in two sites
    if small is None:
        return best
    rng = np.random.default_rng(seed)
    size = min(SMALL_SITES, known.sites)
    even = np.linspace(0, known.sites - 1, size).round().astype(int).tolist()
    chosen = [even, *(sorted(rng.permutation(known.sites)[:size].tolist()) for _ in range(SMALL_SETS - 1))]
    for sites in chosen:
        part = Known(small(sites), len(sites))
        best = max(best, width(part, EXACT[form](part), form))
    return best


def _cuts(known: Known, tree: Node, form: str) -> tuple[tuple[tuple[int, ...], float], ...]:
    """What the inner edges separate, with bits, the largest first."""
    sets = list(dict.fromkeys(min(chosen, known.all ^ chosen) for chosen in edges(tree, form, known.all)))
    rows = [(chosen, cost) for chosen, cost in zip(sets, known.ask(sets), strict=True) if chosen.bit_count() > 1]
    rows.sort(key=lambda row: (-row[1], row[0]))
    sites = range(known.sites)
    return tuple((tuple(site for site in sites if chosen >> site & 1), in_bits(cost)) for chosen, cost in rows)
