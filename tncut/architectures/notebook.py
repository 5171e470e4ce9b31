"""How notebooks show an architecture."""

from typing import Any

from .checks import KnownKeys


class DrawnInNotebooks(KnownKeys):
    """An architecture that is drawn, as its unfolded tensor network, where a notebook shows its value."""

    def _repr_html_(self: Any) -> str | None:
        """The picture; None, so that text stands in, if there is no tensor network, or above 2000 tensors."""
        from ..draw.notebook import architecture_html

        return architecture_html(self)
