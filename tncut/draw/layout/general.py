"""Where the symbols of any network stand: a tensor as many rows above the sites as bonds lead down to the nearest."""

import numpy as np

from ...network import TensorNetwork
from ...tools.arrays import IntArray, starts
from .layout import STUB, Layout, lines_of
from .tree import FloatArray

ARCH = 0.12  # rows that a bond rises for each slot it spans, so that it passes over the tensors between
MOST_ARCH = 0.6


def general_layout(network: TensorNetwork) -> Layout:
    """Sites in order at the bottom; the tensors of a row in the order of the mean of what they hold below."""
    level = _levels(network)
    counts = np.bincount(level)
    width = float(max(len(network.terminals), counts.max()))
    terminals = np.zeros((len(network.terminals), 2))
    terminals[:, 0] = (np.arange(len(network.terminals)) + 0.5) * width / len(network.terminals)
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
    """(tensors,) how many bonds lie between each tensor and the nearest site's; 0 where none leads to a site."""
    level = np.full(network.tensors, -1)
    start, held = network.tensor_bonds
    frontier, distance = np.unique(network.holders(network.site_bond[network.site_bond >= 0])), 0
    while len(frontier):
        level[frontier] = distance
        bonds = np.unique(np.concatenate([held[start[t] : start[t + 1]] for t in frontier]))
        frontier = np.unique(network.holders(bonds))
        frontier, distance = frontier[level[frontier] < 0], distance + 1
    level[level < 0] = 0
    return level


def _centres(network: TensorNetwork, tensors: FloatArray, terminals: FloatArray) -> FloatArray:
    """In the middle of a bond's ends; over the row if all are in one; above the site if it carries one."""
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
