"""Charts on a page: a key whose entries switch series off, the drawing, and what it says in words."""

from __future__ import annotations

from inception_profiler.document.chart import MIRRORED, POINTS, Chart
from inception_profiler.document.chart_table import chart_table
from inception_profiler.document.colours import QUIET, colours
from inception_profiler.render.html.axes import height, layout, narrow
from inception_profiler.render.html.escaping import data, text
from inception_profiler.render.html.tables import table
from inception_profiler.render.html.theme import both, nights
from inception_profiler.render.html.traces import traces


def chart(block: Chart, key: str, *, numbers: bool) -> str:
    """Write a chart; ``key`` is the id of its title, ``numbers`` puts the table of its numbers below it."""
    drawing = {
        "data": traces(block),
        "layout": layout(block),
        "narrow": narrow(block),
        "nights": dict(nights(colours(block))),
    }
    said = "".join(f"<p>{text(words)}</p>" for words in (block.caption, block.source) if words)
    below = ""
    if numbers:
        inside = table(chart_table(block), f"{key}-numbers")
        below = f'<details><summary id="{key}-numbers">Numbers of this chart</summary>\n{inside}</details>\n'
    return (
        f"{_key(block)}"
        f'<div class="plot" id="{key}-plot" role="img" aria-labelledby="{key}" '
        f'aria-describedby="{key}-caption" style="min-height:{height(block)}px"></div>\n'
        f'<figcaption id="{key}-caption">{said}</figcaption>\n{below}'
        f'<script type="application/json" data-drawing="{key}-plot">{data(drawing)}</script>\n'
    )


def _key(block: Chart) -> str:
    """Write the names of the series behind their colours, unless each is a dot with its name beside it."""
    named = all(
        series.kind == POINTS and len(series.points) == 1 and series.points[0].label
        for series in block.series
    )
    if len(block.series) < 2 or named:
        return ""
    entries = []
    for n, (series, colour) in enumerate(zip(block.series, colours(block), strict=True)):
        shade = both(QUIET if series.faint else colour)
        side = (" ◀", " ▶")[n] if block.arrangement == MIRRORED and n < 2 else ""
        entries.append(
            f'<li><button type="button" aria-pressed="true" data-series="{n}">'
            f'<span class="dot" style="background:{shade}"></span>{text(series.title)}{side}</button></li>'
        )
    return f'<ul class="key" aria-label="Series">{"".join(entries)}</ul>\n'
