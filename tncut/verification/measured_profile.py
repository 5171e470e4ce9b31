"""The entropy that given weights have over a family of regions, beside both ends of the interval."""

from dataclasses import replace

import numpy as np

from ..network import Subject
from ..oracle.entanglement import entropy
from ..partition import Splits
from ..proven import Profile, profile
from ..tools.progress import told
from .cut_subject import CutSubject, prepare_products
from .drawn import Drawn, Given


def measure_profile(
    architecture: Subject,
    regions: Splits = "prefix",
    *,
    weights: Given = None,
    seed: int = 0,
    shared: bool = False,
    memory_limit: int | None = None,
) -> Profile:
    """A profile (see `profile`) whose points have the measured entropy of weights, too, in bits.

    The weights are those of `measure`, the same over all regions. A SizeError if one of the regions does not fit.
    """
    prepared = prepare_products(architecture)
    drawn = Drawn.of(prepared.built, weights, seed=seed, shared=shared, memory_limit=memory_limit)
    found = profile(architecture, regions)
    partitions = list(prepared.terminals.partitions(regions))
    sites = len(prepared.terminals) - prepared.terminals.label
    sizes = [np.count_nonzero(split.sides[:sites]) for split in partitions]
    points = []
    order = zip(found.points, np.argsort(sizes, kind="stable").tolist(), strict=True)
    for point, index in told(order, "region", len(partitions)):
        cut = CutSubject.of(prepared, partitions[index])
        bits = entropy(cut.spectrum(drawn.floats, memory_limit=memory_limit)[0].values)
        points.append(replace(point, entropy_bits=bits))
    return replace(found, points=tuple(points), weights=drawn.words)
