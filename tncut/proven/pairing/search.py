"""The search for a split of each unit's digits, between what goes up and what comes down, with the most pairs."""

import numpy as np

from ...tools.arrays import BoolArray
from .digits import Digits
from .flow import Flow, joint_flow, shortest_flow, split_flow
from .program import INTEGER_LIMIT, REAL_LIMIT, programmed_up
from .tree import is_tree, tree_flow

PATIENCE = 3  # rounds without a gain: one of each way to round
MOST_WORK = 2**22  # arcs of the flows of a search together; a last one is finished
SHORTEST_LIMIT = 2**19  # factors, beyond which shortest flows take too long
LEAST_GAIN = 1000  # a gain is more than this part of the pairs: large nets stop where only single pairs are added


def best_flow(digits: Digits, *, beyond: int = 0) -> Flow:
    """A pairing with as many pairs as were found, certainly the most where they reach the joint flow's.

    Where no pairing can have a rank beyond the given one, none is looked for, and nothing is paired.
    """
    if is_tree(digits):
        return tree_flow(digits)
    joint = joint_flow(digits)
    if digits.base**joint.pairs <= beyond:
        return Flow.empty(digits)
    if joint.settled.valid:
        return joint.settled
    best = _widened(_split(joint.settled), joint.pairs)
    factors = len(digits.carries_a) + len(digits.carries_b)
    if best.pairs < joint.pairs and factors <= SHORTEST_LIMIT:
        # Only where one of the two flows passes: shortest flows take the longest, and most vertices are far away.
        short = shortest_flow(digits, _visited(joint) | _visited(best)).settled
        best = _better(best, _widened(_split(short), joint.pairs))
    if best.pairs < joint.pairs and factors <= REAL_LIMIT:
        up, most = programmed_up(digits, integers=factors <= INTEGER_LIMIT)
        if best.pairs < most:
            found = split_flow(digits, up, digits.held[digits.circuit.sites :] - up)
            best = _better(best, _widened(found, most))
    return best


def _widened(flow: Flow, limit: int) -> Flow:
    """More and more pairs from one split on: what no path uses is given to what would use it.

    Let both directions have all of what is spare at once; what they then take beyond what they had, they are given, and
    where that is too much, each its share.
    """
    digits, rounds, last = flow.digits, 0, 0
    held = digits.held[digits.circuit.sites :]
    most = 1 + MOST_WORK // (2 * (len(digits.carries_a) + len(digits.carries_b)))
    while flow.pairs < limit and rounds - last < PATIENCE and rounds < most:
        wish = split_flow(digits, held - flow.down, held - flow.up)
        if wish.pairs == flow.pairs:
            break
        spare = held - flow.up - flow.down
        more_up, more_down = np.maximum(wish.up - flow.up, 0), np.maximum(wish.down - flow.down, 0)
        total = np.maximum(more_up + more_down, 1)
        rounding = (total // 2, total - 1, 0 * total)[rounds % PATIENCE]
        share = np.where(more_up + more_down > spare, (spare * more_up + rounding) // total, spare - more_down)
        up = flow.up + share
        found = split_flow(digits, up, held - up)
        rounds += 1
        last = rounds if found.pairs > flow.pairs + flow.pairs // LEAST_GAIN else last
        flow = _better(flow, found)
    return flow


def _split(flow: Flow) -> Flow:
    """The pairing with the split that is nearest to a joint flow."""
    held = flow.digits.held[flow.digits.circuit.sites :]
    up = np.clip(flow.up, 0, held)
    return split_flow(flow.digits, up, held - up)


def _better(one: Flow, other: Flow) -> Flow:
    return other if other.pairs >= one.pairs else one


def _visited(flow: Flow) -> BoolArray:
    """(vertices,) where something is carried."""
    visited = np.zeros(len(flow.digits.held), dtype=bool)
    some = (flow.carried_a > 0) | (flow.carried_b > 0)
    visited[flow.digits.circuit.factor_child[some]] = True
    visited[flow.digits.parent[some]] = True
    return visited
