"""Samples: a product of unit vectors for each, with its weight; what the entanglement of data is computed from."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import MethodError
from ..partition import Terminals
from ..tools.arrays import FloatArray, read_only
from ..tools.values import check_known, integer
from ..tools.words import shown
from .embeddings import embed, known_embedding

SCALES = ("none", "standard", "range")


@dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """M samples of N sites, each site a unit vector; the sum of their products, by weight, is the tensor of the data.

    The label of several classes is one more site, the last, as an open output is.
    """

    vectors: tuple[FloatArray, ...]  # a site each, (samples, dim), rows of length 1
    weights: FloatArray  # (samples,) label times lengths of the vectors, the largest 1 in absolute value
    grid: tuple[int, ...]
    label: bool  # whether the last site is the label
    embedding: str
    names: tuple[str, ...] | None = None  # of the sites

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self) -> str:
        grid = "x".join(map(str, self.grid))
        return f"<Samples: {len(self)} of {grid} sites{' and a label' if self.label else ''}, {self.embedding}>"

    @classmethod
    def of(
        cls,
        inputs: ArrayLike,
        labels: ArrayLike | None = None,
        *,
        embedding: str = "angle",
        scale: str = "none",
        classes: bool = False,
    ) -> "Samples":
        """Samples of shape (samples, grid...), or (samples, grid..., dim) for the embedding `vectors`.

        `labels`: a number for each sample, which is its weight; a row for each, which is the vector of a label site; or
        with `classes` anything that can be told apart, each class a basis vector of the label site. None: weight 1.
        `scale`: `standard` gives each site mean 0 and deviation 1, `range` takes all values at once from 0 to 1.
        A MethodError names the place of what is no finite number.
        """
        check_known("scale", scale, SCALES, MethodError)
        kind, _ = known_embedding(embedding)
        values = _numbers("inputs", inputs)
        least = 3 if kind.reads_vectors else 2
        if values.ndim < least:
            shape = "(samples, sites, dim)" if kind.reads_vectors else "(samples, sites)"
            raise MethodError(f"the inputs have shape {values.shape}; embedding {embedding} takes {shape} or a grid")
        if len(values) < 2:
            raise MethodError(f"there is {len(values)} sample; a sum of two products or more can be entangled")
        grid = values.shape[1:-1] if kind.reads_vectors else values.shape[1:]
        if not values.size:
            raise MethodError(f"the inputs have shape {values.shape}: there is no value in them")
        values = values.reshape(len(values), math.prod(grid), *values.shape[len(grid) + 1 :])
        sites = np.moveaxis(embed(_scaled(values, scale), embedding), 1, 0)
        units, lengths = _normalised(sites)
        signs, label = _label(labels, len(values), classes)
        if label is not None:
            one, length = _normalised(label[None])
            units, lengths = [*units, *one], np.concatenate([lengths, length])
        weights = read_only(_weights(signs, lengths))
        return cls(tuple(map(read_only, units)), weights, grid, label is not None, embedding)

    @property
    def terminals(self) -> Terminals:
        """What a partition of the sites splits."""
        return Terminals(self.grid, self.label, self.names)  # the label comes last, and needs no name

    @property
    def site_dims(self) -> tuple[int, ...]:
        """The dimensions of the sites, without the label's."""
        return tuple(vectors.shape[1] for vectors in self.vectors[: math.prod(self.grid)])

    def rows(self, chosen: NDArray[Any]) -> "Samples":
        """Some of the samples, by their numbers or by booleans."""
        return replace(self, vectors=tuple(site[chosen] for site in self.vectors), weights=self.weights[chosen])

    def drawn(self, count: int, seed: int = 0) -> "Samples":
        """So many of the samples, drawn without replacement; all of them if there are no more."""
        number = integer("count", count, MethodError, least=2)
        order = np.random.default_rng(integer("seed", seed, MethodError, least=0)).permutation(len(self))
        return self.rows(np.sort(order[:number])) if number < len(self) else self

    def ordered(self, order: ArrayLike) -> "Samples":
        """The same samples with their sites in another order, the label still last."""
        sites = math.prod(self.grid)
        given = np.asarray(order)
        if given.shape != (sites,) or given.dtype.kind not in "iu" or sorted(given.tolist()) != list(range(sites)):
            raise MethodError(f"the order is {shown(order)}; it must hold each of the sites 0 to {sites - 1} once")
        moved = [self.vectors[site] for site in given.tolist()]
        names = None if self.names is None else tuple(self.names[site] for site in given.tolist())
        return replace(self, vectors=(*moved, *self.vectors[sites:]), names=names)


