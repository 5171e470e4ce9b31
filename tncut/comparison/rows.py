"""One row of results, as it is kept and as it is shown."""

from dataclasses import dataclass
from typing import Any

from ..tools.numbers import exact_text

Value = int | float | None
Identity = tuple[str, str, str, str, int | None]


@dataclass(frozen=True, slots=True)
class Row:
    """What one cell gave: a measure of an architecture over a partition, for a seed.

    A measure that needs no partition has the partition "", one that draws nothing has no seed. `kind` says what the
    value is: a bound (upper end, proven), proven (lower end), a measurement, or a count.
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
    seconds: float  # of the computation, in equal parts where several measures share one

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
