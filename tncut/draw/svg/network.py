"""A tensor network with its cut as SVG, in the look of the interactive page."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...mincut import Cut
from ...network import TensorNetwork
from ...tools.arrays import BoolArray, FloatArray
from ..layout import Layout, Rule, Scale, network_layout
from .marks import CUT_COLOUR, GREY, INK, PALE, SIDE_COLOURS, circles, number, shape, squares, svg, text

TENSOR_LIMIT = 2000
MARGIN, BELOW = 14.0, 26.0
MOST_WIDTH = 760.0
SITE, TENSOR, DOT = Rule(0.7, 0.45, 17.0), Rule(0.66, 0.3, 12.0), Rule(0.4, 0.14, 6.0)
LINE = Rule(0.13, most=1.6)


def network_svg(network: TensorNetwork, cut: Cut | None = None) -> str | None:
    """The network, and where it is cut; None above 2000 tensors, where a picture would say nothing.

    Sites and matrices are round on side A and square on side B; cut bonds are dashed, with their dimension. Without a
    cut all is grey.
    """
    if not 0 < network.tensors <= TENSOR_LIMIT:
        return None
    layout = network_layout(network)
    picture = _Picture(network, layout, _PixelScale.of(layout))
    width, height = picture.scale.width, MARGIN + layout.height * picture.scale.row + BELOW
    content = [*picture.lines(cut), *picture.symbols(cut), *picture.site_numbers(), *picture.dims(cut)]
    parted = "" if cut is None else f", {len(cut.bonds)} of them cut"
    return svg(width, height, content, label=f"{network.tensors} tensors joined by {network.bonds} bonds{parted}")


@dataclass(frozen=True)
class _PixelScale(Scale):
    """The scale of a picture in pixels, its width, and where the first slot begins."""

    width: float
    left: float

    @classmethod
    def of(cls, layout: Layout) -> "_PixelScale":
        slot = min((MOST_WIDTH - 2 * MARGIN) / layout.width, 44.0)
        width = max(slot * layout.width + 2 * MARGIN, 120.0)
        row = min(max(0.55 * width, 200.0) / max(layout.height, 1.0), 56.0)
        return cls(slot, row, 1.0, width, (width - slot * layout.width) / 2)


@dataclass(frozen=True, eq=False)
class _Picture:
    network: TensorNetwork
    layout: Layout
    scale: _PixelScale

    def at(self, positions: FloatArray) -> FloatArray:
        """Positions in slots and rows as pixels."""
        x = self.scale.left + positions[..., 0] * self.scale.slot
        return np.stack((x, MARGIN + (self.layout.height - positions[..., 1]) * self.scale.row), axis=-1)

    def lines(self, cut: Cut | None) -> list[str]:
        data = np.array([_line(points) for points in self.at(self.layout.lines).tolist()], dtype=object)
        width = float(self.scale.size(LINE, self.layout.room(self.layout.bonds).min()))
        style = {"fill": "none", "stroke_width": number(max(width, 0.4))}
        if cut is None:
            return [shape("path", d="".join(data), stroke=GREY, **style)]
        apart, on_a = self.layout.separated(cut), self.layout.on_a(cut)
        whole = [
            shape("path", d="".join(data[~apart & (on_a == side)]), stroke=SIDE_COLOURS[side], **style)
            for side in (True, False)
        ]
        bold = max(2.3 * width, 1.0)
        dashes = f"{number(1.6 * bold)} {number(0.9 * bold)}"
        titles = (
            shape("path", shape("title", self.title(bond)), d=line)
            for bond, line in zip(self.layout.line_bond[apart].tolist(), data[apart], strict=True)
        )
        cut_style = {"stroke": CUT_COLOUR, "stroke_width": number(bold), "stroke_dasharray": dashes, "fill": "none"}
        return [*whole, shape("g", "".join(titles), **cut_style)]

    def title(self, bond: int) -> str:
        return f"{self.network.bond_name(bond)}, dimension {self.network.bond_dims[bond]}: cut"

    def symbols(self, cut: Cut | None) -> list[str]:
        """Copy tensors, matrices and sites; a duplicate is pale, a site that nothing reads is empty."""
        network, layout = self.network, self.layout
        sizes = self.scale.size(TENSOR, layout.room(layout.tensors))
        site = float(self.scale.size(SITE, layout.gap))
        dots = self.scale.size(DOT, layout.room(layout.bonds))
        is_cut = np.isin(np.arange(network.bonds), [] if cut is None else cut.bonds)
        again, read = network.tensor_copy > 0, network.site_bond >= 0
        found = self.mark("dots", layout.bonds, dots, layout.is_copy)
        ring = {"stroke": CUT_COLOUR, "stroke_width": number(max(0.8 * float(dots.min(initial=3)), 0.5))}
        found += self.mark("dots", layout.bonds, dots, layout.is_copy & is_cut, **ring)
        for side in (True, False):
            colour, pale = (GREY, "#fff") if cut is None else (SIDE_COLOURS[side], PALE[side])
            of_tensors = _on(side, network.tensors, None if cut is None else cut.sides)
            of_sites = _on(side, len(network.terminals), None if cut is None else cut.partition.sides)
            ends = np.full(len(network.terminals), site)
            edge = {"stroke": colour, "stroke_width": 1.2}
            found += self.mark(side, layout.tensors, sizes, of_tensors & ~again, fill=colour)
            found += self.mark(side, layout.tensors, sizes - 1, of_tensors & again, fill=pale, **edge)
            found += self.mark(side, layout.terminals, ends, of_sites & read, fill=colour)
            found += self.mark(side, layout.terminals, ends - 1, of_sites & ~read, fill="#fff", **edge)
        return found

    def mark(self, kind: bool | str, at: FloatArray, sizes: FloatArray, chosen: BoolArray, **style: Any) -> list[str]:
        """The chosen marks in one path: square on side B, else round."""
        if not chosen.any():
            return []
        data = (squares if kind is False else circles)(self.at(at[chosen]), sizes[chosen])
        return [shape("path", d=data, **({"fill": INK} | style))]

    def site_numbers(self) -> list[str]:
        """Under every site, or under each second, fourth, ... one if they would collide."""
        bottom = np.flatnonzero(self.layout.terminals[:, 1] == 0)
        gap = self.scale.slot * self.layout.width / max(len(bottom), 1)
        step = 1
        while step * gap < 6.2 * len(str(len(bottom))) + 5:
            step *= 2
        at = self.at(self.layout.terminals)
        numbers = [text(site, (at[site, 0], at[site, 1] + 21), fill=GREY) for site in bottom[::step].tolist()]
        return [shape("g", "".join(numbers), font_size=10, text_anchor="middle")]

    def dims(self, cut: Cut | None) -> list[str]:
        """The dimension beside each cut bond, where there is room."""
        if cut is None or self.scale.row < 22:
            return []
        rooms = self.scale.slot * self.layout.room(self.layout.bonds[cut.bonds])
        at = self.at(self.layout.bonds[cut.bonds]) + np.array((7, -2))
        dims = self.network.bond_dims[cut.bonds].tolist()
        found = [
            text(dim, (x, y), fill=CUT_COLOUR)
            for dim, (x, y), room in zip(dims, at.tolist(), rooms.tolist(), strict=True)
            if room > 6.5 * len(str(dim)) + 8
        ]
        return [shape("g", "".join(found), font_size=11, font_weight="bold")]


def _on(side: bool, count: int, sides: BoolArray | None) -> BoolArray:
    """Which of so many lie on a side; all on side B, drawn square, if there are no sides."""
    return np.full(count, not side) if sides is None else sides == side


def _line(points: list[list[float]]) -> str:
    """Path data through the points, without those that repeat the one before."""
    kept = [point for before, point in zip([None, *points], points, strict=False) if point != before]
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in kept)
