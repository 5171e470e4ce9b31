"""Shapes: geometries, orders, mode trees and whatever else a specification says beside widths, one of each list."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..circuit import Circuit
from ..errors import SpecError
from ..formats.variations import variations
from ..network import Subject, TensorNetwork
from ..tools.values import as_tuple
from ..tools.words import shown

MOST_SHAPES = 2**12
KEYS = {"channels", "hidden", "widths", "bond_dim", "sizes", "name", "kind"}  # what is no shape
Shapes = Mapping[str, Sequence[Any]]
Shape = dict[str, Any]  # what was chosen of each list


def shaped(architecture: Subject, shapes: Shapes | None) -> Iterator[tuple[Shape, Subject]]:
    """The architecture with every combination of the listed shapes, each with what was chosen."""
    if shapes is None:
        return iter([({}, architecture)])
    if not isinstance(shapes, Mapping) or not shapes:
        raise SpecError(f"shapes is {shown(shapes)}; it must be a table such as {{'layers.0.geometry': ['square']}}")
    if isinstance(architecture, Circuit | TensorNetwork):
        raise SpecError(f"a {type(architecture).__name__} by hand has no specification; its shape cannot be chosen")
    lists = {path: list(as_tuple(given) or ()) for path, given in shapes.items()}
    for path, listed in lists.items():
        if not isinstance(path, str) or not listed:
            raise SpecError(f"shapes[{shown(path)}] is {shown(shapes[path])}; it must be a list of what to choose from")
        if not KEYS.isdisjoint(path.split(".")):
            raise SpecError(f"shapes[{shown(path)}] is no shape: widths are chosen from widths, a name says nothing")
    chosen = (dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values()))
    return zip(chosen, variations(architecture, lists, "shapes", limit=MOST_SHAPES), strict=True)
