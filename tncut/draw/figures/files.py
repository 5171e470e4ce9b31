"""Writing a picture to a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import FileError
from ...tools.files import write_whole
from ...tools.words import shown, shown_name
from .network import network
from .subject import Drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What a format would write about the time of writing is left out: equal pictures give equal files.
FORMATS: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
DPI = 150


def save(subject: Drawable, path: str | Path) -> None:
    """Draw what `network` draws in a file whose suffix says the format: png, svg or pdf.

    A FileError for another suffix, or if it cannot be written; nothing is left behind then.
    """
    picture_format(path)  # before anything is drawn
    save_axes(network(subject), path)


def save_axes(ax: "Axes", path: str | Path) -> None:
    """Write the figure of these axes, as `save` does."""
    import matplotlib

    suffix = picture_format(path)

    figure = ax.figure.figure  # the outermost one
    assert figure is not None

    def write(part: Path) -> None:
        with matplotlib.rc_context({"svg.hashsalt": "tncut"}):
            figure.savefig(part, format=suffix[1:], dpi=DPI, metadata=FORMATS[suffix])

    write_whole(Path(path), write)


def picture_format(path: str | Path) -> str:
    """The suffix of a picture's name; a FileError if it is none that can be drawn, or its folder is not there."""
    if not isinstance(path, str | Path):
        raise FileError(f"{shown(path)} is no file name; name the picture for example net.png")
    target = Path(path)
    if not target.parent.is_dir():
        raise FileError(f"cannot write {shown_name(target)}: there is no folder {shown_name(target.parent)}")
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        raise FileError(f"cannot draw in {shown_name(target)}: the name must end in {', '.join(FORMATS)}")
    return suffix
