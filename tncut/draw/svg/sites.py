"""The sites of a partition as a grid: round on side A, square on side B."""

import numpy as np

from ...tools.arrays import BoolArray
from .marks import INK, SIDE_COLOURS, circles, shape, squares, svg, text

CELL = 22.0
SITE_LIMIT = 4096
COLUMNS = 32  # of a line of sites, which goes on below


def sites_svg(sides: BoolArray, columns: int = COLUMNS) -> str | None:
    """Sides of sites (True: A) in rows of so many; None above 4096 sites, where a picture says nothing."""
    if len(sides) > SITE_LIMIT:
        return None
    columns = min(columns, len(sides))
    cell = min(CELL, 704 / columns)
    row, column = np.divmod(np.arange(len(sides)), columns)
    at = (np.stack((column, row), axis=1) + 0.5) * cell
    size = np.full(len(sides), 0.84 * cell)
    marks = [
        shape("path", d=mark(at[sides == side], size[sides == side]), fill=SIDE_COLOURS[side])
        for side, mark in ((True, circles), (False, squares))
        if (sides == side).any()
    ]
    if cell == CELL:
        numbers = [
            text(site, (x, y + 3.5), fill="#fff" if sides[site] else INK) for site, (x, y) in enumerate(at.tolist())
        ]
        marks.append(shape("g", "".join(numbers), font_size=9.5, text_anchor="middle"))
    onto_a = int(np.count_nonzero(sides))
    label = f"{onto_a} sites on side A (round, blue), {len(sides) - onto_a} on side B (square, orange)"
    return svg(columns * cell, (row[-1] + 1) * cell, marks, label=label)
