"""Embeddings: the vector that stands for the value of one site of one sample. Each names its source."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import MethodError
from ..tools.arrays import FloatArray
from ..tools.memory import refuse_above
from ..tools.words import shown

THETA = 0.085  # of Alexander, De La Vega, Razin, Cohen (2023)
MOST_DIM = 4096


@dataclass(frozen=True)
class Embedding:
    """A form of a name, what it means, and the function from values to vectors."""

    form: str
    meaning: str
    pattern: str
    vectors: Callable[[FloatArray, str | None], FloatArray]  # (samples, sites) and the parameter to (.., .., dim)
    reads_vectors: bool = False  # the last axis of the inputs is the vector of a site


def embed(values: FloatArray, name: str) -> FloatArray:
    """(samples, sites, dim) the vectors of checked values: (samples, sites), or vectors already."""
    embedding, parameter = known_embedding(name)
    return embedding.vectors(values, parameter)


def known_embedding(name: object) -> tuple[Embedding, str | None]:
    """The embedding that a name stands for, and its parameter; a MethodError if there is none."""
    for embedding in EMBEDDINGS:
        if isinstance(name, str) and (found := re.fullmatch(embedding.pattern, name)):
            return embedding, found[1] if found.groups() else None
    forms = ", ".join(embedding.form for embedding in EMBEDDINGS)
    raise MethodError(f"unknown embedding {shown(name)}; choose from {forms}")


def _angle(values: FloatArray, parameter: str | None) -> FloatArray:
    angles = math.pi * (THETA if parameter is None else float(parameter)) * values
    return _stacked([np.cos(angles), np.sin(angles)])


def _fourier(values: FloatArray, parameter: str | None) -> FloatArray:
    _check_range(values, "fourier")
    parts = [np.ones_like(values)]
    for frequency in range(1, _count(values, parameter, "fourier", 2) + 1):
        angles = 2 * math.pi * frequency * values
        parts += [math.sqrt(2) * np.cos(angles), math.sqrt(2) * np.sin(angles)]
    return _stacked(parts)


def _gaussian(values: FloatArray, parameter: str | None) -> FloatArray:
    _check_range(values, "gaussian")
    count = _count(values, parameter, "gaussian", 1)
    if count < 2:
        raise MethodError("the embedding gaussian needs two centres or more; write for example gaussian:4")
    centres = np.linspace(0.0, 1.0, count)
    return np.exp(-(((values[..., None] - centres) * (count - 1)) ** 2) / 2)


def _one_hot(values: FloatArray, parameter: str | None) -> FloatArray:
    wrong = np.argwhere((values != np.floor(values)) | (values < 0) | (values >= MOST_DIM))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise MethodError(
            f"sample {place[0]}, site {place[1]} is {values[place]:g}; one-hot takes integers from 0 to {MOST_DIM - 1}"
        )
    dim = int(values.max()) + 1
    refuse_above(None, values.size * dim * 8, f"one-hot vectors of dimension {dim}")
    return np.asarray(np.eye(dim)[values.astype(np.int64)])


def _given(values: FloatArray, parameter: str | None) -> FloatArray:
    return values


def _stacked(parts: list[FloatArray]) -> FloatArray:
    return np.stack(parts, axis=-1)


def _count(values: FloatArray, parameter: str | None, name: str, vectors: int) -> int:
    count = int(parameter or 0)
    if not 1 <= count <= MOST_DIM // 2:
        raise MethodError(f"{name}:{count} has a parameter that must be 1 to {MOST_DIM // 2}")
    refuse_above(None, values.size * (vectors * count + 1) * 8, f"embedding {name}:{count}")
    return count


def _check_range(values: FloatArray, name: str) -> None:
    wrong = np.argwhere((values < 0) | (values > 1))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise MethodError(
            f"sample {place[0]}, site {place[1]} is {values[place]:g}; {name} takes values from 0 to 1 (scale: range)"
        )


# A parameter of an angle may be any positive decimal; those of the others count.
EMBEDDINGS = (
    Embedding(
        "angle",
        "(cos, sin) of pi theta x with theta = 0.085 (Alexander, De La Vega, Razin, Cohen 2023, arXiv 2303.11249)",
        "angle",
        _angle,
    ),
    Embedding(
        "angle:THETA",
        "the same with another theta; 0.5 for x from 0 to 1 is that of Stoudenmire, Schwab 2016 (arXiv 1605.05775)",
        r"angle:(\d{1,9}(?:\.\d{1,9})?)",
        _angle,
    ),
    Embedding(
        "fourier:K",
        "1, and sqrt 2 times cos and sin of 2 pi k x for k = 1 to K, x from 0 to 1: multidimensional Fourier series "
        "(Wahls, Koivunen, Poor, Verhaegen 2014)",
        r"fourier:(\d{1,9})",
        _fourier,
    ),
    Embedding(
        "gaussian:K",
        "K Gaussians, evenly spaced from 0 to 1, one spacing wide, the vector normalised: representation functions of "
        "tensorial mixture models (Sharir, Tamari, Cohen, Shashua 2016, arXiv 1610.04167)",
        r"gaussian:(\d{1,9})",
        _gaussian,
    ),
    Embedding("one-hot", "the basis vector of an integer from 0 on: discrete values", "one-hot", _one_hot),
    Embedding("vectors", "the last axis of the inputs: patches or channels as given", "vectors", _given, True),
)
