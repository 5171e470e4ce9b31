"""Architectures as files: specifications, the gallery, ONNX; tensor networks from equations, graphs, libraries."""

from .equations import from_cotengra, from_einsum, to_einsum
from .gallery import gallery, load
from .graphs import from_networkx, to_networkx
from .libraries import from_quimb, from_tensornetwork, to_quimb
from .onnx import from_onnx
from .spec import load_spec, parse_spec, save_spec, spec_table, spec_text

__all__ = [
    "from_cotengra",
    "from_einsum",
    "from_networkx",
    "from_onnx",
    "from_quimb",
    "from_tensornetwork",
    "gallery",
    "load",
    "load_spec",
    "parse_spec",
    "save_spec",
    "spec_table",
    "spec_text",
    "to_einsum",
    "to_networkx",
    "to_quimb",
]
