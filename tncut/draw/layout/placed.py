"""Where the symbols of a network stand that has positions of its own: a chain, a grid, a circle, layers over sites."""

import numpy as np

from ...network import TensorNetwork
from ...tools.arrays import FloatArray, ranges
from .layout import Layout, lines_of

LONG, STRAIGHT = 1.6, 1e-9  # a bond that spans more along a row or a column passes over tensors: it bends
BEND, MOST_BEND = 0.14, 0.7  # how far, for each unit of its span, and at most


def placed_layout(network: TensorNetwork, positions: FloatArray) -> Layout:
    """The tensors and terminals at their positions, the lowest at height 0; bonds along a row bend aside."""
    at = positions - positions.min(axis=0) + (0.5, 0)
    tensors, terminals = np.split(at, [network.tensors])
    centres = _centres(network, tensors, terminals)
    lines = lines_of(network, at, centres, np.inf)
    width = float(at[:, 0].max()) + 0.5
    return Layout(terminals, tensors, centres, np.unique(tensors[:, 1]), *lines, width, placed=True)


def _centres(network: TensorNetwork, tensors: FloatArray, terminals: FloatArray) -> FloatArray:
    """The middle of the ends of each bond; of a bond along many tensors a point beside it."""
    sums, ends = np.zeros((network.bonds, 2)), network.holder_counts.astype(np.float64)
    np.add.at(sums, np.repeat(np.arange(network.bonds), network.holder_counts), tensors[network.bond_tensor])
    carried = network.site_bond >= 0
    sums[network.site_bond[carried]] += terminals[carried]
    ends[network.site_bond[carried]] += 1
    centres: FloatArray = sums / np.maximum(ends, 1)[:, None]
    plain = np.setdiff1d(np.flatnonzero(network.holder_counts == 2), network.site_bond)
    pairs = network.bond_tensor[ranges(network.bond_start[plain], network.holder_counts[plain])].reshape(-1, 2)
    step = np.diff(tensors[pairs], axis=1)[:, 0]
    span = np.hypot(*step.T)
    is_long = (span > LONG) & (np.abs(step).min(axis=1, initial=np.inf) < STRAIGHT)
    aside = np.column_stack((-step[:, 1], step[:, 0])) / np.maximum(span, 1e-9)[:, None]
    aside[aside[:, 1] < 0] *= -1  # upwards
    centres[plain[is_long]] += (aside * np.minimum(BEND * span, MOST_BEND)[:, None])[is_long]
    return centres
