"""Fans: certificates that almost all weights reach a rank, and the conditions that make them valid.

A fan keeps some channels of each of its units for itself. Carried factors pass these channels on, from sites to
units and from unit to unit, so that a unit holds a product of powers of what its sites say. An exit is a factor
that reads a unit of the fan and sums its channels; each copy of an exit raises the degree of the output. The source
sites lie on one side. The sites of the stages lie on the other: each stage steers the exits that see it.
docs/theory.md has the theorem and its proof.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np

from ...circuit import Architecture, Circuit, compile
from ...errors import MethodError
from ...partition import Partition, Split
from ...tools.words import shown
from .sums import Choices, distinct_sums


@dataclass(frozen=True)
class Stage:
    """Sites of the side that steers, and how their joint index moves the exits that see this stage last.

    `steps` gives for each exit the indices at which it goes on to its next channel: an exit with steps (1, 2) sits
    on the first channel at index 0, on the second at 1, on the third from 2 on. None: the exits keep their sums,
    and the indices pick the largest exponents.
    """

    sites: Mapping[int, int]  # site -> inputs used
    time: int = 0  # of all stages that an exit sees the one with the latest time steers it
    steps: Mapping[int, tuple[int, ...]] | None = None
    order: tuple[int, ...] | None = None  # the channels in the order of the steps; None: 0, 1, 2, ...


@dataclass(frozen=True)
class Strand:
    """Source sites of one side, and the stages of the other side whose exits raise them to powers."""

    source: Mapping[int, int]  # site -> inputs used
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Fan:
    """One fan. Factors are numbered as in the circuit; the output's use of the root comes after the last one.

    Exits of a strand see no source of a later strand of their side.
    """

    channels: int  # kept in each unit that a carried factor belongs to
    strands: tuple[Strand, ...]
    carried: frozenset[int]
    exits: frozenset[int]

    @property
    def stages(self) -> list[Stage]:
        """The stages of all strands."""
        return [stage for strand in self.strands for stage in strand.stages]

    @cached_property
    def sites(self) -> dict[int, int]:
        """Every site of the fan, with its inputs used."""
        return {site: dim for sites in _parts(self) for site, dim in sites.items()}


def closed(circuit: Circuit, partition: Partition) -> tuple[Circuit, Partition]:
    """The same architecture with one fixed label: an open output becomes one more site and one more unit.

    Without a root map the label is held at its first value.
    """
    if circuit.open_output is None:
        return circuit, partition
    if not circuit.root_map:
        dims = np.append(circuit.unit_dims[:-1], 1)
        return replace(circuit, unit_dims=dims, open_output=None), Partition(partition.sides[:-1])
    sites, shifted = circuit.sites, circuit.factor_child + (circuit.factor_child >= circuit.sites)
    top = int(circuit.unit_layer.max()) + 1
    return Circuit(
        site_dims=circuit.terminal_dims,
        unit_dims=np.append(circuit.unit_dims, circuit.unit_dims[-1]),
        factor_start=np.append(circuit.factor_start, circuit.factor_start[-1] + 2),
        factor_child=np.append(shifted, [sites + circuit.units, sites]),
        unit_layer=np.append(circuit.unit_layer, top),
        unit_position=np.append(circuit.unit_position, 0),
        grids=((sites + 1,), *circuit.grids[1:], (1,)),
    ), partition


def proven_rank(architecture: Architecture | Circuit, partition: Split, fans: Sequence[Fan]) -> int:
    """The rank that these fans prove for almost all unshared weights; a MethodError if a condition fails.

    Theorem T5 (docs/theory.md). The conditions are checked here one by one, whoever found the fans.
    """
    given = compile(architecture)
    given.require_products("a fan")
    if given.has_sums:
        raise MethodError("fans are for circuits without sums")
    circuit, split = closed(given, given.terminals.partition(partition))
    for fan in fans:
        _check_numbers(circuit, fan)
    _check_room(circuit, fans)
    return prod(_fan_rank(circuit, split, fan) for fan in fans)


def _check_numbers(circuit: Circuit, fan: Fan) -> None:
    """Sites and factors are named by their own numbers only, and counts are 1 or more: the rank relies on it.

    Under a negative number a factor would count twice, and a count below 1 would make room where there is none.
    """
    factors, parts = len(circuit.factor_child), _parts(fan)
    counts = [fan.channels, *(dim for part in parts for dim in part.values())]
    sites = [site for part in parts for site in part]
    if wrong := [count for count in counts if not isinstance(count, int) or count < 1]:
        raise MethodError(f"the channels and inputs of a fan are integers, 1 or more; given: {shown(wrong[0])}")
    _check_names(sites, circuit.sites, "site")
    _check_names(fan.carried, factors, "factor")
    _check_names(fan.exits, factors + 1, "exit")


def _check_names(numbers: Iterable[int], limit: int, kind: str) -> None:
    for number in numbers:
        if not isinstance(number, int) or not 0 <= number < limit:
            raise MethodError(f"a fan names the {kind} {shown(number)}; they are 0 to {limit - 1}")


def _parts(fan: Fan) -> list[Mapping[int, int]]:
    """The sources of a fan, then its stages: the inputs used of each site."""
    return [*(strand.source for strand in fan.strands), *(stage.sites for stage in fan.stages)]


def _check_room(circuit: Circuit, fans: Sequence[Fan]) -> None:
    """All fans together keep no more channels of a unit, and no more inputs of a site, than it has."""
    room = circuit.vertex_dims.tolist()
    kept = dict.fromkeys(range(len(room)), 1)
    for fan in fans:
        for unit in _members(circuit, fan):
            kept[unit] *= fan.channels
        for site, dim in fan.sites.items():
            kept[site] *= dim
    for vertex, dim in enumerate(room):
        if kept[vertex] > dim:
            raise MethodError(f"fans keep {kept[vertex]} channels of vertex {vertex}; it has {dim}")


def _members(circuit: Circuit, fan: Fan) -> set[int]:
    """The vertices of the fan's units."""
    return {circuit.sites + int(circuit.factor_unit[factor]) for factor in fan.carried}


