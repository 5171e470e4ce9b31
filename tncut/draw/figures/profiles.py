"""The picture of profiles: bits against the size of a region, between the area law and the volume law."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...errors import ResultsError
from ...proven import Profile
from ...proven.profiles import Fit, Point
from ...tools.words import shown
from ..svg import INK
from .charts import (
    FONT,
    Series,
    check_styles,
    draw_series,
    fit,
    light_grid,
    new_axes,
    plain_ticks,
    short_names,
    style,
    write_titles,
)
from .scale import INCH, LETTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def profile(profiles: Profile | Sequence[Profile], ax: "Axes | None" = None) -> "Axes":
    """Draw one or several profiles: bits of the upper bound against the sites of the region; returns the axes.

    Each line is shaded down to the proven lower end, where that does not meet it. The entropy of weights is dotted, if
    it was measured (see `measure_profile`). The legend has the exponents fitted
    to the bound. The axes are logarithmic, so that a power law is a line whose slope is its exponent; they are linear
    if an end is 0 bits. The upper axis has the boundary of the regions, if all regions of a size have
    the same, and it is not the same for all. Thin
    lines show how the bound would grow from the smallest region of the first profile, in proportion to the sites
    (volume law) or to the boundary (area law).
    """
    profiles = [profiles] if isinstance(profiles, Profile) else _checked(profiles)
    if not any(line.points for line in profiles):
        raise ResultsError("there is no profile with a point to draw")
    check_styles(len(profiles), "profiles")
    own = ax is None
    ax = new_axes(entries=len(profiles) + 2) if ax is None else ax
    families = sorted({line.family for line in profiles})
    x = f"sites in the region ({' or '.join(families)})"
    points = [sorted(line.points, key=lambda point: point.size) for line in profiles]
    everything = [point for line in points for point in line]
    gap = "" if all(_meet(line) for line in points) else "; shaded: down to the proven lower end"
    dotted = "; dotted: entropy, measured" if any(line.weights for line in profiles) else ""
    write_titles(ax, f"Rank bound (upper bound, proven){gap}{dotted}", x, "rank bound, bits (log₂)")
    names = short_names([line.name or "circuit" for line in profiles])
    light_grid(ax)
    if all(point.bits_lower > 0 and point.size > 0 for point in everything):
        ax.set_xscale("log", base=2)
        ax.set_yscale("log", base=2)
        plain_ticks(ax.xaxis, [point.size for point in everything], base=2)
        plain_ticks(ax.yaxis, [point.bits for point in everything], base=2)
    series = [
        Series(label, [point.size for point in line], [point.bits for point in line])
        for label, line in zip(_labels(profiles, families), points, strict=True)
    ]
    measured = {
        number: Series(
            f"{name}: measured, {line.weights}",
            [point.size for point in ordered if point.entropy_bits is not None],
            [point.entropy_bits for point in ordered if point.entropy_bits is not None],
        )
        for number, (name, line, ordered) in enumerate(zip(names, profiles, points, strict=True))
        if line.weights
    }
    draw_series(ax, series, _guides(points[0]), measured)
    for number, line in enumerate(points):
        _shade_down(ax, line, style(number)[0])
    _write_boundaries(ax, {(point.size, point.boundary) for point in everything})
    if own:
        fit(ax)
    return ax


def _meet(points: Sequence[Point]) -> bool:
    """Whether both ends meet at all points."""
    return all(point.rank_lower == point.rank_bound for point in points)


def _shade_down(ax: "Axes", points: Sequence[Point], colour: str) -> None:
    """From the upper end down to the lower one, unless they meet everywhere."""
    if not _meet(points):
        lower, upper = [point.bits_lower for point in points], [point.bits for point in points]
        ax.fill_between([point.size for point in points], lower, upper, color=colour, alpha=0.18, linewidth=0, zorder=1)


def _checked(profiles: Sequence[Profile]) -> Sequence[Profile]:
    if not isinstance(profiles, Sequence) or not all(isinstance(line, Profile) for line in profiles):
        raise ResultsError(f"{shown(profiles)} is no list of profiles, such as tncut.profile returns")
    return profiles


def _labels(profiles: Sequence[Profile], families: Sequence[str]) -> list[str]:
    labels = []
    for name, line in zip(short_names([line.name or "circuit" for line in profiles]), profiles, strict=True):
        fits = ", ".join(_fit_text(found) for found in line.fits if found.end == "upper")
        family = f", {line.family}" if len(families) > 1 else ""
        labels.append(f"{name}{family}: fit {fits}" if fits else f"{name}{family}")
    return labels


def _fit_text(found: Fit) -> str:
    error = f" ± {found.error:.2f}" if math.isfinite(found.error) else ""
    return f"∝ {'sites' if found.against == 'size' else found.against}^{found.exponent:.2f}{error}"


def _guides(points: Sequence[Point]) -> list[Series]:
    """Growth in proportion to the sites, and to the boundary, from the smallest region with a bound above 0 bits."""
    grown = [point for point in points if point.bits > 0]
    if len(grown) < 2 or not all(point.size and point.boundary for point in grown):
        return []
    first, sizes = grown[0], [point.size for point in grown]
    volume = [first.bits * point.size / first.size for point in grown]
    area = [first.bits * point.boundary / first.boundary for point in grown]
    return [Series("∝ sites (volume law)", sizes, volume), Series("∝ boundary (area law)", sizes, area)]


def _write_boundaries(ax: "Axes", pairs: set[tuple[int, int]]) -> None:
    """A second scale above the axes: the boundary of the regions of each size, as many as there is room for."""
    if len({size for size, _ in pairs}) < len(pairs):
        return
    if len({boundary for _, boundary in pairs}) == 1:
        ax.set_xlabel(f"{ax.get_xlabel()}, each with a boundary of {min(pairs)[1]}")
        return
    above = ax.secondary_xaxis("top")
    shown: list[tuple[int, int]] = []
    free = -math.inf
    for size, boundary in sorted(pairs):
        x = ax.transData.transform((size, 1))[0] * INCH / ax.figure.dpi
        half = LETTER * FONT * (len(str(boundary)) + 1) / 2
        if x - half >= free:
            shown.append((size, boundary))
            free = x + half
    above.set_xticks([size for size, _ in shown], [str(boundary) for _, boundary in shown], minor=False)
    above.minorticks_off()
    above.tick_params(labelsize=FONT - 1, colors=INK, length=3)
    above.set_xlabel("boundary of the region (nearest-neighbour pairs cut)", fontsize=FONT, color=INK)
