"""Elements of SVG as text: all equal marks are one path, so that a picture of thousands of them stays small."""

from collections.abc import Iterable
from html import escape
from typing import Any

from ...tools.arrays import FloatArray

# Blue and orange of Okabe and Ito: apart for every kind of colour vision, and in grey.
SIDE_COLOURS = {True: "#0072B2", False: "#E69F00"}
PALE = {True: "#D5E8F3", False: "#FCEFD3"}
CUT_COLOUR = "#C2185B"
INK = "#222222"
GREY = "#757575"


def svg(width: float, height: float, content: Iterable[str], *, label: str) -> str:
    """A picture on white, no wider than what it stands in; `label` is read where it can't be seen."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    style = "max-width:100%;height:auto;background:#fff;font-family:sans-serif"
    ground = shape("rect", width=number(width), height=number(height), fill="#fff")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" {size} style="{style}">'
        f"{ground}{''.join(content)}</svg>"
    )


def shape(tag: str, content: str = "", **attributes: Any) -> str:
    """An element; content is markup, attributes are text. An underscore in a name stands for a hyphen."""
    given = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{tag}{given}>{content}</{tag}>" if content else f"<{tag}{given}/>"


def text(what: object, at: tuple[float, float], **attributes: Any) -> str:
    return shape("text", escape(str(what)), x=number(at[0]), y=number(at[1]), **attributes)


def circles(at: FloatArray, sizes: FloatArray) -> str:
    """Path data of circles with these centres and diameters."""
    return "".join(
        f"M{number(x - size / 2)} {number(y)}a{number(size / 2)} {number(size / 2)} 0 1 0 {number(size)} 0"
        f"a{number(size / 2)} {number(size / 2)} 0 1 0 {number(-size)} 0"
        for (x, y), size in zip(at.tolist(), sizes.tolist(), strict=True)
    )


def squares(at: FloatArray, sizes: FloatArray) -> str:
    """Path data of squares with these centres and sides."""
    return "".join(
        f"M{number(x - size / 2)} {number(y - size / 2)}h{number(size)}v{number(size)}h{number(-size)}z"
        for (x, y), size in zip(at.tolist(), sizes.tolist(), strict=True)
    )


def number(value: float) -> str:
    """With two decimals, as short as it can be.

    >>> number(2.50), number(-0.001)
    ('2.5', '0')
    """
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
