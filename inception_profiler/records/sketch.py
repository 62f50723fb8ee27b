"""A small network written down, before it is built: convolutions one after the other on one map."""

from __future__ import annotations

from inception_profiler.records.frozen import record


@record
class Convolution:
    """A convolution at stride 1 that keeps the size of its map: its filters and its odd kernel, H × W."""

    filters: int
    kernel: tuple[int, int]
    groups: int = 1

    @property
    def title(self) -> str:
        """Its kernel and filters: ``3×3, 64``."""
        return f"{self.kernel[0]}×{self.kernel[1]}, {self.filters}"


@record
class Sketch:
    """Convolutions one after the other, each followed by a ReLU.

    Attributes:
        in_channels: channels of the map that the first is given.
        size: height and width of the map.
        convolutions: in the order of execution.
        bias: whether each adds a bias to its filters; the papers' formulas count none.
    """

    in_channels: int
    size: tuple[int, int]
    convolutions: tuple[Convolution, ...]
    bias: bool = False

    @property
    def receptive_field(self) -> tuple[int, int]:
        """Input pixels that one output pixel sees, by height and width: ``1 + Σ (K − 1)`` at stride 1."""
        heights, widths = zip(*(step.kernel for step in self.convolutions), strict=True)
        return 1 + sum(side - 1 for side in heights), 1 + sum(side - 1 for side in widths)
