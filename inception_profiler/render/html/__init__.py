"""Documents as one HTML file that needs nothing else: no network, no other file."""

from __future__ import annotations

from inception_profiler.document.blocks import Document
from inception_profiler.render.formats import renderer


@renderer(".html")
def render(document: Document) -> bytes:
    """Render a document as one page, to be read, sorted, filtered and explored offline.

    Where there is anything to draw, plotly's library is in the page, which makes it 5 MB large.
    """
    from inception_profiler.render.html.page import page

    return page(document, _plotly).encode()


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    library: str = get_plotlyjs()
    return library.replace("\r", "").replace("</script", "<\\/script")
