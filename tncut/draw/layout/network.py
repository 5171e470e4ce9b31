"""Where the symbols of a tensor network stand: where it says, as a tree of units, or in rows."""

from ...network import TensorNetwork
from .general import general_layout
from .layout import Layout
from .placed import placed_layout
from .unfolded import is_unfolded, unfolded_layout


def network_layout(network: TensorNetwork) -> Layout:
    """A network's own positions; a tree of units for an unfolded circuit; else rows by the distance from the sites."""
    if network.positions is not None:
        return placed_layout(network, network.positions)
    return unfolded_layout(network) if is_unfolded(network) else general_layout(network)
