"""Where the symbols of a tensor network stand, whether a circuit was unfolded or the network is another one."""

from ...network import TensorNetwork
from .general import general_layout
from .layout import Layout
from .unfolded import is_unfolded, unfolded_layout


def network_layout(network: TensorNetwork) -> Layout:
    """A tree of units for an unfolded circuit; for any other network rows by the distance from the sites."""
    return unfolded_layout(network) if is_unfolded(network) else general_layout(network)
