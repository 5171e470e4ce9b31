"""Dilated convolutional networks: windows of two locations, further and further apart.

Source: Cohen, Tamari, Shashua, ICLR 2018 (arXiv 1703.06846).
"""

from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit
from ..errors import SpecError
from ..tools.words import shown
from .checks import (
    SITE_LIMIT,
    check_field,
    integer,
    integers,
    labels_are_channels,
    optional,
    site_dims,
    text,
    width_or_widths,
)
from .layered import LayerRows, layered_circuit
from .notebook import DrawnInNotebooks
from .tree import Node


@dataclass(frozen=True, kw_only=True)
class Dilated(DrawnInNotebooks):
    """A dilated network over `length` = 2^L time steps, read at the last one: hierarchical Tucker on a mode tree.

    Layer l multiplies locations order[l] apart: h^l_t = (W h^(l-1)_(t - order[l])) * (W' h^(l-1)_t). `order` holds
    1, 2, 4, ..., length / 2, by default so; any other order gives another mode tree. `channels`: one number, or one
    for each layer. There is no map after the last product: its one channel is the output, or all its channels are if
    the output is open.

    >>> Dilated(length=4, site_dim=2, channels=3, order=[2, 1]).tree
    ((0, 2), (1, 3))
    """

    length: int
    site_dim: int | tuple[int, ...]
    channels: int | tuple[int, ...]
    order: tuple[int, ...] | None = None
    open_output: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "length", _power_of_two)
        check_field(self, "site_dim", site_dims(self.length))
        check_field(self, "channels", width_or_widths)
        check_field(self, "order", optional(integers))
        check_field(self, "open_output", optional(integer))
        check_field(self, "name", text)
        doubling = [2**layer for layer in range(self.layers)]
        if sorted(self.dilations) != doubling:
            raise SpecError(f"order is {shown(list(self.dilations))}; it must hold each of {shown(doubling)} once")
        if len(self.widths) != self.layers:
            raise SpecError(f"channels lists {len(self.widths)} widths; there are {self.layers} layers")
        labels_are_channels(self.open_output, self.widths[-1])

    @property
    def layers(self) -> int:
        """How often the length can be halved."""
        return self.length.bit_length() - 1

    @property
    def dilations(self) -> tuple[int, ...]:
        """The dilation of each layer."""
        return self.order or tuple(2**layer for layer in range(self.layers))

    @property
    def widths(self) -> tuple[int, ...]:
        """The channels of each layer."""
        return self.channels if isinstance(self.channels, tuple) else (self.channels,) * self.layers

    @property
    def tree(self) -> Node:
        """The mode tree, as nested tuples of sites."""
        nodes: list[Node] = list(range(self.length))
        for dilation in self.dilations:
            nodes = [(nodes[t - dilation], nodes[t]) for t in range(dilation, len(nodes))]
        return nodes[-1]

    def circuit(self) -> Circuit:
        """The circuit, with only the locations that the last time step depends on, in the order of time."""
        times = np.arange(self.length)
        rows = []
        for width, dilation in zip(self.widths, self.dilations, strict=True):
            # The output's time, length - 1, has all bits set: what it depends on differs by dilations still to come.
            kept = times[times & dilation > 0]
            pairs = np.searchsorted(times, np.stack((kept - dilation, kept), axis=1))
            rows.append(LayerRows(width, 2 * np.arange(len(kept) + 1), pairs.ravel(), (len(kept),)))
            times = kept
        dims = np.broadcast_to(np.array(self.site_dim, dtype=np.int64), self.length)
        return layered_circuit(dims, (self.length,), rows, root_map=False, open_output=self.open_output)


def _power_of_two(key: str, value: object) -> int:
    length = integer(key, value)
    if not 2 <= length <= SITE_LIMIT or length & (length - 1):
        raise SpecError(f"{key} is {length}; it must be a power of two from 2 to {SITE_LIMIT}")
    return length
