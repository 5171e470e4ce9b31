"""The list of upper bounds on the Schmidt rank. A new bound is one more entry of `upper_bounds`."""

from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit
from ..errors import MethodError
from ..mincut import METHODS, Cut, min_cut
from ..network import TensorNetwork
from ..partition import Partition
from ..tools.arrays import IntArray, product
from ..tools.values import check_known
from .additive import additive_bound, can_add_ranks
from .prepared import Prepared, PreparedNetwork
from .shared_weights import shared_bound
from .symmetric import SymmetricCut

ALL_SITES = "all sites of one side"
MINIMUM_CUT = "minimum cut"
SYMMETRIC_CUT = "symmetric cut"
ADDED_RANKS = "ranks added at sums"
SHARED_MAPS = "symmetric powers of shared maps"
ELIMINATION = "elimination"  # the method of `symmetric_cut`


@dataclass(frozen=True, eq=False)
class UpperBound:
    """No weights of the kind that it holds for have a larger Schmidt rank."""

    name: str
    rank: int  # exact
    holds_for: str = "all weights"
    cut: Cut | SymmetricCut | None = None  # the cut that gives it, if one does


def upper_bounds(
    prepared: Prepared | PreparedNetwork, split: Partition, *, method: str = "auto", shared: bool = False
) -> tuple[UpperBound, ...]:
    """Every upper bound that applies over one partition, the simplest first.

    The dimensions of all sites of one side; the minimum cut of the unfolded network (T1), where no unit is re-used and
    nothing is added, or if a `method` of `min_cut` is named; where units are re-used or vectors added, the symmetric
    cut, which is as small; where vectors are added, the sum of ranks; for `shared` weights a closed form, where it
    applies. With the method "elimination" the symmetric cut is proven to be the cheapest.
    """
    check_known("method", method, ("auto", *METHODS, ELIMINATION), MethodError)
    if method == ELIMINATION and (isinstance(prepared, PreparedNetwork) or prepared.unfolds_to_a_plain_network):
        raise MethodError(
            "method 'elimination' is for circuits that re-use units or add vectors; for all others method 'auto' "
            "proves the minimum cut minimal"
        )
    if isinstance(prepared, PreparedNetwork):
        return _of_network(prepared.network, split, method)
    circuit, is_plain = prepared.circuit, prepared.unfolds_to_a_plain_network
    found = [UpperBound(ALL_SITES, trivial_bound(circuit, split))]
    if is_plain or (method in METHODS and not circuit.has_sums):
        cut = min_cut(prepared.network, split, method=method)
        found.append(UpperBound(MINIMUM_CUT, cut.rank_bound, cut=cut))
    if not is_plain:
        searched = prepared.search.cheapest(
            split.sides[:, None], method=ELIMINATION if method == ELIMINATION else "flow"
        )
        symmetric = SymmetricCut.of(searched, split)
        found.append(UpperBound(SYMMETRIC_CUT, symmetric.rank_bound, cut=symmetric))
    if circuit.has_sums and can_add_ranks(circuit):
        found.append(UpperBound(ADDED_RANKS, additive_bound(circuit, split)))
    closed_form = shared_bound(circuit, split) if shared else None
    if closed_form is not None:
        found.append(UpperBound(SHARED_MAPS, closed_form, holds_for="all shared weights"))
    return tuple(found)


def _of_network(network: TensorNetwork, split: Partition, method: str) -> tuple[UpperBound, ...]:
    """Both bounds of a tensor network that was given as such."""
    cut = min_cut(network, split, method=method)
    trivial = UpperBound(ALL_SITES, trivial_bound(network, split))
    return trivial, UpperBound(MINIMUM_CUT, cut.rank_bound, cut=cut)


def trivial_bound(subject: Circuit | TensorNetwork, partition: Partition) -> int:
    """The product of the dimensions of all sites on one side that the network reads, the smaller one."""
    dims = read_dims(subject)
    return min(product(dims[side]) for side in (partition.sides, ~partition.sides))


def read_dims(subject: Circuit | TensorNetwork) -> IntArray:
    """(terminals,) the dimension of each site that is read, and of the label; 1 of a site that is not."""
    if isinstance(subject, TensorNetwork):
        dims = np.ones(len(subject.site_bond), dtype=np.int64)
        dims[subject.read] = subject.bond_dims[subject.site_bond[subject.read]]
        return dims
    read = np.append(subject.use_counts[: subject.sites] > 0, True)[: len(subject.terminal_dims)]
    return np.where(read, subject.terminal_dims, 1)
