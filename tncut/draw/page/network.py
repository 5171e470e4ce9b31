"""What a page knows of a tensor network: its bonds with all dimensions, its layout."""

from typing import Any

import numpy as np

from ...circuit import Circuit
from ...errors import SizeError
from ...network import SITE, TensorNetwork, unfold, unfolded_size
from ..layout import Layout, is_unfolded, network_layout
from ..layout.rows import own_layers, row_names
from .numbers import check_dims, rounded

TENSOR_LIMIT = 8192


def network_data(built: Circuit | TensorNetwork) -> dict[str, Any]:
    """The network that is cut, of up to 8192 tensors, and its layout."""
    tensors = unfolded_size(built).tensors if isinstance(built, Circuit) else built.tensors
    if tensors > TENSOR_LIMIT:
        raise SizeError(f"the network has {tensors} tensors; a page computes cuts of up to {TENSOR_LIMIT}")
    network = unfold(built, limit=TENSOR_LIMIT)
    check_dims(network.bond_dims)
    model = {
        "tensors": network.tensors,
        "terminals": len(network.site_bond),
        "dims": network.bond_dims.tolist(),
        "start": network.bond_start.tolist(),
        "holder": network.bond_tensor.tolist(),
        "siteBond": network.site_bond.tolist(),
        "layer": network.bond_layer.tolist(),
        "position": network.bond_position.tolist(),
        "names": network.bond_names,
        "free": network.free,
        "bondsHaveLayers": network.layer_name(0) != "bonds",
        "fixed": _fixed(built, network),
    }
    return {"model": model, "layout": _layout(network, network_layout(network))}


def _fixed(built: Circuit | TensorNetwork, network: TensorNetwork) -> int:
    """The bond of the root if its channels are the output, so that no slider changes them; else -1."""
    if isinstance(built, TensorNetwork) or built.root_map:
        return -1
    return int(np.flatnonzero(network.bond_layer > SITE)[0])


def _layout(network: TensorNetwork, layout: Layout) -> dict[str, Any]:
    """In slots and rows."""
    return {
        "width": layout.width,
        "gap": layout.gap,
        "placed": layout.placed,
        "inOrder": layout.in_order,
        "height": layout.height,
        "rows": _rows(network, layout),
        "row": 0.28,
        "terminals": rounded(layout.terminals),
        "tensors": rounded(layout.tensors),
        "bonds": rounded(layout.bonds),
        "sums": [],
        "isCopy": layout.is_copy.astype(int).tolist(),
        "tensorRoom": rounded(np.minimum(layout.room(layout.tensors), layout.width)),
        "bondRoom": rounded(np.minimum(layout.room(layout.bonds), layout.width)),
        "lineBond": layout.line_bond.tolist(),
        "lineEnd": layout.line_end.tolist(),
        "lineBend": rounded(layout.lines[:, 1, 1]),
    }


def _rows(network: TensorNetwork, layout: Layout) -> list[list[Any]]:
    """[name, layer or null, height] of the sites, the rows of units, and the output; of other networks the sites."""
    rows: list[list[Any]] = [["sites" if layout.in_order else "sites by window", SITE, 0]]
    if network.bond_names is not None or not is_unfolded(network):
        return rows
    heights = layout.bonds[:, 1]
    places = [np.flatnonzero((heights == y) & (network.bond_layer >= 0)) for y in layout.levels]
    layers = own_layers([network.bond_layer[bonds] for bonds in places])
    names = row_names([(network.bond_layer[bonds], network.bond_position[bonds]) for bonds in places])
    for level, (name, y) in enumerate(zip(names, layout.levels.tolist(), strict=True)):
        rows.append([name, layers and layers[level], round(y, 2)])
    return rows + ([["output", None, round(float(layout.tensors[-1, 1]), 2)]] if network.tensor_factor[-1] < 0 else [])
