"""The pairs of a pairing one by one: from a site of A up to where they meet, and down to a site of B."""

from dataclasses import dataclass

from ...circuit import Circuit
from ...tools.arrays import IntArray
from .plan import Pairing

Way = tuple[int, ...]  # factors: each one reads the unit of the one before it, or the other way round on the way down


@dataclass(frozen=True)
class Path:
    """One pair of digits. A digit of an open output's label takes no way: its `up` or `down` is empty."""

    up: Way  # factors from a site of A to where the pair meets
    unit: int | None  # where it meets; None: at the output, with a digit of the label
    down: Way  # factors from there to a site of B


def paths(pairing: Pairing) -> list[Path]:
    """All pairs in the order of the units where they meet, those with the label last.

    Digits that are carried but never meet have no path.
    """
    circuit = pairing.circuit
    # As many digits as a site can hold in any base.
    left_a: list[list[Way]] = [[()] * dim.bit_length() for dim in circuit.site_dims.tolist()]
    left_b = [list(ways) for ways in left_a]
    found: list[Path] = []
    for unit, met in enumerate(pairing.met.tolist()):
        ways_a = _arrived(circuit, unit, left_a, pairing.carried_a)
        ways_b = _arrived(circuit, unit, left_b, pairing.carried_b)
        found += [Path(a, unit, b[::-1]) for a, b in zip(ways_a[:met], ways_b[:met], strict=True)]
        left_a.append(ways_a[met:])
        left_b.append(ways_b[met:])
    if pairing.partition.sides[-1]:
        return found + [Path((), None, way[::-1]) for way in left_b[-1][: pairing.met_at_output]]
    return found + [Path(way, None, ()) for way in left_a[-1][: pairing.met_at_output]]


def _arrived(circuit: Circuit, unit: int, left: list[list[Way]], carried: IntArray) -> list[Way]:
    """The ways of all digits that arrive in a unit; they are taken from what its children have left."""
    arrived = []
    for factor in range(circuit.factor_start[unit], circuit.factor_start[unit + 1]):
        below = left[circuit.factor_child[factor]]
        arrived += [(*below.pop(0), factor) for _ in range(carried[factor])]
    return arrived
