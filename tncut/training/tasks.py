"""Generated tasks by name: images or sequences with labels, to train with and to test with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MethodError
from ..samples import Samples
from ..tools.arrays import FloatArray, IntArray
from ..tools.values import integer
from ..tools.words import nearest, shown
from . import images, sequences

MOST_SIZE = 256
Sizes = tuple[int, ...]
# From a random generator, a number of samples, sizes, and whether they are to test with: values and labels.
Generate = Callable[[np.random.Generator, int, Sizes, bool], tuple[NDArray[Any], IntArray]]


@dataclass(frozen=True)
class Kind:
    """A kind of task: its sizes by default, how many values a site has, how many labels, and what generates it."""

    sizes: Sizes
    multiple: int  # that every size must be of
    values: int
    labels: int
    generate: Generate


@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """Samples with classes, to train with and to test with: integers of shape (samples, grid...), and labels."""

    name: str
    values: int  # of a site, from 0 on
    classes: int
    inputs: IntArray
    labels: IntArray
    test_inputs: IntArray
    test_labels: IntArray

    @property
    def training(self) -> Samples:
        """What to train with, embedded; the label is the last site."""
        return self._samples(self.inputs, self.labels)

    @property
    def test(self) -> Samples:
        """What to test with."""
        return self._samples(self.test_inputs, self.test_labels)

    @property
    def site_dim(self) -> int:
        """The dimension of a site."""
        return GREY_DIM if self.values > MOST_ONE_HOT else self.values

    def _samples(self, inputs: IntArray, labels: IntArray) -> Samples:
        """One-hot values, and grey ones as (cos, sin) of a quarter turn, as Stoudenmire and Schwab (2016) have them."""
        rows = np.eye(self.classes)[labels]
        if self.site_dim < self.values:
            return Samples.of(inputs / (self.values - 1), rows, embedding="angle:0.5")
        vectors: FloatArray = np.eye(self.values)[inputs]
        return Samples.of(vectors, rows, embedding="vectors")

    def __repr__(self) -> str:
        grid = "x".join(map(str, self.inputs.shape[1:]))
        return f"<Task: {self.name}, {grid} sites, {len(self.labels)} samples, {len(self.test_labels)} to test with>"


def make_task(name: str, *, samples: int = 8000, test_samples: int = 2000, seed: int = 0) -> Task:
    """A generated task, from the papers on inductive bias and on memory: NAME, or NAME:SIZE.

    - closedness, symmetry: images of blobs, and how closed or symmetric they are (Cohen, Shashua, ICLR 2017).
    - small-digits, large-digits: digits of scikit-learn at a random place, 8x8 or as large as the image (after Levine,
      Yakira, Cohen, Shashua, ICLR 2018); digits: as they are, with at most 1,400 samples, and 397 to test with.
    - small-shapes, large-shapes: line drawings at a random place, a quarter or three quarters of the image.
    - start-end, copy: sequences (Levine, Sharir, Ziv, Shashua 2017). partners:LENGTH:DISTANCE: as start-end, but with
      partners at any distance.

    SIZE is the side of an image (32, if none is given), or the length of a sequence (16). The same seed gives the same
    task. A MethodError for a name or a size that does not exist.

    >>> make_task("start-end:8", samples=4, test_samples=2)
    <Task: start-end:8, 8 sites, 4 samples, 2 to test with>
    """
    kind, sizes = known_task(name)
    number = integer("seed", seed, MethodError, least=0)
    counts = (integer("samples", samples, MethodError), integer("test_samples", test_samples, MethodError))
    parts = []
    for test, count in enumerate(counts):
        inputs, labels = kind.generate(np.random.default_rng((number, test)), count, sizes, bool(test))
        parts += [inputs.astype(np.int64), labels]
    return Task(name, kind.values, kind.labels, *parts)


def known_task(name: object) -> tuple[Kind, Sizes]:
    """The kind of task that a name stands for, and its sizes; a MethodError if there is none."""
    word, *given = name.split(":") if isinstance(name, str) else ("",)
    if word not in TASKS:
        raise MethodError(f"unknown task {shown(name)}; {nearest(word, TASKS)}")
    kind = TASKS[word]
    if len(given) > len(kind.sizes) or not all(text.isdecimal() and len(text) < 5 for text in given):
        form = ":".join([word, *("SIZE" for _ in kind.sizes[:1]), *("DISTANCE" for _ in kind.sizes[1:])])
        raise MethodError(f"unknown task {shown(name)}; write {form}")
    sizes = (*map(int, given), *kind.sizes[len(given) :])
    if not kind.multiple <= sizes[0] <= MOST_SIZE or sizes[0] % kind.multiple:
        raise MethodError(
            f"task {shown(name)}: the size is {sizes[0]}; it must be a multiple of {kind.multiple}, at most {MOST_SIZE}"
        )
    if len(sizes) > 1 and (not sizes[1] or sizes[0] % (2 * sizes[1])):
        raise MethodError(f"task {shown(name)}: the length {sizes[0]} is no multiple of twice the distance {sizes[1]}")
    return kind, sizes


def _blobs(score: images.Score) -> Generate:
    return lambda rng, count, sizes, test: images.blobs(rng, count, sizes[0], score)


MOST_ONE_HOT, GREY_DIM = 16, 2
TASKS: dict[str, Kind] = {
    "closedness": Kind((32,), 2, 2, 2, _blobs(images.closedness)),
    "symmetry": Kind((32,), 2, 2, 2, _blobs(images.symmetry)),
    "small-digits": Kind((32,), 8, 2, 10, lambda rng, n, s, test: images.placed_digits(rng, n, s[0], 8, test)),
    "large-digits": Kind((32,), 8, 2, 10, lambda rng, n, s, test: images.placed_digits(rng, n, s[0], s[0], test)),
    "digits": Kind((8,), 8, 17, 10, lambda rng, n, s, test: images.digits(rng, n, test)),
    "small-shapes": Kind((32,), 4, 2, 4, lambda rng, n, s, test: images.shapes(rng, n, s[0], s[0] // 4)),
    "large-shapes": Kind((32,), 4, 2, 4, lambda rng, n, s, test: images.shapes(rng, n, s[0], 3 * s[0] // 4)),
    "copy": Kind((16,), 2, 5, 4, lambda rng, n, s, test: sequences.copied(rng, n, s[0])),
    "start-end": Kind((16,), 2, 2, 2, lambda rng, n, s, test: sequences.partners(rng, n, s[0], s[0] // 2)),
    "partners": Kind((16, 1), 2, 2, 2, lambda rng, n, s, test: sequences.partners(rng, n, *s)),
}