def _numbers(what: str, given: ArrayLike) -> FloatArray:
    try:
        values = np.asarray(given)
    except ValueError:
        raise MethodError(f"the {what} are ragged: all samples must have one shape") from None
    if values.dtype.kind not in "buif":
        raise MethodError(f"the {what} are {values.dtype}; they must be real numbers")
    found = values.astype(np.float64)
    if not np.isfinite(found).all():
        place = tuple(np.argwhere(~np.isfinite(found))[0].tolist())
        where = ", ".join(map(str, place))
        raise MethodError(f"{what}[{where}] is {found[place]}; all must be finite numbers")
    return found


def _scaled(values: FloatArray, scale: str) -> FloatArray:
    if scale == "standard":
        deviation = values.std(axis=0)
        constant = np.argwhere(deviation <= 1e-12 * np.abs(values).max(axis=0))
        if len(constant):
            place = constant[0].tolist()
            raise MethodError(
                f"site {place[0]} is {values[(0, *place)]:g} in all samples: it has no deviation to scale by; "
                "leave it out, or take the scale range"
            )
        return np.asarray((values - values.mean(axis=0)) / deviation)
    if scale == "range":
        low, high = values.min(), values.max()
        if low == high:
            raise MethodError(f"all values are {low:g}: they have no range to scale by")
        return np.asarray((values - low) / (high - low))
    return values


def _label(labels: ArrayLike | None, samples: int, classes: bool) -> tuple[FloatArray, FloatArray | None]:
    """The weight of each sample, and the vectors of the label site, if there is one."""
    if labels is None:
        if classes:
            raise MethodError("there are no labels to take classes from")
        return np.ones(samples), None
    given = np.asarray(labels)
    if given.ndim not in ((1,) if classes else (1, 2)) or not given.size:
        raise MethodError(f"the labels have shape {given.shape}; they must be one number, class or row for each sample")
    if len(given) != samples:
        raise MethodError(f"there are {len(given)} labels for {samples} samples")
    if classes:
        if given.dtype.kind not in "buiUS":
            raise MethodError(f"the labels are {given.dtype}; classes are integers or texts")
        _, number = np.unique(given, return_inverse=True)
        return np.ones(samples), np.eye(int(number.max()) + 1)[number]
    values = _numbers("labels", given)
    return (values, None) if values.ndim == 1 else (np.ones(samples), values)


def _normalised(sites: FloatArray) -> tuple[list[FloatArray], FloatArray]:
    """Sites x samples x dim as unit vectors and their lengths; a zero vector stays what it is."""
    lengths = np.sqrt((sites**2).sum(axis=2))
    return list(sites / np.where(lengths > 0, lengths, 1.0)[..., None]), lengths


def _weights(signs: FloatArray, lengths: FloatArray) -> FloatArray:
    """Products of lengths by their logarithms, so that no number of sites makes them underflow."""
    factors = np.concatenate([np.abs(signs)[None], lengths])
    alive = (factors > 0).all(axis=0)
    if not alive.any():
        raise MethodError("every sample has weight 0: a label, or the vector of one of its sites, is 0")
    logs = np.full(len(signs), -np.inf)
    logs[alive] = np.log(factors[:, alive]).sum(axis=0)
    return np.asarray(np.sign(signs) * np.exp(logs - logs.max()))
