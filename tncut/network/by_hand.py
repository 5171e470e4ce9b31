"""Tensor networks by hand: the lists that a user writes, checked, as plain integers."""

from ..errors import NetworkError
from ..tools.values import LARGEST_DIM, as_integer, as_tuple
from ..tools.words import shown

TENSOR_LIMIT = 2**24  # no network has more


def listed_bonds(bonds: object) -> tuple[list[int], list[list[int]]]:
    """The dimension of each bond, and the tensors that hold it."""
    given = as_tuple(bonds)
    if given is None:
        raise NetworkError(f"the bonds are {shown(bonds)}; they must be a list of (dimension, [tensors])")
    dims, holders = [], []
    for number, bond in enumerate(given):
        tensors = as_tuple(bond[1]) if isinstance(bond, list | tuple) and len(bond) == 2 else None
        if tensors is None:
            raise NetworkError(f"bond {number} is {shown(bond)}; it must be (dimension, [tensors])")
        dims.append(_dim(number, bond[0]))
        holders.append([_holder(number, tensor) for tensor in tensors])
    return dims, holders


def listed_sites(sites: object, bonds: int) -> list[int]:
    """The bond of each site; -1: none."""
    given = as_tuple(sites)
    if given is None:
        raise NetworkError(f"the sites are {shown(sites)}; they must be a list with the bond of each")
    return [_bond(site, bond, bonds) for site, bond in enumerate(given)]


def _dim(bond: int, value: object) -> int:
    dim = as_integer(value)
    if dim is None or not 1 <= dim <= LARGEST_DIM:
        raise NetworkError(f"bond {bond} has dimension {shown(value)}; it must be an integer from 1 to 2^62 - 1")
    return dim


def _holder(bond: int, value: object) -> int:
    tensor = as_integer(value)
    if tensor is None or not 0 <= tensor < TENSOR_LIMIT:
        raise NetworkError(
            f"bond {bond} is held by tensor {shown(value)}; tensors are numbers from 0 to {TENSOR_LIMIT - 1}"
        )
    return tensor


def _bond(site: int, value: object, bonds: int) -> int:
    bond = as_integer(value)
    if bond is None or not -1 <= bond < bonds:
        raise NetworkError(f"site {site} lies on bond {shown(value)}; the bonds are 0 to {bonds - 1}, and -1 is none")
    return bond
