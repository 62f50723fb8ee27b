"""The one place that draws: charts become the bytes of a picture, the same ones every time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from inception_profiler.document.chart import BARS, Chart
from inception_profiler.document.colours import INK, PAPER, QUIET
from inception_profiler.render.image import bars, marks
from inception_profiler.render.image.labels import Labels
from inception_profiler.render.image.lettering import LATIN, WIDER, Lettering, families
from inception_profiler.render.image.panel import Panel, height
from inception_profiler.render.image.sheet import Sheet

SLIDE = (13.333, 7.5)
"""Width and height of one chart in inches: a slide of 16:9."""
DPI = 144
READ_IN = f"'{LATIN}', Verdana, {', '.join(map(repr, WIDER))}, sans-serif"
"""The fonts that a picture names whose text is text: its reader's machine takes the first that it has."""
_SALT = "inception_profiler"
_NAMELESS = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def picture(charts: Sequence[Chart], suffix: str, size: tuple[float, float] = SLIDE) -> bytes:
    """Draw charts one under the other, each ``size`` inches large, as ``png``, ``svg`` or ``pdf``.

    A chart of many rows is as high as its rows need. The same charts give the same bytes on every machine
    with the same matplotlib: there is no date in them, no name of a program, no setting of the user, and no
    font but the one that matplotlib brings along, except for signs that it has not.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [height(chart, size) for chart in charts]
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_style())
        figure = Figure(figsize=(size[0], sum(heights)), dpi=DPI, facecolor=PAPER)
        measure = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        sheet = Sheet(figure, Lettering(measure, DPI))
        bottoms = [sheet.height - reached for reached in accumulate(heights)]
        for chart, own, bottom in zip(charts, heights, bottoms, strict=True):
            panel = Panel(sheet, chart, size[0], bottom + own, bottom)
            axes, box = panel.write()
            if any(series.kind == BARS for series in chart.series):
                bars.draw(panel, axes, box)
            marks.draw(panel, axes)
            Labels(panel, box).write()
        out = io.BytesIO()
        figure.savefig(out, format=suffix, dpi=DPI, facecolor=PAPER, metadata=_NAMELESS[suffix])
        return _anywhere(out.getvalue()) if suffix == "svg" else out.getvalue()


def _anywhere(svg: bytes) -> bytes:
    """Name the same fonts on every machine, whatever it was drawn on: those that a reader may have instead.

    Verdana, of which the first font is a sibling, is as wide; any other sans serif is narrower.
    """
    return re.sub(rb"font-family: [^;\"]*", f"font-family: {READ_IN}".encode(), svg)


def _style() -> Any:
    return {
        "font.family": list(families()),
        "text.parse_math": False,
        "text.usetex": False,
        "text.color": INK,
        "axes.edgecolor": QUIET,
        "axes.linewidth": 1.0,
        "xtick.color": INK,
        "ytick.color": INK,
        "svg.fonttype": "none",
        "svg.hashsalt": _SALT,
        "pdf.fonttype": 42,
    }
