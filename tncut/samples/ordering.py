"""The order of the sites, on their line or grid, that lowers the entanglement over dyadic partitions.

First by correlations: the sites are halved again and again so that little correlation runs between the halves, which
is cheap and blind to all but pairs. Then by the entanglement itself: sites change places where that lowers it. The
order is found on one half of the samples and judged on the other one.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..architectures.tree import Node, NodeChannels, Tree, leaves
from ..errors import MethodError, SizeError
from ..partition import Partition, Terminals
from ..tools.arrays import BoolArray, FloatArray, IntArray
from ..tools.values import integer
from .entanglement import DataEntanglement, data_entanglement
from .gram import both_sides, probabilities
from .measuring import measures
from .samples import Samples

MOST_SITES = 1024
LOCAL_SAMPLES = 128  # on which exchanges are tried
DYADIC = "dyadic"


@dataclass(frozen=True, eq=False, repr=False)
class Ordering:
    """An order of the sites, and the entanglement over dyadic partitions before and after, on samples kept apart."""

    order: tuple[int, ...]  # the site that comes to each place
    before: DataEntanglement
    after: DataEntanglement
    exchanges: int  # of two sites, that lowered the entanglement

    def __repr__(self) -> str:
        return f"<Ordering: {len(self.order)} sites, mean entropy {self.before.mean} to {self.after.mean} bits>"

    @property
    def gain(self) -> tuple[float, float]:
        """How many bits the mean entropy falls, and the standard error of that, over the same halves of the samples."""
        before, after = self.before.mean, self.after.mean
        differences = np.array(before.halves) - np.array(after.halves)
        return before.bits - after.bits, float(differences.std()) if len(differences) else math.inf

    @property
    def tree(self) -> Node:
        """Nested pairs of sites: the halves, their halves, and so on."""
        return _sites_of(self._places, self.order)

    @property
    def _places(self) -> Node:
        return nested(np.arange(len(self.order)).reshape(self.after.samples.grid))

    def network(self) -> Tree:
        """A network on the tree, each of its widths the least that the measured entropies leave to it.

        A product pays its own width for every partition between its children and the rest. So a node is as wide as 2 to
        the entropy of its sites, and as that of the sites of each child, rounded up. It is a necessary condition, met:
        `match` says what is proven, `tailor` finds widths within a budget.
        """
        samples, root = self.after.samples, self._places
        if isinstance(root, int):
            raise MethodError("there is one site; a tree needs two or more")
        below = list(_below(root))
        splits = [Partition.of(len(samples.vectors), set(leaves(node))) for node in below]
        demands = data_entanglement(samples, partitions=splits)
        widths = {node: math.ceil(2**demand.entropy.bits - 1e-9) for node, demand in zip(below, demands, strict=True)}

        def channels(node: tuple[Node, ...]) -> NodeChannels:
            own = max(widths.get(node, 1), *(widths[child] for child in node))
            return (own, *(channels(child) for child in node if not isinstance(child, int)))

        dims = dict(zip(self.order, samples.site_dims, strict=True))
        tree = _sites_of(root, self.order)
        assert not isinstance(tree, int)
        return Tree(
            tree=tree,
            site_dim=tuple(dims[site] for site in range(len(dims))),
            channels=channels(root),
            open_output=samples.vectors[-1].shape[1] if samples.label else None,
            name="arranged",
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        bits, error = self.gain
        return {
            "order": self.order,
            "tree": self.tree,
            "before_bits": self.before.mean.bits,
            "after_bits": self.after.mean.bits,
            "gain_bits": bits,
            "gain_error": error if math.isfinite(error) else None,
            "exchanges": self.exchanges,
        }

    def __str__(self) -> str:
        bits, error = self.gain
        return "\n".join(
            [
                f"order of {len(self.order)} sites, {self.exchanges} exchanges by entanglement",
                f"before     {self.before.mean} bits: mean entropy over {len(self.before)} dyadic partitions",
                f"after      {self.after.mean} bits, measured on {len(self.after.samples)} samples kept apart",
                f"gain       {bits:.4f} ± {error:.2g} bits",
                f"order      {','.join(map(str, self.order))}",
            ]
        )


def order_sites(samples: Samples, *, tries: int = 200, seed: int = 0) -> Ordering:
    """An order of the sites with less entanglement over dyadic partitions, by correlations, then by exchanges.

    After Alexander, De La Vega, Razin, Cohen 2023 (arXiv 2303.11249), whose surrogate are correlations. `tries`
    exchanges of two sites are judged by the mean entropy over dyadic partitions of up to 128 samples. The order is
    found on half of the samples, and measured on the others. It is heuristic: no claim that no other order is better.
    """
    if not isinstance(samples, Samples):
        raise MethodError(f"type {type(samples).__name__} is no data; give tncut.Samples, or load them from a file")
    number = integer("seed", seed, MethodError, least=0)
    sites = math.prod(samples.grid)
    if sites > MOST_SITES:
        raise SizeError(f"there are {sites} sites; up to {MOST_SITES} can be ordered")
    if len(samples) < 8:
        raise MethodError(f"{len(samples)} samples cannot be parted in two halves that say something; give 8 or more")
    rng = np.random.default_rng(number)
    shuffled = rng.permutation(len(samples))
    found_on, judged_on = (samples.rows(np.sort(part)) for part in np.array_split(shuffled, 2))
    order = halved(correlations(found_on), samples.grid)
    start = found_on.drawn(LOCAL_SAMPLES, number)
    order, exchanges = _exchanged(start, order, integer("tries", tries, MethodError, least=0), rng)
    before = data_entanglement(judged_on, partitions=DYADIC, seed=number)
    after = data_entanglement(judged_on.ordered(order), partitions=DYADIC, seed=number)
    return Ordering(tuple(order.tolist()), before, after, exchanges)


def correlations(samples: Samples) -> FloatArray:
    """(sites, sites) how strongly the vectors of two sites vary together: 0 to 1, 0 on the diagonal.

    The length of the covariance of the vectors, divided by that of their own variances; for two vectors of one number
    each it is the absolute value of Pearson's correlation.
    """
    count = math.prod(samples.grid)
    dims = [vectors.shape[1] for vectors in samples.vectors[:count]]
    flat = np.concatenate([vectors - vectors.mean(axis=0) for vectors in samples.vectors[:count]], axis=1)
    start = np.cumsum([0, *dims[:-1]])
    squares = np.add.reduceat(np.add.reduceat((flat.T @ flat) ** 2, start, axis=0), start, axis=1)
    own = np.sqrt(np.diag(squares))
    own[own <= 1e-12 * max(own.max(), 1e-300)] = np.inf  # a constant site varies with nothing
    result = np.sqrt(squares / np.outer(own, own))
    np.fill_diagonal(result, 0.0)
    return np.asarray(result)


def halved(weights: FloatArray, grid: Sequence[int]) -> IntArray:
    """The sites by places of the grid: halved along the longest axis, so that little weight runs between the halves."""
    result = np.zeros(math.prod(grid), dtype=np.int64)
    places = np.arange(math.prod(grid)).reshape(tuple(grid))

    def place(box: IntArray, sites: IntArray) -> None:
        if len(sites) == 1:
            result[box.ravel()] = sites
            return
        first, second = parted(box)
        side = bisected(weights[np.ix_(sites, sites)], first.size)
        place(first, sites[side])
        place(second, sites[~side])

    place(places, np.arange(places.size))
    return result


def parted(box: IntArray) -> tuple[IntArray, IntArray]:
    """A box of places, halved along its longest axis; the first part is a power of two long, as dyadic cubes are."""
    axis = int(np.argmax(box.shape))
    cut = 1 << (box.shape[axis] - 1).bit_length() - 1
    first, second = np.split(box, [cut], axis=axis)
    return first, second


def nested(box: IntArray) -> Node:
    """The places of a box as nested pairs."""
    if box.size == 1:
        return int(box.ravel()[0])
    first, second = parted(box)
    return nested(first), nested(second)


def _below(node: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes and sites below one."""
    for child in node:
        yield child
        if not isinstance(child, int):
            yield from _below(child)


