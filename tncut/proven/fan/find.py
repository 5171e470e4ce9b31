"""The best fans that the searches find for a circuit of any size; every answer is a proven bound."""

from collections.abc import Iterator
from itertools import islice

from ...circuit import Architecture, Circuit, compile
from ...errors import MethodError
from ...partition import Partition, Split
from .cone import cone_fan
from .fan import Fan, closed, proven_rank
from .pairs import pair_fans
from .recurrent import is_recurrent, recurrent_fans
from .task import Task

MOST_BASES = 4


def find_fans(architecture: Architecture | Circuit, partition: Split, *, tries: int = 100, seed: int = 0) -> list[Fan]:
    """Fans with a large proven rank, found by local search of so many `tries`; `proven_rank` says which rank.

    Theorem T5 (docs/theory.md). The fans are on the closed circuit (see `closed`). About 0.1 s for 1,000 matrices, 10 s
    for 7,000 with 100 tries. A MethodError for sums and for gates other than the product.
    """
    given = compile(architecture)
    given.require_products("a fan")
    if given.has_sums:
        raise MethodError("fans are for circuits without sums")
    circuit, split = closed(given, given.terminals.partition(partition))
    if not 0 < split.sides.sum() < len(split):
        return []
    return max(_all_found(circuit, split, tries, seed), key=lambda fans: proven_rank(circuit, split, fans))


def _all_found(circuit: Circuit, partition: Partition, tries: int, seed: int) -> Iterator[list[Fan]]:
    """What each search finds: pairs alone, cones with pairs in what they leave, and the fans of recurrent nets."""
    task, bases = Task.of(circuit, partition), _bases(circuit)
    for base in bases:
        yield pair_fans(circuit, partition, task.dims, base)
    for base in bases:
        fans: list[Fan] = []
        while fan := cone_fan(task, task.room(fans), base, seed=seed, tries=tries):
            fans.append(fan)
        for other in {2, base}:
            yield fans + pair_fans(circuit, partition, task.room(fans), other)
    if is_recurrent(circuit) and (partition.sides[1:] != partition.sides[:-1]).sum() == 1:
        fans = recurrent_fans(circuit, partition)
        yield fans
        yield fans + pair_fans(circuit, partition, task.room(fans))


def _bases(circuit: Circuit) -> list[int]:
    """2, and the commonest dimensions of the units."""
    dims = circuit.unit_dims.tolist()
    common = sorted(set(dims) - {1, 2}, key=lambda dim: (-dims.count(dim), dim))
    return [2, *islice(common, MOST_BASES - 1)]
