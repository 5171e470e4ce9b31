"""Images with labels, generated: what the papers on inductive bias train on. Each task names its source."""

from collections.abc import Callable
from functools import cache

import numpy as np

from ..errors import ExtraError
from ..tools.arrays import BoolArray, FloatArray, IntArray
from ..tools.words import install_hint

DROPPED = (0.1, 0.33)  # the share of a blob's pixels that are dropped
KEPT = 0.4  # the images with the highest scores, and those with the lowest, that have a label
TRAINING_DIGITS = 1400  # of the 1,797 digits; the others are to test with, and from other writers
Score = Callable[[BoolArray, BoolArray], FloatArray]  # of blobs, and of the same with their tiles mirrored
DARK = 7  # of 16 grey values


def blobs(rng: np.random.Generator, count: int, side: int, score: Score) -> tuple[BoolArray, IntArray]:
    """Random blobs, labelled by a score: 1 for the 40% with the highest scores, 0 for the 40% with the lowest.

    A blob is an ellipse, bent and rotated, that fills a tile of the image: all of it, or one of its four quarters.
    Pixels are dropped at random; in every second image the dropped ones are symmetric. After Cohen, Shashua (ICLR
    2017, arXiv 1605.06743), section 5.
    """
    drawn = round(count / (2 * KEPT)) + 1
    whole = rng.random(drawn) < 0.5
    images = np.zeros((drawn, side, side), dtype=bool)
    mirrored = np.zeros_like(images)
    for number in range(drawn):
        size = side if whole[number] else side // 2
        top, left = (rng.integers(0, side // size, 2) * size).tolist()
        tile = _blob(rng, size)
        images[number, top : top + size, left : left + size] = tile
        mirrored[number, top : top + size, left : left + size] = tile[:, ::-1]
    found = score(images, mirrored)
    # Equal scores in random order.
    order = np.lexsort((rng.random(drawn), found))
    half = count // 2
    chosen = np.concatenate((order[:half], order[drawn - (count - half) :]))
    shuffled = rng.permutation(count)
    return images[chosen][shuffled], np.repeat([0, 1], [half, count - half])[shuffled]


def closedness(images: BoolArray, mirrored: BoolArray) -> FloatArray:
    """The area of each blob over that of its morphological closure."""
    from scipy import ndimage

    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    closed = ndimage.binary_closing(padded, ndimage.generate_binary_structure(2, 1)[None])[:, 1:-1, 1:-1]
    return np.asarray(images.sum(axis=(1, 2)) / _areas(closed))


def symmetry(images: BoolArray, mirrored: BoolArray) -> FloatArray:
    """The share of each blob that is also in its mirror image, left and right exchanged."""
    return np.asarray((images & mirrored).sum(axis=(1, 2)) / _areas(images))


def _areas(images: BoolArray) -> IntArray:
    """The number of pixels of each blob; 1 for one of which nothing is left."""
    return np.asarray(np.maximum(images.sum(axis=(1, 2)), 1))


def _blob(rng: np.random.Generator, size: int) -> BoolArray:
    """An ellipse, bent by a sine and rotated, that fills a square; some of its pixels are dropped."""
    line = (np.arange(size) + 0.5) / size * 2 - 1
    y, x = np.meshgrid(line, line, indexing="ij")
    angle = rng.uniform(0, np.pi)
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    across = across + rng.uniform(0, 0.25) * np.sin(rng.uniform(0, 3 * np.pi) * (along + 1))
    inside = along**2 + (across / rng.uniform(0.35, 1.0)) ** 2 < 1
    kept = rng.random((size, size)) >= rng.uniform(*DROPPED)
    if rng.random() < 0.5:
        kept[:, size // 2 :] = kept[:, : size // 2][:, ::-1]
    return np.asarray(inside & kept)


def shapes(rng: np.random.Generator, count: int, side: int, size: int) -> tuple[BoolArray, IntArray]:
    """One of four line drawings of a size, at a random place: a ring, a cross, a diagonal cross, an angle.

    Small ones ask for dependence between pixels that are near, large ones for dependence over the image: the tasks of
    Levine, Yakira, Cohen, Shashua (ICLR 2018, arXiv 1704.01552), section 6, with drawings for digits.
    """
    labels = rng.integers(0, len(DRAWINGS), count)
    drawings = np.stack([draw(size) for draw in DRAWINGS])
    images = np.zeros((count, side, side), dtype=bool)
    places = rng.integers(0, side - size + 1, (count, 2))
    for image, label, (top, left) in zip(images, labels.tolist(), places.tolist(), strict=True):
        image[top : top + size, left : left + size] = drawings[label]
    return images, labels


def _ring(size: int) -> BoolArray:
    drawing = np.ones((size, size), dtype=bool)
    drawing[1:-1, 1:-1] = False
    return drawing


def _cross(size: int) -> BoolArray:
    drawing = np.zeros((size, size), dtype=bool)
    drawing[size // 2] = drawing[:, size // 2] = True
    return drawing


def _diagonals(size: int) -> BoolArray:
    drawing = np.eye(size, dtype=bool)
    return np.asarray(drawing | drawing[::-1])


def _angle(size: int) -> BoolArray:
    drawing = np.zeros((size, size), dtype=bool)
    drawing[-1] = drawing[:, 0] = True
    return drawing


DRAWINGS = (_ring, _cross, _diagonals, _angle)


def placed_digits(rng: np.random.Generator, count: int, side: int, size: int, test: bool) -> tuple[BoolArray, IntArray]:
    """Digits of scikit-learn in black and white, drawn to a size (a multiple of 8) and put at a random place.

    A digit as large as the image is moved by up to an eighth of it. After the experiment of Levine, Yakira, Cohen,
    Shashua (ICLR 2018, arXiv 1704.01552), section 6.
    """
    grey, labels = digits(rng, count, test, repeat=True)
    drawn = np.kron(grey >= DARK, np.ones((1, size // 8, size // 8), dtype=bool))
    margin = side // 8 if size == side else 0
    canvas = side + 2 * margin
    images = np.zeros((count, canvas, canvas), dtype=bool)
    places = rng.integers(0, canvas - size + 1, (count, 2))
    for image, digit, (top, left) in zip(images, drawn, places.tolist(), strict=True):
        image[top : top + size, left : left + size] = digit
    return images[:, margin : margin + side, margin : margin + side], labels


def digits(rng: np.random.Generator, count: int, test: bool, *, repeat: bool = False) -> tuple[IntArray, IntArray]:
    """Digits of scikit-learn (Alpaydin, Kaynak 1998), 8x8, grey values 0 to 16; no digit twice, unless `repeat`."""
    images, labels = _loaded_digits()
    known = np.arange(TRAINING_DIGITS, len(labels)) if test else np.arange(TRAINING_DIGITS)
    chosen = rng.choice(known, count) if repeat else rng.permutation(known)[:count]
    return images[chosen], labels[chosen]


@cache
def _loaded_digits() -> tuple[IntArray, IntArray]:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise ExtraError(f"the digits come with scikit-learn; {install_hint('train')}") from None
    found = load_digits()
    return found.images.astype(np.int64), found.target.astype(np.int64)