def _fan_rank(circuit: Circuit, partition: Partition, fan: Fan) -> int:
    """The rank of one fan by itself, its conditions checked."""
    _check_sides(partition, fan)
    paths = _paths(circuit, fan)
    seen: dict[int, Counter[int]] = {}
    for exit_ in sorted(fan.exits):
        child = circuit.sites + circuit.root if exit_ == len(circuit.factor_child) else circuit.factor_child[exit_]
        if exit_ in fan.carried or child not in paths:
            raise MethodError(f"exit {exit_} of a fan must read a unit of the fan, and carry nothing")
        seen[exit_] = paths[int(child)]
    steered = _steered(partition, fan, seen)
    every = {site for strand in fan.strands for site in strand.source}
    sources = {side: {site for site in every if partition.sides[site] == side} for side in (True, False)}
    rank, later = 1, set[int]()  # later: the sources of later strands
    for strand in reversed(fan.strands):
        side = bool(partition.sides[next(iter(strand.source))])
        found = [(stage, steered[stage.time]) for stage in strand.stages if steered[stage.time]]
        exits = [exit_ for _, some in found for exit_ in some]
        _check_alike(strand.source, [seen[exit_] for exit_ in exits])
        for stage, some in found:
            _check_alike(stage.sites, [seen[exit_] for exit_ in some])
            if stage.steps is None:
                _check_even(sources[side], [seen[exit_] for exit_ in some])
        _check_hidden(later & sources[side], [seen[exit_] for exit_ in exits])
        later |= set(strand.source)
        choices = [_choices(circuit, fan, stage, some) for stage, some in found]
        rank *= min(prod(strand.source.values()), distinct_sums(fan.channels, choices))
    return rank


