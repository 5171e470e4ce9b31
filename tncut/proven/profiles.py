"""Bounds against the size of a region: can a network follow an area law, or a volume law?

The regions are a family of partitions; side A is the region. What grows with the number of sites in the region is a
volume law, what grows with its boundary an area law (Levine, Sharir, Cohen, Shashua, PRL 2019).
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..circuit import Circuit
from ..errors import PartitionError
from ..network import Subject, build
from ..partition import Splits
from ..tools.arrays import BoolArray, IntArray
from ..tools.numbers import show_integer, show_upper
from ..tools.tables import aligned
from ..tools.words import brief, shown
from .batch.all_sites import all_sites_ranks
from .batch.bounds import bounds
from .laws import law_of


@dataclass(frozen=True)
class Point:
    """One region: its sites, the pairs of neighbouring sites that its boundary separates, and both ends of the rank."""

    partition: str
    size: int
    boundary: int
    rank_bound: int  # exact, proven for all weights
    rank_lower: int  # exact, proven for almost all unshared weights
    entropy_bits: float | None = None  # measured, of given weights; None: not asked for
    rank_of_sites: int | None = None  # the trivial bound: all sites of one side; None: not known

    @property
    def bits(self) -> float:
        """The entropy bound: log2 of the rank bound."""
        return math.log2(self.rank_bound)

    @property
    def is_trivial(self) -> bool:
        """Whether the upper end is what the sites of one side alone allow."""
        return self.rank_bound == self.rank_of_sites

    @property
    def bits_lower(self) -> float:
        """log2 of the rank that is proven from below. It bounds no entropy: that may be smaller."""
        return math.log2(self.rank_lower)


@dataclass(frozen=True)
class Fit:
    """log2 rank ~ size^exponent (or boundary^exponent): least squares in logarithms, with its standard error."""

    end: str  # upper, or lower
    against: str  # size, or boundary
    exponent: float
    error: float
    points: int

    def __str__(self) -> str:
        law = f"log2 rank ~ {self.against}^{self.exponent:.3f}"
        return f"{self.end} end: {law} (standard error {self.error:.3f}, {self.points} points)"


@dataclass(frozen=True, repr=False)
class Profile:
    """Both ends of the rank over a family of regions, and what they grow like.

    Laws and fits are descriptions, not bounds. What both ends say is a law of the network; what one says is open.
    """

    name: str
    family: str
    points: tuple[Point, ...]
    fits: tuple[Fit, ...]
    notes: tuple[str, ...] = ()  # what was replaced or dropped of the model that the circuit stands for
    weights: str = ""  # whose entropy was measured; none if empty
    sites: int = 0  # of the network

    @property
    def inner(self) -> list[Point]:
        """The regions of up to half of the sites."""
        return [point for point in self.points if 0 < 2 * point.size <= self.sites]

    @property
    def telling(self) -> list[Point]:
        """Those where the network, and not the region's own sites, sets the bound: laws and fits are told from them."""
        return [point for point in self.inner if not point.is_trivial]

    @property
    def laws(self) -> tuple[str, ...]:
        """The law of each end in words; one if both ends meet."""
        if not self.inner:
            return ("none: there is no region of up to half of the sites",)
        told = self.telling
        if not told:
            return ("none: every bound is that of the region's own sites, the most there can be",)
        upper = law_of(told, [point.bits for point in told])
        if all(point.rank_lower == point.rank_bound for point in told):
            return (f"both ends: {upper}",)
        return f"upper end: {upper}", f"lower end: {law_of(told, [point.bits_lower for point in told])}"

    @property
    def tight(self) -> int:
        """At how many points both ends meet."""
        return sum(point.rank_lower == point.rank_bound for point in self.points)

    def __repr__(self) -> str:
        regions = f"{len(self.points)} regions, up to {max(point.bits for point in self.points):.6g} bits"
        return f"<Profile: {brief(self.name or 'circuit')}, family {brief(self.family)}: {regions}>"

    def to_dict(self) -> dict[str, Any]:
        """All points and fits as plain data, integers exact."""
        points = [vars(point) | {"entropy_bound_bits": point.bits} for point in self.points]
        if not self.weights:
            for row in points:
                del row["entropy_bits"]
        more: dict[str, Any] = {"measured_weights": self.weights} if self.weights else {}
        more |= {"notes": list(self.notes)} if self.notes else {}
        fits = [vars(fit) for fit in self.fits]
        found = {"name": self.name, "family": self.family, "points": points, "fits": fits, "laws": list(self.laws)}
        return found | more

    def __str__(self) -> str:
        rows = [("sites", "boundary", "rank >=", "rank <=", "entropy <=", *(["measured"] if self.weights else []))]
        rows += [
            (
                str(point.size),
                str(point.boundary),
                show_integer(point.rank_lower),
                show_integer(point.rank_bound),
                f"{show_upper(point.bits)} bits",
                *([] if point.entropy_bits is None else [f"{point.entropy_bits:.6g} bits"]),
            )
            for point in self.points
        ]
        table = aligned(rows, right=True)
        head = f"{self.name or 'circuit'}, family {self.family}: proven for all weights (<=), for almost all (>=)"
        fits = [f"law    {law}" for law in self.laws] + [f"fit    {fit}" for fit in self.fits]
        last = [f"measured entropies are those of {self.weights}, in floats"] if self.weights else []
        last += [f"surrogate {note}" for note in self.notes]
        return "\n".join([head, *table, f"tight  at {self.tight} of {len(self.points)} regions", *fits, *last])


