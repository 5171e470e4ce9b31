"""What a profile says: an area law, a volume law, a logarithm, or nothing.

A law is looked for among the regions where the network, and not the region's own sites, sets the bound. Each candidate
is a straight line through bits, by least squares. It is a description of these points, not a bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..tools.words import counted

LEAST_SIZES = 3
WORST_REST = 0.25  # of the spread of the bits: with more no candidate is a law
CLEARLY_BETTER = 1.5  # times the rest of the best candidate


class Region(Protocol):
    """What a law needs to know of a region."""

    @property
    def size(self) -> int: ...

    @property
    def boundary(self) -> int: ...


@dataclass(frozen=True)
class Line:
    """bits = slope * x + offset, and what is left of the bits: the root of the mean square."""

    law: str
    x: str
    slope: float
    offset: float
    rest: float

    def __str__(self) -> str:
        sign = "-" if self.offset < 0 else "+"
        return f"{self.law}: bits ~ {self.slope:.3g} {self.x} {sign} {abs(self.offset):.3g}"


CANDIDATES: dict[str, tuple[str, Callable[[Region], float]]] = {
    "area law": ("boundary", lambda region: float(region.boundary)),
    "logarithmic law": ("log2(sites)", lambda region: float(np.log2(region.size))),
    "volume law": ("sites", lambda region: float(region.size)),
}


def law_of(regions: Sequence[Region], bits: Sequence[float]) -> str:
    """The law that these regions follow, of which none has the bound of its own sites, in words.

    >>> from types import SimpleNamespace
    >>> regions = [SimpleNamespace(size=n, boundary=1) for n in (4, 8, 16)]
    >>> law_of(regions, [4.0, 4.0, 4.0])
    'area law: 4 bits at every size, and every boundary is the same'
    >>> law_of(regions, [2.0, 3.0, 4.0])
    'logarithmic law: bits ~ 1 log2(sites) + 0 (rest 0 bits, 3 regions; next volume law, rest 0.154)'
    """
    sizes = {region.size for region in regions}
    if len(sizes) < LEAST_SIZES:
        few = counted(len(sizes), "size")
        return f"open: the network, not the region's own sites, sets the bound at {few} only"
    heights = np.array(bits)
    if heights.min() == heights.max():
        same = len({region.boundary for region in regions}) == 1
        found = f"{heights[0]:.4g} bits at every size"
        return f"area law: {found}, and every boundary is the same" if same else f"bounded: {found}"
    lines = sorted(_lines(regions, heights), key=lambda line: line.rest)
    best, more = lines[0], f"{len(regions)} regions"
    if best.rest > WORST_REST * heights.std() or best.slope <= 0:
        return f"none: nearest {best} (rest {_short(best.rest)} bits, {more})"
    if len(lines) > 1:
        more = f"{more}; next {lines[1].law}, rest {_short(lines[1].rest)}"
        if lines[1].rest < CLEARLY_BETTER * best.rest:
            return f"open between {best} and {lines[1].law} (rest {_short(best.rest)} bits, {more})"
    return f"{best} (rest {_short(best.rest)} bits, {more})"


def _lines(regions: Sequence[Region], bits: NDArray[np.float64]) -> list[Line]:
    """The candidates that can be told apart: those whose abscissa has several values."""
    found = []
    for law, (name, of) in CANDIDATES.items():
        x = np.array([of(region) for region in regions])
        if x.min() == x.max():
            continue
        slope = float((x - x.mean()) @ (bits - bits.mean()) / ((x - x.mean()) @ (x - x.mean())))
        offset = float(bits.mean() - slope * x.mean())
        rest = float(np.sqrt(np.mean((bits - slope * x - offset) ** 2)))
        found.append(Line(law, name, slope, offset if abs(offset) > 1e-9 else 0.0, rest))
    return found


def _short(bits: float) -> str:
    return f"{bits:.3g}" if bits > 1e-9 else "0"
