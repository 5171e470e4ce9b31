"""Linear networks: a product of matrices, with no product of features at all."""

from dataclasses import dataclass

from ..circuit import Circuit
from ..errors import SpecError
from .checks import check_field, text, widths
from .notebook import DrawnInNotebooks


@dataclass(frozen=True, kw_only=True)
class Linear(DrawnInNotebooks):
    """y = W_L ... W_1 x, with layers of these `widths`: first the input's, one site; last the label's, always open.

    A chain: between input and label the bound is the narrowest layer. Depth changes no bound.

    >>> Linear(widths=[8, 2, 5]).circuit().terminal_dims.tolist()
    [8, 5]
    """

    widths: tuple[int, ...]
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "widths", widths)
        check_field(self, "name", text)
        if len(self.widths) < 2:
            raise SpecError(f"widths is {list(self.widths)}; it needs two widths or more, the input's and the label's")

    def circuit(self) -> Circuit:
        """One unit for each matrix; the last one's vector is the output."""
        units = [
            (width, [("unit", number - 1) if number else ("site", 0)]) for number, width in enumerate(self.widths[1:])
        ]
        return Circuit.from_units(self.widths[:1], units, root_map=False, open_output=self.widths[-1])
