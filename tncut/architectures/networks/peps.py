"""Projected entangled pair states: a tensor for each site of a grid, joined to its neighbours.

Source: Verstraete, Cirac, 2004 (arXiv cond-mat/0407066).
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from ...errors import SpecError
from ...network import TensorNetwork, network_of_terms
from ...tools.arrays import FloatArray
from ..checks import boolean, check_field, grid, site_dims, text, width_or_widths
from ..notebook import DrawnInNotebooks

LEG = (0.3, -0.35)  # from a tensor to its site in a picture


@dataclass(frozen=True, kw_only=True)
class PEPS(DrawnInNotebooks):
    """A tensor for each site of a grid of any number of axes, joined to its neighbours along each axis.

    `bond_dim`: of all bonds, or one for each axis. With `periodic` the last of an axis is joined to the first, where
    the axis has three sites or more. A region has a rank of at most the product of the bonds on its boundary.

    >>> PEPS(sites=(2, 3), site_dim=2, bond_dim=3).network().bonds
    13
    """

    sites: tuple[int, ...]
    site_dim: int | tuple[int, ...]
    bond_dim: int | tuple[int, ...]
    periodic: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", grid)
        check_field(self, "site_dim", site_dims(math.prod(self.sites)))
        check_field(self, "bond_dim", width_or_widths)
        check_field(self, "periodic", boolean)
        check_field(self, "name", text)
        if not isinstance(self.bond_dim, int) and len(self.bond_dim) != len(self.sites):
            raise SpecError(f"bond_dim lists {len(self.bond_dim)} dimensions; the grid has {len(self.sites)} axes")

    def network(self) -> TensorNetwork:
        """The tensor network; bond k1:5 leads from site 5 along axis 1."""
        count, axes = math.prod(self.sites), len(self.sites)
        widths = (self.bond_dim,) * axes if isinstance(self.bond_dim, int) else self.bond_dim
        dims = (self.site_dim,) * count if isinstance(self.site_dim, int) else self.site_dim
        terms = [[f"x{site}"] for site in range(count)]
        sizes = {f"x{site}": dim for site, dim in enumerate(dims)}
        number = np.arange(count).reshape(self.sites)
        for axis, (length, width) in enumerate(zip(self.sites, widths, strict=True)):
            first = number if self.periodic and length > 2 else number.take(range(length - 1), axis)
            second = np.roll(number, -1, axis).take(range(first.shape[axis]), axis)
            for one, other in zip(first.ravel().tolist(), second.ravel().tolist(), strict=True):
                name = f"k{axis}:{one}"
                terms[one].append(name)
                terms[other].append(name)
                sizes[name] = width
        network = network_of_terms(terms, list(sizes)[:count], sizes)
        return replace(network, name=self.name, grid=self.sites, positions=self._positions())

    def _positions(self) -> FloatArray:
        """Rows from the top; the planes of further axes side by side."""
        index = np.indices(self.sites).reshape(len(self.sites), -1)
        x, y = index[-1].astype(np.float64), np.zeros(index.shape[1])
        if len(self.sites) > 1:
            y -= index[-2]
        if len(self.sites) > 2:
            plane = np.ravel_multi_index(tuple(index[:-2]), self.sites[:-2])
            x += plane * (self.sites[-1] + 0.5)
        tensors = np.column_stack((x, y))
        return np.concatenate((tensors, tensors + LEG))
