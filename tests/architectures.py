"""Random architectures of every kind, small enough to measure, drawn from a seed."""

import math
from collections.abc import Callable

import numpy as np

from tncut.architectures import (
    MERA,
    MPS,
    PEPS,
    ConvAC,
    Dilated,
    Einsum,
    GraphNet,
    Layer,
    Linear,
    Mixed,
    RandomRegular,
    Recurrent,
    Surrogate,
    SurrogateLayer,
    Tree,
    compile,
)
from tncut.architectures.convac import PADDINGS
from tncut.architectures.tree import Node, NodeChannels, leaves
from tncut.errors import SpecError
from tncut.network import Specified

GRIDS = [(1,), (2,), (4,), (6,), (2, 2), (2, 3), (1, 2, 2)]
MOST_COPIES = 20


def random_convac(rng: np.random.Generator) -> ConvAC:
    """Up to two layers of any form that fits, or residual ones, under a global window."""
    if rng.random() < 0.3:
        return random_residual(rng)
    while True:
        grid = GRIDS[rng.integers(len(GRIDS))]
        layers = [random_layer(rng, grid) for _ in range(int(rng.integers(3)))]
        root_map = bool(rng.random() < 0.7)
        root = int(rng.integers(1, 4))
        try:
            architecture = ConvAC(
                sites=grid,
                site_dim=int(rng.integers(1, 4)) if rng.random() < 0.5 else _dims(rng, math.prod(grid)),
                layers=[*layers, Layer(channels=root, window="all")],
                root_map=root_map,
                open_output=_open_output(rng) if root_map else root,
            )
            circuit = compile(architecture)
        except SpecError:
            continue
        if circuit.multiplicities.max() <= MOST_COPIES:
            return architecture


def random_layer(rng: np.random.Generator, grid: tuple[int, ...]) -> Layer:
    """A layer with windows of any geometry; it may not fit the grid that it is put on."""
    channels, pool = int(rng.integers(1, 5)), 2 if rng.random() < 0.3 else None
    lengths = rng.integers(1, 4, len(grid)).tolist()
    geometry = rng.choice(["square", "square", "mirror", "explicit"])
    if geometry == "mirror":
        return Layer(channels=channels, window=2, geometry="mirror", pool=pool)
    if geometry == "explicit":
        windows = [rng.integers(math.prod(grid), size=rng.integers(1, 4)).tolist() for _ in grid]
        return Layer(channels=channels, geometry=windows)
    return Layer(
        channels=channels,
        window=lengths,
        stride=None if rng.random() < 0.3 else int(rng.integers(1, 3)),
        dilation=int(rng.choice([1, 1, 2])),
        padding=str(rng.choice(PADDINGS)),
        pool=pool,
    )


def random_residual(rng: np.random.Generator) -> ConvAC:
    """Residual layers of windows of two on a line, pooled at the end."""
    channels = int(rng.integers(1, 4))
    layers = [
        Layer(channels=channels, window=2, stride=1, padding=str(rng.choice(["same", "circular"])), skip=True)
        for _ in range(int(rng.integers(1, 3)))
    ]
    last = Layer(channels=int(rng.integers(1, 4)), window="all")
    return ConvAC(sites=int(rng.integers(2, 5)), site_dim=channels, layers=[*layers, last])


def random_recurrent(rng: np.random.Generator) -> Recurrent:
    steps = int(rng.integers(1, 5))
    depth = int(rng.integers(1, 4)) if steps < 4 else int(rng.integers(1, 3))
    return Recurrent(steps=steps, site_dim=_dims(rng, steps), hidden=_dims(rng, depth), open_output=_open_output(rng))


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
    """Two trees over blocks of sites, each block with a tree of its own in both, so that blocks are mixture nodes.

    Or one tree and another that shares some of its nodes.
    """
    sites = int(rng.choice([2, 3, 4, 5, 6, 8, 8, 8, 8, 8]))
    ends = np.unique(rng.integers(1, sites, int(rng.integers(1, 3))))
    blocks = [block.tolist() for block in np.split(rng.permutation(sites), ends)]
    trees = [_graft(rng, random_nodes(rng, len(blocks)), blocks) for _ in range(2)]
    if rng.random() < 0.3:
        trees[1] = _rearranged(rng, trees[0])
    return Mixed(
        tree=trees[0],
        other=trees[1],
        site_dim=rng.integers(1, 3 if sites > 5 else 4, sites).tolist(),
        channels=2 * int(rng.integers(1, 3)),
        swap=bool(rng.random() < 0.8),
        root_map=bool(rng.random() < 0.5),
        open_output=_open_output(rng),
    )


