"""What the importer knows of a tensor in an ONNX graph: which layer it shows, and how its axes hold that layer's.

Axes have the sizes of the file. Reshape and Transpose split, merge and permute them: every axis of a tensor is a
product of *atoms*, pieces of the batch or of the channels, or whole axes of the layer's grid. Channels may be permuted
at will, since any linear map that reads them takes the permutation in. So channel shuffles need no layer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH, CHANNELS = -2, -1  # kinds of atoms; 0, 1, ... are the axes of the grid

Atom = tuple[int, int]  # kind, size in the file
Axis = tuple[Atom, ...]  # atoms of size 1 are left out


@dataclass(frozen=True)
class Known:
    """A tensor that does not depend on the input: its shape, if it is known, and its value, if it is small."""

    shape: tuple[int, ...] | None
    value: NDArray[Any] | None = None

    @classmethod
    def of(cls, value: Any) -> "Known":
        array = np.asarray(value)
        return cls(array.shape, array)


@dataclass(frozen=True)
class Value:
    """A tensor that depends on the input: a layer of the surrogate."""

    layer: str
    axes: tuple[Axis, ...]
    pads: tuple[int, ...] = ()  # by Pad, for the window that reads it: before every axis of the grid, then after

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes in the file."""
        return tuple(math.prod(size for _, size in axis) for axis in self.axes)

    @property
    def channels(self) -> int:
        """The channels of the layer, or those of them that are read."""
        return math.prod(size for axis in self.axes for kind, size in axis if kind == CHANNELS)

    @property
    def grid(self) -> dict[int, int]:
        """The axes of the layer's grid with more than one location, each with its size in the file."""
        return {kind: size for axis in self.axes for kind, size in axis if kind >= 0}

    @property
    def is_grid(self) -> bool:
        """Whether the axes are batch, channels, then those of the grid in their order."""
        kinds = [{kind for kind, _ in axis} for axis in self.axes]
        wanted = [{BATCH}, {CHANNELS}, *({axis} for axis in range(len(kinds) - 2))]
        return len(kinds) >= 2 and all(found <= right for found, right in zip(kinds, wanted, strict=True))

    def reshaped(self, shape: Sequence[int]) -> "Value | None":
        """The same with another shape of as many entries; None where that splits or merges parts of the grid."""
        atoms = [atom for axis in self.axes for atom in axis]
        axes: list[Axis] = []
        for size in shape:
            axis: list[Atom] = []
            while size > 1:
                if not atoms:
                    return None
                (kind, whole), *rest = atoms
                part = math.gcd(whole, size)
                if part == 1 or part != min(whole, size) or (part < whole and kind >= 0):
                    return None
                axis.append((kind, part))
                atoms = rest if part == whole else [(kind, whole // part), *rest]
                size //= part
            axes.append(_merged(axis))
        return None if atoms else replace(self, axes=tuple(axes))

    def transposed(self, order: Sequence[int]) -> "Value":
        return replace(self, axes=tuple(self.axes[axis] for axis in order))

    def on(self, layer: str, channels: int) -> "Value":
        """The layer that reads this one location by location, with as many channels, on the axis of the channels."""
        axis = next((number for number, axis in enumerate(self.axes) if any(kind == CHANNELS for kind, _ in axis)), 1)
        own = tuple(atom for atom in self.axes[axis] if atom[0] != CHANNELS)
        axes = list(self.axes)
        axes[axis] = (*own, *sized(CHANNELS, channels))
        return Value(layer, tuple(axes))


def sized(kind: int, size: int) -> Axis:
    """An axis of one atom."""
    return ((kind, size),) if size > 1 else ()


def grid_value(layer: str, batch: int, channels: int, grid: Sequence[int]) -> Value:
    """A layer as convolutions give it: batch, channels, grid."""
    axes = (sized(kind, size) for kind, size in enumerate(grid))
    return Value(layer, (sized(BATCH, batch), sized(CHANNELS, channels), *axes))


def _merged(axis: Sequence[Atom]) -> Axis:
    """Neighbouring pieces of the batch, or of the channels, as one."""
    merged: list[Atom] = []
    for kind, atoms in groupby(axis, key=lambda atom: atom[0]):
        sizes = [size for _, size in atoms]
        merged += [(kind, math.prod(sizes))] if kind < 0 else [(kind, size) for size in sizes]
    return tuple(merged)
