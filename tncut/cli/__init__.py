"""The command line: arguments in, text or JSON out."""

from . import (  # noqa: F401  (known by being imported)
    analysis,
    arrangement,
    comparison,
    data,
    exports,
    models,
    pages,
    pictures,
    regions,
    tailoring,
    training,
)
from .app import main

__all__ = ["main"]
