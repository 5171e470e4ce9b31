"""Where the symbols of an unfolded network stand: sites at the bottom, the output at the top."""

import numpy as np

from ...network import SITE, TensorNetwork
from ...tools.arrays import IntArray
from .layout import STUB, Layout, lines_of
from .tree import MatrixTree

REACH = 1 - STUB  # rows from a matrix to the bond of its unit
BEND = 0.2  # rows from the lowest leaves down to the bends in their lines
MOST_CROSSING = 100  # sites whose lines may cross; more of them stand under their leaves
MOST_FAN = 2.5  # rows at most in which the lines from the sites to the leaves cross


def is_unfolded(network: TensorNetwork) -> bool:
    """Whether a network comes from a circuit: matrices of two bonds each, and perhaps the output, over sites."""
    if network.axes is not None:
        return False
    held = np.diff(network.tensor_bonds[0])[: _matrices(network)]
    return bool((network.bond_layer == SITE).any() and len(held) and (held == 2).all())


def unfolded_layout(network: TensorNetwork) -> Layout:
    """The layout of a circuit's network: a tree of units over the sites, which stay in row-major order."""
    tree = MatrixTree.of(network, _matrices(network))
    matrices = len(tree.above)
    root_map, label = matrices < network.tensors, network.label
    sites = len(network.terminals) - label
    width = float(max(sites, int(np.count_nonzero(tree.leaves))))
    site_x = (np.arange(sites) + 0.5) * width / sites
    tensor_x, bond_x = tree.across(site_x, width)
    leaf, read = tree.leaves, tree.below[tree.leaves]
    read_once = np.array_equal(np.sort(tree.bond_site[read]), np.arange(sites))
    in_order = sites <= MOST_CROSSING or not read_once or bool((tensor_x[leaf] == bond_x[read]).all())
    if not in_order:
        site_x[tree.bond_site[read]] = bond_x[read] = tensor_x[leaf]
    aside = np.abs(tensor_x - bond_x[tree.below])[tree.leaves]
    leaf_y = 2 * STUB + min(0.3 * float(aside.max()) ** 0.5, MOST_FAN)
    level = _levels(network, tree)
    rows = leaf_y + REACH + np.arange(level.max() + 1)

    terminals, tensors, bonds = (np.zeros((n, 2)) for n in (len(network.terminals), network.tensors, network.bonds))
    terminals[:sites, 0] = site_x
    tensors[:matrices, 0], tensors[:matrices, 1] = tensor_x, rows[level[tree.above]] - REACH
    bonds[: tree.bonds, 0], bonds[tree.above, 1], bonds[: tree.root, 1] = bond_x, rows[level[tree.above]], STUB
    # The tensor of the output, the bond of the label and the label are the last of their kind, if there are any.
    above_root = [tensors] if root_map else []
    if label:
        above_root += [bonds, terminals] if root_map else [terminals]
    for step, positions in enumerate(above_root, start=1):
        positions[-1] = bonds[tree.root] + (0, step * STUB)
    lines = lines_of(network, np.concatenate((tensors, terminals)), bonds, leaf_y - BEND)
    return Layout(terminals, tensors, bonds, rows, *lines, width, in_order=in_order)


def _matrices(network: TensorNetwork) -> int:
    """All tensors but the output's."""
    return network.tensors - bool(network.tensors and network.tensor_factor[-1] < 0)


def _levels(network: TensorNetwork, tree: MatrixTree) -> IntArray:
    """(bonds,) the level of each copy: its layer, or its height above the sites if some layer reads itself."""
    level = np.zeros(tree.bonds, dtype=np.int64)
    layer, inner = network.bond_layer, ~tree.leaves
    if (layer[tree.below[inner]] < layer[tree.above[inner]]).all():
        level[tree.root :] = np.unique(layer[tree.root : tree.bonds], return_inverse=True)[1]
        return level
    for above, below in zip(tree.above[inner][::-1].tolist(), tree.below[inner][::-1].tolist(), strict=True):
        level[above] = max(level[above], level[below] + 1)
    return level
