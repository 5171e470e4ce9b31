"""Exact ranks, by elimination modulo a prime: no tolerance, no rounding."""

from collections.abc import Callable
from dataclasses import dataclass

from ..circuit import Circuit
from ..errors import MethodError, SizeError
from ..network import Subject, TensorNetwork, build
from ..partition import Partition, Split
from ..tools.memory import limit_or_default, refuse_above, refuse_work_above
from ..tools.progress import tell
from .elimination import rank_modulo
from .fields import PRIME, Array, Modular
from .matrix import ProbeSizes, path_counts, probe_matrix, read_sites, side_dims
from .networks import RANDOM, default_kind, draw_tensors, exact_field, network_matrix, network_probes, network_side_dims
from .weights import Weights, draw_weights

ELIMINATION = 6  # the copies of the matrix that the elimination holds, temporary arrays included
FIRST_PROBES = 64
MOST_PROBES = 2048
WORK_LIMIT = 10**12  # multiply-adds: an hour or so
QUICK_WORK = 2 * 10**9  # multiply-adds: some ten seconds
FEWEST_PROBES = 2


@dataclass(frozen=True)
class ExactRank:
    """A rank measured modulo a prime, with all that is needed to measure it again.

    `method` is "full tensor" (of all coefficients), "probes" (of function values on random inputs) or "cut" (of the
    factors of both sides of a cut, see `rank_across`). `complete` is False if there were too few probes to exclude a
    larger rank of these weights.
    """

    rank: int
    shape: tuple[int, int]  # of the matrix whose rank was taken
    method: str
    complete: bool
    prime: int
    seed: int | None  # of the weights; None: they were given
    work: int  # multiply-adds, estimated beforehand: those of the evaluation, and the most that the elimination takes


