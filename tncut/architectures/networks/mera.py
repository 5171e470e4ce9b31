"""The multi-scale entanglement renormalization ansatz: disentanglers and isometries, layer over layer.

Source: Vidal, 2007 (arXiv cond-mat/0512165); 2008 (arXiv quant-ph/0610099).
"""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import SpecError
from ...network import SITE, TensorNetwork, network_of_terms
from ..checks import SITE_LIMIT, check_field, integer, text, width_or_widths
from ..notebook import DrawnInNotebooks


@dataclass(frozen=True, kw_only=True)
class MERA(DrawnInNotebooks):
    """A binary MERA on a ring: each layer joins neighbouring pairs by disentanglers and halves the sites by isometries.

    `sites`: a power of two, four at least; isometries join sites 2i and 2i + 1, disentanglers 2i + 1 and 2i + 2.
    `bond_dim`: of all bonds above the sites, or one for each layer, the lowest first, of which there are log2(sites) -
    1; the bonds between the disentanglers and isometries of a layer have the dimension of what comes from below. An
    interval of length l has a rank that grows as a power of l: its entropy as log l.

    The tensors are free ones. That those of a MERA are isometric or unitary is a further constraint, under which only
    the upper ends stay proven.

    >>> MERA(sites=8, site_dim=2, bond_dim=2).network().tensors
    13
    """

    sites: int
    site_dim: int
    bond_dim: int | tuple[int, ...]
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", integer)
        if not 4 <= self.sites <= SITE_LIMIT or self.sites & (self.sites - 1):
            raise SpecError(f"sites is {self.sites}; a binary MERA has a power of two, from 4 to {SITE_LIMIT}")
        check_field(self, "site_dim", integer)
        check_field(self, "bond_dim", width_or_widths)
        check_field(self, "name", text)
        if not isinstance(self.bond_dim, int) and len(self.bond_dim) != self.layers:
            raise SpecError(f"bond_dim lists {len(self.bond_dim)} dimensions; there are {self.layers} layers")

    @property
    def layers(self) -> int:
        """How many times the sites are halved, until two are left for the tensor at the top."""
        return self.sites.bit_length() - 2

    def network(self) -> TensorNetwork:
        """The tensor network: the disentanglers of a layer, its isometries, and so on; at the top one tensor of two."""
        widths = (self.bond_dim,) * self.layers if isinstance(self.bond_dim, int) else self.bond_dim
        below = [f"x{site}" for site in range(self.sites)]
        sizes = dict.fromkeys(below, self.site_dim)
        layers: dict[str, int] = {}
        output, dim = list(below), self.site_dim
        x = np.arange(self.sites, dtype=np.float64)
        terms, at = [], []
        for layer, width in enumerate(widths):
            count, step = len(below), self.sites // len(below)
            above = [f"d{layer}:{number}" for number in range(count)]
            joined = [f"w{layer}:{number}" for number in range(count // 2)]
            for i in range(0, count, 2):
                pair = (i + 1, (i + 2) % count)
                terms.append([*(below[k] for k in pair), *(above[k] for k in pair)])
                at.append((x[i + 1] + step / 2, 2 * layer + 1))
            for i in range(0, count, 2):
                terms.append([above[i], above[i + 1], joined[i // 2]])
                at.append(((x[i] + x[i + 1]) / 2, 2 * layer + 2))
            sizes |= dict.fromkeys(above, dim) | dict.fromkeys(joined, width)
            layers |= dict.fromkeys(above, 2 * layer) | dict.fromkeys(joined, 2 * layer + 1)
            below, dim, x = joined, width, (x[0::2] + x[1::2]) / 2
        terms.append(below)
        at.append((float(x.mean()), 2 * self.layers + 1))
        sites = np.column_stack((np.arange(self.sites), np.zeros(self.sites)))
        positions = np.concatenate((np.array(at), sites))
        network = network_of_terms(terms, output, sizes)
        bond_layer = np.array([layers.get(network.bond_name(bond), SITE) for bond in range(network.bonds)])
        return replace(network, name=self.name, bond_layer=bond_layer, positions=positions)