def _graft(rng: np.random.Generator, node: Node, blocks: list[list[int]]) -> Node:
    """A tree over the blocks, each of them replaced by a tree over its sites."""
    if not isinstance(node, int):
        return tuple(_graft(rng, child, blocks) for child in node)
    block = blocks[node]
    return block[0] if len(block) == 1 else _renamed(random_nodes(rng, len(block)), block)


def _renamed(node: Node, sites: list[int]) -> Node:
    return sites[node] if isinstance(node, int) else tuple(_renamed(child, sites) for child in node)


def _rearranged(rng: np.random.Generator, tree: tuple[Node, ...]) -> tuple[Node, ...]:
    """Another tree that shares nodes with the first: some lists keep their sites, but not their form."""
    below = [child if isinstance(child, int) else _rearranged(rng, child) for child in tree]
    if len(below) > 2:
        rng.shuffle(below)
        return (tuple(below[:2]), *below[2:])
    (left, right) = below
    if isinstance(left, tuple) and isinstance(right, tuple) and rng.random() < 0.5:
        return (left[0], (*left[1:], right))
    return (left, right)


def random_linear(rng: np.random.Generator) -> Linear:
    return Linear(widths=rng.integers(1, 10, int(rng.integers(2, 6))).tolist())


def random_einsum(rng: np.random.Generator, *, base: int | None = None) -> Einsum:
    """Up to six tensors that share indices in any way: hyperedges, diagonals, sums, scalars, parts that do not meet."""
    letters = "abcdefghij"[: int(rng.integers(1, 11))]
    terms = ["".join(rng.choice(list(letters), rng.integers(0, 5))) for _ in range(int(rng.integers(1, 7)))]
    held = sorted(set("".join(terms)))
    output = rng.permutation(held)[: int(rng.integers(1, 7))].tolist() if held else []
    if not output:
        return random_einsum(rng, base=base)
    dims = [1, 2, 2, 3, 4] if base is None else [1, base, base, base**2]
    return Einsum(inputs=terms, output=output, sizes={index: int(rng.choice(dims)) for index in held})


def random_mps(rng: np.random.Generator) -> MPS:
    periodic = bool(rng.random() < 0.5)
    sites = int(rng.integers(3 if periodic else 1, 7))
    bonds = sites if periodic else sites - 1
    return MPS(
        sites=sites,
        site_dim=int(rng.integers(1, 4)) if rng.random() < 0.5 else _dims(rng, sites),
        bond_dim=int(rng.integers(1, 5)) if rng.random() < 0.5 or not bonds else _dims(rng, bonds),
        periodic=periodic,
    )


def random_peps(rng: np.random.Generator) -> PEPS:
    grid = [(1,), (4,), (2, 2), (3, 2), (1, 3), (3, 3), (2, 1, 2), (2, 2, 2)][rng.integers(8)]
    return PEPS(
        sites=grid,
        site_dim=2 if math.prod(grid) > 6 else _dims(rng, math.prod(grid)),
        bond_dim=int(rng.integers(1, 4)) if rng.random() < 0.5 else _dims(rng, len(grid)),
        periodic=bool(rng.random() < 0.5),
    )


def random_mera(rng: np.random.Generator) -> MERA:
    sites = int(rng.choice([4, 8]))
    layers = sites.bit_length() - 2
    widths = int(rng.integers(1, 4)) if rng.random() < 0.5 else rng.integers(1, 4, layers).tolist()
    return MERA(sites=sites, site_dim=int(rng.integers(1, 3)), bond_dim=widths)


