"""The command line: arguments in, text or JSON out."""

from . import analysis, comparison, exports, pages, pictures, regions  # noqa: F401  (a command is known by being imported)
from .app import main

__all__ = ["main"]
