"""What the literature states about whole architectures, as exact integers: one function for each question.

Each answer says what kind of statement it is, and from where: `bound` holds for all weights, `proven` for almost all,
`attained` for some.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import SupportsFloat

import numpy as np

from ..architectures import Architecture, GraphNet, Recurrent, compile
from ..architectures.summary import field_lengths
from ..circuit import Circuit
from ..errors import MethodError, SizeError
from ..oracle import exact_rank
from ..oracle.rank import QUICK_WORK
from ..partition import Partition, Split, Splits
from ..tools.numbers import show_integer
from ..tools.values import integer
from ..tools.words import shown
from . import bound
from .shared_weights import shared_bound, sites_below

COLT_2016 = "Cohen, Sharir, Shashua, COLT 2016"
ICML_2016 = "Cohen, Shashua, ICML 2016"
GRAPHS_2022 = "Razin, Verbin, Cohen 2022 (arXiv 2211.16494)"
AUDENAERT_2007 = "Audenaert 2007 (arXiv quant-ph/0610146)"
GRASEDYCK_2010 = "Grasedyck 2010, as in Alexander, De La Vega, Razin, Cohen 2023 (arXiv 2303.11249)"
RECURRENT_2017 = "Levine, Sharir, Ziv, Shashua 2017 (arXiv 1710.09431)"


MOST_BITS = 2**20  # of a statement's integer
FIGURES = 1e-9  # bits that an entropy is given to


@dataclass(frozen=True)
class Statement:
    """An exact integer, what it means in words, whether it is a `bound`, `proven` or `attained`, and its source."""

    value: int
    kind: str
    source: str
    text: str

    def __str__(self) -> str:
        return f"{self.text}\n    {self.kind}: {self.source}"


def network_capacity(architecture: Architecture | Circuit, partitions: Splits = "odd-even") -> Statement:
    """The channels that a shallow network needs to compute what almost all weights of this one compute.

    A shallow network of r channels has Schmidt rank r at most over every partition, so it needs as many as the
    largest rank that is proven for this one over any of the partitions.
    """
    circuit = compile(architecture)
    found = [(_proven_rank(circuit, split), split) for split in circuit.terminals.partitions(partitions)]
    if not found:
        raise MethodError("no partition is given to compare the networks over; give for example odd-even")
    (rank, proof), split = max(found, key=lambda item: item[0][0])
    least = f"a shallow network needs at least {show_integer(rank)} channels"
    text = f"{least} for what almost all weights compute, over {split.name}"
    return Statement(rank, "proven", f"{COLT_2016}; rank by {proof}", text)


def depth_truncation(architecture: Architecture | Circuit, layers: int) -> Statement:
    """The channels that the last layer needs when only `layers` layers are left, that one with a global window.

    Put the children of every unit of that layer on sides A and B in turn. What the global window then multiplies
    depends on one side each, so the truncated network has as much rank as its last layer has channels at most,
    whatever the widths before it; the full network has what is proven for it, (rank of one block) ^ (number of
    blocks) if the later layers do not limit it. Windows must not overlap.
    """
    circuit = compile(architecture)
    if not 1 <= layers < circuit.layers:
        raise MethodError(f"{layers} layers are to be left of {circuit.layers}; it must be 1 to {circuit.layers - 1}")
    if circuit.multiplicities.max() > 1 or circuit.has_sums or circuit.open_output is not None:
        raise MethodError("depth truncation is stated for one fixed label, and windows that do not overlap")
    sides = np.zeros(circuit.sites, dtype=bool)
    for unit in np.flatnonzero(circuit.unit_layer == layers - 1).tolist():
        for child in circuit.factor_child[circuit.factor_start[unit] : circuit.factor_start[unit + 1] : 2].tolist():
            sides[sites_below(circuit, child)] = True
    rank, proof = _proven_rank(circuit, Partition(sides))
    text = (
        f"left with {_count(layers, 'layer')}, the last one global, it needs {show_integer(rank)} channels there "
        "for what almost all weights compute"
    )
    return Statement(rank, "proven", f"{COLT_2016}; rank by {proof}", text)


def start_end(recurrent: Recurrent) -> Statement:
    """How much the second half of a sequence can depend on the first: the Start-End separation rank.

    With a steps before the middle, b from then on, L layers of widths R_l and sites of dimension M, the rank is at most

        prod over l of C(R_l + n_l - 1, n_l),   n_l = C(b - 1 + L - l, L - l),

    as n_l copies of h^l_a reach the output, all the same; and at most M^a, and min(M, R_1) M^(b-1), as the last
    step is read once. One layer: min(R, M^a), attained by almost all weights. Two layers of width R and
    T = 2 b steps: R C(R + T/2 - 1, T/2).
    """
    if recurrent.open_output is not None:
        raise MethodError("start-end separation is stated for one fixed label; the output of this network is open")
    widths, steps = recurrent.hidden, recurrent.steps
    start, end = steps // 2, steps - steps // 2
    dims = np.broadcast_to(np.array(recurrent.site_dim), steps).tolist()
    copies = [math.comb(end - 1 + above, above) for above in reversed(range(len(widths)))]
    through = math.prod(math.comb(width + n - 1, n) for width, n in zip(widths, copies, strict=True))
    last = min(dims[-1], widths[0]) * math.prod(dims[start:-1])
    value = min(through, math.prod(dims[:start]), last)
    network = f"{_count(steps, 'step')}, {_count(len(widths), 'layer')}"
    text = f"Start-End separation rank of {network}: at most {show_integer(value)}"
    if len(widths) == 1:
        return Statement(value, "proven", RECURRENT_2017, f"{text}, attained by almost all weights")
    return Statement(value, "bound", f"{RECURRENT_2017}, and symmetric powers of re-used hidden vectors", text)


def walk_index(network: GraphNet, partition: Split) -> Statement:
    """How much a graph network can depend on both sides of a partition of its vertices: the walk index theorem.

    With hidden vectors of dimension D at most, L layers and rho walks of L - 1 steps (a step may stay where it is) that
    begin at the boundary, the vertices with a neighbour on the other side, the separation rank is at most

        D ^ (4 rho + 1)  for the graph, all walks counted;   D ^ (4 rho)  for a vertex, with walks that end there.

    It holds with and without a readout map. A MethodError for an open output, a SizeError above 2^20 bits.
    """
    if network.open_output is not None:
        raise MethodError("the walk index is stated for one fixed label; the output of this network is open")
    split = compile(network).terminals.partition(partition)
    walks = count_walks(network, split)
    exponent = 4 * walks + (network.vertex is None)
    if exponent * max(network.hidden).bit_length() > MOST_BITS:
        raise SizeError(f"the walk index is {show_integer(walks)}: the theorem's number has too many digits")
    value = max(network.hidden) ** exponent
    text = f"separation rank of a graph network over {split.name}, by {show_integer(walks)} walks from the boundary"
    return Statement(value, "bound", GRAPHS_2022, f"{text}: at most {show_integer(value)}")


def count_walks(network: GraphNet, split: Partition) -> int:
    """Walks of as many steps as the network has layers, less one, from the partition's boundary; exact.

    They end at the vertex that the network predicts for, or anywhere. A step goes to a neighbour, or stays.
    """
    start, flat = network.neighbourhoods()
    sides = split.sides[: len(start) - 1]
    boundary = np.logical_or.reduceat(sides[flat] != np.repeat(sides, np.diff(start)), start[:-1])
    walks = np.ones(len(sides), dtype=object)
    if network.vertex is not None:
        walks[:] = 0
        walks[network.vertex] = 1
    for _ in network.hidden[1:]:
        walks = np.add.reduceat(walks[flat], start[:-1])
    return int(walks[boundary].sum())


@dataclass(frozen=True)
class LightCone:
    """The sites that one unit of a layer depends on: the most of any unit along each axis, from first to last."""

    layer: int
    extent: tuple[int, ...]
    whole: bool  # whether some unit of this layer reaches from end to end on every axis

    def __str__(self) -> str:
        extent = " x ".join(str(n) for n in self.extent)
        return f"layer {self.layer} sees {extent} sites{', from end to end' if self.whole else ''}"


def light_cones(architecture: Architecture | Circuit) -> tuple[LightCone, ...]:
    """How far each layer sees. In overlapping networks entanglement grows with volume up to about this size
    (Levine, Sharir, Cohen, Shashua, PRL 2019)."""
    circuit = compile(architecture)
    extent = field_lengths(circuit)[circuit.sites :]
    cones = []
    for layer in range(circuit.layers):
        seen = extent[circuit.unit_layer == layer]
        whole = bool((seen == circuit.grids[0]).all(axis=1).any())
        cones.append(LightCone(layer, tuple(seen.max(axis=0).tolist()), whole))
    return tuple(cones)


def shared_weights(architecture: Architecture | Circuit, partition: Split) -> Statement:
    """The closed form for weights that are shared in every layer; a MethodError where none applies."""
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    value = shared_bound(circuit, split)
    if value is None:
        raise MethodError(
            "the closed form for shared weights needs equal windows that do not overlap, on one side each"
        )
    text = f"Schmidt rank over {split.name} with weights shared in every layer: at most {show_integer(value)}"
    return Statement(value, "bound", f"{COLT_2016}; symmetric powers of shared maps", text)


def grid_ceiling(architecture: Architecture | Circuit, partition: Split = "odd-even") -> Statement:
    """What the rank of a shallow network's grid tensor cannot exceed, for gates that average or take the maximum.

    Average: a sum of a function of side A and one of side B, so 2. Maximum: a channel takes at most as many
    values on a side as there are templates of its sites, so r_0 times the sum of their dimensions, on the
    side where it is smaller: r_0 M N / 2 for two equal sides.
    """
    circuit = compile(architecture)
    split = circuit.terminals.partition(partition)
    if circuit.units > 1 or circuit.open_output is not None:
        raise MethodError("the ceilings are stated for shallow networks with one fixed label")
    if circuit.gate == "product":
        raise MethodError("product gates have no such ceiling; the minimum cut bounds their rank")
    if circuit.gate.endswith("average"):
        value = 2
    else:
        templates = [circuit.site_dims[side].sum() for side in (split.sides, ~split.sides)]
        value = int(circuit.unit_dims[0]) * int(min(templates))
    network = f"a shallow network with {circuit.gate} gates"
    text = f"rank of the grid tensor of {network}, over {split.name}: at most {show_integer(value)}"
    return Statement(value, "bound", ICML_2016, text)


def fit_needs(bits: SupportsFloat, dim: int, distance: float) -> Statement:
    """The rank over a partition that a network needs to come within a relative distance of a tensor: necessary.

    `bits`: the entanglement entropy S of the tensor over the partition, such as a `Demand`. `dim`: the dimension d of
    the smaller side, or twice the number of samples where that is less. For all W of rank R with |W - D| <= t |D|,

        S <= log2 R + t log2(d - 1) + h(t),   h(t) = -t log2 t - (1 - t) log2(1 - t),   if t <= 1 - 1/d.

    Proof: `docs/data.md`. A larger t leaves nothing to say: R >= 1.

    >>> fit_needs(4.0, 16, 0.1).value
    9
    """
    demand, size = _bits(bits), integer("dim", dim, MethodError)
    t = _distance(distance)
    if t > 1 - 1 / size:
        slack = math.log2(size)
    else:
        mixed = 0.0 if t == 0 else -t * math.log2(t) - (1 - t) * math.log2(1 - t)
        slack = mixed if size <= 2 else t * math.log2(size - 1) + mixed
    least = max(_power_of_two(demand - slack - FIGURES), 1)
    text = f"all tensors within distance {t:g} of one with {demand:g} bits have Schmidt rank at least {least}"
    return Statement(least, "bound", AUDENAERT_2007, text)


def fit_suffices(bits: Sequence[SupportsFloat], distance: float) -> Statement:
    """The width of a tree tensor network with which some weights come within a relative distance: sufficient.

    `bits`: the entanglement entropy of the tensor over the partition that each edge of the tree makes, once each. With
    bonds of dimension R on all edges, and no copy tensors, some weights compute a W with

        |W - D|^2 / |D|^2 <= (sum over the edges of S_e) / log2(R + 1).

    Proof: `docs/data.md`. Often far fewer are enough; `Demand.distance` sums the tails themselves.

    >>> fit_suffices([1.0, 1.0, 0.5], 0.5).value
    1023
    """
    demands, t = [_bits(value) for value in bits], _distance(distance)
    if t == 0:
        raise MethodError("distance is 0; no width suffices for that by entropies alone")
    needed = sum(demands) / t**2
    if needed > MOST_BITS:
        raise SizeError(f"the width is about 2^{needed:.3g}: the theorem's number has too many digits")
    width = max(_power_of_two(needed) - 1, 1)
    text = f"with bonds of {show_integer(width)} on every edge a tree without copy tensors comes within distance {t:g}"
    return Statement(width, "attained", GRASEDYCK_2010, text)


def _power_of_two(exponent: float) -> int:
    """2 to the power of a float, rounded up."""
    if exponent <= 0:
        return 1
    whole = max(math.floor(exponent) - 52, 0)
    return math.ceil(math.pow(2.0, exponent - whole)) << whole


def _bits(given: SupportsFloat) -> float:
    try:
        found = float(given)
    except (TypeError, ValueError):
        raise MethodError(f"bits are {shown(given)}; they must be numbers, or demands") from None
    if not 0 <= found < math.inf:
        raise MethodError(f"bits are {found:g}; they must be 0 or more")
    return found


def _distance(given: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | np.floating) or not 0 <= given <= 1:
        raise MethodError(f"distance is {shown(given)}; it must be a number from 0 to 1")
    return float(given)


def capacity(architecture: Architecture | Circuit, partition: Split = "odd-even") -> list[Statement]:
    """All statements of this module that apply to an architecture."""
    circuit = compile(architecture)
    splits = partition if isinstance(partition, str) else [partition]
    asked: list[Callable[[], Statement]] = [lambda: network_capacity(architecture, splits)]
    asked += [partial(depth_truncation, architecture, layers) for layers in range(1, circuit.layers)]
    if isinstance(architecture, Recurrent):
        asked.append(partial(start_end, architecture))
    if isinstance(architecture, GraphNet):
        asked.append(partial(walk_index, architecture, partition))
    asked += [lambda: shared_weights(architecture, partition), lambda: grid_ceiling(architecture, partition)]
    found = []
    for ask in asked:
        try:
            found.append(ask())
        except (MethodError, SizeError):
            continue
    return found


def _proven_rank(circuit: Circuit, split: Partition) -> tuple[int, str]:
    """A rank that almost all unshared weights reach, and its proof."""
    report = bound(circuit, split)
    if not report.tight and (circuit.reuses_units or circuit.has_sums):
        try:
            measured = exact_rank(circuit, split, work_limit=QUICK_WORK)
        except SizeError:
            return report.rank_lower, report.lower.source
        if measured.rank > report.rank_lower:
            return measured.rank, f"exact rank of random weights, prime {measured.prime}, seed {measured.seed}"
    return report.rank_lower, report.lower.source


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