def random_regular(rng: np.random.Generator) -> RandomRegular:
    sites = int(rng.integers(2, 9))
    degree = int(rng.choice([k for k in range(1, sites) if sites * k % 2 == 0]))
    width = int(rng.integers(1, 3))
    return RandomRegular(sites=sites, degree=degree, site_dim=2, bond_dim=width, seed=int(rng.integers(9)))


def random_gnn(rng: np.random.Generator) -> GraphNet:
    """A random graph, or one of those that have a name, with a prediction for the graph or for a vertex."""
    while True:
        number = int(rng.integers(1, 6))
        pairs = [(left, right) for left in range(number) for right in range(left) if rng.random() < 0.5]
        named = str(rng.choice(["path:4", "cycle:3", "complete:3", "grid:2x2"])) if rng.random() < 0.4 else None
        number = number if named is None else math.prod(map(int, named.partition(":")[2].split("x")))
        architecture = GraphNet(
            graph=named,
            edges=pairs if named is None else None,
            vertices=number if named is None else None,
            vertex=int(rng.integers(number)) if rng.random() < 0.5 else None,
            site_dim=_dims(rng, number) if rng.random() < 0.5 else int(rng.integers(1, 4)),
            hidden=_dims(rng, int(rng.integers(1, 3))),
            readout_map=bool(rng.random() < 0.7),
            open_output=_open_output(rng),
        )
        if compile(architecture).multiplicities.max() <= MOST_COPIES:
            return architecture


def random_surrogate(rng: np.random.Generator) -> Surrogate:
    """Products, pools and sums that read any earlier layers, under a window over all that is left."""
    while True:
        grid = GRIDS[rng.integers(len(GRIDS))]
        layers = [_surrogate_layer(rng, number, len(grid)) for number in range(int(rng.integers(1, 4)))]
        root_map, root = bool(rng.random() < 0.7), int(rng.integers(1, 4))
        last = SurrogateLayer(name="last", channels=root, window="all")
        try:
            architecture = Surrogate(
                sites=grid,
                site_dim=int(rng.integers(1, 4)),
                layers=[*layers, last],
                root_map=root_map,
                open_output=_open_output(rng) if root_map else root,
                notes=["a note"] if rng.random() < 0.3 else [],
            )
            circuit = compile(architecture)
        except SpecError:
            continue
        if circuit.multiplicities.max() <= MOST_COPIES:
            return architecture


def _surrogate_layer(rng: np.random.Generator, number: int, axes: int) -> SurrogateLayer:
    """A layer that may not fit what it reads."""
    op = str(rng.choice(["product", "product", "pool", "sum"]))
    earlier = ["sites", *(f"layer {before}" for before in range(number))]
    reads = 1 if op != "sum" else int(rng.integers(1, 3))
    return SurrogateLayer(
        name=f"layer {number}",
        op=op,
        channels=None if op == "pool" else int(rng.integers(1, 4)),
        inputs=() if rng.random() < 0.5 else tuple(rng.choice(earlier, reads).tolist()),
        window=rng.integers(1, 3, axes).tolist() if rng.random() < 0.5 else int(rng.integers(1, 3)),
        stride=int(rng.choice([1, 1, 2])),
        dilation=int(rng.choice([1, 1, 2])),
        pads=rng.integers(0, 2, 2 * axes).tolist() if rng.random() < 0.5 else 0,
    )


def _dims(rng: np.random.Generator, number: int) -> list[int]:
    return rng.choice([1, 2, 2, 3, 4], number).tolist()


def _open_output(rng: np.random.Generator) -> int | None:
    return int(rng.integers(1, 4)) if rng.random() < 0.3 else None


NETWORK_KINDS = (
    "einsum",
    "mps",
    "peps",
    "mera",
    "random_regular",
)  # they build tensor networks; all others build circuits
RANDOM: dict[str, Callable[[np.random.Generator], Specified]] = {
    "convac": random_convac,
    "recurrent": random_recurrent,
    "tree": random_tree,
    "dilated": random_dilated,
    "mixed": random_mixed,
    "linear": random_linear,
    "einsum": random_einsum,
    "mps": random_mps,
    "peps": random_peps,
    "mera": random_mera,
    "random_regular": random_regular,
    "gnn": random_gnn,
    "surrogate": random_surrogate,
}
