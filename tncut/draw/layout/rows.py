"""What the rows of a picture are called: layers, or where a layer reads itself the units that stand in them."""

from collections.abc import Sequence

import numpy as np

from ...tools.arrays import IntArray

MOST_NAMES = 2  # units of a row that are named one by one


def own_layers(rows: Sequence[IntArray]) -> list[int] | None:
    """The layer of each row, from the layers of what stands in it; None unless each row is a layer of its own."""
    layers = [np.unique(row).tolist() for row in rows]
    own = [layer[0] for layer in layers if len(layer) == 1]
    return own if len(set(own)) == len(rows) else None


def row_names(rows: Sequence[tuple[IntArray, IntArray]]) -> list[str]:
    """The name of each row, from the layers and the positions of what stands in it.

    >>> row_names([(np.array([0]), np.array([0])), (np.array([0, 1]), np.array([1, 0]))])
    ['u0[0]', 'u0[1] u1[0]']
    """
    own = own_layers([layers for layers, _ in rows])
    if own is not None:
        return [f"layer {layer}" for layer in own]
    return [_listed(layers, positions) for layers, positions in rows]


def _listed(layers: IntArray, positions: IntArray) -> str:
    units = list(dict.fromkeys(zip(layers.tolist(), positions.tolist(), strict=True)))
    if len(units) <= MOST_NAMES:
        return " ".join(f"u{layer}[{position}]" for layer, position in sorted(units))
    present = np.unique(layers).tolist()
    if len(present) == 1:
        return f"layer {present[0]}"
    return f"layers {present[0]}-{present[-1]}"
