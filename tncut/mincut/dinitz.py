"""Maximum flows through many instances of one graph, as a loop that numba compiles.

The algorithm is Dinitz's (Soviet Mathematics Doklady 11, 1970): shortest augmenting paths, all of one length at a time.
Node 0 is the source, node 1 the sink. An arc is there in an instance where both of its gates are open. What indexes an
array is unsigned: for signed integers numba compiles the case of negative ones, too, and the loop takes a third longer.
"""

import numpy as np


def dinitz(nodes, tail, head, capacity, gate, other_gate, gates, smallest, largest, flows):  # type: ignore[no-untyped-def]
    """Maximum flows, as `flows`; if that is empty, the source's sides of the smallest and largest minimum cuts."""
    arcs = len(tail)
    # Half arcs, forward and backward, by the node that they leave.
    half_start = np.zeros(nodes + 1, np.int64)
    for arc in range(arcs):
        half_start[tail[arc] + 1] += 1
        half_start[head[arc] + 1] += 1
    half_start = np.cumsum(half_start)
    half_arc = np.empty(2 * arcs, np.int32)
    half_back = np.empty(2 * arcs, np.uint32)
    next_half = half_start.copy()
    for arc in range(arcs):
        forward, backward = next_half[tail[arc]], 0
        next_half[tail[arc]] += 1
        backward = next_half[head[arc]]
        next_half[head[arc]] += 1
        half_arc[forward], half_arc[backward] = arc, ~arc
        half_back[forward], half_back[backward] = backward, forward
    is_there = np.empty(arcs, np.bool_)
    number = np.empty(2 * arcs, np.uint32)
    start = np.empty(nodes + 1, np.uint32)
    to = np.empty(2 * arcs, np.uint32)
    back = np.empty(2 * arcs, np.uint32)
    left = np.empty(2 * arcs, np.int64)
    level = np.empty(nodes, np.int32)
    current = np.empty(nodes, np.uint32)
    queue = np.empty(nodes, np.uint32)
    path = np.empty(nodes, np.uint32)
    for instance in range(len(gates)):
        is_open = gates[instance]
        for arc in range(arcs):
            is_there[arc] = is_open[gate[arc]] & is_open[other_gate[arc]]
        found = 0
        for node in range(nodes):
            start[node] = found
            for half in range(half_start[node], half_start[node + 1]):
                arc = half_arc[half]
                if arc >= 0:
                    if is_there[arc]:
                        to[found] = head[arc]
                        left[found] = capacity[arc]
                        back[found] = half_back[half]
                        number[half] = found
                        found += 1
                elif is_there[~arc]:
                    to[found] = tail[~arc]
                    left[found] = 0
                    back[found] = half_back[half]
                    number[half] = found
                    found += 1
        start[nodes] = found
        for position in range(found):
            back[position] = number[back[position]]
        while True:
            # Distances to the sink.
            level[:] = -1
            level[1] = 0
            queue[0] = 1
            begin, end = 0, 1
            while begin < end and level[0] < 0:
                node = queue[begin]
                begin += 1
                for position in range(start[node], start[node + 1]):
                    below = to[position]
                    if level[below] < 0 and left[back[position]] > 0:
                        level[below] = level[node] + 1
                        queue[end] = below
                        end += 1
            if level[0] < 0:
                break
            current[:] = start[:-1]
            depth, node = 0, 0
            while True:
                if node == 1:
                    # Push along the path, and go back to the first arc that is full.
                    most = left[path[0]]
                    for index in range(1, depth):
                        if left[path[index]] < most:
                            most = left[path[index]]
                    keep = depth
                    for index in range(depth - 1, -1, -1):
                        position = path[index]
                        left[position] -= most
                        left[back[position]] += most
                        if left[position] == 0:
                            keep = index
                    node = to[back[path[keep]]]
                    depth = keep
                advanced = False
                position = current[node]
                stop = start[node + 1]
                while position < stop:
                    below = to[position]
                    if left[position] > 0 and level[below] == level[node] - 1:
                        advanced = True
                        break
                    position += 1
                current[node] = position
                if advanced:
                    path[depth] = position
                    depth += 1
                    node = below
                elif depth == 0:
                    break
                else:
                    level[node] = -2
                    depth -= 1
                    node = to[back[path[depth]]]
                    current[node] += 1
        if len(flows):
            for half in range(2 * arcs):
                arc = half_arc[half]
                if arc >= 0 and is_there[arc]:
                    flows[instance, arc] = capacity[arc] - left[number[half]]
            continue
        # What the sink can be reached from is known: the nodes with a distance.
        for node in range(nodes):
            largest[instance, node] = level[node] < 0
            smallest[instance, node] = False
        smallest[instance, 0] = True
        queue[0] = 0
        begin, end = 0, 1
        while begin < end:
            node = queue[begin]
            begin += 1
            for position in range(start[node], start[node + 1]):
                below = to[position]
                if left[position] > 0 and not smallest[instance, below]:
                    smallest[instance, below] = True
                    queue[end] = below
                    end += 1
