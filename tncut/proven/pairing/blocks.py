"""Pairings over many partitions side by side: the joint flow of flow.py, on one graph that is made once.

A joint flow is an upper end of all pairings in its base, and where no path goes up again it is a pairing itself.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...circuit import Circuit
from ...mincut.gated import SINK, SOURCE, GatedGraph
from ...tools.arrays import BoolArray, Groups, IntArray
from .digits import bases, floor_log


@dataclass(frozen=True, eq=False)
class PairCounts:
    """The largest pairings of a circuit without sums, in one base, over any number of partitions."""

    circuit: Circuit
    base: int

    @classmethod
    def of(cls, circuit: Circuit) -> "PairCounts | None":
        """In the base that all sites are powers of, so that pairings can meet the bound of all sites; None without one.

        None, too, if the units that read sites hold fewer digits than either side, so that none can.
        """
        read = np.append(circuit.use_counts[: circuit.sites] > 0, True)[: len(circuit.terminal_dims)]
        dims = circuit.terminal_dims[read]
        generators = bases(dims.tolist())
        for base in generators[:1]:
            digits = floor_log(dims, base)
            if not circuit.has_sums and (base**digits == dims).all():
                return cls(circuit, base)
        return None

    @cached_property
    def held(self) -> IntArray:
        """(vertices,) digits of each site and unit."""
        return floor_log(self.circuit.vertex_dims, self.base)

    @cached_property
    def pairs_of_reads(self) -> tuple[IntArray, IntArray]:
        """(distinct pairs,) the units and the children that they read."""
        circuit = self.circuit
        vertices = circuit.sites + circuit.units
        unit, child = np.divmod(np.unique(circuit.factor_unit * vertices + circuit.factor_child), vertices)
        return unit, child

    @cached_property
    def most(self) -> int:
        """No pairing has more pairs: the digits of the units that read sites, and of the label."""
        unit, child = self.pairs_of_reads
        readers = np.unique(unit[child < self.circuit.sites])
        labels = floor_log(np.array([self.circuit.open_output or 1]), self.base)
        return int(self.held[self.circuit.sites + readers].sum() + labels.sum())

    @cached_property
    def graph(self) -> GatedGraph:
        """Nodes: source, sink, the sites, and of each unit where digits come in and go out. Gates: always, A, B."""
        circuit, held = self.circuit, self.held
        sites, units = circuit.sites, circuit.units
        unit, child = self.pairs_of_reads
        site, label = 2 + np.arange(sites), np.array([circuit.sites])
        into, out = 2 + sites + np.arange(units), 2 + sites + units + np.arange(units)
        ends = np.concatenate((site, out)), np.concatenate((site, into))
        least = np.minimum(held[child], held[sites + unit])
        terminals = len(circuit.terminal_dims)
        always, on_a, on_b = 0, 1, 1 + terminals
        of_site = child < sites
        up_gate, down_gate = np.where(of_site, on_a + child, always), np.where(of_site, on_b + child, always)
        columns = [
            (np.full(sites, SOURCE), site, held[:sites], on_a + np.arange(sites)),
            (site, np.full(sites, SINK), held[:sites], on_b + np.arange(sites)),
            (into, out, held[sites:], np.full(units, always)),
            (ends[0][child], into[unit], least, up_gate),
            (out[unit], ends[1][child], least, down_gate),
        ]
        if circuit.open_output is not None:
            digits = floor_log(np.array([circuit.open_output]), self.base)
            columns.append((np.array([SOURCE]), into[-1:], digits, on_a + label))
            columns.append((out[-1:], np.array([SINK]), digits, on_b + label))
        tail, head, capacity, gate = (np.concatenate(column) for column in zip(*columns, strict=True))
        return GatedGraph(2 + sites + 2 * units, tail, head, capacity, (gate, gate))

    def counts(self, terminals: BoolArray, *, compiled: bool = False) -> IntArray:
        """(partitions,) pairs of the largest pairings; -1 where the joint flow is no pairing.

        `terminals`: (terminals, partitions) True: side A. `compiled`: by numba.
        """
        pairs, met = self._joint_flows(terminals, compiled)
        return np.where((met >= 0).all(axis=0), pairs, -1)

    def least(self, terminals: BoolArray, *, compiled: bool = False) -> IntArray:
        """(partitions,) pairs of some pairings: a joint flow without its paths that go down and up again.

        The flow has paths of which as many turn upward in a unit as more goes up from there than comes from below.
        """
        pairs, met = self._joint_flows(terminals, compiled)
        found: IntArray = pairs + np.minimum(met, 0).sum(axis=0)
        return np.maximum(found, 0)

    def _joint_flows(self, terminals: BoolArray, compiled: bool) -> tuple[IntArray, IntArray]:
        """(partitions,) the values of joint flows; (units, partitions) how many pairs meet in each unit."""
        always = np.ones((1, terminals.shape[1]), dtype=bool)
        flows = self.graph.maximum_flows(np.concatenate((always, terminals, ~terminals)), compiled=compiled)
        unit, child = self.pairs_of_reads
        sites, units = self.circuit.sites, self.circuit.units
        begin = 2 * sites + units
        up, down = flows[begin : begin + len(unit)], flows[begin + len(unit) : begin + 2 * len(unit)]
        up = np.where((child >= sites)[:, None], up - np.minimum(up, down), up)
        # Pairs meet in a unit where more comes from below than goes up again.
        met = np.add.reduceat(up, np.flatnonzero(np.diff(unit, prepend=-1)), axis=0)
        order = np.argsort(child, kind="stable")[np.count_nonzero(child < sites) :]
        groups = Groups.of(child[order] - sites)
        if len(order):
            met[groups.owners] -= np.add.reduceat(up[order], groups.start, axis=0)
        pairs = flows[sites : 2 * sites].sum(axis=0)
        if self.circuit.open_output is not None:
            met[-1] -= flows[-1]
            pairs += flows[-1]
        return pairs, met

    def separating(self, terminals: BoolArray, *, compiled: bool = False) -> BoolArray:
        """(vertices + 1, partitions) vertices, the last for the label, that all paths from A to B pass, of few digits.

        No pairing has more pairs than they hold together, whatever the dimensions. Arguments as in `counts`.
        """
        circuit, held = self.circuit, self.held
        sites, units = circuit.sites, circuit.units
        always = np.ones((1, terminals.shape[1]), dtype=bool)
        reached, _ = self.graph.minimum_cuts(np.concatenate((always, terminals, ~terminals)), compiled=compiled)
        site, into, out = np.split(reached[2:], [sites, sites + units])
        found = np.zeros((sites + units + 1, terminals.shape[1]), dtype=bool)
        found[:sites] = np.where(terminals[:sites], ~site, site)
        found[:sites] &= (circuit.use_counts[:sites] > 0)[:, None]  # nothing passes a site that is not read
        found[sites:-1] = into & ~out
        if circuit.open_output is not None:
            found[-1] = np.where(terminals[-1], ~into[-1], out[-1])
        # What is cut between two vertices is cut at the one that holds fewer digits.
        unit, child = self.pairs_of_reads
        of_unit = np.ones((units, terminals.shape[1]), dtype=bool)
        up, down = (np.concatenate((sides, of_unit))[child] for sides in (terminals[:sites], ~terminals[:sites]))
        leaves, enters = (np.concatenate((site, ends))[child] for ends in (out, into))
        cut = (up & leaves & ~into[unit]) | (down & out[unit] & ~enters)
        np.logical_or.at(found, np.where(held[child] <= held[sites + unit], child, sites + unit), cut)
        return found
