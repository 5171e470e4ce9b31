"""The minimum cut: one signature, one table of methods."""

from collections.abc import Callable

import numpy as np

from ..errors import MethodError
from ..network import Subject, TensorNetwork, unfold
from ..partition import Split
from ..tools.arrays import BoolArray
from ..tools.values import check_known
from .capacities import Capacities
from .cut import Cut
from .flow import flow_sides
from .networkx_flow import networkx_sides
from .tree import tree_sides

Method = Callable[[TensorNetwork, Capacities, BoolArray], tuple[BoolArray, str]]
METHODS: dict[str, Method] = {"tree": tree_sides, "flow": flow_sides, "networkx": networkx_sides}


def min_cut(subject: Subject, partition: Split, *, method: str = "auto") -> Cut:
    """A minimum cut of a tensor network: the smallest product of bond dimensions that separates side A from side B.

    It bounds the Schmidt rank of every tensor that the network represents, for all weights (theorem T1 in
    docs/theory.md; Cui et al. 2016; Levine et al., ICLR 2018). It is proven minimal, for any integer dimensions. An
    architecture or a circuit is unfolded first.

    `method`: tree (networks without cycles), flow, networkx (up to 100,000 arcs), or auto, which is tree where it can
    be and flow elsewhere. A MethodError if the method is unknown or cannot serve the network, a SizeError if the
    network is too large for it, a PartitionError if the partition does not fit.
    """
    network = unfold(subject)
    split = network.terminals.partition(partition)
    check_known("method", method, ("auto", *METHODS), MethodError)
    if method == "auto":
        method = "flow" if network.forest is None else "tree"
    sides, certificate = cut_sides(network, Capacities.of(network.bond_dims), split.sides, method=method)
    return Cut(network, split, sides, method, certificate)


def cut_sides(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, *, method: str
) -> tuple[BoolArray, str]:
    """The sides of the tensors (True: A) in a minimum cut by these capacities, and why it is minimal."""
    on_a, on_b = (network.read & side_a).any(), (network.read & ~side_a).any()
    if not on_a or not on_b:
        return np.full(network.tensors, on_a), "one side has no site that the network reads"
    return METHODS[method](network, capacities, side_a)
