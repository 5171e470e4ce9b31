"""Binary trees over sites, as nested pairs, and the sets of sites that their edges separate.

A set of sites is a Python integer, a bit for each. An order is a caterpillar: each site joins all those before it.
"""

from collections.abc import Iterable, Sequence

Node = int | tuple["Node", "Node"]


def edges(tree: Node, form: str, everything: int) -> list[int]:
    """The sets of sites that lie below the edges; of an order, its beginnings."""
    if form == "order":
        chosen, sets = 0, []
        for site in list(leaves(tree))[:-1]:
            chosen |= 1 << site
            sets.append(chosen)
        return sets
    sets, stack = [], [tree]
    while stack:
        node = stack.pop()
        sets.append(set_of(node))
        if not isinstance(node, int):
            stack += node
    return [chosen for chosen in sets if chosen != everything]


def set_of(tree: Node) -> int:
    return sum(1 << site for site in leaves(tree))


def leaves(tree: Node) -> Iterable[int]:
    """The sites from left to right."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, int):
            yield node
        else:
            stack += node[::-1]


def caterpillar(order: Sequence[int]) -> Node:
    tree: Node = order[0]
    for site in order[1:]:
        tree = (tree, site)
    return tree


def balanced(order: Sequence[int]) -> Node:
    if len(order) == 1:
        return order[0]
    half = len(order) // 2
    return balanced(order[:half]), balanced(order[half:])
