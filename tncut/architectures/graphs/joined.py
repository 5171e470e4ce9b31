"""Circuits of layers that read any earlier layers, built with array operations.

A location of a layer is a row of matrix-child pairs; children are numbered through all layers, sites first. A product
window without weights joins the rows of what it multiplies. Locations that read nothing are empty rows, which others
leave out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...circuit import Circuit
from ...errors import SizeError, SpecError
from ...tools.arrays import BoolArray, IntArray, ranges, read_only, starts
from ...tools.words import shown
from ..windows import FACTOR_LIMIT, Grid, Windows


@dataclass(frozen=True, eq=False)
class Rows:
    """A layer: the pairs of every location of its grid, which are the vertices `first`, `first` + 1, ..."""

    channels: int
    grid: Grid
    first: int
    start: IntArray  # (locations + 1,)
    child: IntArray  # (pairs,) the vertex that each pair reads, counted before anything is left out
    added: BoolArray  # (pairs,) as in Circuit

    @classmethod
    def of_sites(cls, site_dim: int, grid: Grid, sites: int) -> "Rows":
        """The sites, which read nothing: each stands for itself."""
        own = np.arange(sites + 1)
        return cls(site_dim, grid, 0, own, own[:-1], np.zeros(sites, dtype=bool))

    @property
    def locations(self) -> int:
        return len(self.start) - 1

    @property
    def end(self) -> int:
        """The vertex after the last one."""
        return self.first + self.locations

    @property
    def empty(self) -> BoolArray:
        """(locations,) True: reads nothing."""
        found: BoolArray = self.start[1:] == self.start[:-1]
        return found


def product_rows(channels: int, below: Rows, windows: Windows, first: int) -> Rows:
    """A product of linear maps over windows of a layer."""
    start, flat, grid = windows
    start, flat = _without(start, flat, below.empty)
    return Rows(channels, grid, first, start, below.first + flat, np.zeros(len(flat), dtype=bool))


def pooled_rows(below: Rows, windows: Windows, first: int) -> Rows:
    """A product without weights over windows of a layer: the factors of all its locations, joined."""
    start, flat, grid = windows
    count = np.diff(below.start)[flat]
    if count.sum() > FACTOR_LIMIT:
        raise SizeError(f"{shown(int(count.sum()))} joined factors are over the limit of {FACTOR_LIMIT}")
    pairs = ranges(below.start[flat], count)
    return Rows(below.channels, grid, first, starts(count)[start], below.child[pairs], below.added[pairs])


def added_rows(channels: int, inputs: Sequence[tuple[Rows, Windows]], first: int) -> Rows:
    """A sum of linear maps over windows of several layers; those of one location are added everywhere."""
    grid = max((windows[2] for _, windows in inputs), key=np.prod)
    total = int(np.prod(grid))
    owners, children = [], []
    for below, (start, flat, own) in inputs:
        if own != grid and len(start) != 2:
            raise SpecError(f"adds grids of {_by(grid)} and {_by(own)} locations; they must be equal, or one location")
        start, flat = _without(start, flat, below.empty)
        times = 1 if len(start) > 2 else total
        owners.append(np.repeat(np.arange(total), np.resize(np.diff(start), total)))
        children.append(below.first + np.tile(flat, times))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    start = starts(np.bincount(owner, minlength=total))
    added = np.ones(len(owner), dtype=bool)
    added[start[:-1][np.diff(start) > 0]] = False
    return Rows(channels, grid, first, start, np.concatenate(children)[order], added)


def joined_circuit(
    sites: Rows,
    layers: Sequence[tuple[str, Rows]],
    *,
    site_dims: IntArray,
    root_map: bool = True,
    open_output: int | None = None,
    notes: tuple[str, ...] = (),
) -> Circuit:
    """The circuit of these layers, each with its name or "", without what the last location does not depend on."""
    pairs, kept = _needed([rows for _, rows in layers])
    number = np.concatenate((np.arange(sites.locations), np.zeros(layers[-1][1].end - sites.locations, dtype=np.int64)))
    vertex, used = sites.locations, []
    for place, (_, rows) in enumerate(layers):
        number[rows.first + kept[place]] = np.arange(vertex, vertex + len(kept[place]))
        vertex += len(kept[place])
        if len(kept[place]):
            used.append(place)
    sizes = [len(kept[place]) for place in used]
    dims = np.repeat([layers[place][1].channels for place in used], sizes)
    if not root_map and open_output is None:
        dims[-1] = 1
    names = tuple(layers[place][0] for place in used)
    counts = [np.diff(layers[place][1].start)[kept[place]] for place in used]
    return Circuit(
        site_dims=site_dims,
        unit_dims=read_only(dims),
        factor_start=read_only(starts(np.concatenate(counts))),
        factor_child=read_only(number[np.concatenate([layers[place][1].child[pairs[place]] for place in used])]),
        unit_layer=read_only(np.repeat(np.arange(len(used)), sizes)),
        unit_position=read_only(np.concatenate([kept[place] for place in used])),
        grids=(sites.grid, *(layers[place][1].grid for place in used)),
        root_map=root_map,
        open_output=open_output,
        added=read_only(np.concatenate([layers[place][1].added[pairs[place]] for place in used])),
        layer_names=names if any(names) else (),
        notes=notes,
    )


def _needed(layers: Sequence[Rows]) -> tuple[list[IntArray], list[IntArray]]:
    """For each layer the pairs and the locations that its last layer's one location depends on."""
    if layers[-1].empty.any():
        raise SpecError("the output reads no site: all its windows lie in the padding")
    read = np.zeros(layers[-1].end, dtype=bool)
    read[-1] = True
    pairs: list[IntArray] = []
    kept: list[IntArray] = []
    for rows in reversed(layers):
        own = np.flatnonzero(read[rows.first : rows.end])
        below = ranges(rows.start[:-1][own], np.diff(rows.start)[own])
        read[rows.child[below]] = True
        kept.insert(0, own)
        pairs.insert(0, below)
    return pairs, kept


def _without(start: IntArray, flat: IntArray, left_out: BoolArray) -> tuple[IntArray, IntArray]:
    """Rows without what is left out."""
    if not left_out.any():
        return start, flat
    inside = ~left_out[flat]
    return np.concatenate(([0], np.cumsum(inside)))[start], flat[inside]


def _by(shape: Grid) -> str:
    return " x ".join(str(n) for n in shape)
