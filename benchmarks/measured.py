"""Schmidt values and exact ranks by the cut: seconds of a core and memory, for deep nets of 1,024 sites.

Run: python benchmarks/measured.py
"""

import resource
import time
from collections.abc import Sequence

import numpy as np

import tncut
from tncut import oracle
from tncut.oracle.entanglement import entropy

SITES = 1024


def deep(widths: Sequence[int]) -> tncut.ConvAC:
    return tncut.ConvAC.deep(sites=SITES, site_dim=widths[0], channels=tuple(widths))


def row(name: str, net: tncut.ConvAC, text: str, rank: bool) -> None:
    network, circuit = tncut.unfold(net), tncut.compile(net)
    cut = tncut.min_cut(network, text)
    weights = oracle.draw_weights(circuit, field=oracle.Floats())
    begin = time.process_time()
    found = oracle.spectrum(network, weights, text, cut.sides)
    seconds = time.process_time() - begin
    begin = time.process_time()
    exact = ""
    if rank:
        modular = oracle.modulo(weights, oracle.Modular())
        exact = str(oracle.rank_across(network, modular, text, cut.sides).rank)
    apart = abs(found.log2_norm - norm(weights))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(
        f"| {name} | {text} | {found.chi} | {entropy(found.values):.3f} | {apart:.0e} | {seconds:.1f} | {exact} | "
        f"{time.process_time() - begin:.1f} | {peak:.0f} |",
        flush=True,
    )


def norm(weights: oracle.Weights) -> float:
    """log2 of the norm, from the Gram matrices of the units of a tree, a way without a cut."""
    circuit, scale = weights.circuit, 0.0
    grams = [np.eye(int(dim)) for dim in circuit.site_dims]
    start, child = circuit.factor_start.tolist(), circuit.factor_child.tolist()
    for unit in range(circuit.units):
        gram = np.ones((int(circuit.unit_dims[unit]),) * 2)
        for pair in range(start[unit], start[unit + 1]):
            gram = gram * (weights.matrices[pair] @ grams[child[pair]] @ weights.matrices[pair].T)
        largest = float(np.abs(gram).max())
        grams.append(gram / largest)
        scale += float(np.log2(largest))
    output = weights.output
    assert output is not None
    return float(np.log2((output @ grams[-1] @ output.T).trace()) + scale) / 2


def main() -> None:
    print(
        "| widths | partition | chi | entropy, bits | norm apart, log2 | spectrum, s | exact rank | its s | peak, MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    row("2", deep([2] * 10), "324-409,805-849", rank=True)
    row("4", deep([4] * 10), "prefix:341", rank=True)
    row("4", deep([4] * 10), "5-496", rank=True)
    row("8", deep([8] * 10), "368-447,816-831", rank=True)
    row("2, 4, 8, ... 1024", deep([2**k for k in range(1, 11)]), "left-right", rank=False)
    row("2, 4, 8, 16, 32, ... 32", deep([2, 4, 8, 16] + [32] * 6), "64-127,192-255", rank=True)
    row("2, 4, 8, 16, 32, ... 32", deep([2, 4, 8, 16] + [32] * 6), "512-639,800-831", rank=True)


if __name__ == "__main__":
    main()
