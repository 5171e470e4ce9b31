"""A circuit in stages of array operations: units that are alike are computed together.

Vectors lie in blocks, (vectors, samples, channels): the sites of one dimension, and the units of one stage. Units are
alike if they have one level and the same kinds of factors. The order of a block is that in which it is read first, so
that a network without re-use reads every block from its beginning to its end, and nothing is gathered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit, weight_groups
from ..tools.arrays import IntArray

Kind = tuple[tuple[int, int], ...]  # of a factor: block and weight group of each of its pairs
Table = list[list[int]]  # of each unit of a stage, the pairs of its factors of one kind


@dataclass(frozen=True, eq=False)
class Reading:
    """Matrix-child pairs that read one block with one group of matrices: one for each unit and factor."""

    block: int
    group: str
    vectors: IntArray  # (units, factors) places in the block
    matrices: IntArray  # (units, factors) places in the group


@dataclass(frozen=True, eq=False)
class Stage:
    """Units that are alike. Each factor is a sum of readings; factors of one kind lie side by side."""

    kinds: tuple[tuple[Reading, ...], ...]


@dataclass(frozen=True, eq=False)
class Stages:
    """A circuit as blocks of sites and stages of units; the block of a stage comes after those that it reads."""

    sites: tuple[IntArray, ...]  # the sites of each block, in its order
    stages: tuple[Stage, ...]

    @classmethod
    def of(cls, circuit: Circuit) -> "Stages":
        """The stages of a circuit; the last one holds the root alone."""
        pairs = _Pairs(circuit)
        blocks = _site_blocks(circuit)
        kinds: list[list[Kind]] = []
        for level in circuit.levels:
            block_of = _places(blocks)
            alike: dict[tuple[int, tuple[Kind, ...]], list[int]] = {}
            for unit in level.tolist():
                listed = tuple(sorted(pairs.kind(factor, block_of) for factor in pairs.factors(unit)))
                alike.setdefault((int(circuit.unit_dims[unit]), listed), []).append(unit + circuit.sites)
            blocks += alike.values()
            kinds += [list(dict.fromkeys(listed)) for _, listed in alike]
        return cls._ordered(pairs, blocks, kinds)

    @classmethod
    def _ordered(cls, pairs: "_Pairs", blocks: list[list[int]], kinds: list[list[Kind]]) -> "Stages":
        """Blocks in the order in which they are read, from the root down; then the places of all that is read."""
        block_of, first = _places(blocks), len(blocks) - len(kinds)
        read: list[list[int]] = [[] for _ in blocks]
        tables: list[list[Table]] = [[] for _ in kinds]
        for block in reversed(range(len(blocks))):
            blocks[block] = list(dict.fromkeys(read[block])) or blocks[block]
            if block < first:
                continue
            for kind in kinds[block - first]:
                table = [pairs.of_kind(vertex, kind, block_of) for vertex in blocks[block]]
                tables[block - first].append(table)
                for slot, (child, _) in enumerate(kind):
                    read[child] += [pairs.child[pair] for unit in table for pair in unit[slot :: len(kind)]]
        place = {vertex: number for members in blocks for number, vertex in enumerate(members)}
        stages = tuple(
            Stage(tuple(pairs.readings(kind, table, place) for kind, table in zip(of, listed, strict=True)))
            for of, listed in zip(kinds, tables, strict=True)
        )
        return cls(tuple(np.array(members, dtype=np.int64) for members in blocks[:first]), stages)


class _Pairs:
    """The matrix-child pairs of a circuit: their children, their weight groups, and the factors that they make."""

    def __init__(self, circuit: Circuit) -> None:
        self.child: list[int] = circuit.factor_child.tolist()
        self.names = [group.name for group in weight_groups(circuit)]
        self.group = [0] * len(self.child)
        self.place = [0] * len(self.child)
        for number, group in enumerate(weight_groups(circuit)):
            for place, pair in enumerate(group.pairs.tolist()):
                self.group[pair], self.place[pair] = number, place
        self._sites = circuit.sites
        self._units: list[int] = circuit.unit_factors.tolist()
        self._factors: list[int] = circuit.factor_pairs.tolist()

    def factors(self, unit: int) -> Iterable[range]:
        """The pairs of each factor of a unit."""
        for factor in range(self._units[unit], self._units[unit + 1]):
            yield range(self._factors[factor], self._factors[factor + 1])

    def kind(self, factor: Iterable[int], block_of: Mapping[int, int]) -> Kind:
        return tuple(sorted((block_of[self.child[pair]], self.group[pair]) for pair in factor))

    def of_kind(self, vertex: int, kind: Kind, block_of: Mapping[int, int]) -> list[int]:
        """The pairs of a unit's factors of this kind, factor after factor, in the order of the kind."""
        return [
            pair
            for factor in self.factors(vertex - self._sites)
            if self.kind(factor, block_of) == kind
            for pair in sorted(factor, key=lambda pair: (block_of[self.child[pair]], self.group[pair]))
        ]

    def readings(self, kind: Kind, table: Table, place: Mapping[int, int]) -> tuple[Reading, ...]:
        """What units read in factors of one kind; `table` has the pairs of each unit, factor after factor."""
        found = []
        for slot, (block, group) in enumerate(kind):
            chosen = [unit[slot :: len(kind)] for unit in table]
            vectors = np.array([[place[self.child[pair]] for pair in unit] for unit in chosen])
            matrices = np.array([[self.place[pair] for pair in unit] for unit in chosen])
            found.append(Reading(block, self.names[group], vectors, matrices))
        return tuple(found)


def _site_blocks(circuit: Circuit) -> list[list[int]]:
    """The sites that are read, those of one dimension together."""
    read = np.flatnonzero(circuit.use_counts[: circuit.sites])
    dims = circuit.site_dims[read]
    return [read[dims == dim].tolist() for dim in np.unique(dims)]


def _places(blocks: list[list[int]]) -> dict[int, int]:
    """The block of each vertex."""
    return {vertex: number for number, members in enumerate(blocks) for vertex in members}
