"""The pairing with the largest rank, over all bases and all terms of sums."""

from itertools import islice

from ...circuit import Architecture, Circuit, compile
from ...partition import Partition, Split
from .check import check_pairing
from .digits import Digits, bases, floor_log
from .flow import Flow, joint_flow
from .plan import Pairing
from .search import MOST_WORK, best_flow
from .terms import candidate_terms


def best_pairing(architecture: Architecture | Circuit, partition: Split) -> Pairing:
    """A pairing of a rank as large as was found: almost all unshared weights attain it at least.

    The best of all pairings where no vertex is read twice, and nearly always where the circuit is small.

    >>> circuit = Circuit.from_units([2, 2], [(3, [("site", 0), ("site", 1)])])
    >>> best_pairing(circuit, Partition.of(2, {0})).rank
    2
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    circuit.require_products("a pairing")
    dims = {*circuit.terminal_dims.tolist(), *circuit.unit_dims.tolist()}
    best: Flow | None = None
    rank = 0
    for most, base in sorted(((_most(circuit, split, base), base) for base in bases(dims) or [2]), reverse=True):
        if most > rank:
            flow = _best_of_base(Digits.of(circuit, split, base), beyond=rank)
            if base**flow.pairs > rank:
                best, rank = flow, base**flow.pairs
    assert best is not None
    pairing = _pairing(best)
    fault = check_pairing(pairing)
    assert fault is None, f"a pairing was found that is none: {fault}"
    return pairing


def most_pairs(circuit: Circuit, split: Partition, base: int) -> int:
    """The pairs of the largest pairing found in one base."""
    return _best_of_base(Digits.of(circuit, split, base), beyond=0).pairs


def _most(circuit: Circuit, partition: Partition, base: int) -> int:
    """The largest rank that a base could prove: all digits of either side."""
    held = floor_log(circuit.terminal_dims, base)
    most: int = base ** int(min(held[partition.sides].sum(), held[~partition.sides].sum()))
    return most


def _best_of_base(digits: Digits, *, beyond: int) -> Flow:
    """The most pairs found, over candidates for the terms of sums; nothing where no rank is beyond the given one."""
    if not digits.undecided:
        return best_flow(digits, beyond=beyond)
    most, best = joint_flow(digits).pairs, Flow.empty(digits)
    if digits.base**most > beyond:
        for terms in islice(candidate_terms(digits), 1 + MOST_WORK // len(digits.used)):
            flow = best_flow(digits.with_terms(terms), beyond=beyond)
            if best.digits.undecided or flow.pairs > best.pairs:
                best = flow
            if best.pairs == most:
                break
    return best


def _pairing(flow: Flow) -> Pairing:
    digits = flow.digits
    return Pairing(
        circuit=digits.circuit,
        partition=digits.partition,
        base=digits.base,
        carried_a=flow.carried_a,
        carried_b=flow.carried_b,
        met=flow.met,
        met_at_output=flow.at_output,
        used=digits.used,
    )