def _sites_of(node: Node, order: Sequence[int]) -> Node:
    return order[node] if isinstance(node, int) else tuple(_sites_of(child, order) for child in node)


def bisected(weights: FloatArray, size: int) -> BoolArray:
    """So many of the vertices, chosen so that little weight is cut: by the Fiedler vector, then by exchanges
    (Kernighan, Lin 1970)."""
    count = len(weights)
    _, vectors = np.linalg.eigh(np.diag(weights.sum(axis=0)) - weights)
    side = np.zeros(count, dtype=bool)
    side[np.argsort(vectors[:, 1], kind="stable")[:size]] = True
    for _ in range(count):
        sign = np.where(side, 1.0, -1.0)
        gain = -sign * (weights @ sign)  # what a vertex has across, less what it has on its own side
        a, b = np.flatnonzero(side), np.flatnonzero(~side)
        both = gain[a][:, None] + gain[b][None, :] - 2 * weights[np.ix_(a, b)]
        best = int(both.argmax())
        if both.flat[best] <= 1e-12:
            break
        row, column = divmod(best, len(b))
        side[a[row]], side[b[column]] = False, True
    return side


def _exchanged(samples: Samples, order: IntArray, tries: int, rng: np.random.Generator) -> tuple[IntArray, int]:
    """Exchanges of two places that lower the total entropy over the dyadic partitions between them."""
    sides = np.array([split.sides for split in Terminals(samples.grid).partitions(DYADIC)])
    sizes = sides.sum(axis=1)
    sides = sides[sizes > 1]  # single sites keep their entropy wherever they lie
    known: dict[bytes, float] = {}

    def bits(chosen: BoolArray) -> float:
        key = np.packbits(chosen).tobytes()
        if key not in known:
            full = [*chosen.tolist(), *([False] * samples.label)]
            known[key] = measures(probabilities(*both_sides(samples, full), samples.weights))["entropy"]
        return known[key]

    def total(places: IntArray, rows: BoolArray) -> float:
        chosen = np.zeros_like(rows)
        chosen[:, places] = rows
        return sum(map(bits, chosen))

    exchanges = 0
    for _ in range(tries if len(order) > 2 else 0):
        i, j = rng.choice(len(order), 2, replace=False)
        rows = sides[sides[:, i] != sides[:, j]]
        moved = order.copy()
        moved[[i, j]] = order[[j, i]]
        if len(rows) and total(moved, rows) < total(order, rows) - 1e-9:
            order, exchanges = moved, exchanges + 1
    return order, exchanges
