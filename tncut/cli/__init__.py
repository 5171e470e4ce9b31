"""The command line: arguments in, text or JSON out."""

from . import analysis, comparison, exports, models, pages, pictures, regions  # noqa: F401  (known by being imported)
from .app import main

__all__ = ["main"]
