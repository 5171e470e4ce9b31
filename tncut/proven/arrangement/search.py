"""Good trees and good orders of many sites: built by merging or growing, improved by exchanging neighbours."""

from collections.abc import Callable

from .costs import Known, value
from .trees import Node, balanced, caterpillar, leaves, set_of

PAIRS = 6_000  # of clusters that the search compares at first


def search_tree(known: Known) -> list[Node]:
    """Trees by merging, and of the order as it is; each improved by exchanging neighbouring branches."""
    line = list(range(known.sites))
    return [_exchanged(known, tree) for tree in (_merged(known), balanced(line), caterpillar(line))]


def search_order(known: Known) -> list[Node]:
    """The order as it is, that of the best tree, and one that grows site by site; each improved by swaps."""
    best = min(search_tree(known), key=lambda tree: value(known, tree, "tree"))
    orders = [list(range(known.sites)), list(leaves(best)), _grown(known)]
    return [caterpillar(_swapped(known, order)) for order in orders]


def _merged(known: Known) -> Node:
    """Clusters joined two at a time, those first whose union costs least."""
    clusters: list[tuple[int, Node]] = [(1 << site, site) for site in range(known.sites)]
    reach = max(2, PAIRS // known.sites)
    while len(clusters) > 1:
        count = len(clusters)
        pairs = [(i, j) for i in range(count) for j in range(i + 1, min(count, i + 1 + reach))]
        sets = [clusters[i][0] | clusters[j][0] for i, j in pairs]
        costs = known.ask(sets) if count > 2 else [0]
        _, _, (i, j) = min(zip(costs, (union.bit_count() for union in sets), pairs, strict=True))
        (left, one), (right, other) = clusters[i], clusters[j]
        clusters[i] = (left | right, (one, other))
        del clusters[j]
    return clusters[0][1]


def _exchanged(known: Known, tree: Node) -> Node:
    """Of two branches and their neighbour, the pair that costs least stands together, until nothing gets better."""
    while True:
        better, tree = _one_pass(known, tree, known.all)
        if not better:
            return tree


def _one_pass(known: Known, tree: Node, above: int) -> tuple[bool, Node]:
    """One pass from the leaves up; whether something got better."""
    if isinstance(tree, int):
        return False, tree
    parts = [_one_pass(known, child, set_of(child)) for child in tree]
    better, (left, right) = any(found for found, _ in parts), (parts[0][1], parts[1][1])
    for inner, other in ((left, right), (right, left)):
        if isinstance(inner, int):
            continue
        one, two = inner
        old, *new = known.ask([set_of(inner), set_of(one) | set_of(other), set_of(two) | set_of(other)])
        if min(new) < old:
            kept, moved = (one, two) if new[0] <= new[1] else (two, one)
            return True, ((kept, other), moved)
    return better, (left, right)


def _grown(known: Known) -> list[int]:
    """From the first site on, the site that keeps the beginning cheapest."""
    order, chosen = [0], 1
    while len(order) < known.sites:
        rest = [site for site in range(known.sites) if not chosen >> site & 1]
        costs = known.ask([chosen | 1 << site for site in rest]) if len(rest) > 1 else [0]
        site = min(zip(costs, rest, strict=True))[1]
        order.append(site)
        chosen |= 1 << site
    return order


def _swapped(known: Known, order: list[int]) -> list[int]:
    """Neighbours change places while the beginning between them gets cheaper."""
    better = True
    while better:
        better, chosen = False, 0
        for place in range(len(order) - 1):
            one, two = order[place], order[place + 1]
            old, new = known.ask([chosen | 1 << one, chosen | 1 << two])
            if new < old:
                order[place], order[place + 1], better = two, one, True
            chosen |= 1 << order[place]
    return order


SEARCH: dict[str, Callable[[Known], list[Node]]] = {"tree": search_tree, "order": search_order}
