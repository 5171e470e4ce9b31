"""What shared weights cannot reach: closed forms by symmetric powers, for networks whose windows do not overlap."""

import math

import numpy as np

from ..circuit import Circuit
from ..partition import Partition
from ..tools.arrays import IntArray


def shared_bound(circuit: Circuit, split: Partition) -> int | None:
    """A bound on the Schmidt rank for weights that are shared in every layer; None where no closed form applies.

    It applies where windows of layer l have b_l locations and do not overlap, and each child of the root depends on
    one side: k of them on the side that has fewer. With s_l the dimension of what the maps of layer l give,

        s_0 = min(r_0, M),   s_l = min(r_l, r_(l-1), C(s_(l-1) + b_(l-1) - 1, b_(l-1))),
        rank <= min(r_(L-1), C(s_(L-1) + k - 1, k)),

    as a product of b equal maps is symmetric. Shallow: min(r_0, C(M + k - 1, k)). Windows of 2, left-right: s_(L-1).
    """
    windows = _equal_windows(circuit)
    if windows is None:
        return None
    start = circuit.factor_start[circuit.root]
    on_a = [split.sides[sites_below(circuit, child)] for child in circuit.factor_child[start:].tolist()]
    if any(side.any() and not side.all() for side in on_a):
        return None
    fewer = min(sum(bool(side.all()) for side in on_a), sum(not side.any() for side in on_a))
    channels = [int(circuit.unit_dims[circuit.unit_layer == layer][0]) for layer in range(circuit.layers)]
    span = min(channels[0], int(circuit.site_dims[0]))
    for layer in range(1, circuit.layers):
        symmetric = math.comb(span + windows[layer - 1] - 1, windows[layer - 1])
        span = min(channels[layer], channels[layer - 1], symmetric)
    return min(channels[-1], math.comb(span + fewer - 1, fewer))


def sites_below(circuit: Circuit, vertex: int) -> IntArray:
    """The sites that a site or unit depends on."""
    return np.array([vertex]) if vertex < circuit.sites else circuit.receptive_field(vertex - circuit.sites)


def _equal_windows(circuit: Circuit) -> list[int] | None:
    """The window of each layer, if all of a layer's units are alike, and nothing is read twice."""
    plain = circuit.gate == "product" and not circuit.has_sums and circuit.open_output is None and circuit.root_map
    if not plain or circuit.use_counts.max() > 1 or len(np.unique(circuit.site_dims)) > 1:
        return None
    layer_below = circuit.vertex_layers[circuit.factor_child]
    if (layer_below != circuit.unit_layer[circuit.factor_unit] - 1).any():
        return None
    windows = []
    for layer in range(circuit.layers):
        units = circuit.unit_layer == layer
        factors = np.unique(np.diff(circuit.factor_start)[units])
        if len(factors) > 1 or len(np.unique(circuit.unit_dims[units])) > 1:
            return None
        windows.append(int(factors[0]))
    return windows
