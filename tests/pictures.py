"""What tests read back from pictures."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection


def laid_out(ax: Axes) -> Axes:
    """The axes after a renderer has placed everything."""
    FigureCanvasAgg(ax.figure)
    ax.figure.draw_without_rendering()
    return ax


def in_points(ax: Axes, at: np.ndarray) -> np.ndarray:
    return ax.transData.transform(at) * 72 / ax.figure.dpi


def markers(ax: Axes) -> dict[str, np.ndarray]:
    """By name: x, y and the size with the edge, in points."""
    found = {}
    for symbol in ax.collections:
        if not isinstance(symbol, LineCollection) and len(symbol.get_offsets()):
            at = in_points(ax, symbol.get_offsets())
            edge = np.asarray(symbol.get_linewidths()) if len(symbol.get_edgecolors()) else 0
            size = np.broadcast_to(np.sqrt(symbol.get_sizes()) + edge, len(at))
            found[symbol.get_gid()] = np.column_stack((at, size))
    return found
