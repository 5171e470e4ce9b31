"""The places of the symbols of a report's unfolded network."""

from ...errors import SizeError
from ...proven import Report
from ..layout import STUB, Layout, unfolded_layout

__all__ = ["STUB", "TENSOR_LIMIT", "Layout", "layout"]

TENSOR_LIMIT = 20_000


def layout(report: Report) -> Layout:
    """The places for a report's network; a SizeError above 20000 tensors."""
    network = report.unfolded_cut.network
    if network.tensors > TENSOR_LIMIT:
        raise SizeError(f"the network has {network.tensors} tensors; networks of up to {TENSOR_LIMIT} can be drawn")
    return unfolded_layout(network)
