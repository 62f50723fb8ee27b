"""Charts of slides as pictures, for formats that have no charts of their own."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.document.chart import Chart


def bare_picture(chart: Chart, size: tuple[float, float]) -> bytes:
    """Draw a chart as PNG without its title and caption, which the slide has elsewhere."""
    from inception_profiler.render.image.figure import picture

    return picture((replace(chart, title="", caption="", source=""),), "png", size)
