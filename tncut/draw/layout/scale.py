"""How large symbols may be, so that no two of them overlap: one rule for all painters."""

import math
from dataclasses import dataclass

import numpy as np

from ...tools.arrays import FloatArray


@dataclass(frozen=True)
class Rule:
    """The size of a kind of symbol: a part of the room beside it, a part of a row, and so many units at most."""

    of_room: float
    of_row: float = math.inf
    most: float = math.inf


@dataclass(frozen=True)
class Scale:
    """The lengths of a slot and of a row, and the unit in which rules state the largest sizes."""

    slot: float
    row: float
    unit: float

    def size(self, rule: Rule, room: FloatArray | float) -> FloatArray:
        """The sizes of symbols that have so many slots to their neighbours."""
        return np.minimum(
            rule.of_room * self.slot * np.asarray(room), min(rule.of_row * self.row, rule.most * self.unit)
        )
