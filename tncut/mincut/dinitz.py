"""Maximum flows through many instances of one graph, as loops that numba compiles.

The algorithm is Dinitz's (Soviet Mathematics Doklady 11, 1970): shortest augmenting paths, all of one length at a time.
Node 0 is the source, node 1 the sink. An arc is there in an instance where both of its gates are open. What indexes an
array is unsigned: for signed integers numba compiles the case of negative ones, too, and the loops take a third longer.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..tools.arrays import IntArray


class Arcs(NamedTuple):
    """The arcs that a graph may have."""

    nodes: int
    tail: IntArray  # (arcs,)
    head: IntArray  # (arcs,)
    capacity: IntArray  # (arcs,)
    gate: IntArray  # (arcs,)
    other_gate: IntArray  # (arcs,)


class Halves(NamedTuple):
    """All arcs, forward and backward, by the node that they leave: node v has start[v] .. start[v + 1] - 1."""

    start: IntArray  # (nodes + 1,)
    arc: NDArray[np.int32]  # (2 arcs,) the arc, or ~arc if it is gone backward
    back: NDArray[np.uint32]  # (2 arcs,) the other half


class Residual(NamedTuple):
    """The halves of the arcs that are there in one instance, by node, and what they can still carry."""

    start: NDArray[np.uint32]  # (nodes + 1,)
    to: NDArray[np.uint32]  # (2 arcs,)
    back: NDArray[np.uint32]  # (2 arcs,)
    left: IntArray  # (2 arcs,)
    number: NDArray[np.uint32]  # (2 arcs,) where each of `Halves` is


class Nodes(NamedTuple):
    """What a search notes of the nodes."""

    distance: NDArray[np.int32]  # (nodes,) to the sink; below 0: none, or a dead end
    current: NDArray[np.uint32]  # (nodes,) the first half that may still lead on
    queue: NDArray[np.uint32]  # (nodes,)
    path: NDArray[np.uint32]  # (nodes,) the halves from the source on


def solve(arcs, gates, smallest, largest, flows):
    """Maximum flows, as `flows`; if that is empty, the source's sides of the smallest and largest minimum cuts."""
    halves, residual, nodes = half_arcs(arcs), empty_residual(arcs), empty_nodes(arcs.nodes)
    is_there = np.empty(len(arcs.tail), np.bool_)
    for instance in range(len(gates)):
        is_open = gates[instance]
        for arc in range(len(is_there)):
            is_there[arc] = is_open[arcs.gate[arc]] & is_open[arcs.other_gate[arc]]
        lay_out(arcs, halves, is_there, residual)
        while measure_distances(residual, nodes):
            push_shortest(residual, nodes)
        if len(flows):
            for half in range(len(halves.arc)):
                arc = halves.arc[half]
                if arc >= 0 and is_there[arc]:
                    flows[instance, arc] = arcs.capacity[arc] - residual.left[residual.number[half]]
        else:
            for node in range(arcs.nodes):
                largest[instance, node] = nodes.distance[node] < 0
            mark_reached(residual, nodes, smallest[instance])


def half_arcs(arcs):
    """The halves of all arcs."""
    count = len(arcs.tail)
    start = np.zeros(arcs.nodes + 1, np.int64)
    for arc in range(count):
        start[arcs.tail[arc] + 1] += 1
        start[arcs.head[arc] + 1] += 1
    start = np.cumsum(start)
    following, numbers, back = start.copy(), np.empty(2 * count, np.int32), np.empty(2 * count, np.uint32)
    for arc in range(count):
        tail, head = arcs.tail[arc], arcs.head[arc]
        forward = following[tail]
        following[tail] += 1
        backward = following[head]
        following[head] += 1
        numbers[forward], numbers[backward] = arc, ~arc
        back[forward], back[backward] = backward, forward
    return Halves(start, numbers, back)


def empty_residual(arcs):
    """Room for the residual graph of an instance."""
    twice = 2 * len(arcs.tail)
    start, to, back = np.empty(arcs.nodes + 1, np.uint32), np.empty(twice, np.uint32), np.empty(twice, np.uint32)
    return Residual(start, to, back, np.empty(twice, np.int64), np.empty(twice, np.uint32))


def empty_nodes(nodes):
    """Room for the notes of a search."""
    queue, path = np.empty(nodes, np.uint32), np.empty(nodes, np.uint32)
    return Nodes(np.empty(nodes, np.int32), np.empty(nodes, np.uint32), queue, path)


def lay_out(arcs, halves, is_there, residual):
    """The residual graph of an instance without any flow."""
    start, to, back, left, number = residual
    found = 0
    for node in range(arcs.nodes):
        start[node] = found
        for half in range(halves.start[node], halves.start[node + 1]):
            arc = halves.arc[half]
            forward = arc >= 0
            if not forward:
                arc = ~arc
            if is_there[arc]:
                to[found] = arcs.head[arc] if forward else arcs.tail[arc]
                left[found] = arcs.capacity[arc] if forward else 0
                back[found] = halves.back[half]
                number[half] = found
                found += 1
    start[arcs.nodes] = found
    for position in range(found):
        back[position] = number[back[position]]


def measure_distances(residual, nodes):
    """Distances to the sink, up to that of the source; whether the source reaches it."""
    start, to, back, left, _ = residual
    distance, _, queue, _ = nodes
    distance[:] = -1
    distance[1] = 0
    queue[0] = 1
    begin, end = 0, 1
    while begin < end and distance[0] < 0:
        node = queue[begin]
        begin += 1
        for position in range(start[node], start[node + 1]):
            other = to[position]
            if distance[other] < 0 and left[back[position]] > 0:
                distance[other] = distance[node] + 1
                queue[end] = other
                end += 1
    return distance[0] >= 0


def push_shortest(residual, nodes):
    """Push along paths of the source's distance until there is none."""
    start, to, back, left, _ = residual
    distance, current, _, path = nodes
    current[:] = start[:-1]
    depth, node = 0, 0
    while True:
        if node == 1:
            depth = push(residual, path, depth)
            node = to[back[path[depth]]]
        position, stop = current[node], start[node + 1]
        while position < stop and (left[position] == 0 or distance[to[position]] != distance[node] - 1):
            position += 1
        current[node] = position
        if position < stop:
            path[depth] = position
            depth += 1
            node = to[position]
        elif depth == 0:
            break
        else:
            distance[node] = -2
            depth -= 1
            node = to[back[path[depth]]]
            current[node] += 1


def push(residual, path, depth):
    """Push as much as a path can carry; the place of its first half that is full then."""
    left = residual.left
    most = left[path[0]]
    for index in range(1, depth):
        most = min(most, left[path[index]])
    full = depth
    for index in range(depth - 1, -1, -1):
        position = path[index]
        left[position] -= most
        left[residual.back[position]] += most
        if left[position] == 0:
            full = index
    return full


def mark_reached(residual, nodes, reached):
    """What the source reaches."""
    start, to, _, left, _ = residual
    queue = nodes.queue
    reached[:] = False
    reached[0] = True
    queue[0] = 0
    begin, end = 0, 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for position in range(start[node], start[node + 1]):
            other = to[position]
            if left[position] > 0 and not reached[other]:
                reached[other] = True
                queue[end] = other
                end += 1


PARTS = half_arcs, empty_residual, empty_nodes, lay_out, measure_distances, push, push_shortest, mark_reached
