"""The weights of the proof: a network that has the rank of its fans, to be measured where it is small."""

from collections.abc import Sequence
from math import prod

import numpy as np

from ...circuit import Circuit
from ...oracle import Modular, Weights
from ...oracle.fields import Array
from .fan import Fan


def weights_of(circuit: Circuit, fans: Sequence[Fan], *, seed: int = 0) -> Weights:
    """Weights of a closed circuit (see `closed`) whose coefficient tensor is the product of one tensor for each fan.

    Sites are read by random matrices, counted exits sum the channels with random coefficients, and all other uses
    read the first channel. Random numbers stand for the large powers of the proof: they reach no less.
    """
    field, rng = Modular(), np.random.default_rng(seed)
    kept = _Kept(circuit, fans)
    matrices = []
    factors = zip(circuit.factor_unit.tolist(), circuit.factor_child.tolist(), strict=True)
    for factor, (unit, child) in enumerate(factors):
        rows, columns = kept.channels(circuit.sites + unit), kept.channels(child)
        matrix = _outside(rows)[:, None] * _outside(columns)[None, :]
        for number, fan in enumerate(fans):
            part = _part(circuit, fan, factor, field.random(rng, (fan.channels, max(fan.sites.get(child, 1), 1))))
            if child in fan.sites or circuit.sites + unit in kept.members[number] or child in kept.members[number]:
                part = np.broadcast_to(part, kept.shape(number, circuit.sites + unit, child))
                matrix = field.multiply(matrix, part[np.ix_(rows[number], columns[number])])
        matrices.append(matrix)
    return Weights(circuit, field, tuple(matrices), _output(circuit, fans, kept, field, rng))


class _Kept:
    """Which channel of each fan a channel of a vertex stands for."""

    def __init__(self, circuit: Circuit, fans: Sequence[Fan]):
        self.dims = circuit.vertex_dims.tolist()
        self.members = [{circuit.sites + int(circuit.factor_unit[f]) for f in fan.carried} for fan in fans]
        self.fans = fans

    def size(self, number: int, vertex: int) -> int:
        """The channels that one fan keeps of a vertex."""
        fan = self.fans[number]
        return fan.channels if vertex in self.members[number] else fan.sites.get(vertex, 1)

    def shape(self, number: int, unit: int, child: int) -> tuple[int, int]:
        return self.size(number, unit), self.size(number, child)

    def channels(self, vertex: int) -> Array:
        """(fans + 1, dimension) the channel of each fan; in the last row 1 for channels that no fan uses."""
        sizes = [self.size(number, vertex) for number in range(len(self.fans))]
        index = np.arange(self.dims[vertex])
        digits = np.array(np.unravel_index(index % prod(sizes), sizes) if sizes else np.zeros((0, len(index))), int)
        return np.vstack([digits.reshape(len(sizes), len(index)), (index >= prod(sizes))[None, :]])


def _outside(channels: Array) -> Array:
    """1 for the channels that the fans keep, 0 for the rest."""
    kept: Array = 1 - channels[-1]
    return kept


def _part(circuit: Circuit, fan: Fan, factor: int, random: Array) -> Array:
    """What one fan asks of one factor: (its channels in the unit or 1, its channels in the child or 1)."""
    child = int(circuit.factor_child[factor])
    if child in fan.sites:
        return random if factor in fan.carried else np.ones((1, 1), int)
    if factor in fan.carried:
        return np.eye(fan.channels, dtype=int)
    if child in {circuit.sites + int(circuit.factor_unit[f]) for f in fan.carried}:
        return random[None, :, 0] if factor in fan.exits else np.eye(1, fan.channels, dtype=int)
    return np.ones((1, 1), int)


def _output(
    circuit: Circuit, fans: Sequence[Fan], kept: _Kept, field: Modular, rng: np.random.Generator
) -> Array | None:
    if not circuit.root_map:
        return None
    root, last = circuit.sites + circuit.root, len(circuit.factor_child)
    channels = kept.channels(root)
    output = _outside(channels)[None, :]
    for number, fan in enumerate(fans):
        if root in kept.members[number]:
            first = np.eye(1, fan.channels, dtype=int)
            part = field.random(rng, (1, fan.channels)) if last in fan.exits else first
            output = field.multiply(output, part[:, channels[number]])
    return output
