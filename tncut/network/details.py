"""What a tensor network may say beside its bonds: its name, the axes of its tensors, names, arrays, positions."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkError
from ..tools.arrays import read_only
from ..tools.values import as_integer, as_tuple
from ..tools.words import shown

Axes = tuple[tuple[int, ...], ...]
Arrays = tuple[NDArray[Any], ...]


def check_details(network: Any) -> None:
    """Check the optional fields of a TensorNetwork (which imports this module), and store them in their one form."""
    if not isinstance(network.name, str):
        raise NetworkError(f"name is {shown(network.name)}; it must be text")
    _check_free(network)
    if network.axes is not None:
        _check_axes(network)
    if network.bond_names is not None:
        _check_names(network)
    if network.arrays is not None:
        _own_arrays(network)
    if network.positions is not None:
        _own_positions(network)


def _check_free(network: Any) -> None:
    if not isinstance(network.free, bool):
        raise NetworkError(f"free is {shown(network.free)}; it must be true or false")
    if network.free and network.shares_tensors:
        raise NetworkError("free tensors are independent, but two of these are one and the same; give free=False")


def _check_axes(network: Any) -> None:
    given = as_tuple(network.axes)
    if given is None or len(given) != network.tensors:
        raise NetworkError(f"axes is {shown(network.axes)}; it must be a list of bonds for each of the tensors")
    start, held = (part.tolist() for part in network.tensor_bonds)
    dims = network.bond_dims.tolist()
    shapes: dict[int, tuple[int, ...]] = {}
    axes = []
    for tensor, (value, factor) in enumerate(zip(given, network.tensor_factor.tolist(), strict=True)):
        listed = as_tuple(value)
        bonds = [as_integer(bond) for bond in listed or ()]
        if listed is None or None in bonds or set(bonds) != set(held[start[tensor] : start[tensor + 1]]):
            raise NetworkError(f"the axes of tensor {tensor} are {shown(value)}, not the bonds that it holds")
        shape = tuple(dims[bond] for bond in bonds)
        if shapes.setdefault(factor, shape) != shape:
            raise NetworkError(f"tensor {tensor} has shape {shape}, and the same tensor elsewhere {shapes[factor]}")
        axes.append(tuple(bonds))
    object.__setattr__(network, "axes", tuple(axes))


def _check_names(network: Any) -> None:
    names = as_tuple(network.bond_names)
    if names is None or len(names) != network.bonds or not all(isinstance(name, str) and name for name in names):
        raise NetworkError(f"bond_names must be {network.bonds} texts that are not empty, one for each bond")
    name, times = Counter(names).most_common(1)[0] if names else ("", 1)
    if times > 1:
        raise NetworkError(f"two bonds have the name {shown(name)}")
    object.__setattr__(network, "bond_names", names)


def _own_arrays(network: Any) -> None:
    arrays = as_tuple(network.arrays)
    if arrays is None or len(arrays) != network.tensors:
        raise NetworkError(f"arrays is {shown(network.arrays)}; it must be a list of {network.tensors}, one a tensor")
    if network.axes is None:
        raise NetworkError("arrays need the bonds on their axes; give axes, too")
    if network.free:
        raise NetworkError("given arrays are no free tensors; give free=False")
    own = (
        _own_array(f"array {tensor}", array, tuple(network.bond_dims[list(bonds)].tolist()))
        for tensor, (array, bonds) in enumerate(zip(arrays, network.axes, strict=True))
    )
    object.__setattr__(network, "arrays", tuple(own))


def _own_array(name: str, given: object, shape: tuple[int, ...]) -> NDArray[Any]:
    """A read-only copy in double precision."""
    try:
        array: NDArray[Any] = np.asarray(given)
    except ValueError:
        raise NetworkError(f"{name} is {shown(given)}; it must be an array of numbers") from None
    if array.dtype.kind not in "biufc":
        raise NetworkError(f"{name} holds {array.dtype}, which is no number")
    if array.shape != shape:
        raise NetworkError(f"{name} has shape {array.shape}; its bonds have dimensions {shape}")
    own = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    if not np.isfinite(own).all():
        raise NetworkError(f"{name} holds a number that is not finite")
    return read_only(own)


def _own_positions(network: Any) -> None:
    count = network.tensors + len(network.site_bond)
    try:
        own = np.array(network.positions, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        own = np.zeros(0)
    if own.shape != (count, 2) or not np.isfinite(own).all():
        raise NetworkError(f"positions is {shown(network.positions)}; it must be {count} pairs of finite numbers")
    object.__setattr__(network, "positions", read_only(own))
