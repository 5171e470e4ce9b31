"""Dilated convolutional networks: windows of two locations, further and further apart.

Source: Cohen, Tamari, Shashua, ICLR 2018 (arXiv 1703.06846).
"""

from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit
from ..errors import SpecError
from .checks import SITE_LIMIT, labels, natural, natural_tuple, site_dims_of
from .common import Shown
from .layered import LayerRows, layered_circuit
from .tree import Node


@dataclass(frozen=True, kw_only=True)
class Dilated(Shown):
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
        if not 2 <= natural("length", self.length) <= SITE_LIMIT or self.length & (self.length - 1):
            raise SpecError(f"length is {self.length}; it must be a power of two from 2 to {SITE_LIMIT}")
        object.__setattr__(self, "site_dim", site_dims_of(self.site_dim, self.length))
        doubling = tuple(2**layer for layer in range(self.length.bit_length() - 1))
        if self.order is not None:
            object.__setattr__(self, "order", natural_tuple("order", self.order))
        if sorted(self.order or doubling) != list(doubling):
            raise SpecError(f"order is {list(self.order or ())}; it must hold each of {list(doubling)} once")
        if isinstance(self.channels, list | tuple):
            object.__setattr__(self, "channels", natural_tuple("channels", self.channels))
            if len(self.widths) != len(doubling):
                raise SpecError(f"channels lists {len(self.widths)} widths; there are {len(doubling)} layers")
        else:
            natural("channels", self.channels)
        labels(self.open_output, without_map=self.widths[-1])

    @property
    def dilations(self) -> tuple[int, ...]:
        """The dilation of each layer."""
        return self.order or tuple(2**layer for layer in range(self.length.bit_length() - 1))

    @property
    def widths(self) -> tuple[int, ...]:
        """The channels of each layer."""
        return self.channels if isinstance(self.channels, tuple) else (self.channels,) * (self.length.bit_length() - 1)

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
