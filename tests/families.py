"""Random specifications of every family, small enough to measure, and the check that their bounds hold."""

import numpy as np

from tncut.architectures import Architecture, ConvAC, Dilated, Layer, Linear, Mixed, Recurrent, Tree, compile
from tncut.architectures.tree import Node, NodeChannels, leaves
from tncut.oracle import exact_rank
from tncut.partition import Partition
from tncut.proven import bound


def random_recurrent(rng: np.random.Generator) -> Recurrent:
    steps = int(rng.integers(1, 6))
    depth = int(rng.integers(1, 4)) if steps < 5 else int(rng.integers(1, 3))
    return Recurrent(steps=steps, site_dim=_dims(rng, steps), hidden=_dims(rng, depth), open_output=_labels(rng))


def random_tree(rng: np.random.Generator, *, base: int | None = None) -> Tree:
    """A tree with channels for each node; all dimensions are powers of `base`, if it is given."""
    tree = random_nodes(rng, int(rng.integers(1, 8)))
    dims = [1, 2, 2, 3, 4] if base is None else [1, base, base, base**2]
    root_map = bool(rng.random() < 0.7)
    root = int(rng.choice(dims))
    return Tree(
        tree=tree,
        site_dim=rng.choice(dims[:4], sum(1 for _ in leaves(tree))).tolist(),
        channels=(root, *(_node_channels(rng, node, dims) for node in tree if not isinstance(node, int))),
        root_map=root_map,
        open_output=int(rng.choice(dims)) if root_map else root,
    )


def _node_channels(rng: np.random.Generator, node: tuple[Node, ...], dims: list[int]) -> NodeChannels:
    below = (_node_channels(rng, child, dims) for child in node if not isinstance(child, int))
    return (int(rng.choice(dims)), *below)


def random_nodes(rng: np.random.Generator, sites: int) -> tuple[Node, ...]:
    """A tree over these sites in which every list holds two or more; with one site, a list of one."""
    nodes: list[Node] = rng.permutation(sites).tolist()
    while len(nodes) > 3 or (len(nodes) > 1 and rng.random() < 0.5):
        rng.shuffle(nodes)
        count = min(int(rng.integers(2, 4)), len(nodes))
        if count == len(nodes):
            break
        nodes = [*nodes[count:], tuple(nodes[:count])]
    return tuple(nodes)


def random_dilated(rng: np.random.Generator) -> Dilated:
    depth = int(rng.integers(1, 4))
    channels = _dims(rng, depth)
    return Dilated(
        length=2**depth,
        site_dim=int(rng.choice([1, 2, 3, 4])) if depth < 3 else 2,
        channels=channels,
        order=[2 ** int(k) for k in rng.permutation(depth)],
        open_output=channels[-1] if rng.random() < 0.3 else None,
    )


def random_mixed(rng: np.random.Generator) -> Mixed:
    """Two trees with at least one mixture node, most of the time."""
    sites = int(rng.integers(2, 8))
    tree = random_nodes(rng, sites)
    other = rearranged(rng, tree) if rng.random() < 0.8 else random_nodes(rng, sites)
    return Mixed(
        tree=tree,
        other=other,
        site_dim=int(rng.integers(1, 4)),
        channels=int(rng.choice([2, 4])),
        open_output=_labels(rng),
    )


def rearranged(rng: np.random.Generator, tree: tuple[Node, ...]) -> tuple[Node, ...]:
    """Another tree that shares nodes with the first: some lists keep their sites, but not their form."""
    below = [child if isinstance(child, int) else rearranged(rng, child) for child in tree]
    if len(below) > 2:
        rng.shuffle(below)
        return (tuple(below[:2]), *below[2:])
    (left, right) = below
    if isinstance(left, tuple) and isinstance(right, tuple) and rng.random() < 0.5:
        return (left[0], (*left[1:], right))
    return (left, right)


def random_linear(rng: np.random.Generator) -> Linear:
    return Linear(widths=rng.integers(1, 10, int(rng.integers(2, 6))).tolist())


def random_residual(rng: np.random.Generator) -> ConvAC:
    """Residual layers of windows of two on a line, pooled at the end."""
    channels = int(rng.integers(1, 4))
    layers = [
        Layer(channels=channels, window=2, stride=1, padding=str(rng.choice(["same", "circular"])), skip=True)
        for _ in range(int(rng.integers(1, 3)))
    ]
    last = Layer(channels=int(rng.integers(1, 4)), window="all")
    return ConvAC(sites=int(rng.integers(2, 5)), site_dim=channels, layers=[*layers, last])


def assert_bound_holds(architecture: Architecture, seed: int) -> None:
    """The exact rank over a random partition lies between both proven ends."""
    circuit = compile(architecture)
    partition = Partition(np.random.default_rng(seed).permutation(len(circuit.terminal_dims)) % 2 == 0)
    report = bound(architecture, partition)
    rank = exact_rank(circuit, partition, seed=seed).rank
    assert report.rank_lower <= rank <= report.rank_bound


def _dims(rng: np.random.Generator, number: int) -> list[int]:
    return rng.choice([1, 2, 2, 3, 4], number).tolist()


def _labels(rng: np.random.Generator) -> int | None:
    return int(rng.integers(1, 4)) if rng.random() < 0.3 else None
