"""What all architectures have in common: how notebooks show them."""

from ..circuit import Architecture


class Shown:
    """An architecture that notebooks show as its tensor network."""

    def _repr_html_(self: Architecture) -> str | None:
        """The unfolded network; None, so that text stands in, if there is none, or above 2000 tensors."""
        from ..draw.notebook import architecture_html

        return architecture_html(self)
