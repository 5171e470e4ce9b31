"""Tensor networks of quimb and of tensornetwork: neither is imported before it is needed."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ..errors import ExtraError, SpecError
from ..network import Subject, TensorNetwork, unfold
from ..tools.words import install_hint, shown
from .equations import from_einsum


def from_quimb(
    network: Any, output_inds: Sequence[str] | None = None, *, free: bool = False, name: str = ""
) -> TensorNetwork:
    """A tensor network of quimb, with its arrays; `free` leaves them out, and takes the tensors as generic ones.

    The open indices are those that one tensor has, in the order of quimb's sites where it has sites, on its grid where
    it has one. An index that several tensors have is open only if `output_inds` lists it.
    """
    tensors = list(getattr(network, "tensors", ()) or ())
    if not tensors or not all(hasattr(tensor, "inds") for tensor in tensors):
        raise SpecError(f"{type(network).__name__} is no tensor network of quimb")
    inputs = [tuple(tensor.inds) for tensor in tensors]
    sizes = {ind: int(size) for tensor in tensors for ind, size in zip(tensor.inds, tensor.shape, strict=True)}
    output, grid = _quimb_sites(network) if output_inds is None else (tuple(output_inds), None)
    arrays = None if free else [np.asarray(tensor.data) for tensor in tensors]
    return from_einsum(inputs, output, sizes, arrays=arrays, grid=grid, name=name)


def to_quimb(architecture: Subject, *, seed: int = 0) -> Any:
    """A tensor network of quimb: with the arrays that are given, or with normal random numbers; a circuit is unfolded.

    Tensors that are the same have the same numbers. An ExtraError if quimb is not installed.
    """
    try:
        import quimb.tensor as quimb
    except ImportError:
        raise ExtraError(f"this needs the package quimb; {install_hint('quimb')}") from None
    network = unfold(architecture)
    names = [network.bond_name(bond) for bond in range(network.bonds)]
    rng = np.random.default_rng(seed)
    drawn: dict[int, Any] = {}
    tensors = []
    for number, bonds in enumerate(network.all_axes):
        factor = int(network.tensor_factor[number])
        if network.arrays is not None:
            drawn[factor] = network.arrays[number]
        elif factor not in drawn:
            drawn[factor] = rng.standard_normal(network.bond_dims[list(bonds)])
        tensors.append(quimb.Tensor(drawn[factor], inds=[names[bond] for bond in bonds], tags=[f"T{number}"]))
    return quimb.TensorNetwork(tensors)


def from_tensornetwork(
    nodes: Any, output_edges: Sequence[Any] | None = None, *, free: bool = False, name: str = ""
) -> TensorNetwork:
    """Nodes of the tensornetwork library, with their arrays; copy nodes become bonds of many holders.

    The open edges are the dangling ones, node after node, unless `output_edges` lists them.
    """
    found = list(nodes) if isinstance(nodes, list | tuple | set | frozenset) else []
    if not found or not all(hasattr(node, "edges") for node in found):
        raise SpecError(f"{shown(nodes)} is no list of nodes of the tensornetwork library")
    copies = [node for node in found if type(node).__name__ == "CopyNode"]
    bond_of: dict[Any, Any] = {}  # an edge of a copy node -> the first edge of all that are joined to it

    def bond(edge: Any) -> Any:
        while edge in bond_of:
            edge = bond_of[edge]
        return edge

    for node in copies:
        for edge in node.edges[1:]:
            first, other = bond(node.edges[0]), bond(edge)
            if first is not other:
                bond_of[other] = first
    plain = [node for node in found if node not in copies]
    dangling = [edge for node in found for edge in node.edges if edge.is_dangling()]
    output = [bond(edge) for edge in (dangling if output_edges is None else output_edges)]
    edges = list(dict.fromkeys(bond(edge) for node in found for edge in node.edges))
    names: dict[Hashable, str] = {edge: f"e{number}" for number, edge in enumerate(edges)}
    for edge in output:
        if edge not in names:
            raise SpecError("an output edge is none of the nodes' edges")
    sizes = {names[edge]: int(edge.dimension) for edge in edges}
    inputs = [[names[bond(edge)] for edge in node.edges] for node in plain]
    held = {index for term in inputs for index in term}
    arrays = None if free else [np.asarray(node.tensor) for node in plain]
    return from_einsum(
        inputs,
        [names[edge] for edge in output],
        {i: n for i, n in sizes.items() if i in held},
        arrays=arrays,
        name=name,
    )


def _quimb_sites(network: Any) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
    """The open indices in the order of quimb's sites, and its grid, where it has them."""
    outer = tuple(network.outer_inds())
    try:
        sites = tuple(network.site_ind(site) for site in network.sites)
    except (AttributeError, NotImplementedError, TypeError):
        return outer, None
    if sorted(sites) != sorted(outer):
        return outer, None
    lengths = [getattr(network, key, None) for key in ("Lx", "Ly", "Lz")]
    grid = tuple(int(length) for length in lengths if isinstance(length, int))
    return sites, grid if len(grid) > 1 and int(np.prod(grid)) == len(sites) else None
