"""One row of results, as it is kept and as it is shown."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..tools.numbers import exact_text, show_integer
from ..tools.words import brief

Value = int | float | None
Identity = tuple[str, str, str, str, int | None]


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """The value of one cell: a measure of an architecture over a partition, for a seed.

    The partition is "" for a measure that needs none, and the seed is None for a measure that draws no weights. `kind`
    says what the value is: a bound (upper end, proven), proven (lower end), a measurement, or a count.
    """

    architecture: str
    spec: str  # canonical JSON
    partition: str
    measure: str
    seed: int | None
    status: str  # done, failed
    value: Value  # None: failed
    bits: float | None  # log2 of a rank; an entropy
    kind: str
    source: str
    error: str
    seconds: float  # the time of the computation; measures of one computation have equal parts of it

    def __repr__(self) -> str:
        value = "failed" if self.status == "failed" else show_value(self.value)
        over = f", {brief(self.partition)}" if self.partition else ""
        seed = "" if self.seed is None else f", seed {self.seed}"
        return f"<Row: {brief(self.architecture)}{over}, {self.measure}{seed}: {value}>"

    @property
    def identity(self) -> Identity:
        """The cell: architecture, its specification, partition, measure, seed."""
        return self.architecture, self.spec, self.partition, self.measure, self.seed

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain data, integers exact."""
        return {name: getattr(self, name) for name in self.__slots__}


def kept_value(value: Value) -> str | float | None:
    """A value as files keep it: an integer as text with all its digits."""
    return exact_text(value) if isinstance(value, int) else value


def show_value(value: Value) -> str:
    """A value as lists and tables show it; "" for none."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else show_integer(value)


def numbered(names: Iterable[str]) -> list[str]:
    """Names that are all different: the second of equal names gets #2.

    >>> numbered(["deep", "tree", "deep"])
    ['deep', 'tree', 'deep #2']
    """
    times: Counter[str] = Counter()
    found = []
    for name in names:
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name} #{times[name]}")
    return found