def profile(architecture: Subject, regions: Splits = "prefix", *, workers: int = 1) -> Profile:
    """Both ends of the rank over a family of regions, by size, and what they grow like.

    Laws and fits are told from the regions of up to half of the sites whose bound is not that of their own sites.
    `regions`: the name of a family, or a batch of partitions in any form that `bounds` takes; side A is the region.
    """
    built = build(architecture)
    terminals = built.terminals
    sites = len(terminals) - terminals.label
    name = regions if isinstance(regions, str) else "of the regions given"
    found = bounds(built, regions, workers=workers)
    if not len(found):
        raise PartitionError(f"family {shown(name)} lists no region; the network has {sites} sites")
    sides = found.sides[:, :sites]
    size, boundary = np.count_nonzero(sides, axis=1), _boundaries(sides, terminals.grid)
    of_sites = all_sites_ranks(built, found.packed)
    points = []
    for index in np.argsort(size, kind="stable").tolist():
        name_of, counts = found.partition(index).name, (int(size[index]), int(boundary[index]))
        ends = found.ranks[index], found.lower[index]
        points.append(Point(name_of, *counts, *ends, rank_of_sites=of_sites[index]))
    notes = built.notes if isinstance(built, Circuit) else ()
    shown_as = getattr(architecture, "name", "")
    unfitted = Profile(shown_as, name, tuple(points), (), notes, sites=sites)
    fits = [_fit(end, against, unfitted.telling) for end in ("upper", "lower") for against in ("size", "boundary")]
    return replace(unfitted, fits=tuple(fit for fit in fits if fit is not None))


def _boundaries(sides: BoolArray, grid: tuple[int, ...]) -> IntArray:
    """(batch,) how many pairs of neighbours on the grid lie on different sides."""
    boxes = sides.reshape(-1, *grid)
    axes = range(1, boxes.ndim)
    parted = [np.count_nonzero(np.diff(boxes, axis=axis), axis=tuple(axes)) for axis in axes]
    total: IntArray = np.sum(parted, axis=0)
    return total


def _fit(end: str, against: str, points: list[Point]) -> Fit | None:
    """A straight line through logarithms; None where there are fewer than three different abscissas."""
    bits = [point.bits if end == "upper" else point.bits_lower for point in points]
    used = [(getattr(point, against), height) for point, height in zip(points, bits, strict=True) if height]
    if len({x for x, _ in used}) < 3:
        return None
    x, y = np.log(np.array(used, dtype=np.float64)).T
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    rest: NDArray[np.float64] = y - slope * x
    return Fit(end, against, slope, math.sqrt(float(rest @ rest) / (len(x) - 2) / float(x @ x)), len(x))