def _check_sides(partition: Partition, fan: Fan) -> None:
    """Each site has one part in a fan; each strand has its source on one side and its stages on the other."""
    times = {stage.time for stage in fan.stages if isinstance(stage.time, int)}
    if sum(map(len, _parts(fan))) != len(fan.sites) or len(times) != len(fan.stages):
        raise MethodError("each site has one part in a fan, and each of its stages a time of its own, an integer")
    for strand in fan.strands:
        source = {bool(partition.sides[site]) for site in strand.source}
        steering = {bool(partition.sides[site]) for stage in strand.stages for site in stage.sites}
        if len(source) != 1 or len(steering) != 1 or source == steering:
            raise MethodError("a strand has its source on one side and its stages on the other")


def _paths(circuit: Circuit, fan: Fan) -> dict[int, Counter[int]]:
    """For each unit of the fan, as a vertex, the number of carried paths to it from each of the fan's sites."""
    known = {site: Counter({site: 1}) for site in fan.sites}
    for factor in sorted(set(fan.carried)):  # factors come in the order of their units, children first
        unit, child = circuit.sites + int(circuit.factor_unit[factor]), int(circuit.factor_child[factor])
        if child not in known:
            raise MethodError(f"factor {factor} carries a fan that its child, vertex {child}, does not hold")
        known.setdefault(unit, Counter()).update(known[child])
    return {vertex: paths for vertex, paths in known.items() if vertex >= circuit.sites}


def _steered(partition: Partition, fan: Fan, seen: Mapping[int, Counter[int]]) -> dict[int, list[int]]:
    """The exits that each stage steers, by the time of the stage. An exit sees stages of one side only."""
    stage_of = {site: stage.time for stage in fan.stages for site in stage.sites}
    steered: dict[int, list[int]] = {stage.time: [] for stage in fan.stages}
    for exit_, paths in seen.items():
        stages = [site for site in paths if site in stage_of]
        if len({bool(partition.sides[site]) for site in stages}) != 1:
            raise MethodError(f"exit {exit_} must see stages of one side; it sees the steering sites {sorted(stages)}")
        steered[max(stage_of[site] for site in stages)].append(exit_)
    return steered


def _check_alike(sites: Iterable[int], seen: Sequence[Counter[int]]) -> None:
    """All these exits see all of these sites, each on equally many paths."""
    _check_even(sites, seen)
    if missed := [site for site in sites for paths in seen[:1] if not paths[site]]:
        raise MethodError(f"exits of a strand must see all of its source and of the stage; they do not see {missed}")


def _check_even(sites: Iterable[int], seen: Sequence[Counter[int]]) -> None:
    """Each of these sites is seen on equally many paths, perhaps none, by all of these exits."""
    for site in sites:
        numbers = {paths[site] for paths in seen}
        if len(numbers) > 1:
            raise MethodError(f"exits of a fan see site {site} on {sorted(numbers)} paths; they must agree")


def _check_hidden(sites: set[int], seen: Sequence[Counter[int]]) -> None:
    """These exits see none of these sites."""
    if visible := {site for paths in seen for site in sites if paths[site]}:
        raise MethodError(f"exits of a strand see {sorted(visible)}, sources of a later strand of their side")


def _choices(circuit: Circuit, fan: Fan, stage: Stage, exits: Sequence[int]) -> Choices:
    """What a stage offers: its indices, and the copies and the steps of its exits."""
    order = tuple(range(fan.channels)) if stage.order is None else stage.order
    steps = None if stage.steps is None else [tuple(stage.steps.get(exit_, ())) for exit_ in exits]
    if sorted(order) != list(range(fan.channels)) or any(
        len(each) != fan.channels - 1 or sorted(each) != list(each) or not all(isinstance(n, int) for n in each)
        for each in steps or ()
    ):
        raise MethodError(
            f"the steps of each exit are integers that do not fall, one less than the fan's {fan.channels} channels"
        )
    last = len(circuit.factor_child)
    copies = [int(circuit.multiplicities[circuit.sites + circuit.factor_unit[e]]) if e < last else 1 for e in exits]
    return Choices(prod(stage.sites.values()), copies, steps, order)
