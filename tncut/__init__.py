"""How much dependence between its inputs can a network architecture model? Exact min-cut bounds on entanglement.

The public names are listed in `api.py`. They are loaded when one of them is first used, so that the command line
can show its help before numpy is there.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import *


def __getattr__(name: str) -> Any:
    api = import_module(".api", __name__)
    if name == "__all__":
        return api.__all__
    if name not in api.__all__:
        raise AttributeError(f"module 'tncut' has no attribute {name!r}")
    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__getattr__("__all__"))
