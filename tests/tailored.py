"""Random small cases of tailoring, and their best networks by trying all of them, without tailoring."""

import itertools
import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

import tncut
from tncut import ConvAC, Layer, Partition, Recurrent, Tree
from tncut.proven.pairing import most_pairs

OBJECTIVES = ("smallest", "mean", "share", "cost")
GUARANTEES = ("lower", "upper")


def deep(rng, layers):
    return ConvAC.deep(sites=2**layers, site_dim=int(rng.integers(2, 5)), channels=(1,) * layers)


def on_tree(rng, layers):
    tree = [[0, 1, 2], [3, [4, 5]]] if layers == 3 else [[0, [1, 2]], [3, [4, [5, 6]]]]
    return Tree(tree=tree, site_dim=int(rng.integers(2, 5)), channels=[1] * layers)


def overlapping(rng, layers):
    rows = [Layer(channels=1, window=2, stride=1) for _ in range(layers - 2)]
    rows += [Layer(channels=1, window=2), Layer(channels=1, window="all")]
    return ConvAC(sites=6, site_dim=int(rng.integers(2, 4)), layers=rows)


def recurrent(rng, layers):
    return Recurrent(steps=4, site_dim=int(rng.integers(2, 4)), hidden=(1,) * layers)


FAMILIES = (deep, on_tree, overlapping, recurrent)
KEYS = {Recurrent: "hidden.{}", Tree: "channels.{}", ConvAC: "layers.{}.channels"}


def with_widths(net, widths):
    """A network of the same family, built without tailoring."""
    if isinstance(net, Recurrent):
        return replace(net, hidden=widths)
    if isinstance(net, Tree):
        return replace(net, channels=widths)
    return replace(net, layers=[replace(old, channels=r) for r, old in zip(widths, net.layers, strict=True)])


def every(net, lists):
    """All networks of a family."""
    return [with_widths(net, widths) for widths in itertools.product(*lists)]


def rounded(net, base):
    """The circuit with all dimensions rounded down to powers of a base."""
    circuit = tncut.compile(net)
    down = [
        np.array([base ** math.floor(math.log(d, base) + 1e-9) for d in dims.tolist()])
        for dims in (circuit.site_dims, circuit.unit_dims)
    ]
    return replace(circuit, site_dims=down[0], unit_dims=down[1])


def counted(net, sides, base):
    """What tailoring counts over all partitions, from the library's other doors; base None: the rank bound."""
    if base is None:
        return tncut.bounds(net, sides).ranks
    circuit = rounded(net, base)
    if not circuit.reuses_units:
        return tncut.bounds(circuit, sides).ranks
    return [base ** most_pairs(circuit, Partition(row), base) for row in sides]


def score(ranks, cost, objective, asked):
    """The value of the objective; the more the better."""
    bits = np.log2(np.array(ranks, dtype=float))
    if objective == "smallest":
        return math.log2(min(ranks))
    if objective == "mean":
        return float(bits @ asked / asked.sum())
    if objective == "share":
        return min(1.0, float((bits / asked).min()))
    return -cost if (bits >= asked - 1e-9).all() else -math.inf


def proper_sides(rng, count, sites):
    sides = rng.random((count, sites)) < 0.5
    sides[:, 0], sides[:, -1] = True, False
    return sides


def _list(rng, powers, lengths):
    """So many different powers of 2, or integers below 10."""
    drawn = rng.choice(8 if powers else 9, int(rng.integers(lengths[0], lengths[1] + 1)), replace=False)
    return sorted(2**e if powers else e + 1 for e in drawn.tolist())


@dataclass(frozen=True, eq=False)
class Case:
    """A random question to `tailor`."""

    net: Any
    lists: list[list[int]]
    sides: np.ndarray
    objective: str
    guarantee: str
    budget: int
    asked: np.ndarray
    bases: list[int | None] = field(default_factory=list)

    @classmethod
    def drawn(cls, rng, make, objective, guarantee, *, layers=3, lengths=(4, 8), partitions=10):
        net = make(rng, layers)
        powers = rng.random() < 0.4
        lists = [_list(rng, powers, lengths) for _ in range(layers)]
        if powers:
            net = replace(net, site_dim=int(rng.choice([2, 4])))
        sides = proper_sides(rng, int(rng.integers(1, partitions + 1)), len(tncut.compile(net).site_dims))
        ends = [with_widths(net, [listed[place] for listed in lists]) for place in (0, lengths[0] - 1)]
        least, most = (tncut.count_cost(one).parameters for one in ends)
        # Powers are their own digits; elsewhere the best base counts, and none above the sites' dimension pairs any.
        bases = [None] if guarantee == "upper" else [2] if powers else list(range(2, net.site_dim + 1))
        return cls(
            net,
            lists,
            sides,
            objective,
            guarantee,
            int(rng.integers(least, 2 * most + 1)),
            rng.integers(1, 6, len(sides)).astype(float),
            bases,
        )

    @property
    def options(self):
        numbers = {"mean": {"weights": self.asked.tolist()}, "smallest": {}}
        return {
            "budget": self.budget,
            "widths": {KEYS[type(self.net)].format(number): listed for number, listed in enumerate(self.lists)},
            "objective": self.objective,
            "guarantee": self.guarantee,
            **numbers.get(self.objective, {"demands": self.asked.tolist()}),
        }

    def scores(self):
        """(networks, bases) the value of each network in each base, and its cost."""
        nets = every(self.net, self.lists)
        costs = [tncut.count_cost(one).parameters for one in nets]
        found = [
            [
                score(counted(one, self.sides, base), cost, self.objective, self.asked)
                if cost <= self.budget
                else -math.inf
                for base in self.bases
            ]
            for one, cost in zip(nets, costs, strict=True)
        ]
        return np.array(found), np.array(costs)

    def compared(self):
        """What tailoring found, or None; its value, the more the better; the best of all, and the least cost of it."""
        values, costs = self.scores()
        best = float(values.max())
        least = int(costs[(values >= best - 1e-9).any(axis=1)].min())
        try:
            found = tncut.tailor(self.net, self.sides, **self.options)
        except (tncut.MethodError, tncut.PartitionError):
            return None, -math.inf, best, least
        return found, -found.value if self.objective == "cost" else found.value, best, least
