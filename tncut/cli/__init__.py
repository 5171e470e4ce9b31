"""The command line: arguments in, text or JSON out."""

from .app import main

__all__ = ["main"]
