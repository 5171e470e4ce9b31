"""Matrix product states: a tensor for each site, on a line or a ring.

Source: Perez-Garcia, Verstraete, Wolf, Cirac, 2007 (arXiv quant-ph/0608197).
"""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import SpecError
from ...network import TensorNetwork, network_of_terms
from ..checks import SITE_LIMIT, boolean, check_field, integer, site_dims, text, width_or_widths
from ..notebook import DrawnInNotebooks


@dataclass(frozen=True, kw_only=True)
class MPS(DrawnInNotebooks):
    """A matrix product state: each site has a tensor, joined to the next by a bond; the last to the first if periodic.

    `bond_dim`: of all bonds, or one for each, from the first on; a periodic one has as many bonds as sites (three at
    least), an open one has one fewer. `site_dim`: of all sites, or one for each. An interval has a rank of at most the
    product of the one or two bonds that it cuts, whatever its length.

    >>> MPS(sites=4, site_dim=2, bond_dim=3).network().bonds
    7
    """

    sites: int
    site_dim: int | tuple[int, ...]
    bond_dim: int | tuple[int, ...]
    periodic: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", integer)
        if self.sites > SITE_LIMIT:
            raise SpecError(f"sites is {self.sites}; the limit is {SITE_LIMIT}")
        check_field(self, "site_dim", site_dims(self.sites))
        check_field(self, "bond_dim", width_or_widths)
        check_field(self, "periodic", boolean)
        check_field(self, "name", text)
        if self.periodic and self.sites < 3:
            raise SpecError(f"sites is {self.sites}; a periodic chain has three or more")
        if not isinstance(self.bond_dim, int) and len(self.bond_dim) != self.inner_bonds:
            raise SpecError(f"bond_dim lists {len(self.bond_dim)} dimensions; there are {self.inner_bonds} bonds")

    @property
    def inner_bonds(self) -> int:
        """How many bonds join neighbours."""
        return self.sites if self.periodic else self.sites - 1

    def network(self) -> TensorNetwork:
        """The tensor network; a tensor holds the bond before it, its site, and the bond after it."""
        count = self.sites
        dims = [self.site_dim] * count if isinstance(self.site_dim, int) else self.site_dim
        widths = [self.bond_dim] * self.inner_bonds if isinstance(self.bond_dim, int) else self.bond_dim
        terms = [[f"k{site - 1}", f"x{site}", f"k{site}"] for site in range(count)]
        terms[0] = [*([f"k{count - 1}"] if self.periodic else []), *terms[0][1:]]
        if not self.periodic:
            terms[-1] = terms[-1][:-1]
        sizes = {f"x{site}": dim for site, dim in enumerate(dims)}
        sizes |= {f"k{bond}": dim for bond, dim in enumerate(widths)}
        at = np.arange(count, dtype=np.float64)
        positions = np.concatenate((np.column_stack((at, np.ones(count))), np.column_stack((at, np.zeros(count)))))
        return replace(network_of_terms(terms, list(sizes)[:count], sizes), name=self.name, positions=positions)
