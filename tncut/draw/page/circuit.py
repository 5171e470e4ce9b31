"""What a page knows of a circuit that re-uses units or adds vectors: the circuit as the search sees it, its layout."""

from typing import Any

import numpy as np

from ...circuit import LABEL, SITE, Circuit
from ...proven.symmetric.condensed import Condensed
from ...tools.arrays import FloatArray, IntArray
from ..layout.circuit import PAIR, CircuitLayout, circuit_layout
from ..layout.rows import own_layers, row_names
from .numbers import check_dims, rounded

MOST_PAIRS = 20_000  # of a matrix and its child, up to which pairings are looked for


def circuit_data(circuit: Circuit) -> dict[str, Any]:
    """The units in the order of their levels, and what each of them reads; the layout in the same order."""
    check_dims(np.append(circuit.vertex_dims, circuit.open_output or 1))
    layout = circuit_layout(circuit)
    net = Condensed.of(circuit)
    order = net.unit_order
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    pairs = circuit.factors_of(order)
    child = circuit.factor_child[pairs]
    inner = child >= circuit.sites
    child[inner] = circuit.sites + place[child[inner] - circuit.sites]
    label = [] if circuit.open_output is None else [circuit.open_output]
    model = {
        "sites": circuit.sites,
        "units": circuit.units,
        "labels": len(label),
        "rootMap": circuit.root_map,
        "dims": [*circuit.site_dims.tolist(), *circuit.unit_dims[order].tolist(), *label],
        "layer": [*[SITE] * circuit.sites, *circuit.unit_layer[order].tolist(), *[LABEL] * len(label)],
        "position": [*range(circuit.sites), *circuit.unit_position[order].tolist(), *[0] * len(label)],
        "fixed": -1 if circuit.root_map else circuit.sites + circuit.units - 1,
        "inhomogeneous": net.inhomogeneous[circuit.sites :].astype(int).tolist(),
        "copies": [int(n) if n < 2**53 else n for n in net.copies.tolist()],
        "lone": net.lone.astype(int).tolist(),
        "readOnce": net.read_once.astype(int).tolist(),
        "readSite": net.read_site.tolist(),
        "readUnit": net.read_unit.tolist(),
        "useUnit": net.use_unit.tolist(),
        "useCount": net.use_count.tolist(),
        "pairStart": net.pair_start.tolist(),
        "child": net.child.tolist(),
        "pairUnit": place[circuit.factor_unit[pairs]].tolist(),
        "pairChild": child.tolist(),
        "pairUse": net.factor_use[circuit.pair_factor[pairs]].tolist(),
        "added": circuit.added[pairs].astype(int).tolist(),
        "mostPairs": MOST_PAIRS,
        "tensors": len(pairs) + circuit.root_map,
        "bondsHaveLayers": True,
    }
    return {"model": model, "layout": _layout(circuit, layout, order, pairs)}


def _layout(circuit: Circuit, layout: CircuitLayout, order: IntArray, pairs: IntArray) -> dict[str, Any]:
    """In slots and rows. What can be pointed at: sites, units and the label; lines belong to what is read."""
    sites, units = circuit.sites, circuit.units
    place = np.empty(sites + units, dtype=np.int64)
    place[:sites], place[sites + order] = np.arange(sites), sites + np.arange(units)
    terminals, labels = layout.terminals, len(layout.terminals) - sites
    bonds = np.concatenate((terminals[:sites], layout.units[order], terminals[sites:]))
    lines = [_line(layout.lines[pair]) for pair in pairs.tolist()]
    owners = place[circuit.factor_child[pairs]].tolist()
    above = np.concatenate((layout.units[-1:], layout.output, terminals[sites:]))
    if len(above) > 1:
        lines.append(_line(above))
        owners.append(sites + units - 1)
    return {
        "width": layout.width,
        "gap": layout.gap,
        "placed": False,
        "inOrder": True,
        "height": layout.height,
        "rows": _rows(circuit, layout),
        "row": 0.14,
        "terminals": rounded(terminals),
        "tensors": rounded(np.concatenate((layout.matrices[pairs], layout.output))),
        "bonds": rounded(bonds),
        "sums": rounded(layout.sums),
        "isCopy": [0] * sites + [1] * units + [0] * labels,
        "tensorRoom": [PAIR] * (len(pairs) + len(layout.output)),
        "bondRoom": [*[round(layout.gap, 3)] * sites, *rounded(_rooms(circuit, layout)[order]), *[1] * labels],
        "lineBond": owners,
        "lines": lines,
    }


def _rooms(circuit: Circuit, layout: CircuitLayout) -> FloatArray:
    """(units,) the smallest distance of two units in the row of each."""
    found = np.ones(circuit.units)
    for units in circuit.levels:
        found[units] = np.diff(np.sort(layout.units[units, 0])).min(initial=layout.width)
    return found


def _rows(circuit: Circuit, layout: CircuitLayout) -> list[list[Any]]:
    """[name, layer or null, height] of the sites, the rows of units, and the output."""
    layers = own_layers([circuit.unit_layer[units] for units in circuit.levels])
    names = row_names([(circuit.unit_layer[units], circuit.unit_position[units]) for units in circuit.levels])
    rows: list[list[Any]] = [["sites", SITE, 0]]
    rows += [[name, layers and layers[level], level + 1] for level, name in enumerate(names)]
    return rows + [["output", None, round(float(y), 3)] for y in layout.output[:, 1]]


def _line(points: FloatArray) -> list[float]:
    """x, y, x, y, ... without points that repeat the one before."""
    kept = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return rounded(points[kept])
