"""Circuits made of layers, each reading the one before it, built with array operations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit
from ..tools.arrays import IntArray, ranges, read_only, starts
from .windows import Grid


@dataclass(frozen=True, eq=False)
class LayerRows:
    """A layer: for every location of its grid the locations of the layer before that its unit multiplies.

    With `skip` it adds instead: every location reads itself in the layer before and in the one before that.
    """

    channels: int
    start: IntArray
    flat: IntArray
    grid: Grid
    skip: bool = False

    @classmethod
    def adding(cls, channels: int, grid: Grid) -> "LayerRows":
        """Every location of a grid plus itself, one layer further down."""
        places = np.arange(math.prod(grid) + 1)
        return cls(channels, places, places[:-1], grid, skip=True)


def layered_circuit(
    site_dims: IntArray, grid: Grid, layers: Sequence[LayerRows], *, root_map: bool, open_output: int | None
) -> Circuit:
    """The circuit of these layers, the last with one location, without the units that nothing reads."""
    used = _used(layers)
    counts, children, added = [], [], []
    below = before = np.arange(len(site_dims))
    vertex = len(site_dims)
    for layer, kept in zip(layers, used, strict=True):
        count = np.diff(layer.start)[kept]
        child = below[layer.flat[ranges(layer.start[:-1][kept], count)]]
        if layer.skip:
            count, child = 2 * count, np.stack((child, before[kept]), axis=1).ravel()
        counts.append(count)
        children.append(child)
        added.append(np.arange(len(child)) % 2 == 1 if layer.skip else np.zeros(len(child), dtype=bool))
        before, below = below, np.full(len(layer.start) - 1, -1)
        below[kept] = vertex + np.arange(len(kept))
        vertex += len(kept)
    sizes = [len(kept) for kept in used]
    dims = np.repeat([layer.channels for layer in layers], sizes)
    if not root_map and open_output is None:
        dims[-1] = 1
    return Circuit(
        site_dims=site_dims,
        unit_dims=read_only(dims),
        factor_start=read_only(starts(np.concatenate(counts))),
        factor_child=read_only(np.concatenate(children)),
        unit_layer=read_only(np.repeat(np.arange(len(layers)), sizes)),
        unit_position=read_only(np.concatenate(used)),
        grids=(grid, *(layer.grid for layer in layers)),
        root_map=root_map,
        open_output=open_output,
        added=read_only(np.concatenate(added)),
    )


def _used(layers: Sequence[LayerRows]) -> list[IntArray]:
    """The locations of each layer that the last one depends on."""
    used = [np.zeros(1, dtype=np.int64)]
    skipped = np.zeros(0, dtype=np.int64)  # locations that the layer two above adds
    for layer, below in zip(reversed(layers[1:]), reversed(layers[:-1]), strict=True):
        read = np.zeros(len(below.start) - 1, dtype=bool)
        kept = used[0]
        read[layer.flat[ranges(layer.start[:-1][kept], np.diff(layer.start)[kept])]] = True
        read[skipped] = True
        skipped = kept if layer.skip else np.zeros(0, dtype=np.int64)
        used.insert(0, np.flatnonzero(read))
    return used
