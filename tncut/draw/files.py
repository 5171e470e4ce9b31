"""Writing a picture to a file."""

from pathlib import Path
from typing import Any

from ..errors import FileError
from ..files import write_whole
from ..report import Report
from .network import network

# What a format would write about the time of writing is left out: equal reports give equal files.
FORMATS: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
DPI = 150


def save(report: Report, path: str | Path) -> None:
    """Draw a report's network in a file whose suffix says the format: png, svg or pdf.

    A FileError for another suffix, or if it cannot be written; nothing is left behind then.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        raise FileError(f"cannot draw in {target}: the name must end in {', '.join(FORMATS)}")
    import matplotlib
    from matplotlib.figure import Figure

    figure = network(report).figure
    assert isinstance(figure, Figure)

    def write(part: Path) -> None:
        with matplotlib.rc_context({"svg.hashsalt": "tncut"}):
            figure.savefig(part, format=suffix[1:], dpi=DPI, metadata=FORMATS[suffix])

    write_whole(target, write)
