"""Random fans, valid by construction or by trial, for the tests of their rank."""

import numpy as np

from tncut.circuit import Circuit
from tncut.errors import MethodError
from tncut.partition import Partition
from tncut.proven.fan import Fan, Stage, Strand, proven_rank


def random_fan(rng: np.random.Generator, circuit: Circuit, partition: Partition) -> Fan | None:
    """A fan of a closed circuit with random strands, carried factors and exits; None where the draw gives none."""
    channels = int(rng.integers(2, 4))
    parts = _parts(rng, circuit, partition)
    carried, held = _carried(rng, circuit, channels, {site for source, steer in parts for site in (*source, *steer)})
    factors = len(circuit.factor_child)
    child = np.append(circuit.factor_child, circuit.sites + circuit.root)
    free = [f for f in range(factors + 1) if f not in carried and child[f] in held and child[f] >= circuit.sites]
    strands = _strands(rng, circuit, channels, parts, free)
    if not strands:
        return None
    exits: set[int] = set()
    for factor in rng.permutation(free).tolist():
        try:
            proven_rank(circuit, partition, [Fan(channels, strands, frozenset(carried), frozenset(exits | {factor}))])
        except MethodError:
            continue
        exits.add(factor)
        if rng.random() < 0.1:
            break
    return Fan(channels, strands, frozenset(carried), frozenset(exits)) if exits else None


def _parts(rng: np.random.Generator, circuit: Circuit, partition: Partition) -> list[tuple[list[int], list[int]]]:
    """For each strand its source sites and its steering sites."""
    number = int(rng.integers(1, 4))
    found: list[tuple[list[int], list[int]]] = [([], []) for _ in range(number)]
    source_side = rng.random(number) < 0.5 if rng.random() < 0.5 else np.full(number, rng.random() < 0.5)
    for site in np.flatnonzero(circuit.site_dims > 1).tolist():
        if rng.random() < 0.9:
            strand = int(rng.integers(number))
            found[strand][int(partition.sides[site] != source_side[strand])].append(site)
    return [part for part in found if all(part)]


def _carried(rng: np.random.Generator, circuit: Circuit, channels: int, held: set[int]) -> tuple[set[int], set[int]]:
    """Factors that carry a fan, and the vertices that hold it."""
    carried: set[int] = set()
    often = rng.choice([0.4, 0.7, 0.95])
    for unit in np.flatnonzero(circuit.unit_dims >= channels).tolist():
        factors = range(circuit.factor_start[unit], circuit.factor_start[unit + 1])
        some = {f for f in factors if circuit.factor_child[f] in held and rng.random() < often}
        if some:
            carried |= some
            held = held | {circuit.sites + unit}
    return carried, held


def _strands(
    rng: np.random.Generator, circuit: Circuit, channels: int, parts: list[tuple[list[int], list[int]]], free: list[int]
) -> tuple[Strand, ...]:
    times = iter(rng.permutation(circuit.sites).tolist())
    strands = []
    for source, steering in parts:
        stages = []
        for group in np.array_split(rng.permutation(steering), int(rng.integers(1, len(steering) + 1))):
            sites = {int(site): int(circuit.site_dims[site]) for site in group}
            stages.append(Stage(sites, next(times), *_moves(rng, channels, sites, free)))
        strands.append(Strand({site: int(circuit.site_dims[site]) for site in source}, tuple(stages)))
    return tuple(strands)


def _moves(
    rng: np.random.Generator, channels: int, sites: dict[int, int], free: list[int]
) -> tuple[dict[int, tuple[int, ...]] | None, tuple[int, ...]]:
    """Steps for all exits, or none, and the order of the channels."""
    order = tuple(rng.permutation(channels).tolist())
    if rng.random() < 0.4:
        return None, order
    indices = int(np.prod(list(sites.values())))
    corners = tuple(range(1, channels))
    return {
        f: corners if rng.random() < 0.5 else tuple(sorted(rng.integers(1, indices + 1, channels - 1).tolist()))
        for f in free
    }, order
