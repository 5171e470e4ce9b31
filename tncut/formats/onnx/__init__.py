"""Models in ONNX files, as their ConvAC surrogates."""

from .importer import from_onnx

__all__ = ["from_onnx"]
