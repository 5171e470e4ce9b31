"""Fans of deep recurrent nets over a split in past and future: one for each layer, the upper ones around the lower."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np

from ...circuit import Circuit
from ...errors import MethodError
from ...partition import Partition
from .fan import Fan, Strand, proven_rank
from .steer import steer
from .task import Task

MOST_WORK = 12_000  # splits times units
LEAST_SPLITS = 100  # whatever their number of units


def recurrent_fans(circuit: Circuit, partition: Partition) -> list[Fan]:
    """The best fans found of the closed circuit of a recurrent net, over a split in past and future.

    The steps of the past next to the split are the source of layer 1, those before them of layer 2, and so on.
    The steps of the future next to the split steer layer 1, those after them layer 2, and so on.
    """
    steps, layers = circuit.grids[0][0], circuit.layers
    if not is_recurrent(circuit):
        raise MethodError("these fans are for recurrent nets, with a closed output")
    past = int(np.argmin(partition.sides == partition.sides[0])) or steps
    if (partition.sides[:past] != partition.sides[0]).any() or (partition.sides[past:] == partition.sides[0]).any():
        raise MethodError("fans of recurrent nets are for a split in past and future")
    net = _Net(circuit, partition, past)
    best: tuple[int, list[Fan]] = (1, [])
    for cuts in islice(_splits(past, steps, layers), max(LEAST_SPLITS, MOST_WORK // circuit.units)):
        fans = [fan for layer in range(layers) for fan in net.fan(layer, *cuts[layer])]
        rank = proven_rank(circuit, partition, fans)
        if rank > best[0]:
            best = (rank, fans)
    return best[1]


def is_recurrent(circuit: Circuit) -> bool:
    """Whether every unit reads the layer below at its own step, and its own layer at the step before, and no more."""
    steps = circuit.grids[0][0]
    if any(grid != (steps,) for grid in circuit.grids) or circuit.open_output is not None:
        return False
    place = np.append(np.arange(circuit.sites), (circuit.unit_layer + 1) * steps + circuit.unit_position)
    pairs = zip(place[circuit.sites + circuit.factor_unit].tolist(), place[circuit.factor_child].tolist(), strict=True)
    vertices = range(steps, (circuit.layers + 1) * steps)
    asked = {(v, v - steps) for v in vertices} | {(v, v - 1) for v in vertices if v % steps}
    return len(circuit.factor_child) == len(asked) and set(pairs) == asked


Segment = tuple[range, range]  # the steps that are a fan's source, and those that steer it


def _splits(past: int, steps: int, layers: int) -> Iterator[Sequence[Segment]]:
    """A source and stages for each layer, nested; the upper layers take some lengths, the lowest takes the rest."""
    future = steps - past
    choices = product(_lengths(past), _lengths(future))
    for upper in product(choices, repeat=layers - 1):
        begin, end = sum(source for source, _ in upper), steps - sum(stages for _, stages in upper)
        if begin > past or end < past:
            continue
        found, first, last = [(range(begin, past), range(past, end))], begin, end
        for source, stages in upper:
            found.append((range(first - source, first), range(last, last + stages)))
            first, last = first - source, last + stages
        yield found


def _lengths(most: int) -> list[int]:
    """0, 1, 2, 3, 4, 6, 8, 12, 16, ... up to `most`."""
    return [n for n in range(most + 1) if n < 4 or n & (n - 1) == 0 or (n % 3 == 0 and (n // 3) & (n // 3 - 1) == 0)]


class _Net:
    """Where the factors of a recurrent net's circuit are."""

    def __init__(self, circuit: Circuit, partition: Partition, past: int):
        self.circuit, self.past = circuit, past
        self.task = Task.of(circuit, partition)
        self.steps = circuit.grids[0][0]
        pairs = zip(circuit.factor_unit.tolist(), circuit.factor_child.tolist(), strict=True)
        self.factor = {pair: factor for factor, pair in enumerate(pairs)}
        self.unit = {
            place: unit
            for unit, place in enumerate(zip(circuit.unit_layer.tolist(), circuit.unit_position.tolist(), strict=True))
        }

    def up(self, layer: int, step: int) -> int:
        """The factor of a unit that reads the layer below."""
        below = step if layer == 0 else self.circuit.sites + self.unit[layer - 1, step]
        return self.factor[self.unit[layer, step], below]

    def on(self, layer: int, step: int) -> int:
        """The factor of a unit that reads the step before."""
        return self.factor[self.unit[layer, step], self.circuit.sites + self.unit[layer, step - 1]]

    def fan(self, layer: int, source: range, stages: range) -> list[Fan]:
        """The fan of one layer, if it has a source and stages."""
        # What the layer carries goes through all layers below it.
        dims = self.task.dims
        channels = min(dims[self.circuit.sites + self.unit[below, 0]] for below in range(layer + 1))
        if not source or not stages:
            return []
        carried = {self.up(below, step) for step in (*source, *stages) for below in range(layer + 1)}
        carried |= {self.on(layer, step) for step in range(source[0] + 1, stages[-1] + 1)}
        made, exits = [], set[int]()
        for number, step in enumerate(stages):
            until = stages[number + 1] if number + 1 < len(stages) else stages[-1] + 1
            held = [self.circuit.sites + self.unit[layer, t] for t in range(step, until)]
            found = sorted({use for vertex in held for use in self.task.uses[vertex]} - carried)
            degree = sum(self._copies(use) for use in found)
            if not found:
                return []
            exits |= set(found)
            made.append(steer(channels, {step: dims[step]}, dims[step], found, degree, number))
        strand = Strand({t: dims[t] for t in source}, tuple(made))
        return [Fan(channels, (strand,), frozenset(carried), frozenset(exits))]

    def _copies(self, use: int) -> int:
        return self.task.copies[self.task.unit[use]] if use < len(self.task.unit) else 1
