"""What a page knows of an architecture: its network or circuit with all dimensions, its layout, named partitions."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...circuit import Circuit
from ...errors import PartitionError
from ...network import Subject, TensorNetwork, build
from ...partition import Partition, Split, Terminals
from ...tailoring import useful_layers
from .circuit import circuit_data
from .network import network_data

FAMILIES = ("odd-even", "left-right", "top-bottom", "checkerboard", "canonical")


def page_data(architecture: Subject, start: Split) -> dict[str, Any]:
    """All that the page's program reads, as plain data: of a network, or of a circuit that re-uses units or adds.

    A MethodError for gates other than the product; a SizeError above 8192 tensors, or 2000 units of such a circuit, or
    a dimension above 2^53 - 1.
    """
    built = build(architecture)
    if isinstance(built, Circuit):
        built.require_products("the page shows cuts, and the cut")
    terminals = built.terminals
    split = terminals.partition(start)
    is_circuit = needs_circuit(built)
    parts = circuit_data(built) if isinstance(built, Circuit) and is_circuit else network_data(built)
    return {
        "name": getattr(architecture, "name", "") or ("circuit" if isinstance(built, Circuit) else "tensor network"),
        "kind": "circuit" if is_circuit else "network",
        "grid": list(terminals.grid),
        "sites": len(terminals) - terminals.label,
        **_counts(built),
        "useful": useful_layers(built),
        "start": {"name": split.name, "sides": _digits(split)},
        "families": [{"name": split.name, "sides": _digits(split)} for split in _families(terminals)],
        **parts,
    }


def needs_circuit(built: Circuit | TensorNetwork) -> bool:
    """Whether the bound is that of the symmetric cut: units are re-used, or vectors added."""
    return isinstance(built, Circuit) and (built.reuses_units or built.has_sums)


def _counts(built: Circuit | TensorNetwork) -> dict[str, Any]:
    """The units of a circuit, in each layer; a tensor network has none."""
    if isinstance(built, TensorNetwork):
        return {"units": None, "layerUnits": None}
    return {"units": built.units, "layerUnits": np.bincount(built.unit_layer, minlength=built.layers).tolist()}


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
