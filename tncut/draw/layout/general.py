"""Where the symbols of any network stand: the row of a tensor is the number of bonds between it and the next site."""

import numpy as np

from ...network import TensorNetwork
from ...tools.arrays import FloatArray, IntArray, starts
from .layout import STUB, Layout, lines_of

ARCH = 0.12  # rows that a bond rises for each slot that it spans, so that it passes over the tensors in its row
MOST_ARCH = 0.6


def general_layout(network: TensorNetwork) -> Layout:
    """Sites in order at the bottom; the tensors of a row in the order of the mean of what they hold below."""
    level = _levels(network)
    counts = np.bincount(level)
    number = len(network.terminals)
    width = float(max(number, counts.max()))
    terminals = np.zeros((number, 2))
    terminals[:, 0] = (np.arange(number) + 0.5) * width / max(number, 1)
    tensors = np.zeros((network.tensors, 2))
    wanted: FloatArray = np.full(network.bonds, width / 2)
    read = network.site_bond >= 0
    wanted[network.site_bond[read]] = terminals[read, 0]
    start, held = network.tensor_bonds
    for height in range(len(counts)):
        row = np.flatnonzero(level == height)
        mean = np.array([wanted[held[start[t] : start[t + 1]]].mean() if start[t] < start[t + 1] else 0 for t in row])
        row = row[np.argsort(mean, kind="stable")]
        tensors[row] = np.column_stack(((np.arange(len(row)) + 0.5) * width / len(row), np.full(len(row), height + 1)))
        for tensor in row:
            bonds = held[start[tensor] : start[tensor + 1]]
            wanted[bonds] = (wanted[bonds] + tensors[tensor, 0]) / 2
    centres = _centres(network, tensors, terminals)
    lines = lines_of(network, np.concatenate((tensors, terminals)), centres, np.inf)
    return Layout(terminals, tensors, centres, np.arange(1.0, len(counts) + 1), *lines, width)


def _levels(network: TensorNetwork) -> IntArray:
    """(tensors,) how many bonds lie between each tensor and the bond of the nearest site; 0 if no site is reached."""
    level = np.full(network.tensors, -1)
    start, held = network.tensor_bonds
    frontier = np.unique(network.holders(network.site_bond[network.site_bond >= 0]))
    distance = 0
    while len(frontier):
        level[frontier] = distance
        bonds = np.unique(np.concatenate([held[start[t] : start[t + 1]] for t in frontier]))
        frontier = np.unique(network.holders(bonds))
        frontier, distance = frontier[level[frontier] < 0], distance + 1
    level[level < 0] = 0
    return level


def _centres(network: TensorNetwork, tensors: FloatArray, terminals: FloatArray) -> FloatArray:
    """The middle of a bond's ends, above the row if all ends are in one row; a site's bond: straight above the site."""
    centres = np.zeros((network.bonds, 2))
    first = starts(network.holder_counts)
    for bond in range(network.bonds):
        ends = tensors[network.bond_tensor[first[bond] : first[bond + 1]]]
        if not len(ends):
            continue
        centres[bond] = ends.mean(axis=0)
        span = np.ptp(ends[:, 0])
        if np.ptp(ends[:, 1]) == 0 and span > 1:
            centres[bond, 1] += min(ARCH * span, MOST_ARCH)
    read = np.flatnonzero(network.site_bond >= 0)
    centres[network.site_bond[read]] = terminals[read] + (0, STUB)
    return centres
