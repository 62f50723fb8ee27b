"""Small networks written down, before they are built."""

from __future__ import annotations

import re

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.units import parse_shape


@record
class Convolution:
    """A convolution: its filters, its kernel as height × width, and how it steps.

    ``padding`` None keeps the size of the map at stride 1: ``(K − 1)/2`` for an odd kernel.
    """

    filters: int
    kernel: tuple[int, int]
    groups: int = 1
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] | None = None

    @property
    def title(self) -> str:
        """Its kernel and filters: ``3×3, 64``."""
        return f"{self.kernel[0]}×{self.kernel[1]}, {self.filters}"

    @property
    def pads(self) -> tuple[int, int]:
        """Rows above and below, and columns on either side, that are added to the map."""
        return self.padding or (self.kernel[0] // 2, self.kernel[1] // 2)

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the map that it makes of one of ``size``: ``⌊(H + 2P − K) / S⌋ + 1``."""
        height, width = (
            (side + 2 * pad - kernel) // step + 1
            for side, pad, kernel, step in zip(size, self.pads, self.kernel, self.stride, strict=True)
        )
        return height, width


@record
class Sketch:
    """Convolutions one after the other, each followed by a ReLU.

    Attributes:
        in_channels: channels of the map that the first is given.
        size: height and width of that map.
        convolutions: in the order of execution.
        bias: whether each adds a bias to its filters; the papers' formulas count none.
    """

    in_channels: int
    size: tuple[int, int]
    convolutions: tuple[Convolution, ...]
    bias: bool = False

    @property
    def receptive_field(self) -> tuple[int, int]:
        """Pixels that one output pixel sees, by height and width: ``1 + Σ (K − 1)·(strides before it)``."""
        seen, step = [1, 1], [1, 1]
        for convolution in self.convolutions:
            for axis in (0, 1):
                seen[axis] += (convolution.kernel[axis] - 1) * step[axis]
                step[axis] *= convolution.stride[axis]
        return seen[0], seen[1]


@record
class Head:
    """A classifier behind a map: pooled to one pixel or flattened, then fully connected layers.

    Attributes:
        channels: of the map.
        size: height and width of the map.
        hidden: units of the layers between, each followed by a ReLU.
        classes: outputs.
        pool: whether the map is averaged to one pixel first.
        bias: whether each layer has one.
    """

    channels: int
    size: tuple[int, int]
    hidden: tuple[int, ...]
    classes: int
    pool: bool
    bias: bool = False

    @property
    def features(self) -> int:
        """What the first fully connected layer is given: every channel once, or at every position."""
        return self.channels if self.pool else self.channels * self.size[0] * self.size[1]


def parse_sketch(text: str) -> Sketch:
    """Read a chain of convolutions: the map C×H×W, then each kernel, with its filters where they change.

    >>> [step.title for step in parse_sketch("64x28x28/3x3/3x3-96").convolutions]
    ['3×3, 64', '3×3, 96']

    Raises:
        InputError: a part that cannot be read.
    """
    given, *steps = text.split("/")
    size = parse_shape(given)
    if len(size) != 3 or not steps:
        raise InputError(f"cannot read {text!r} as a sketch: write 64x28x28/3x3/1x7-96: a map, then kernels")
    convolutions: list[Convolution] = []
    width = size[0]
    for step in steps:
        match = re.fullmatch(r"\s*([0-9]+)\s*[x×]\s*([0-9]+)\s*(?:-\s*([0-9]+)\s*)?", step)
        height, breadth, width = (int(part or width) for part in match.groups()) if match else (0, 0, 0)
        if not height or not breadth or not width:
            raise InputError(f"cannot read {step!r} as a convolution: write 3x3, or 3x3-96 for 96 filters")
        convolutions.append(Convolution(width, (height, breadth)))
    return Sketch(size[0], (size[1], size[2]), tuple(convolutions))
