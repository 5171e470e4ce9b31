"""Partitions of the sites in two sides, A and B: the families of the literature, and their text forms."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import PartitionError
from ..tools.arrays import BoolArray, IntArray

ALL_LIMIT = 24
MASK_BYTES = 2**26
LABEL = "y"

Grid = int | Sequence[int]  # a line of so many sites, or a grid of them


@dataclass(frozen=True, eq=False)
class Partition:
    """A side for every site: True for A, False for B. The label of an open output is one more site, the last."""

    sides: BoolArray  # (sites,)
    name: str = ""

    def __post_init__(self) -> None:
        sides = np.array(self.sides)
        if sides.ndim != 1 or not len(sides):
            raise PartitionError(f"a partition is one row of sides, one for each site; given: shape {sides.shape}")
        if sides.dtype != bool:
            raise PartitionError(f"the sides of a partition are booleans, True for side A; given: {sides.dtype}")
        sides.flags.writeable = False
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "name", self.name or _site_list(self.sites_a))

    def __len__(self) -> int:
        return len(self.sides)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partition) and np.array_equal(self.sides, other.sides)

    def __hash__(self) -> int:
        return hash(self.sides.tobytes())

    def _repr_html_(self) -> str | None:
        """The sites in rows, as notebooks show it; None, so that text stands in, above 4096 sites."""
        from ..draw.notebook import partition_html

        return partition_html(self)

    @property
    def sites_a(self) -> IntArray:
        return np.flatnonzero(self.sides)

    @property
    def sites_b(self) -> IntArray:
        return np.flatnonzero(~self.sides)

    @classmethod
    def of(cls, sites: int, side_a: Iterable[int], *, name: str = "") -> "Partition":
        """The partition with these sites on side A.

        >>> Partition.of(4, {0, 2}).sides
        array([ True, False,  True, False])
        """
        chosen = list(side_a)
        for site in chosen:
            if isinstance(site, bool) or not isinstance(site, int | np.integer) or not 0 <= site < sites:
                raise PartitionError(f"there is no site {site!r}; the sites are 0 to {sites - 1}")
        site, times = Counter(chosen).most_common(1)[0] if chosen else (0, 1)
        if times > 1:
            raise PartitionError(f"site {site} is given {times} times; each site lies on one side, once")
        sides = np.zeros(sites, dtype=bool)
        sides[chosen] = True
        return cls(sides, name)

    @classmethod
    def parse(cls, text: str, sites: Grid, *, label: bool = False) -> "Partition":
        """The partition that a text names, on a grid of sites.

        Families: odd-even, left-right, top-bottom, checkerboard, halves:AXIS, block:START:SHAPE (block:0,0:2x2),
        prefix:K, alternating:WIDTH, random:SEED. Side A by its sites: 0-3,8. A file: mask:FILE (npy, png, txt), where
        what is not zero is side A. With `label` the label of an open output is one more site, on side B unless `y` is
        in the list of sites, or `+y` after a family.
        """
        found = cls.parse_all(text, sites, label=label)
        if len(found) != 1:
            raise PartitionError(f"{text!r} names {len(found)} partitions where one is needed")
        return found[0]

    @classmethod
    def parse_all(cls, text: str, sites: Grid, *, label: bool = False) -> "list[Partition]":
        """All partitions that a text names: one for most, several for the families `canonical` and `all`."""
        grid = _grid(sites)
        words = text.strip()
        if not words:
            raise PartitionError("the partition is empty text; write for example odd-even, or 0-3,8")
        with_label = words.endswith(f"+{LABEL}")
        if with_label and not label:
            raise PartitionError(f"{text!r} places a label, but the output is not open")
        if words[0].isdigit() or words == LABEL:
            return [_from_list(words.removesuffix(f"+{LABEL}"), math.prod(grid), label, with_label, words)]
        found = list(_family(words.removesuffix(f"+{LABEL}"), grid))
        suffix = f"+{LABEL}" if with_label else ""
        return [cls(np.append(p.sides, with_label), p.name + suffix) for p in found] if label else found


def odd_even(sites: Grid) -> Partition:
    """Every second site in row-major order: 0, 2, 4, ... on side A."""
    return Partition(alternating(sites, 1).sides, "odd-even")


def left_right(sites: Grid) -> Partition:
    """The first half of the last axis on side A."""
    return Partition(halves(sites, len(_grid(sites)) - 1).sides, "left-right")


def top_bottom(sites: Grid) -> Partition:
    """The first half of the rows of a grid on side A."""
    if len(_grid(sites)) < 2:
        raise PartitionError("top-bottom needs a grid of two axes or more; use left-right on a line of sites")
    return Partition(halves(sites, len(_grid(sites)) - 2).sides, "top-bottom")


def checkerboard(sites: Grid) -> Partition:
    """The sites whose coordinates have an even sum on side A."""
    parity = np.asarray(sum(np.indices(_grid(sites), sparse=True))) % 2
    return Partition(parity.ravel() == 0, "checkerboard")


def halves(sites: Grid, axis: int) -> Partition:
    """The first half of one axis on side A (the smaller half if its length is odd)."""
    grid = _grid(sites)
    if not 0 <= axis < len(grid):
        raise PartitionError(f"there is no axis {axis} to halve; the axes are 0 to {len(grid) - 1}")
    first_half = np.indices(grid, sparse=True)[axis] < grid[axis] // 2
    return Partition(np.broadcast_to(first_half, grid).ravel(), f"halves:{axis}")


def block(sites: Grid, start: Sequence[int], shape: Sequence[int]) -> Partition:
    """The box of this shape at this corner on side A."""
    grid = _grid(sites)
    if not len(start) == len(shape) == len(grid):
        raise PartitionError(f"a block on a {_join(grid, 'x')} grid needs {len(grid)} starts and {len(grid)} lengths")
    for axis, (first, length, size) in enumerate(zip(start, shape, grid, strict=True)):
        if not (first >= 0 and length >= 0 and first + length <= size):
            raise PartitionError(f"the block covers {first} to {first + length - 1} on axis {axis}, of 0 to {size - 1}")
    sides = np.zeros(grid, dtype=bool)
    sides[tuple(slice(a, a + n) for a, n in zip(start, shape, strict=True))] = True
    return Partition(sides.ravel(), f"block:{_join(start, ',')}:{_join(shape, 'x')}")


def prefix(sites: Grid, length: int) -> Partition:
    """The first `length` sites in row-major order on side A."""
    total = math.prod(_grid(sites))
    if not 0 <= length <= total:
        raise PartitionError(f"a prefix has 0 to {total} sites; given: {length}")
    return Partition(np.arange(total) < length, f"prefix:{length}")


def alternating(sites: Grid, width: int) -> Partition:
    """Runs of `width` sites in row-major order, on side A and B in turn."""
    if width < 1:
        raise PartitionError(f"alternating runs have a width of 1 or more; given: {width}")
    return Partition(np.arange(math.prod(_grid(sites))) // width % 2 == 0, f"alternating:{width}")


def random(sites: Grid, seed: int) -> Partition:
    """Half of the sites, drawn without bias, on side A."""
    total = math.prod(_grid(sites))
    return Partition(np.random.default_rng(seed).permutation(total) < total // 2, f"random:{seed}")


def canonical(sites: Grid) -> Iterator[Partition]:
    """The dyadic family: runs of 1, 2, 4, ... sites in turn, up to half of them."""
    width = 1
    while 2 * width <= math.prod(_grid(sites)):
        yield alternating(sites, width)
        width *= 2


def all_partitions(sites: Grid) -> Iterator[Partition]:
    """Every split in two sides once: the last site stays on side B. One side may be empty."""
    total = math.prod(_grid(sites))
    if total > ALL_LIMIT:
        raise PartitionError(f"{total} sites have 2^{total - 1} partitions; all are listed up to {ALL_LIMIT} sites")
    return (Partition((number >> np.arange(total)) & 1 == 1) for number in range(2 ** (total - 1)))


PLAIN = {"odd-even": odd_even, "left-right": left_right, "top-bottom": top_bottom, "checkerboard": checkerboard}
NUMBERED = {"halves": halves, "prefix": prefix, "alternating": alternating, "random": random}
SEVERAL = {"canonical": canonical, "all": all_partitions}


def _grid(sites: Grid) -> tuple[int, ...]:
    grid = (int(sites),) if isinstance(sites, int | np.integer) else tuple(int(n) for n in sites)
    if not grid or min(grid) < 1:
        raise PartitionError(f"a grid of sites needs at least one site on each axis; given: {grid}")
    return grid


def _family(text: str, grid: tuple[int, ...]) -> Iterable[Partition]:
    """What a text names; its form is checked here, its numbers by the family."""
    name, _, rest = text.partition(":")
    if text in PLAIN:
        return [PLAIN[text](grid)]
    if text in SEVERAL:
        return SEVERAL[text](grid)
    if name in NUMBERED and re.fullmatch(r"\d{1,18}", rest):
        return [NUMBERED[name](grid, int(rest))]
    if name == "block" and (found := re.fullmatch(r"(\d+(?:,\d+)*):(\d+(?:x\d+)*)", rest)):
        start, shape = ([int(n) for n in re.split("[,x]", part)] for part in found.groups())
        return [block(grid, start, shape)]
    if name == "mask" and rest:
        return [Partition(_mask(Path(rest), math.prod(grid)), text)]
    raise PartitionError(
        f"unknown partition {text!r}; choose from {', '.join([*PLAIN, *SEVERAL])}, halves:AXIS, prefix:K, "
        "alternating:WIDTH, random:SEED, block:0,0:2x2, mask:FILE, or sites of side A such as 0-3,8"
    )


def _from_list(text: str, sites: int, label: bool, with_label: bool, name: str) -> Partition:
    chosen: list[int] = [sites] if with_label else []
    for item in text.split(","):
        found = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", item.strip())
        if item.strip() == LABEL and label:
            chosen.append(sites)
        elif found:
            first, last = int(found[1]), int(found[2] or found[1])
            if last < first:
                raise PartitionError(f"the range {item.strip()} of partition {name!r} runs backwards")
            if last >= sites:
                raise PartitionError(f"there is no site {last}; the sites are 0 to {sites - 1}")
            chosen.extend(range(first, last + 1))
        else:
            raise PartitionError(f"{item.strip()!r} in partition {name!r} is no site; write for example 0-3,8")
    return Partition.of(sites + label, chosen, name=name)


def _mask(path: Path, sites: int) -> BoolArray:
    """Sides from a file: an array, an image (what is not black), or text of 0 and 1."""
    readers = {".npy": _read_npy, ".png": _read_png, ".txt": _read_txt}
    if path.suffix not in readers:
        raise PartitionError(f"mask file {path} must end in {', '.join(readers)}")
    try:
        if path.stat().st_size > MASK_BYTES:
            raise PartitionError(f"mask file {path} has {path.stat().st_size} bytes; the limit is {MASK_BYTES}")
        values = np.asarray(readers[path.suffix](path))
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PartitionError(f"cannot read mask file {path}: {str(error).splitlines()[0]}") from None
    if values.dtype.kind not in "biuf" or (values.dtype.kind == "f" and not np.isfinite(values).all()):
        raise PartitionError(f"mask file {path} must hold booleans or finite numbers")
    if values.size != sites:
        raise PartitionError(f"mask file {path} has {values.size} sides; the network has {sites} sites")
    sides: BoolArray = values.ravel() != 0
    return sides


def _read_npy(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, allow_pickle=False)
    return array


def _read_png(path: Path) -> ArrayLike:
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def _read_txt(path: Path) -> ArrayLike:
    text = path.read_text(encoding="utf-8")
    if found := re.search(r"[^01\s,;]", text):
        raise ValueError(f"a text mask holds 0 and 1; it has {found[0]!r}")
    return [int(digit) for digit in re.findall("[01]", text)]


def _join(values: Iterable[int], by: str) -> str:
    return by.join(str(value) for value in values)


def _site_list(sites: IntArray) -> str:
    """Site numbers in the text form of side A, runs shortened.

    >>> _site_list(np.array([0, 1, 2, 5]))
    '0-2,5'
    """
    runs = np.split(sites, np.flatnonzero(np.diff(sites) > 1) + 1)
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs if len(run))
