"""Tensor networks on random regular graphs: every tensor has as many neighbours, drawn from a seed."""

import math
from dataclasses import dataclass, replace

import numpy as np

from ...errors import SpecError
from ...network import TensorNetwork, network_of_terms
from ..checks import check_field, integer, site_dims, text, width
from ..notebook import DrawnInNotebooks

GRAPH_LIMIT = 2**16  # tensors
OUTWARDS = 1.2  # from a tensor to its site in a picture


@dataclass(frozen=True, kw_only=True)
class RandomRegular(DrawnInNotebooks):
    """A tensor for each site, on a random graph in which each has `degree` neighbours; one seed gives one graph.

    Drawn by networkx (Steger and Wormald 1999). There are more sites than `degree`, and sites times `degree` is even.

    >>> RandomRegular(sites=6, degree=3, site_dim=2, bond_dim=2).network().bonds
    15
    """

    sites: int
    degree: int
    site_dim: int | tuple[int, ...]
    bond_dim: int
    seed: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "sites", integer)
        check_field(self, "degree", integer)
        check_field(self, "site_dim", site_dims(self.sites))
        check_field(self, "bond_dim", width)
        check_field(self, "seed", lambda key, value: integer(key, value, least=0))
        check_field(self, "name", text)
        if self.sites > GRAPH_LIMIT:
            raise SpecError(f"sites is {self.sites}; the limit is {GRAPH_LIMIT}")
        if self.degree >= self.sites or self.sites * self.degree % 2:
            raise SpecError(
                f"degree is {self.degree} for {self.sites} sites; it must be below their number, and the product even"
            )

    def network(self) -> TensorNetwork:
        """The tensor network; its tensors stand on a circle."""
        import networkx as nx

        graph = nx.random_regular_graph(self.degree, self.sites, seed=self.seed)
        dims = (self.site_dim,) * self.sites if isinstance(self.site_dim, int) else self.site_dim
        terms = [[f"x{site}"] for site in range(self.sites)]
        sizes = {f"x{site}": dim for site, dim in enumerate(dims)}
        for one, other in sorted(tuple(sorted(edge)) for edge in graph.edges):
            name = f"k{one}-{other}"
            terms[one].append(name)
            terms[other].append(name)
            sizes[name] = self.bond_dim
        angle = math.pi / 2 - 2 * math.pi * np.arange(self.sites) / self.sites
        circle = np.column_stack((np.cos(angle), np.sin(angle)))
        radius = self.sites / (2 * math.pi)  # neighbours on the circle at a distance of about 1
        positions = np.concatenate((radius * circle, (radius + OUTWARDS) * circle))
        return replace(network_of_terms(terms, list(sizes)[: self.sites], sizes), name=self.name, positions=positions)
