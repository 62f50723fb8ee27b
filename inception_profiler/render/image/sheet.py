"""A sheet of paper measured in inches, on which panels put text and axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inception_profiler.document.colours import INK, PAPER
from inception_profiler.render.image.lettering import Lettering, font
from inception_profiler.render.image.placing import Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def line_height(size: float) -> float:
    """Return the height in inches of a line of text of ``size`` points."""
    return size * 1.3 / 72


class Sheet:
    """The figure, with everything placed in inches from its lower left corner."""

    def __init__(self, figure: Figure, lettering: Lettering) -> None:
        self.figure = figure
        self.lettering = lettering
        self.width, self.height = map(float, figure.get_size_inches())

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        across: str = "left",
        up: str = "baseline",
        backed: bool = False,
    ) -> None:
        """Write one line of text that has been made drawable; ``backed`` hides what lies below it."""
        paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        self.figure.text(
            x / self.width,
            y / self.height,
            text,
            color=colour,
            fontproperties=font(size, bold=bold),
            horizontalalignment=across,
            verticalalignment=up,
            bbox=paper if backed else None,
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        """Draw a thin line, below everything else."""
        from matplotlib.lines import Line2D

        (x, y), (to_x, to_y) = start, end
        self.figure.add_artist(
            Line2D(
                [x / self.width, to_x / self.width],
                [y / self.height, to_y / self.height],
                color=colour,
                linewidth=0.7,
                zorder=0.5,
                transform=self.figure.transFigure,
            )
        )

    def square(self, x: float, y: float, side: float, colour: str) -> None:
        """Fill a square."""
        from matplotlib.patches import Rectangle

        self.figure.add_artist(
            Rectangle(
                (x / self.width, y / self.height),
                side / self.width,
                side / self.height,
                facecolor=colour,
                edgecolor="none",
                transform=self.figure.transFigure,
            )
        )

    def axes(self, box: Box) -> Axes:
        """Put axes into a rectangle."""
        return self.figure.add_axes(
            (
                box.left / self.width,
                box.bottom / self.height,
                (box.right - box.left) / self.width,
                (box.top - box.bottom) / self.height,
            )
        )
