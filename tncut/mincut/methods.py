"""The front door of the minimum cut: one signature, one table of methods."""

from collections.abc import Callable

import numpy as np

from ..errors import MethodError, NetworkError, PartitionError
from ..network import TensorNetwork
from ..partition import Partition
from ..tools.arrays import BoolArray
from .capacities import Capacities
from .cut import Cut
from .flow import flow_sides
from .networkx_flow import networkx_sides
from .tree import tree_sides

Method = Callable[[TensorNetwork, Capacities, BoolArray], tuple[BoolArray, str]]
METHODS: dict[str, Method] = {"tree": tree_sides, "flow": flow_sides, "networkx": networkx_sides}


def min_cut(network: TensorNetwork, partition: Partition, *, method: str = "auto") -> Cut:
    """A minimum cut: the smallest product of bond dimensions that parts the sites of A from those of B.

    It bounds the Schmidt rank of every tensor that the network can represent, for any weights (Cui et al. 2016;
    Levine et al., ICLR 2018). Proven minimal, for any integer dimensions. `method` is tree (networks without
    cycles), flow, networkx (small networks), or auto: tree where it can be, flow elsewhere.
    """
    if not isinstance(network, TensorNetwork):
        raise NetworkError(f"a {type(network).__name__} is no tensor network; tncut.unfold makes one of a circuit")
    if not isinstance(partition, Partition):
        raise PartitionError(f"a {type(partition).__name__} is no Partition; see Partition.of and Partition.parse")
    if len(partition) != network.terminals:
        raise PartitionError(f"the partition has {len(partition)} sides; the network needs {network.terminals}")
    if method == "auto":
        method = "flow" if network.forest is None else "tree"
    if method not in METHODS:
        raise MethodError(f"unknown method {method!r}; choose from auto, {', '.join(METHODS)}")
    sides, certificate = cut_sides(network, Capacities.of(network.bond_dims), partition.sides, method=method)
    return Cut(network, partition, sides, method, certificate)


def cut_sides(
    network: TensorNetwork, capacities: Capacities, side_a: BoolArray, *, method: str
) -> tuple[BoolArray, str]:
    read = network.site_bond >= 0
    if not (read & side_a).any() or not (read & ~side_a).any():
        return np.full(network.tensors, bool((read & side_a).any())), "one side has no site that the network reads"
    return METHODS[method](network, capacities, side_a)
