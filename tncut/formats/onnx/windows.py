"""Windows as ONNX writes them: kernel, strides, dilations, and padding in four ways."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import SpecError

Lengths = tuple[int, ...]


@dataclass(frozen=True)
class Window:
    """A window for every axis of a grid; `pads` are before every axis, then after every axis."""

    kernel: Lengths
    stride: Lengths
    dilation: Lengths
    pads: Lengths
    auto_pad: str = "NOTSET"
    ceil_mode: bool = False

    def on(self, grid: Sequence[int], *, clip: bool = False) -> "Placed":
        """The window on a grid; with `clip` what is longer than the padded grid is shortened to it."""
        axes = [self._along(axis, size, clip) for axis, size in enumerate(grid)]
        kernel, before, after, out = zip(*axes, strict=True)
        return Placed(kernel, self.stride, self.dilation, (*before, *after), out, clipped=kernel != self.kernel)

    def _along(self, axis: int, size: int, clip: bool) -> tuple[int, int, int, int]:
        """Kernel, padding before, padding after, outputs."""
        kernel, step, gap = self.kernel[axis], self.stride[axis], self.dilation[axis]
        span = (kernel - 1) * gap + 1
        before, after = self.pads[axis], self.pads[len(self.kernel) + axis]
        if self.auto_pad.startswith("SAME"):
            out = -(-(size + before + after) // step)
            more = max((out - 1) * step + span - (size + before + after), 0)
            half = more // 2
            first = half if self.auto_pad == "SAME_UPPER" else more - half
            return kernel, before + first, after + more - first, out
        room = size + before + after
        if span > room:
            if not clip:
                raise SpecError(f"its window spans {span} locations on axis {axis} of the grid, which has {room}")
            kernel = (room - 1) // gap + 1
            span = (kernel - 1) * gap + 1
        out = (room - span) // step + 1
        if self.ceil_mode and (room - span) % step and out * step < size + before:
            # One more window, if it begins before the padding at the end: the grid is padded until it ends.
            after += out * step + span - room
            out += 1
        return kernel, before, after, out


@dataclass(frozen=True)
class Placed:
    """A window on a grid: explicit padding, and the grid of outputs."""

    kernel: Lengths
    stride: Lengths
    dilation: Lengths
    pads: Lengths
    out: Lengths
    clipped: bool
