"""An architecture at a glance: its layers, units, sites, how often it re-uses what it computes, and its sizes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..circuit import Circuit, weight_groups
from ..network import Subject, TensorNetwork, build, unfolded_size
from ..tools.arrays import IntArray, starts
from ..tools.words import exact_or_size
from .cost import count_multiply_adds, count_weights
from .network_summary import NetworkSummary, describe_network

MOST_ARRAYS = 12  # that are listed as text


@dataclass(frozen=True)
class LayerSummary:
    """The units of one layer; `copies`: the most duplicates that unfolding makes of one of them."""

    grid: tuple[int, ...]
    units: int
    channels: tuple[int, ...]  # the distinct ones
    matrices: tuple[int, int]  # fewest and most of a unit
    copies: int
    name: str = ""  # in a real model
    field: tuple[int, ...] = ()  # the box of sites that its units depend on, at most

    def __str__(self) -> str:
        few, most = self.matrices
        matrices = f"{few}" if few == most else f"{few} to {most}"
        copies = f", up to {exact_or_size(self.copies)} copies each when unfolded" if self.copies > 1 else ""
        plural = "s" if self.units > 1 else ""
        units = f"{self.units} unit{plural} of {_either(self.channels)} channels, {matrices} matrices each"
        named = f"{self.name}, grid {_by(self.grid)}, field {_by(self.field)}: " if self.name else ""
        return f"{named}{units}{copies}"


@dataclass(frozen=True)
class Summary:
    """What `show` tells of an architecture; all numbers exact, though those of over 40 digits are shown by size."""

    name: str
    grid: tuple[int, ...]
    sites: int
    sites_read: int
    site_dims: tuple[int, ...]  # the distinct ones
    layers: tuple[LayerSummary, ...]
    root_map: bool
    open_output: int | None
    weights: int  # entries of all matrices, unshared
    shared_weights: int  # one matrix for all that a layer reads of another one
    multiply_adds: int  # of one evaluation, every unit computed once
    reuses_units: bool
    has_sums: bool  # vectors are added somewhere, so that there is no tensor network to unfold to
    gate: str
    tensors: int  # of the unfolded network, every term of a sum counted
    bonds: int
    arrays: dict[str, list[int]]  # the shapes of the arrays of a file of weights, by name
    notes: tuple[str, ...] = ()  # what was replaced or dropped of the model that it stands for

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain data, integers exact."""
        return vars(self) | {"layers": [vars(layer) for layer in self.layers]}

    def __str__(self) -> str:
        unread = f", {self.sites - self.sites_read} of them not read" if self.sites_read < self.sites else ""
        output = "one fixed label" if self.open_output is None else f"open, {self.open_output} labels"
        reuse = "with duplicates of re-used units" if self.reuses_units else "no unit re-used"
        unfolded = f"{exact_or_size(self.tensors)} tensors, {exact_or_size(self.bonds)} bonds, {reuse}"
        gates = [f"gates     {self.gate}: no tensor network"] if self.gate != "product" else []
        lines = [
            self.name or "circuit",
            f"sites     {_by(self.grid)}, dimension {_either(self.site_dims)}{unread}",
            *(f"layer {number:<3} {layer}" for number, layer in enumerate(self.layers)),
            f"output    {output}{'' if self.root_map else ', no map after the last product'}",
            f"weights   {exact_or_size(self.weights)} entries unshared, {exact_or_size(self.shared_weights)} shared",
            f"work      {exact_or_size(self.multiply_adds)} multiply-adds for one evaluation, every unit computed once",
            *gates,
            f"unfolded  {'vectors are added: no tensor network' if self.has_sums else unfolded}",
            *self._array_lines(),
            *(f"surrogate {note}" for note in self.notes),
        ]
        return "\n".join(lines)

    def _array_lines(self) -> list[str]:
        listed = [f"{name} ({', '.join(map(str, shape))})" for name, shape in self.arrays.items()]
        more = [f"and {len(listed) - MOST_ARRAYS} more: --json lists them"] if len(listed) > MOST_ARRAYS else []
        return [f"array     {line}" for line in (*listed[:MOST_ARRAYS], *more)]


def show(architecture: Subject) -> Summary | NetworkSummary:
    """The summary of an architecture; nothing is unfolded."""
    circuit = build(architecture)
    if isinstance(circuit, TensorNetwork):
        return describe_network(circuit, getattr(architecture, "name", ""))
    size, (weights, shared_weights) = unfolded_size(circuit), count_weights(circuit)
    return Summary(
        name=getattr(architecture, "name", ""),
        grid=circuit.grids[0],
        sites=circuit.sites,
        sites_read=int(np.count_nonzero(circuit.use_counts[: circuit.sites])),
        site_dims=_distinct(circuit.site_dims),
        layers=_layers(circuit),
        root_map=circuit.root_map,
        open_output=circuit.open_output,
        weights=weights,
        shared_weights=shared_weights,
        multiply_adds=count_multiply_adds(circuit),
        reuses_units=circuit.reuses_units,
        has_sums=circuit.has_sums,
        gate=circuit.gate,
        tensors=size.tensors,
        bonds=size.bonds,
        arrays={group.name: list(group.shape) for group in weight_groups(circuit)},
        notes=circuit.notes,
    )


def _layers(circuit: Circuit) -> tuple[LayerSummary, ...]:
    names, fields = circuit.layer_names or ("",) * circuit.layers, field_lengths(circuit)
    found = []
    for number, name in enumerate(names):
        units = np.flatnonzero(circuit.unit_layer == number)
        matrices = np.diff(circuit.factor_start)[units]
        layer = LayerSummary(
            grid=circuit.grids[number + 1],
            units=len(units),
            channels=_distinct(circuit.unit_dims[units]),
            matrices=(int(matrices.min()), int(matrices.max())),
            copies=int(circuit.multiplicities[circuit.sites + units].max()),
            name=name,
            field=tuple(fields[circuit.sites + units].max(axis=0).tolist()),
        )
        found.append(layer)
    return tuple(found)


def field_lengths(circuit: Circuit) -> IntArray:
    """(vertices, axes) the lengths of the smallest box of sites that holds each receptive field."""
    grid = circuit.grids[0]
    low = np.zeros((circuit.sites + circuit.units, len(grid)), dtype=np.int64)
    low[: circuit.sites] = np.stack(np.unravel_index(np.arange(circuit.sites), grid), axis=1)
    high = low.copy()
    for level in circuit.levels:
        start = starts(np.diff(circuit.factor_start)[level])[:-1]
        child = circuit.factor_child[circuit.factors_of(level)]
        low[circuit.sites + level] = np.minimum.reduceat(low[child], start)
        high[circuit.sites + level] = np.maximum.reduceat(high[child], start)
    return high - low + 1


def _distinct(dims: "np.ndarray[Any, np.dtype[np.int64]]") -> tuple[int, ...]:
    return tuple(np.unique(dims).tolist())


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape)


def _either(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(values) == 1 else f"{values[0]} to {values[-1]}"
