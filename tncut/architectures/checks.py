"""Checks that every specification shares: numbers, grids, choices."""

from collections.abc import Sequence

import numpy as np

from ..errors import SpecError
from ..tools.words import nearest, shown

SITE_LIMIT = 2**24
LARGEST = 2**62


def natural(key: str, value: object, *, least: int = 1) -> int:
    """An integer from `least` on."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise SpecError(f"{key} is {shown(value)}; it must be an integer")
    if not least <= value < LARGEST:
        raise SpecError(f"{key} is {shown(value)}; it must be from {least} to 2^62 - 1")
    return int(value)


def natural_tuple(key: str, value: object, *, least: int = 1) -> tuple[int, ...]:
    """A list of such integers, not empty."""
    if not isinstance(value, list | tuple) or not value:
        raise SpecError(f"{key} is {shown(value)}; it must be a list of integers, not empty")
    return tuple(natural(f"{key}[{place}]", item, least=least) for place, item in enumerate(value))


def grid_of(sites: object) -> tuple[int, ...]:
    """The shape of a grid of sites, given as a number or a list; refused when it is too large."""
    grid = natural_tuple("sites", sites) if isinstance(sites, list | tuple) else (natural("sites", sites),)
    total = 1
    for length in grid:
        total *= length
    if total > SITE_LIMIT:
        raise SpecError(f"sites make a grid of {total} positions; the limit is {SITE_LIMIT}")
    return grid


def site_dims_of(value: object, sites: int) -> int | tuple[int, ...]:
    """One dimension for all sites, or one for each."""
    if not isinstance(value, list | tuple):
        return natural("site_dim", value)
    if len(value) != sites:
        raise SpecError(f"site_dim lists {len(value)} dimensions; there are {sites} sites")
    return natural_tuple("site_dim", value)


def truth(key: str, value: object) -> None:
    if not isinstance(value, bool):
        raise SpecError(f"{key} is {shown(value)}; it must be true or false")


def labels(open_output: int | None, *, without_map: int | None = None) -> None:
    """The number of labels, if the output is open; without a root map it is the number of the root's channels."""
    if open_output is not None:
        natural("open_output", open_output)
        if without_map not in (None, open_output):
            raise SpecError(
                f"without a root map the last layer's {without_map} channels are the output; "
                f"open_output is {open_output}"
            )


def one_of(key: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        raise SpecError(f"{key} is {shown(value)}; {nearest(value, choices)}")
