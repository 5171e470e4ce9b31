"""What is proven about one architecture and one partition: `bound` is the way in, `Report` the way out."""

from .bound import bound, partition_of, partitions_of
from .integers import show_integer, show_upper
from .prepared import Prepared, trivial_bound
from .report import Report
from .shares import LayerShare, Payment

__all__ = [
    "LayerShare",
    "Payment",
    "Prepared",
    "Report",
    "bound",
    "partition_of",
    "partitions_of",
    "show_integer",
    "show_upper",
    "trivial_bound",
]
