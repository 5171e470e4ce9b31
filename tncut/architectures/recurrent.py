"""Recurrent arithmetic circuits: at every step a product of what is read and what is remembered.

Source: Levine, Sharir, Ziv, Shashua 2017 (arXiv 1710.09431).
"""

from dataclasses import dataclass

import numpy as np

from ..circuit import Circuit
from ..errors import SpecError
from ..tools.arrays import starts
from .checks import SITE_LIMIT, check_field, integer, optional, site_dims, text, widths
from .notebook import DrawnInNotebooks


@dataclass(frozen=True, kw_only=True)
class Recurrent(DrawnInNotebooks):
    """A recurrent arithmetic circuit, one site for each step and one layer for each width in `hidden`:

        h^l_t = (W^I_l h^(l-1)_t) * (W^H_l h^l_(t-1)),   h^0_t = f(x_t),   output  W^O h^L_T

    At the first step h^l_1 = W^I_l h^(l-1)_1 alone. There is no initial state to give: a fixed one only rescales the
    rows of W^I at the first step, which changes no bound. From two layers on, hidden vectors are read twice. `site_dim`
    and `open_output` are as in ConvAC.

    >>> Recurrent(steps=4, site_dim=2, hidden=[3, 3]).circuit().units
    8
    """

    steps: int
    site_dim: int | tuple[int, ...]
    hidden: tuple[int, ...]
    open_output: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_field(self, "steps", integer)
        check_field(self, "hidden", widths)
        if self.steps * len(self.hidden) > SITE_LIMIT:
            raise SpecError(
                f"steps is {self.steps}, and there are {len(self.hidden)} layers; "
                f"the limit is {SITE_LIMIT} hidden vectors"
            )
        check_field(self, "site_dim", site_dims(self.steps))
        check_field(self, "open_output", optional(integer))
        check_field(self, "name", text)

    def circuit(self) -> Circuit:
        """The circuit, layer after layer: unit l * steps + t is h^(l+1)_(t+1)."""
        steps, layers = self.steps, len(self.hidden)
        # With the sites as layer 0, vertex v reads v - steps (the layer below) and v - 1 (the step before).
        vertex = np.arange(steps, (layers + 1) * steps)
        pairs = np.stack((vertex - steps, vertex - 1), axis=1)
        read = np.ones(pairs.shape, dtype=bool)
        read[::steps, 1] = False
        return Circuit(
            site_dims=np.broadcast_to(np.array(self.site_dim, dtype=np.int64), steps).copy(),
            unit_dims=np.repeat(self.hidden, steps),
            factor_start=starts(read.sum(axis=1)),
            factor_child=pairs[read],
            unit_layer=np.repeat(np.arange(layers), steps),
            unit_position=np.tile(np.arange(steps), layers),
            grids=((steps,),) * (layers + 1),
            open_output=self.open_output,
        )
