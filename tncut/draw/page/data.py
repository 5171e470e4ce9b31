"""What a page knows of an architecture: its network with all dimensions, its layout, named partitions."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...circuit import Circuit
from ...errors import MethodError, PartitionError, SizeError
from ...network import SITE, Subject, TensorNetwork, build, unfold, unfolded_size
from ...partition import Partition, Split, Terminals
from ...tools.arrays import FloatArray
from ..layout import Layout, network_layout

TENSOR_LIMIT = 8192
DIM_LIMIT = 2**53 - 1  # the largest integer that a page's numbers hold exactly
FAMILIES = ("odd-even", "left-right", "top-bottom", "checkerboard", "canonical")


def page_data(architecture: Subject, start: Split) -> dict[str, Any]:
    """All that the page's program reads, as plain data.

    A MethodError for what is no tensor network, a SizeError above 8192 tensors or a dimension above 2^53 - 1.
    """
    built = build(architecture)
    network = _network(built)
    terminals = network.terminals
    split = terminals.partition(start)
    return {
        "name": getattr(architecture, "name", "") or ("circuit" if isinstance(built, Circuit) else "tensor network"),
        "grid": list(terminals.grid),
        "sites": len(terminals) - terminals.label,
        **_counts(built),
        "start": {"name": split.name, "sides": _digits(split)},
        "families": [{"name": split.name, "sides": _digits(split)} for split in _families(terminals)],
        "network": {
            "tensors": network.tensors,
            "dims": network.bond_dims.tolist(),
            "start": network.bond_start.tolist(),
            "holder": network.bond_tensor.tolist(),
            "siteBond": network.site_bond.tolist(),
            "layer": network.bond_layer.tolist(),
            "position": network.bond_position.tolist(),
            "copy": network.bond_copy.tolist(),
            "tensorCopy": (network.tensor_copy > 0).astype(int).tolist(),
            "names": network.bond_names,
            "free": network.free,
            "bondsHaveLayers": network.layer_name(0) != "bonds",
            "fixed": _fixed(built, network),
        },
        "layout": _layout(network_layout(network)),
    }


def _network(built: Circuit | TensorNetwork) -> TensorNetwork:
    """The network that is cut, of up to 8192 tensors."""
    if isinstance(built, Circuit):
        _check_circuit(built)
    network = unfold(built, limit=TENSOR_LIMIT)
    if network.tensors > TENSOR_LIMIT:
        raise SizeError(f"the network has {network.tensors} tensors; a page computes cuts of up to {TENSOR_LIMIT}")
    if network.bond_dims.max(initial=1) > DIM_LIMIT:
        raise SizeError(f"a bond has dimension {network.bond_dims.max()}; a page computes with up to 2^53 - 1")
    return network


def _check_circuit(circuit: Circuit) -> None:
    circuit.require_products("the page shows cuts, and the cut")
    if circuit.has_sums:
        raise MethodError("the page shows cuts of tensor networks; a circuit that adds vectors (skip, mixed) is none")
    size = unfolded_size(circuit)
    if size.tensors > TENSOR_LIMIT:
        raise SizeError(
            f"the unfolded network has {size.tensors} tensors; a page computes cuts of up to {TENSOR_LIMIT}"
        )


def _counts(built: Circuit | TensorNetwork) -> dict[str, Any]:
    """The units of a circuit, in each layer; a tensor network has none."""
    if isinstance(built, TensorNetwork):
        return {"units": None, "layerUnits": None}
    return {"units": built.units, "layerUnits": np.bincount(built.unit_layer, minlength=built.layers).tolist()}


def _fixed(built: Circuit | TensorNetwork, network: TensorNetwork) -> int:
    """The bond of the root if its channels are the output, so that no slider changes them; else -1."""
    if isinstance(built, TensorNetwork) or built.root_map:
        return -1
    return int(np.flatnonzero(network.bond_layer > SITE)[0])


def _families(terminals: Terminals) -> Iterator[Partition]:
    """The named partitions that the sites have, each split once."""
    seen = set()
    for name in FAMILIES:
        try:
            splits = list(terminals.partitions(name))
        except PartitionError:
            continue
        for split in splits:
            if split not in seen and 0 < len(split.sites_a) < len(split):
                seen.add(split)
                yield split


def _digits(split: Partition) -> str:
    return "".join("1" if side else "0" for side in split.sides)


def _layout(layout: Layout) -> dict[str, Any]:
    """In slots and rows, with three decimals."""
    return {
        "width": layout.width,
        "gap": layout.gap,
        "placed": layout.placed,
        "height": layout.height,
        "levels": _rounded(layout.levels),
        "terminals": _rounded(layout.terminals),
        "tensors": _rounded(layout.tensors),
        "bonds": _rounded(layout.bonds),
        "isCopy": layout.is_copy.astype(int).tolist(),
        "tensorRoom": _rounded(np.minimum(layout.room(layout.tensors), layout.width)),
        "bondRoom": _rounded(np.minimum(layout.room(layout.bonds), layout.width)),
        "lineBond": layout.line_bond.tolist(),
        "lineEnd": layout.line_end.tolist(),
        "lineBend": _rounded(layout.lines[:, 1, 1]),
    }


def _rounded(values: FloatArray) -> list[float]:
    return [int(x) if x == int(x) else x for x in np.round(values, 3).ravel().tolist()]
