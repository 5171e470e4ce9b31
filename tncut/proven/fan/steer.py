"""How a stage moves its exits: every channel in turn, and the exits one by one where indices are left over."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import comb

from .fan import Stage


def steer(channels: int, sites: Mapping[int, int], indices: int, exits: Sequence[int], degree: int, turn: int) -> Stage:
    """A stage with so many joint indices for these exits, which have `degree` copies together.

    With enough indices all exponents are picked. With fewer indices than channels, `turn` says with which channel
    the stage begins, so that several stages reach all of them.
    """
    if indices >= comb(channels + degree - 1, degree):
        return Stage(sites, turn)
    order = tuple((turn + k) % channels for k in range(channels)) if indices < channels else None
    extra = [len(part) for part in _parts(max(indices - channels, 0), channels - 1)]
    begins, at = [], 1
    for gap in range(channels - 1):
        begins.append(at)
        at += 1 + min(extra[gap], len(exits) - 1)
    steps = {exit_: tuple(_turns(begins, at, place, len(exits))) for place, exit_ in enumerate(exits)}
    return Stage(sites, turn, steps, order)


def _turns(begins: Sequence[int], end: int, place: int, exits: int) -> list[int]:
    """The indices at which one exit goes on: the exits share the indices between two corners."""
    return [first + place * (last - first) // exits for first, last in pairwise([*begins, end])]


def _parts(total: int, parts: int) -> list[range]:
    """So many things in nearly equal parts."""
    return [range(total * k // parts, total * (k + 1) // parts) for k in range(parts)]