def exact_rank(
    architecture: Subject,
    partition: Split,
    *,
    seed: int = 0,
    weights: str | None = None,
    probes: int | None = None,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> ExactRank:
    """The rank of [[A]]_{A,B} for weights drawn uniformly modulo the prime 2^31 - 1 (always this one).

    The rank of integer weights modulo a prime never exceeds the generic rank, which almost all weights have. So it is a
    proven lower bound on what the architecture attains. One draw does not prove that the two are equal; it only makes
    that very likely. With shared weights (see `draw_weights`) the same holds among shared weights.

    Without `probes`, all coefficients are used if neither side has more than 2048 dimensions. Otherwise there are
    random probes of either side (see `probe_matrix`): 64 (fewer if more do not fit), then twice as many, up to 2048,
    until they exceed the rank.
    Where a site is read on several paths, probes alone never exclude a larger rank.

    No matrix is started that needs more than `memory_limit` bytes (by default a quarter of the free memory), or more
    than `work_limit` multiply-adds, of which a core computes 10^8 to 10^9 in a second. A SizeError if this excludes the
    probes that were asked for, or 2 of them.
    """
    circuit = build(architecture)
    split = circuit.terminals.partition(partition)
    limits = _Limits(limit_or_default(memory_limit), work_limit)
    if isinstance(circuit, TensorNetwork):
        kind = weights or default_kind(circuit)
        field = exact_field(circuit, kind)
        tensors = draw_tensors(circuit, kind, field=field, seed=seed)
        return _rank_of_network(circuit, tensors, split, field, seed, probes, limits)
    limits.check(_attempts(circuit, split, probes, limits)[0])
    drawn = draw_weights(circuit, weights or RANDOM, field=Modular(PRIME), seed=seed, memory_limit=limits.memory)
    return exact_rank_of(drawn, split, seed=seed, probes=probes, memory_limit=limits.memory, work_limit=work_limit)


def exact_rank_of(
    weights: Weights,
    partition: Split,
    *,
    seed: int = 0,
    probes: int | None = None,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> ExactRank:
    """The same for given weights modulo a prime; the seed is that of the probes."""
    circuit, field = weights.circuit, weights.field
    if not isinstance(field, Modular):
        raise MethodError("an exact rank needs weights modulo a prime; `modulo` makes them from floats")
    split = circuit.terminals.partition(partition)
    limits = _Limits(limit_or_default(memory_limit), work_limit)
    attempts = _attempts(circuit, split, probes, limits)
    limits.check(attempts[0])
    for sizes in attempts:
        tell(f"exact rank by {sizes.probes} probes of either side")
        found = _measure(weights, field.prime, sizes, seed=seed, memory_limit=limits.memory)
        if found.complete:
            break
    return found


def rank_of_tensors(
    network: TensorNetwork,
    tensors: tuple[Array, ...],
    partition: Split,
    *,
    field: Modular,
    seed: int = 0,
    memory_limit: int | None = None,
    work_limit: int = WORK_LIMIT,
) -> ExactRank:
    """The same for the tensors of a network, elements of the field, each with the axes that `network.axes` says."""
    limits = _Limits(limit_or_default(memory_limit), work_limit)
    split = network.terminals.partition(partition)
    return _rank_of_network(network, tensors, split, field, seed, None, limits)


@dataclass(frozen=True)
class _Limits:
    """What one matrix of probes, with its elimination, may take."""

    memory: int  # bytes
    work: int  # multiply-adds

    def allow(self, sizes: ProbeSizes) -> bool:
        return _rank_bytes(sizes) <= self.memory and _rank_work(sizes) <= self.work

    def check(self, sizes: ProbeSizes) -> None:
        """Raise a SizeError if either is exceeded."""
        what = f"a rank by {sizes.probes} probes of either side"
        refuse_above(self.memory, _rank_bytes(sizes), what)
        refuse_work_above(self.work, _rank_work(sizes), what)


def _attempts(circuit: Circuit, split: Partition, probes: int | None, limits: _Limits) -> list[ProbeSizes]:
    """The sizes to try in turn, those after the first within the limits."""
    if probes is not None:
        return [ProbeSizes(circuit, split, probes)]
    full = ProbeSizes(circuit, split, max(side_dims(circuit, split)))
    if full.probes <= MOST_PROBES and limits.allow(full):
        return [full]
    first = FIRST_PROBES
    while first > FEWEST_PROBES and not limits.allow(ProbeSizes(circuit, split, first)):
        first //= 2
    attempts = [ProbeSizes(circuit, split, first)]
    while attempts[-1].probes < MOST_PROBES:
        doubled = ProbeSizes(circuit, split, 2 * attempts[-1].probes)
        if not limits.allow(doubled):
            break
        attempts.append(doubled)
    return attempts


def _rank_bytes(sizes: ProbeSizes) -> int:
    """The memory of the probe matrix and its elimination."""
    rows, columns = sizes.shape
    return sizes.bytes + ELIMINATION * 8 * rows * columns


def _rank_work(sizes: ProbeSizes) -> int:
    """The multiply-adds of the probe matrix, and the most that its elimination takes."""
    rows, columns = sizes.shape
    return sizes.work + rows * columns * min(rows, columns)


def _measure(weights: Weights, prime: int, sizes: ProbeSizes, *, seed: int, memory_limit: int) -> ExactRank:
    circuit, probes = weights.circuit, sizes.probes
    rank = rank_modulo(probe_matrix(weights, sizes.partition, probes, seed=seed, memory_limit=memory_limit), prime)
    complete = rank == min(sizes.dims) or all(
        dim <= probes or (rank < probes and (path_counts(circuit)[sites] == 1).all())
        for sites, dim in zip(read_sites(circuit, sizes.partition), sizes.dims, strict=True)
    )
    method = "full tensor" if max(sizes.dims) <= probes else "probes"
    return ExactRank(rank, sizes.shape, method, complete, prime, seed, _rank_work(sizes))


def _rank_of_network(
    network: TensorNetwork,
    tensors: tuple[Array, ...],
    split: Partition,
    field: Modular,
    seed: int,
    probes: int | None,
    limits: _Limits,
) -> ExactRank:
    """The rank of a tensor network's matrix: of all coefficients, or of probes as for circuits."""
    dims = network_side_dims(network, split)
    if probes is None and max(dims) <= MOST_PROBES:
        matrix = network_matrix(network, tensors, split, field=field, memory_limit=limits.memory)
        work = matrix.size * min(matrix.shape)
        return ExactRank(rank_modulo(matrix, field.prime), matrix.shape, "full tensor", True, field.prime, seed, work)

    def measured(number: int) -> ExactRank:
        tell(f"exact rank by {number} probes of either side")
        work = number**3
        refuse_work_above(limits.work, work, f"a rank by {number} probes of either side")
        matrix = network_probes(
            network, tensors, split, number, field=field, seed=seed, memory_limit=limits.memory, work_limit=limits.work
        )
        rank = rank_modulo(matrix, field.prime)
        return ExactRank(rank, matrix.shape, "probes", rank < number or number >= min(dims), field.prime, seed, work)

    if probes is not None:
        return measured(probes)
    return _most_probes(measured, min(FIRST_PROBES, *dims), min(MOST_PROBES, *dims))


def _most_probes(measured: Callable[[int], ExactRank], first: int, most: int) -> ExactRank:
    """By `first` probes, or fewer if so many do not fit; then by twice as many, until they suffice or do not fit."""
    number, found = first, None
    while found is None:
        try:
            found = measured(number)
        except SizeError:
            if number <= FEWEST_PROBES:
                raise
            number //= 2
    while not found.complete and number < most:
        number = min(2 * number, most)
        try:
            found = measured(number)
        except SizeError:
            break
    return found
